"""`npa rejected`: the input rows refused, listed or as workbooks to be sent back (rejected_book.py)."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from flows.outputs.agency_languages import agency_languages
from flows.outputs.connection import agency_id_of, fetch, interruptible, opened
from flows.outputs.files import delivered, delivered_together
from flows.outputs.query import write_answer
from flows.releases.warehouse import Warehouse
from transforms.errors import WrongUsage

_COLUMNS = "source_file, source_sheet, source_row, agency_id, column_name, rule, message, row_text"
_STATE = "state, corrected_by_file, corrected_by_sheet, corrected_by_row, withdrawn_reason"
_ASKED = "FROM rejected_row WHERE ($agency_id IS NULL OR agency_id = $agency_id) AND ($all OR state = 'open')"
_NO_AGENCY = "no-agency"  # name of the workbook of rows and files that name none


@dataclass(frozen=True, slots=True)
class Asked:
    """Which refused rows: of one agency (None: of all), those that are closed too; for workbooks, the language (None:
    of each agency's own reports)."""

    agency: str | None = None
    is_all: bool = False
    language: str | None = None


def print_rejected(warehouse: Warehouse, asked: Asked, form: str, output: Path | None) -> None:
    """Print the rows refused, or write them to the workbook `output`, or to one for each agency in that folder."""
    if output is not None and asked.is_all:
        raise WrongUsage("--all is for the list: a workbook has the open rows, which are to be put right")
    is_folder = output is not None and (output.is_dir() or not output.suffix)
    if output is not None and not is_folder and output.suffix.lower() != ".xlsx":
        raise WrongUsage(
            "{output} does not end in .xlsx: what is sent back is a workbook, so say --output FILE.xlsx, or name a "
            "folder for one workbook an agency",
            output=output,
        )

    def answer() -> None:
        agency_id = agency_id_of(con, asked.agency) if asked.agency else None
        params = {"agency_id": agency_id, "all": asked.is_all}
        if output is None:
            columns = f"{_COLUMNS}, {_STATE}" if asked.is_all else _COLUMNS
            write_answer(con.sql(f"SELECT {columns} {_ASKED} ORDER BY rejection_id", params=params), form, sys.stdout)
            return
        rows = fetch(con, f"{_ASKED} ORDER BY agency_id NULLS LAST, rejection_id", **params)
        write = write_folder if is_folder else _write_file
        for line in write(con, rows, asked.language, output, warehouse):
            print(line)

    with opened(warehouse.current_release() / "npa.duckdb") as con:
        interruptible(con, answer)


def _write_file(
    con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], language: str | None, output: Path, warehouse: Warehouse
) -> Iterable[str]:
    from flows.outputs.workbooks.rejected_book import book_of, write_book

    agencies = {row["agency_id"] for row in rows}
    usual = agency_languages(con)[agencies.pop() if len(agencies) == 1 else None]
    with delivered(output, warehouse) as draft:
        write_book(book_of(con, rows, language or usual), draft)
    return [f"{len(rows)} rows refused: {output}"]


def write_folder(
    con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], language: str | None, output: Path, warehouse: Warehouse
) -> Iterable[str]:
    """Write a workbook for each agency, all or none. A folder without any is not made."""
    from flows.outputs.workbooks.rejected_book import book_of, write_book

    if not rows:
        return ["no refused row is open: nothing was written"]
    lines = []
    with delivered_together(output, warehouse) as draft:
        languages = agency_languages(con)
        for agency_id, group in groupby(rows, lambda row: row["agency_id"]):
            own, name = [*group], f"{agency_id or _NO_AGENCY}.xlsx"
            write_book(book_of(con, own, language or languages[agency_id]), draft / name)
            lines.append(f"{len(own)} rows refused: {output / name}")
    return lines
