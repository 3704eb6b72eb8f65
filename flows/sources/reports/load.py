"""Read the agencies' reports into the tables that `transforms.reports.validation` works on."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from flows.sources.files import as_text
from flows.sources.formats.csv.records import count_records
from flows.sources.formats.files.refusal import refusal
from flows.sources.input_file import InputFile, check_unchanged
from flows.sources.reports.csv_report import CsvLayout, csv_layout
from flows.sources.reports.headings import unread_headings
from flows.sources.reports.sheets import ReportSheet, read_sheets
from schemas.generated import ddl
from transforms.errors import InputProblem, WarehouseFault
from transforms.quality.catalogue import CatalogueError, Message
from transforms.quality.text import sentence
from transforms.reports.validation import read_texts, stage
from transforms.reports.vocabulary import COLUMNS

_WORKBOOKS = {".xlsx", ".xlsm", ".ods"}
# From this size on DuckDB reads a CSV file itself, where it counts rows as we do: a million rows in a second.
_BULK_BYTES = 1_000_000
_GLOB = set("*?[]{}")  # in a path, DuckDB would take them for a pattern
_ROWS_AT_A_TIME = 100_000


def read_reports(con: duckdb.DuckDBPyConnection, reports: Mapping[str, InputFile]) -> None:
    """Fill `report_sheet`, `report_line` and `unreadable` from every report, and read each text of their cells.

    Raises WarehouseFault where a file changes while it is read: another try sees it whole."""
    stage(con)
    staging = _Staging(con)
    for name, report in reports.items():
        try:
            staging.read(name, report)
        except InputProblem as fault:
            staging.refuse(name, None, None, fault.rule, fault.message)
        except OSError as error:
            check_unchanged({name: report})
            raise WarehouseFault(
                sentence(
                    "{name} could be read no more ({reason}). Nothing was published.",
                    name=name,
                    reason=error.strerror,
                )
            ) from error
    staging.flush()
    read_texts(con)
    check_unchanged(reports)


class _Staging:
    """Collects rows, and hands them over in pieces: a statement a row would cost more than reading it."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.files = 0
        self.sheets = 0
        self.pieces: dict[str, list[list[Any]]] = {"report_sheet": [], "report_line": [], "unreadable": []}

    def read(self, name: str, report: InputFile) -> None:
        """One file."""
        self.files += 1
        if report.fault:
            self.refuse(name, None, None, "file_unreadable", report.fault)
            return
        kind = report.path.suffix.lower()
        if kind not in {*_WORKBOOKS, ".csv"}:
            raise refusal("file_of_another_kind", name=report.path.name)
        is_bulk = kind == ".csv" and report.state[1] >= _BULK_BYTES and not _GLOB & set(str(report.path))
        if is_bulk and self._bulk(name, report):
            return
        for number, found in enumerate(read_sheets(report.path), 1):
            self._sheet(name, number, found)

    def refuse(self, name: str, number: int | None, sheet: str | None, rule: str, said: Message | None) -> None:
        """Note a file or sheet that cannot be read; what is `said` may name a file. Raises CatalogueError if nothing is
        said: what is refused is refused by a rule."""
        if said is None:
            raise CatalogueError(f"{name} is refused without a sentence of the catalogue")
        texts = {key: as_text(value) if isinstance(value, str) else value for key, value in said.arguments.items()}
        message = replace(said, arguments=texts)
        place = [name, number, sheet, rule]
        self.pieces["unreadable"].append([*place, str(message), message.message_id, message.arguments_json])

    def flush(self) -> None:
        """Hand over what has been collected."""
        for table, rows in self.pieces.items():
            if rows:
                import pandas as pd  # others wait for it too: only where it is used

                self.con.register("piece", pd.DataFrame(rows, dtype=object))
                self.con.execute(f"INSERT INTO {table} SELECT * FROM piece")
                self.con.unregister("piece")
                rows.clear()

    def _sheet(self, name: str, number: int, found: ReportSheet) -> None:
        if found.fault:
            self.refuse(name, number, found.sheet, found.fault.rule, found.fault.message)
        sheet_id = self._add_sheet(name, number, found.sheet, found.heading_row, found.agency_id, found.unread)
        lines = self.pieces["report_line"]
        lines.extend([sheet_id, *line] for line in found.lines)
        if len(lines) > _ROWS_AT_A_TIME:
            self.flush()

    def _add_sheet(
        self, name: str, number: int, sheet: str | None, heading_row: int | None, agency_id: str | None,
        unread: str | None, first_row: int | None = None, first_line: int | None = None,
    ) -> int:  # fmt: skip
        self.sheets += 1
        is_report = heading_row is not None
        place = [self.sheets, self.files, name, number, sheet, is_report, heading_row]
        self.pieces["report_sheet"].append([*place, first_row, first_line, agency_id, unread])
        return self.sheets

    def _bulk(self, name: str, report: InputFile) -> bool:
        """Have DuckDB read a large CSV file; False where it would read it otherwise than we do, or lose a record."""
        layout = csv_layout(report.path)
        if not layout.is_plain:
            return False
        self.flush()
        (before,) = self.con.execute("SELECT count(*) FROM report_line").fetchone() or (0,)
        heading = layout.names[layout.columns["activity_id"]]
        self.con.execute("BEGIN")
        try:
            self.con.execute(_bulk_insert(layout, report.path, self.sheets + 1))
            (after,) = self.con.execute("SELECT count(*) FROM report_line").fetchone() or (0,)
            records, _ = count_records(report.path, layout.delimiter)
            again = self.con.execute("SELECT 1 FROM report_line WHERE activity_id = ? LIMIT 1", [heading]).fetchone()
            # Headings that are repeated, as page by page, our own reader counts as blank.
            is_alike = not again and after - before == records - layout.heading_row
        except (duckdb.Error, InputProblem):  # ragged rows, open quotes: our own reader says what is wrong
            is_alike = False
        self.con.execute("COMMIT" if is_alike else "ROLLBACK")
        if not is_alike:
            return False
        filled = ["" if name == f"column {at}" else name for at, name in enumerate(layout.names, 1)]
        unread = unread_headings(layout.names, layout.columns, [filled])  # whatever stands below them
        self._add_sheet(name, 1, None, layout.heading_row, None, unread, layout.heading_row + 1, before)
        return True


def _bulk_insert(layout: CsvLayout, path: Path, sheet_id: int) -> str:
    """SQL that reads a CSV file into `report_line`."""
    names = [f"column{n}" for n in range(len(layout.names))]
    texts = [names[layout.columns[c]] if c in layout.columns else "NULL" for c in COLUMNS]
    has_more = set(layout.columns.values()) != set(range(len(names)))
    pairs = ", ".join(f"{ddl.literal(printed)}, {name}" for printed, name in zip(layout.names, names, strict=True))
    row_text = f"json_object({pairs})::VARCHAR" if has_more else "NULL"
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    return f"""
        INSERT INTO report_line
        SELECT {sheet_id}, NULL, {", ".join(texts)}, {row_text}, 0
        FROM read_csv({ddl.literal(str(path))}, header = false, skip = {layout.heading_row}, quote = '"', escape = '"',
                      delim = '{layout.delimiter}', columns = {{{types}}}, null_padding = true, auto_detect = false,
                      strict_mode = true)"""
