"""`npa rejected`: the input rows refused, to be sent back; as a workbook, with the faults marked in place."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from flows.outputs.connection import agency_id_of, fetch, interruptible, opened
from flows.outputs.files import cell_text, delivered, workbook
from flows.outputs.query import write_answer
from flows.releases.warehouse import Warehouse
from transforms.errors import WrongUsage
from transforms.reports.vocabulary import COLUMNS, OF_REJECTED, labels, meanings, plain

_OF_AGENCY = "FROM rejected_row WHERE $agency_id IS NULL OR agency_id = $agency_id ORDER BY rejection_id"
_COLUMNS = "source_file, source_sheet, source_row, agency_id, column_name, rule, message, row_text"
*_PLACE, _WRONG = OF_REJECTED
_WRAPPED = {"text_wrap": True, "valign": "top"}
_AS_TEXT = {"num_format": "@", "quote_prefix": True}  # nothing that an agency wrote is taken for a formula
_AT_FAULT = {"bg_color": "#F8CBAD"}
_NOTE = {"author": "npa", "width": 400, "height": 160}  # pixels


def print_rejected(warehouse: Warehouse, agency: str | None, form: str, output: Path | None) -> None:
    """Print the rows refused of one agency (None: of all), or write them to a workbook."""
    if output is not None and output.suffix.lower() != ".xlsx":
        raise WrongUsage(
            "{output} does not end in .xlsx: what is sent back is a workbook, so say --output FILE.xlsx", output=output
        )

    def answer() -> None:
        agency_id = agency_id_of(con, agency) if agency else None
        if output is None:
            params = {"agency_id": agency_id}
            write_answer(con.sql(f"SELECT {_COLUMNS} {_OF_AGENCY}", params=params), form, sys.stdout)
            return
        rows = fetch(con, _OF_AGENCY, agency_id=agency_id)
        with delivered(output, warehouse) as draft:
            _write_workbook(rows, fetch(con, "SELECT as_of FROM release")[0]["as_of"], draft)
        print(f"{len(rows)} rows refused: {output}")

    with opened(warehouse.current_release() / "npa.duckdb") as con:
        interruptible(con, answer)


def _write_workbook(rows: list[dict[str, Any]], as_of: date, path: Path) -> None:
    """Write a sheet with the headings of a report, so that it can be corrected and sent in again. The message is in the
    last column, and is a note at each cell at fault."""
    with workbook(path, as_of, author=f"npa, as of {as_of}") as book:
        heading, message = book.add_format(_WRAPPED | {"bold": True}), book.add_format(_WRAPPED | _AS_TEXT)
        usual, marked, marked_blank = map(book.add_format, (_AS_TEXT, _AS_TEXT | _AT_FAULT, _AT_FAULT))
        sheet = book.add_worksheet("rejected")
        headings, columns = labels("columns", "en"), [*_PLACE, *COLUMNS]
        sheet.write_row(0, 0, [*_PLACE, *(headings[column] for column in COLUMNS), _WRONG], heading)
        sheet.set_column(0, len(columns) - 1, 18)
        sheet.set_column(len(columns), len(columns), 60)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            cells = {**row, **dict.fromkeys(COLUMNS), **_cells(row["row_text"])}
            # A release of an earlier version has the first column alone.
            at_fault = (row.get("columns_at_fault") or row["column_name"] or "").split(", ")
            for place, (column, value) in enumerate((column, cells[column]) for column in columns):
                is_fault = column in at_fault
                if isinstance(value, str):
                    sheet.write_string(number, place, cell_text(value), marked if is_fault else usual)
                else:
                    sheet.write(number, place, value, marked_blank if is_fault else None)
                if is_fault:
                    sheet.write_comment(number, place, row["message"], _NOTE)
            sheet.write_string(number, len(columns), cell_text(row["message"]), message)


def _cells(row_text: str | None) -> dict[str, str]:
    """Return the cells of a refused row by our names of their columns."""
    known = meanings("columns")
    printed: dict[str, str] = json.loads(row_text) if row_text else {}
    return {known[plain(name)]: text for name, text in printed.items() if text and plain(name) in known}
