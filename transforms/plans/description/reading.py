"""plan.toml and the tables of judgement, read strictly: every fault is listed, with its line."""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from transforms.errors import InputProblem, problem_in
from transforms.plans.description.document import JUDGEMENTS, Judgement
from transforms.plans.description.plan_toml import Description
from transforms.text.lines import decode


def read_description(data: bytes, path: str) -> tuple[Description | None, list[InputProblem]]:
    """Return what plan.toml says, read strictly: unknown and missing keys are listed together."""
    text, problems = decode(data, "utf-8", path)
    if problems:
        return None, problems
    try:
        return Description.model_validate(tomllib.loads(text)), []
    except ValidationError as error:
        return None, list(_invalid(error, path, 0))
    except (ValueError, RecursionError) as error:
        what = "the file is not TOML: {error}"
        return None, [problem_in(path, 0, what, "See https://toml.io for its rules.", error=error)]


def read_judgements(files: Mapping[str, bytes], folder: str) -> tuple[list[Judgement], list[InputProblem]]:
    """Return the rows of all tables of judgement, each file optional; `files` by name."""
    tables = [(table, files[name], f"{folder}/{name}") for name, table in JUDGEMENTS.items() if name in files]
    rows = [row for table in tables for row in _read_table(*table)]
    return [row for row in rows if isinstance(row, Judgement)], [row for row in rows if isinstance(row, InputProblem)]


def _read_table(table: type[Judgement], data: bytes, path: str) -> Iterator[Judgement | InputProblem]:
    """Yield each row of a table of judgement, or what is wrong with it."""
    text, problems = decode(data, "utf-8", path)
    if problems:
        yield from problems
        return
    reader, columns = csv.reader(io.StringIO(text, newline=""), strict=True), table.heading().split(",")
    try:
        header = next(reader, [])
        if header != columns:
            what = "the columns are not those expected"
            yield problem_in(path, 1, what, "Write: {columns}.", ",".join(header), columns=table.heading())
            return
        for cells in reader:
            if len(cells) != len(columns):
                what = "the row has {cells} cells, not {columns}"
                remedy = "Is a comma lost or too many? A cell that holds a comma stands between quotation marks."
                counts = {"cells": len(cells), "columns": len(columns)}
                yield problem_in(path, reader.line_num, what, remedy, ",".join(cells), **counts)
                continue
            try:
                yield table.model_validate({"line": reader.line_num, **dict(zip(columns, cells, strict=True))})
            except ValidationError as error:
                yield from _invalid(error, path, reader.line_num)
    except csv.Error as error:
        remedy = "Close each quotation mark, and double those inside a cell."
        yield problem_in(path, reader.line_num, "the file is not CSV: {error}", remedy, error=error)


def _invalid(invalid: ValidationError, path: str, line: int) -> Iterator[InputProblem]:
    """Yield each fault of a model, with the key or column at fault."""
    for error in invalid.errors():
        place = error["loc"][:-2] if error["loc"][-1:] == ("[key]",) else error["loc"]  # a key is the value at fault
        key = ".".join(str(part) for part in place if part is not None) or "row"
        value = str(error["input"]) if isinstance(error["input"], str | int | float | bool) else None
        remedy, context = "docs/guides/plans.md lists the keys and columns.", error.get("ctx", {})
        names = {"key": key, "reason": error["msg"], "example": context.get("example")}
        yield problem_in(path, line, "{key}: {reason}", context.get("remedy", remedy), value, **names)
