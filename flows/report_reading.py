"""Read the agencies' reports into the tables that `transforms.reports.judge` works on."""

import hashlib
import json
from collections.abc import Iterable
from itertools import chain, count
from typing import Any

import duckdb
import pandas as pd

from flows.inputs import Inputs, ReportFile
from flows.report_files import Rows, UnreadableReport, csv_layout, read_report
from flows.warehouse import WarehouseFault
from schemas import ddl
from transforms.reports.judge import stage
from transforms.reports.vocabulary import COLUMNS

_READABLE = (".xlsx", ".xlsm", ".ods", ".csv")
# From this size on DuckDB reads a CSV file itself, where it counts rows as we do: a million rows in a second.
_BULK_BYTES = 1_000_000


def read_reports(con: duckdb.DuckDBPyConnection, inputs: Inputs) -> None:
    """Fill `report_sheet`, `report_line` and `unreadable` from every report of `inputs`.

    Raises WarehouseFault where a file changes while it is read: another try sees it whole."""
    stage(con)
    staging = _Staging(con)
    for name, report in inputs.reports.items():
        try:
            staging.read(name, report)
        except UnreadableReport as fault:
            staging.refuse(name, None, None, fault.rule, fault.message)
        except OSError as error:
            raise WarehouseFault(f"{name} could be read no more ({error.strerror}). Was it taken away?") from error
    staging.flush()
    _check_unchanged(inputs)


def _check_unchanged(inputs: Inputs) -> None:
    for name, report in inputs.reports.items():
        if report.fault is None:
            try:
                with report.path.open("rb") as file:
                    is_same = hashlib.file_digest(file, "sha256").hexdigest() == report.sha256
            except OSError:
                is_same = False
            if not is_same:
                raise WarehouseFault(f"{name} changed while it was read. Nothing was published; try again.")


class _Staging:
    """Collects rows, and hands them over in pieces."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.sheets = 0
        self.lines: list[list[Any]] = []

    def read(self, name: str, report: ReportFile) -> None:
        """One file."""
        if report.fault:
            raise UnreadableReport("file_unreadable", report.fault)
        if report.path.suffix.lower() not in _READABLE:
            message = f"{report.path.name} is no report: send the form as .xlsx, .ods or .csv."
            raise UnreadableReport("file_of_another_kind", message)
        if (
            report.path.suffix.lower() == ".csv"
            and report.path.stat().st_size >= _BULK_BYTES
            and self._bulk(name, report)
        ):
            return
        for number, rows in enumerate(read_report(report.path), 1):
            self._sheet(name, number, rows)

    def refuse(self, name: str, number: int | None, sheet: str | None, rule: str, message: str) -> None:
        """A file or sheet that cannot be read."""
        self.con.execute("INSERT INTO unreadable VALUES (?, ?, ?, ?, ?)", [name, number, sheet, rule, message])

    def flush(self) -> None:
        """Hand over the rows collected."""
        if self.lines:
            columns = ["sheet_id", "source_row", *COLUMNS, "row_text", "extra"]
            piece = pd.DataFrame(self.lines, columns=columns, dtype=object)
            self.con.register("piece", piece)
            self.con.execute("INSERT INTO report_line SELECT * FROM piece")
            self.con.unregister("piece")
            self.lines = []

    def _sheet(self, name: str, number: int, rows: Rows) -> None:
        if rows.fault:
            self.refuse(name, number, rows.sheet, rows.fault.rule, rows.fault.message)
        sheet_id = self._add_sheet(name, number, rows.sheet, rows.heading_row if rows.columns else None, rows.agency_id)
        places = [rows.columns.get(column) for column in COLUMNS]
        for source_row, cells in zip(rows.numbers, rows.cells, strict=True):
            texts = [None if at is None else cells[at] or None for at in places]
            extra = len(cells) - len(rows.names)
            self.lines.append([sheet_id, source_row, *texts, _as_json(rows.names, cells), extra])
        if len(self.lines) > 100_000:
            self.flush()

    def _add_sheet(
        self, name: str, number: int, sheet: str | None, heading_row: int | None, agency_id: str | None
    ) -> int:
        self.sheets += 1
        values = [self.sheets, name, number, sheet, heading_row is not None, heading_row, agency_id]
        self.con.execute(
            "INSERT INTO report_sheet (sheet_id, source_file, sheet_number, source_sheet, is_report, heading_row, "
            "form_agency_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return self.sheets

    def _bulk(self, name: str, report: ReportFile) -> bool:
        """Have DuckDB read a large CSV file; False where it would read it otherwise than we do."""
        layout = csv_layout(report.path)
        if not layout.is_plain:
            return False
        self.flush()
        columns = [f"column{n}" for n in range(len(layout.names))]
        texts = [columns[layout.columns[c]] if c in layout.columns else "NULL" for c in COLUMNS]
        is_all = set(layout.columns.values()) == set(range(len(layout.names)))
        pairs = ", ".join(f"{ddl.literal(n)}, {c}" for n, c in zip(layout.names, columns, strict=True))
        row_text = "NULL" if is_all else f"json_object({pairs})::VARCHAR"
        types = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
        sheet_id = self.sheets + 1
        try:
            (before,) = self.con.execute("SELECT count(*) FROM report_line").fetchone() or (0,)
            self.con.execute(f"""
                INSERT INTO report_line
                SELECT {sheet_id}, NULL, {", ".join(texts)}, {row_text}, 0
                FROM read_csv({ddl.literal(str(report.path))}, header = false, skip = {layout.heading_row},
                              delim = '{layout.delimiter}', quote = '"', escape = '"', columns = {{{types}}},
                              null_padding = true, auto_detect = false, strict_mode = true)""")
        except duckdb.Error:  # ragged rows, open quotes: our own reader says what is wrong
            return False
        self._add_sheet(name, 1, None, layout.heading_row, None)
        self.con.execute(
            "UPDATE report_sheet SET first_line = ?, first_row = ? WHERE sheet_id = ?",
            [before, layout.heading_row + 1, sheet_id],
        )
        return True


def _as_json(names: list[str], cells: Iterable[str]) -> str:
    """A row as JSON, heading → cell; cells beyond the headings by their place."""
    more = (f"cell {place}" for place in count(len(names) + 1))
    return json.dumps(dict(zip(chain(names, more), cells, strict=False)), ensure_ascii=False)
