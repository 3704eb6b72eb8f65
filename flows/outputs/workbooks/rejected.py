"""`npa rejected`: the input rows refused, to be sent back; as a workbook, with the faults marked in place."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from flows.outputs.agency_lookup import agency_id_of
from flows.outputs.connection import interruptible, opened
from flows.outputs.files import delivered
from flows.outputs.query import write_answer
from flows.releases.warehouse import Warehouse
from transforms.errors import WrongUsage
from transforms.quality.text import sentence
from transforms.reports.vocabulary import COLUMNS, OF_REJECTED, labels, meanings, plain

_OF_AGENCY = "FROM rejected_row WHERE $agency_id IS NULL OR agency_id = $agency_id ORDER BY rejection_id"
_REJECTED = (
    f"SELECT source_file, source_sheet, source_row, agency_id, column_name, rule, message, row_text {_OF_AGENCY}"
)
*_PLACE, _WRONG = OF_REJECTED


def print_rejected(warehouse: Warehouse, agency: str | None, form: str, output: Path | None) -> None:
    """Print the rows refused of one agency (None: of all), or write them to a workbook."""
    if output is not None and output.suffix.lower() != ".xlsx":
        raise WrongUsage(
            sentence(
                "{output} does not end in .xlsx: what is sent back is a workbook, so say --output FILE.xlsx",
                output=output,
            )
        )
    with opened(warehouse.current_release() / "npa.duckdb") as con:
        interruptible(con, lambda: _answer(con, warehouse, agency, form, output))


def _answer(
    con: duckdb.DuckDBPyConnection, warehouse: Warehouse, agency: str | None, form: str, output: Path | None
) -> None:
    asked = {"agency_id": agency_id_of(con, agency) if agency else None}
    if output is None:
        write_answer(con.sql(_REJECTED, params=asked), form, sys.stdout)
        return
    answer = con.execute(_OF_AGENCY, asked)
    names = [column[0] for column in answer.description]
    rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    ((as_of,),) = con.execute("SELECT as_of FROM release").fetchall()
    with delivered(output, warehouse) as aside:
        _write_workbook(rows, as_of, aside)
    print(f"{len(rows)} rows refused: {output}")


def _write_workbook(rows: list[dict[str, Any]], as_of: date, path: Path) -> None:
    """A sheet with the headings of a report, so that it can be put right and sent in again; what is wrong stands in the
    last column, and as a note at each cell at fault."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("rejected")
    headings = labels("columns", "en")
    titles = [*_PLACE, *(headings[column] for column in COLUMNS), _WRONG]
    for place, title in enumerate(titles, 1):
        cell = sheet.cell(1, place, title)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[cell.column_letter].width = 60 if place == len(titles) else 18
    sheet.freeze_panes = "A2"
    marked = PatternFill("solid", fgColor="F8CBAD")
    for number, row in enumerate(rows, 2):
        printed = _cells(row["row_text"])
        # A release of an earlier version has the first column alone.
        at_fault = (row.get("columns_at_fault") or row["column_name"] or "").split(", ")
        texts = [*(row[key] for key in _PLACE), *(printed.get(column) for column in COLUMNS), row["message"]]
        for place, text in enumerate(texts, 1):
            cell = sheet.cell(number, place)
            _put(cell, text)
            if (*_PLACE, *COLUMNS, None)[place - 1] in at_fault:
                cell.fill, cell.comment = marked, Comment(row["message"], "npa", width=400, height=160)
        sheet.cell(number, len(titles)).alignment = Alignment(wrap_text=True, vertical="top")
    book.properties.creator = f"npa, as of {as_of}"
    book.save(path)


def _cells(row_text: str | None) -> dict[str, str]:
    """The cells of a refused row by our names of their columns."""
    known = meanings("columns")
    printed: dict[str, str] = json.loads(row_text) if row_text else {}
    return {known[plain(name)]: text for name, text in printed.items() if text and plain(name) in known}


def _put(cell: Any, text: object) -> None:
    """Text as text: nothing that an agency wrote is taken for a formula, and control characters have no place there."""
    if text is None:
        return
    cell.value = text if isinstance(text, int) else "".join(c if c.isprintable() else " " for c in str(text))
    if isinstance(cell.value, str):
        cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True
