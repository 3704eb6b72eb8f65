"""plausible_ranges.csv: what figures of a series may be, each range with its source, or where none was found."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from transforms.errors import InputProblem, problem_in
from transforms.quality.text import sentence
from transforms.tables.strict_csv import Cell, TableRow, Text, read_table

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")  # 0.47
_NONE_FOUND = "none found: "


def _number(text: object) -> object:
    if not isinstance(text, str) or not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(sentence("write a plain number, such as 0.47"))
    return float(text)


def _whole(text: object) -> object:
    return int(text) if isinstance(text, str) and re.fullmatch("[0-9]{1,2}", text) else (text or 0)


def _is_address(text: str) -> str:
    if text and not re.fullmatch(r"https?://\S+", text):
        raise ValueError(sentence("write an address that begins with http:// or https://"))
    return text


_Bound = Annotated[float | None, BeforeValidator(_number)]


class RangeRow(TableRow):
    """A range of a series in one unit, of one area (blank: of any), or the statement that none was found."""

    file = "plausible_ranges.csv"
    statistic_id: Text
    ref_area: Cell
    unit_measure: Cell
    unit_mult: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=15)]
    range_kind: Literal["observed", "defined", ""]
    least: _Bound
    most: _Bound
    source: Cell
    source_url: Annotated[Cell, AfterValidator(_is_address)]
    reason: Text

    _OF_A_RANGE: ClassVar = ("unit_measure", "range_kind", "source", "source_url")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.least is None and self.most is None:
            if not self.reason.startswith(_NONE_FOUND) or any(getattr(self, name) for name in self._OF_A_RANGE):
                what = (
                    "least and most are blank: then unit, range_kind and source are blank, too, and the reason says "
                    'where was looked, as "{none_found}…"'
                )
                raise ValueError(sentence(what, none_found=_NONE_FOUND))
            return self
        if self.least is None or self.most is None or self.least > self.most:
            raise ValueError(sentence("least and most are two numbers, the smaller one first"))
        if blank := [name for name in self._OF_A_RANGE if not getattr(self, name)]:
            raise ValueError(sentence("a range has {columns}", columns=", ".join(blank)))
        return self


def read_ranges(
    data: bytes, path: str, known: Mapping[str, Collection[str]]
) -> tuple[list[dict[str, Any]], list[InputProblem]]:
    """Return the rows of dim_plausible_range, and what is wrong with the table at `path`.

    `known`: the codes of statistic_id, ref_area and unit_measure that npa's lists have, or a source defines;
    columns that it lacks are not checked."""
    read = list(read_table(RangeRow, data, path))
    rows = [row for row in read if isinstance(row, RangeRow)]
    problems = [row for row in read if isinstance(row, InputProblem)]
    return [_published(row) for row in rows], [*problems, *_faults(rows, path, known)]


def _published(row: RangeRow) -> dict[str, Any]:
    cells = {name: cell if cell != "" else None for name, cell in row.model_dump(exclude={"line"}).items()}
    range_id = "-".join(filter(None, (row.statistic_id, row.ref_area)))
    return {"range_id": range_id, **cells, "unit_mult": row.unit_mult if row.unit_measure else None}


def _faults(rows: list[RangeRow], path: str, known: Mapping[str, Collection[str]]) -> Iterator[InputProblem]:
    """Yield the codes that nobody knows, and the second range of a series and area."""
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        for column, codes in known.items():
            if (code := getattr(row, column)) and code not in codes:
                what = "{column}: the code is in no list of npa, and no data set defines it"
                yield problem_in(path, row.line, what, "Put the code right, or take the row out.", code, column=column)
        first = lines.setdefault((row.statistic_id, row.ref_area), row.line)
        if first != row.line:
            what, remedy = "the series has a range for this area in line {first}", "Keep one of the two rows."
            yield problem_in(path, row.line, what, remedy, row.statistic_id, first=first)
