"""raw/withdrawn.csv: refused rows of reports that no longer count, each with the officer's reason."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from transforms.errors import InputProblem, problem_in
from transforms.tables.strict_csv import Cell, TableRow, Text, read_table

_LARGEST = 2**31 - 1


def _number(text: str) -> int | None:
    """Return the number of a row; None for a blank cell.

    >>> _number("12"), _number(" ")
    (12, None)
    """
    typed = text.strip()
    if typed and not (typed.isascii() and typed.isdigit() and 0 < int(typed[:10]) <= _LARGEST):
        raise PydanticCustomError("row_number", "it is not the number of a row")
    return int(typed) if typed else None


class Withdrawal(TableRow):
    """A refused row that is withdrawn; without its number, all refused rows of the sheet, and without both, of the
    file."""

    file = "withdrawn.csv"
    source_file: Annotated[Text, Field(alias="file")]
    source_sheet: Annotated[Cell, Field(alias="sheet")]
    source_row: Annotated[int | None, Field(alias="row"), BeforeValidator(_number)]
    reason: Text

    @property
    def place(self) -> str:
        """The rows, as `npa check` names them."""
        row = f"row {self.source_row}" if self.source_row else ""
        return " ".join(filter(None, (self.source_file, self.source_sheet, row)))


def read_withdrawals(data: bytes, path: str) -> tuple[list[Withdrawal], list[InputProblem]]:
    """Return the rows of the table at `path`, and what is wrong with it."""
    read = list(read_table(Withdrawal, data, path))
    rows = [row for row in read if isinstance(row, Withdrawal)]
    problems = [row for row in read if isinstance(row, InputProblem)]
    return rows, [*problems, *_repeated(rows, path)]


def _repeated(rows: list[Withdrawal], path: str) -> Iterator[InputProblem]:
    lines: dict[str, int] = {}
    for row in rows:
        if (first := lines.setdefault(row.place, row.line)) != row.line:
            what, remedy = "the row is withdrawn in line {first} already", "Keep one of the two lines."
            yield problem_in(path, row.line, what, remedy, row.place, first=first)


def unmatched(row: Withdrawal, path: str) -> InputProblem:
    """Return the problem of a line that names nothing that is refused."""
    what = "no row is refused there (any more)"
    remedy = "Write file, sheet and row as npa rejected --all lists them, or take the line out."
    return problem_in(path, row.line, what, remedy, row.place)
