"""Read the agencies' reports into the tables that `transforms.reports.validation` works on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count, islice, repeat
from types import MappingProxyType
from typing import Any

import duckdb

from flows.sources.files import as_text
from flows.sources.input_file import InputFile, check_unchanged
from flows.sources.reports.headings import ReportSheet, old_headings, other_columns, quoted
from flows.sources.reports.sheets import read_report
from transforms.errors import InputProblem, WarehouseFault
from transforms.quality.catalogue import CatalogueError, Message
from transforms.reports.readings import read_texts
from transforms.reports.registers.withdrawals import Withdrawal
from transforms.reports.validation import insert, joined, stage
from transforms.reports.vocabulary import COLUMNS, language_of

_ROWS_AT_A_TIME = 250  # lists of cells that live at once: with a thousand, collecting garbage doubles the time
_CHARACTERS_AT_A_TIME = 1 << 24  # of the cells in one statement, which costs some milliseconds by itself


def read_reports(
    con: duckdb.DuckDBPyConnection,
    reports: Mapping[str, InputFile],
    evidence: Mapping[str, InputFile] = MappingProxyType({}),
    withdrawals: Sequence[Withdrawal] = (),
) -> None:
    """Fill the tables of `stage` from every report, by its path below raw/, and read each text of their cells.

    Of `evidence` only the paths are read. Raises WarehouseFault if a file changes while it is read: another try sees it
    whole."""
    stage(con)
    faults = {path: file.fault for path, file in evidence.items()}
    files = [(path, fault and fault.message_id, fault and fault.arguments_json) for path, fault in faults.items()]
    insert(con, "evidence_file", files)
    places = [(w.source_file, w.source_sheet or None, w.source_row, w.reason) for w in withdrawals]
    insert(con, "withdrawal", [(number, *place) for number, place in enumerate(places)])
    staging = _Staging(con)
    for number, (path, report) in enumerate(reports.items(), 1):
        try:
            staging.read(number, path, report)
        except InputProblem as problem:
            staging.refuse(path, None, None, problem.rule, problem.message)
        except OSError as error:
            check_unchanged({path: report})
            what = "{name} could be read no more ({reason}). Nothing was published."
            raise WarehouseFault(what, name=path, reason=error.strerror) from error
    staging.flush()
    read_texts(con)
    check_unchanged(reports)


class _Staging:
    """Rows on their way to the staging tables, which take many at a time."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._sheet_ids = count(1)
        self._rows: dict[str, list[tuple[Any, ...]]] = {"report_sheet": [], "report_note": [], "unreadable": []}
        self._lines: dict[str, list[Any]] = {"sheet_id": [], "source_row": [], "cells": [], "separator": []}
        self._characters = 0

    def read(self, file_number: int, path: str, report: InputFile) -> None:
        """Add a file. Raises what `read_report` raises."""
        if report.fault:
            self.refuse(path, None, None, "file_unreadable", report.fault)
            return
        for number, sheet in enumerate(read_report(report.path), 1):
            if sheet.fault:
                self.refuse(path, number, sheet.name, sheet.fault.rule, sheet.fault.message)
            self._add(sheet, file_number, path, number)

    def _add(self, sheet: ReportSheet, file_number: int, path: str, number: int) -> None:
        """Add the rows of a sheet, then the sheet. Rows of a file that cannot be read to its end count for nothing."""
        sheet_id, others = next(self._sheet_ids), other_columns(sheet)
        blank, lines = set(others), iter(sheet.rows)
        while batch := list(islice(lines, _ROWS_AT_A_TIME)):
            source_rows, rows = zip(*batch, strict=True)
            blank = {place for place in blank if not any(cells[place].strip() for cells in rows)}
            separator, texts = joined(rows)
            self._lines["sheet_id"].extend(repeat(sheet_id, len(rows)))
            self._lines["source_row"].extend(source_rows)
            self._lines["cells"].extend(texts)
            self._lines["separator"].extend(repeat(separator, len(rows)))
            self._characters += sum(map(len, texts))
            if self._characters >= _CHARACTERS_AT_A_TIME:
                self._flush_lines()
        unread = quoted(sheet.headings[place] for place in sorted(others - blank)) or None
        places = [sheet.columns[column] + 1 if column in sheet.columns else None for column in COLUMNS]
        old_letters = quoted(old_headings(sheet)) or None
        origin = [place + 1 for place in sheet.origin] if sheet.origin else None
        about = (sheet.heading_row, sheet.agency_id, unread, old_letters, sheet.headings, places, origin)
        language = language_of(sheet.headings)
        self._rows["report_sheet"].append((sheet_id, file_number, path, number, sheet.name, *about, language))
        for note in sheet.notes:
            message = note.message.message_id, note.message.arguments_json
            self._rows["report_note"].append((path, note.row or None, note.rule, None, None, None, *message))

    def refuse(self, path: str, number: int | None, sheet: str | None, rule: str, message: Message | None) -> None:
        """Add a file, or its sheet, that cannot be read. Raises CatalogueError if no rule of the catalogue says why."""
        if message is None:
            raise CatalogueError(f"{path} is refused without a sentence of the catalogue")
        texts = {key: as_text(value) if isinstance(value, str) else value for key, value in message.arguments.items()}
        message = replace(message, arguments=texts)  # which may name a file
        row = (path, number, sheet, rule, str(message), message.message_id, message.arguments_json)
        self._rows["unreadable"].append(row)

    def flush(self) -> None:
        """Hand over what has been collected."""
        self._flush_lines()
        for table, rows in self._rows.items():
            insert(self._con, table, rows)

    def _flush_lines(self) -> None:
        insert(self._con, "report_cells", self._lines, "sheet_id, source_row, string_split(cells, separator)")
        for values in self._lines.values():
            values.clear()
        self._characters = 0
