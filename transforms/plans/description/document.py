"""A document as read from its folder: text, description, and the tables of judgement about it."""

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from transforms.errors import InputProblem
from transforms.plans.description.plan_toml import (
    JUDGEMENTS,
    AgencyRow,
    AliasRow,
    CorrectionRow,
    CutRow,
    Description,
    DistinctRow,
    DuplicateRow,
    NumberingRow,
    StatisticRow,
    TranslationRow,
)
from transforms.quality.text import sentence
from transforms.text.lines import decode


@dataclass(slots=True)
class Judgements:
    """The tables beside a document, each row with its line: what a person decided, and why."""

    agencies: list[tuple[int, AgencyRow]] = field(default_factory=list)
    aliases: list[tuple[int, AliasRow]] = field(default_factory=list)
    duplicates: list[tuple[int, DuplicateRow]] = field(default_factory=list)
    distinct: list[tuple[int, DistinctRow]] = field(default_factory=list)
    numbering: list[tuple[int, NumberingRow]] = field(default_factory=list)
    cuts: list[tuple[int, CutRow]] = field(default_factory=list)
    corrections: list[tuple[int, CorrectionRow]] = field(default_factory=list)
    translations: list[tuple[int, TranslationRow]] = field(default_factory=list)
    statistics: list[tuple[int, StatisticRow]] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """One folder of `raw/plans/`; paths are relative to the folder of raw data."""

    document_id: str
    folder: str
    path: str
    sha256: str
    lines: list[str]
    description: Description
    judgements: Judgements

    def beside(self, name: str) -> str:
        """Path of a file of the same folder."""
        return f"{self.folder}/{name}"


def read_description(data: bytes, path: str) -> tuple[Description | None, list[InputProblem]]:
    """plan.toml, read strictly: unknown and missing keys are listed together."""
    text, problems = decode(data, "utf-8", path)
    if problems:
        return None, problems
    try:
        return Description.model_validate(tomllib.loads(text)), []
    except ValidationError as error:
        return None, [_invalid(e, path, 0) for e in error.errors()]
    except (ValueError, RecursionError) as error:
        return None, [
            InputProblem(
                sentence("the file is not TOML: {error}", error=error), "See https://toml.io for its rules.", path=path
            )
        ]


def read_judgements(files: Mapping[str, bytes], folder: str) -> tuple[Judgements, list[InputProblem]]:
    """The tables of judgement, each file optional; `files` by name."""
    judgements, problems = Judgements(), []
    for name, model in JUDGEMENTS.items():
        if name in files:
            rows, faults = _read_table(files[name], model, f"{folder}/{name}")
            getattr(judgements, name.removesuffix(".csv")).extend(rows)
            problems += faults
    return judgements, problems


def _read_table(
    data: bytes, model: type[BaseModel], path: str
) -> tuple[list[tuple[int, BaseModel]], list[InputProblem]]:
    text, problems = decode(data, "utf-8", path)
    if problems:
        return [], problems
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns = list(model.model_fields)
    rows: list[tuple[int, BaseModel]] = []
    try:
        header = next(reader, [])
        if header != columns:
            what = "the columns are not those expected"
            return [], [
                InputProblem(
                    what,
                    sentence("Write: {columns}.", columns=",".join(columns)),
                    path=path,
                    line=1,
                    value=",".join(header),
                )
            ]
        for cells in reader:
            if len(cells) != len(columns):
                what = sentence("the row has {cells} cells, not {columns}", cells=len(cells), columns=len(columns))
                remedy = "Is a comma lost or too many? A cell that holds a comma stands between quotation marks."
                problems.append(InputProblem(what, remedy, path=path, line=reader.line_num, value=",".join(cells)))
                continue
            try:
                rows.append((reader.line_num, model.model_validate(dict(zip(columns, cells, strict=True)))))
            except ValidationError as error:
                problems += [_invalid(e, path, reader.line_num) for e in error.errors()]
    except csv.Error as error:
        remedy = "Close each quotation mark, and double those inside a cell."
        problems.append(
            InputProblem(sentence("the file is not CSV: {error}", error=error), remedy, path=path, line=reader.line_num)
        )
    return rows, problems


def _invalid(error: ErrorDetails, path: str, line: int) -> InputProblem:
    place = error["loc"][:-2] if error["loc"][-1:] == ("[key]",) else error["loc"]  # a key is the value at fault
    key = ".".join(str(part) for part in place if part is not None)
    value = error["input"] if isinstance(error["input"], str | int | float | bool) else None
    remedy = error.get("ctx", {}).get("remedy", "See “How to add a plan” in README.md for the keys and columns.")
    return InputProblem(
        sentence("{key}: {reason}", key=key or "row", reason=error["msg"]),
        remedy,
        path=path,
        line=line,
        value=None if value is None else str(value),
    )
