"""A table that people write as CSV, read strictly: each row by a model, each fault with its line."""

import csv
import io
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from transforms.errors import InputProblem, problem_in
from transforms.quality.text import sentence
from transforms.text.lines import clean, decode

Cell = Annotated[str, BeforeValidator(lambda text: clean(text) if isinstance(text, str) else text)]
Text = Annotated[Cell, Field(min_length=1)]

# Kinds of pydantic's errors: what they mean to who writes the file.
_FAULTS = {
    "missing": "it is missing",
    "extra_forbidden": "it is unknown",
    "blank": "it is blank",
    "too_short": "it has fewer entries than {min_length}",
    "too_long": "it has more entries than {max_length}",
    "string_type": "it is not a text",
    "string_pattern_mismatch": "it has another form than {pattern}",
    "literal_error": "it is none of {expected}",
    "int_type": "it is not a whole number",
    "int_from_float": "it is not a whole number",
    "greater_than_equal": "it is less than {ge}",
    "less_than_equal": "it is greater than {le}",
    "less_than": "it is not less than {lt}",
    "date_type": "it is not a date",
    "list_type": "it is not a list",
    "dict_type": "it is not a table",
    "model_type": "it is not a table",
}


class Strict(BaseModel):
    """A model that refuses unknown keys and values of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TableRow(Strict):
    """A row of a table, and its line there."""

    file: ClassVar[str]
    line: int

    @classmethod
    def heading(cls) -> str:
        """Return the first line of the table: its columns, in the order of the model."""
        return ",".join(field.alias or name for name, field in cls.model_fields.items() if name != "line")

    @classmethod
    def shortest_heading(cls) -> str:
        """Return the first line of a table without the optional columns, which are the last."""
        required = {name: field for name, field in cls.model_fields.items() if name != "line" and field.is_required()}
        return ",".join(field.alias or name for name, field in required.items())


AnyRow = TypeVar("AnyRow", bound=TableRow)


def read_table(table: type[AnyRow], data: bytes, path: str) -> Iterator[AnyRow | InputProblem]:
    """Yield each row of a table, or what is wrong with it."""
    text, problems = decode(data, "utf-8", path)
    if problems:
        yield from problems
        return
    headings = table.heading(), table.shortest_heading()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, headings), strict=True)
    try:
        columns = header = next(reader, [])
        if ",".join(header) not in headings:
            what = "the columns are not those expected"
            yield problem_in(path, 1, what, "Write: {columns}.", ",".join(header), columns=table.heading())
            return
        for cells in reader:
            if not any(map(str.strip, cells)):  # a blank line, or a row that a spreadsheet left empty
                continue
            if len(cells) != len(columns):
                what = "the row has {cells} cells, not {columns}"
                remedy = "Is a comma lost or too many? A cell that holds a comma stands between quotation marks."
                counts = {"cells": len(cells), "columns": len(columns)}
                yield problem_in(path, reader.line_num, what, remedy, ",".join(cells), **counts)
                continue
            try:
                yield table.model_validate({"line": reader.line_num, **dict(zip(columns, cells, strict=True))})
            except ValidationError as error:
                yield from invalid(error, path, reader.line_num)
    except csv.Error as error:
        remedy = "Close each quotation mark, and double those inside a cell."
        yield problem_in(path, reader.line_num, "the file is not CSV: {error}", remedy, error=error)


def _delimiter(text: str, headings: tuple[str, ...]) -> str:
    """Return the character between the columns in the first line: Excel writes a semicolon where a comma is decimal."""
    first = text.partition("\n")[0].strip().replace('"', "")
    return next((mark for mark in ";\t" if first.replace(mark, ",") in headings and mark in first), ",")


def invalid(error: ValidationError, path: str, line: int) -> Iterator[InputProblem]:
    """Yield each fault of a model, with the key or column at fault."""
    for fault in error.errors():
        place = fault["loc"][:-2] if fault["loc"][-1:] == ("[key]",) else fault["loc"]  # a key is the value at fault
        key = ".".join(str(part) for part in place if part is not None) or "row"
        value = str(fault["input"]) if isinstance(fault["input"], str | int | float | bool) else None
        context: dict[str, Any] = fault.get("ctx", {})
        remedy = "docs/guides/{guide}.md lists the keys and columns."
        guide = {"statistics": "statistics", "plans": "plans"}.get(path.partition("/")[0], "monitoring")
        yield problem_in(
            path, line, "{key}: {reason}", context.get("remedy", remedy), value or None,
            key=key, reason=_reason(fault["type"], fault["msg"], context, value), guide=guide,
            example=context.get("example"),
        )  # fmt: skip


def _reason(kind: str, message: str, context: dict[str, Any], value: str | None) -> str:
    """Return what an error of pydantic means; one of npa's own says it itself."""
    if kind == "value_error":
        own: str = context["error"].args[0]
        return own
    if kind in ("too_short", "string_too_short") and value == "":
        kind = "blank"
    message = message.replace("{", "{{").replace("}", "}}")  # without a value: its own msgid
    values = context | {"expected": str(context.get("expected", "")).replace(" or ", ", ")}
    return sentence(_FAULTS.get(kind, message), **values)
