"""Checks of a data set's rows, all at once: codes, periods and numbers that nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import duckdb

from schemas.enumerations import FREQUENCIES
from transforms.errors import InputProblem, problem_in
from transforms.quality.text import sentence
from transforms.statistics.dataset.columns import MISSING, UNKNOWN, list_of
from transforms.statistics.dataset.dataset_toml import CODED, NUMBERS
from transforms.statistics.loading.periods import (
    frequency_faults,
    period_of_row,
    reporting_year_faults,
    unknown_period,
)
from transforms.statistics.loading.remarks import Remark
from transforms.statistics.loading.staging import StagedFile, Staging, coded, folded, is_kept, numbered, raw
from transforms.statistics.values import ambiguous_years, mark_of, read_number
from transforms.text.cell_notes import CellNote
from transforms.text.toml import key

_LONGEST = 200  # characters of a text that a message shows


class Gap(NamedTuple):
    """An entry that dataset.toml lacks: its value, "" if nobody can say, and what its comment says."""

    value: str = ""
    note: str = ""
    is_listed: bool = False  # npa's list has a code of this spelling
    is_refused: bool = False  # and the file's label says that it is another


_NO_GUESS = Gap()


@dataclass(slots=True)
class Judged:
    """The problems of a data set. `drafts`: the entries that dataset.toml lacks, by section, in the order met."""

    problems: list[InputProblem] = field(default_factory=list)
    drafts: dict[str, dict[str, Gap]] = field(default_factory=dict)
    respelled: list[tuple[str, float]] = field(default_factory=list)  # values not printed as plain numbers, as read
    cell_notes: dict[str, Sequence[CellNote]] = field(default_factory=dict)  # by file
    blank: list[tuple[str, str, int | None]] = field(default_factory=list)  # file, breakdown, blank rows; None: all
    joined: dict[str, int] = field(default_factory=dict)  # file → rows that only repeats_differ_in makes repeated
    remarks: list[tuple[str, Remark]] = field(default_factory=list)  # path of a file, and a remark on its rows
    most: int = 200  # codes of a column that are reported

    def draft(self, section: str, entry: str, gap: Gap = _NO_GUESS) -> None:
        """Note an entry that dataset.toml lacks, unless it is too long for a code."""
        if len(entry) <= _LONGEST:
            self.drafts.setdefault(section, {})[entry] = gap

    def add(self, path: str, line: int, what: str, remedy: str, value: str | None = None, /, **arguments: Any) -> None:
        """Add a problem as `problem_in` makes it; a long value is cut."""
        if value and len(value) > _LONGEST:
            value = f"{value[:_LONGEST]}… ({len(value)} characters)"
        self.problems.append(problem_in(path, line, what, remedy, value, **arguments))


def judge_rows(staging: Staging, judged: Judged) -> None:
    """Fill the tables `read_period` and `read_text` from the view `observation`; add what nobody knows to `judged`."""
    for column in staging.words:
        _judge_codes(staging, column, judged)
    _judge_periods(staging, judged)
    _judge_numbers(staging, judged)


def _judge_codes(staging: Staging, column: str, judged: Judged) -> None:
    """Report codes that neither npa's lists nor dataset.toml know, and cells without a code that must have one."""
    unknown = f"('{UNKNOWN}', '{MISSING}')" if column in ("statistic_id", "ref_area") else f"('{UNKNOWN}')"
    is_coded, query = column in CODED, f"SELECT 1 FROM observation WHERE {column} IN {unknown} LIMIT 1"
    if is_coded and not staging.con.execute(query).fetchall():
        return
    for file in staging.files:
        texts = {name: f"c{place}" for name, place in file.columns.others.items() if list_of(name) == column}
        if is_coded:
            texts = {column: raw(column, file.columns.places, staging.dataset)}
        for name, text in texts.items():
            _report_codes(staging, file, column, name, text, unknown, judged)


def _report_codes(
    staging: Staging, file: StagedFile, column: str, name: str, text: str, unknown: str, judged: Judged
) -> None:
    """Report each unknown text of a column once, with its first row; `name`: the column in dataset.toml. What a
    composite code that nothing reads would say is unknown; `judge_unread_codes` reports the code."""
    at = file.columns.places.get(column, file.columns.others.get(name, -1))
    is_read = f"text IS DISTINCT FROM '{UNKNOWN}'" if at in file.composed else "true"
    rows = staging.con.execute(  # each text is looked up once: a cast that fails takes 20 µs
        f"""SELECT coalesce({folded("text")}, '') AS printed, min(first), sum(rows)::BIGINT
            FROM (SELECT text, min(row) AS first, count(*) AS rows
                  FROM (SELECT {text} AS text, {numbered(file)} AS row, {in_keep(staging, file)} AS is_kept
                        FROM source_{file.table})
                  WHERE is_kept GROUP BY text)
            WHERE {coded("text", staging.words[column])} IN {unknown} AND {is_read}
            GROUP BY printed ORDER BY min(first), printed LIMIT {judged.most}"""
    ).fetchall()
    section = "series" if column == "statistic_id" else f"codes.{key(name)}"
    is_coded = column in CODED and column in file.columns.places
    labels = file.labels.get(file.names[file.columns.places[column]] if is_coded else name, {})
    for printed, first, count in rows:
        fault = sentence("a code that no list of npa has") if printed else sentence("no code")
        what, place = "{name} has {fault}, in {count} rows", {"section": section, "column": column}
        remedy = _code_remedy(column, printed)
        judged.add(file.path, first, what, remedy, printed, name=name, fault=fault, count=count, **place)
        judged.draft(section, printed, Gap(note=" / ".join(labels.get(printed, ()))))


def in_keep(staging: Staging, file: StagedFile) -> str:
    """Return SQL: true if [keep] takes a row of source_<table>."""
    return is_kept(staging.dataset, staging.words, file)


def _code_remedy(column: str, printed: str) -> str:
    """Return what to do about an unknown code; a blank, a frequency and a multiplier cannot be defined."""
    remedy = "Say in dataset.toml [{section}] which code of ours it is, or define it in [define.{column}]."
    if column == "freq":
        remedy = "Say in dataset.toml [{section}] which of A, S, Q and M it is, or leave its rows out: [keep] freq."
    elif column == "unit_mult" or not printed:
        remedy = "Say in dataset.toml [{section}] which code of ours it is."
    return remedy


def _judge_periods(staging: Staging, judged: Judged) -> None:
    """Fill `read_period` with every text of a period; report those that are none, or not of the row's frequency."""
    rows = staging.con.execute(
        """SELECT time_period, freq::VARCHAR, source_file, min(source_row) FROM observation
           GROUP BY ALL ORDER BY min(source_row)"""
    ).fetchall()
    composed = {file.path for file in staging.files if file.columns.places.get("time_period") in file.composed}
    rows = [row for row in rows if row[0] != UNKNOWN or row[2] not in composed]  # the code of the row is reported
    mapped = staging.dataset.codes.get("time_period", {})
    readings = {}
    for text, stated, path, row in rows:
        printed = " ".join((text or "").split())
        freq = staging.words["freq"].codes.get(stated)
        reading = period_of_row(mapped.get(printed, printed), freq, staging.dataset)
        if reading is None:
            judged.add(path, row, *unknown_period(printed, staging), printed, name="time_period")
            judged.draft("codes.time_period", printed)
        elif freq in FREQUENCIES and freq != reading[1]:
            what = "the period is not one of frequency {freq}"
            remedy = "Correct the period or the frequency, or map the period in dataset.toml [codes.time_period]."
            judged.add(path, row, what, remedy, printed, freq=freq, name="time_period")
        if text is not None:
            readings[text] = (text, *(reading or (None, None)))
    codes = staging.words["freq"].codes
    unstated = [text for text, stated, *_ in rows if codes.get(stated) not in FREQUENCIES and text not in mapped]
    if doubtful := ambiguous_years(unstated):
        path, row = next((path, row) for text, _, path, row in rows if text == doubtful)
        what = "the periods may be months or pairs of years"
        remedy = 'Say which in dataset.toml [codes.time_period]: "{text}" = "{text}" for the month, for each of them.'
        judged.add(path, row, what, remedy, doubtful, text=doubtful, name="time_period")
    for path, row, what, remedy, printed in reporting_year_faults(staging):
        judged.add(path, row, what, remedy, printed)
        judged.draft("codes.time_period", printed)
    for fault in frequency_faults(staging):
        judged.add(*fault)
    _fill(staging.con, "read_period", "text VARCHAR, time_period VARCHAR, freq VARCHAR", list(readings.values()))


def _judge_numbers(staging: Staging, judged: Judged) -> None:
    """Fill `read_text` with every text of a value or bound that is no plain number; report those that are no mark."""
    texts = " UNION ALL ".join(
        f"""SELECT {column}_text AS text, source_file, source_row, '{column}' AS name
            FROM observation WHERE {column}_text IS NOT NULL"""
        for column in NUMBERS
    )
    rows = staging.con.execute(
        f"""SELECT text, min_by(source_file, source_row), min(source_row), min_by(name, source_row), count(*)
            FROM ({texts}) GROUP BY text ORDER BY 2, 3 LIMIT 100_000"""
    ).fetchall()
    readings = []
    for text, path, row, name, count in rows:
        value, status, is_known = read_number(text, staging.dataset)
        readings.append((text, value, status))
        if value is not None:
            judged.respelled.append((text, value))
        if not is_known and len(judged.problems) < judged.most * 5:
            what = "{name} is no number and no known mark, in {count} rows"
            judged.add(path, row, what, _mark_remedy(text, staging), text, name=name, count=count)
            judged.draft("marks", mark_of(text, staging.dataset))
    _fill(staging.con, "read_text", "text VARCHAR, value DOUBLE, status VARCHAR", readings)


def _mark_remedy(text: str, staging: Staging) -> str:
    remedy = "If it is a mark, say in dataset.toml [marks] which OBS_STATUS it stands for."
    if "," in text:
        remedy = (
            "If it is a mark, say in dataset.toml [marks] which OBS_STATUS it stands for; for a decimal comma, "
            "decimal = ','."
        )
    if staging.dataset.decimal == "," and "." in text and any(map(str.isdigit, text)):
        remedy = sentence("{remedy} dataset.toml says decimal = ',', so a point is none.", remedy=remedy)
    return remedy


def _fill(con: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    con.execute(f"CREATE TABLE {table} ({columns})")
    if rows:
        values = [list(column) for column in zip(*rows, strict=True)]
        con.execute(f"INSERT INTO {table} SELECT {', '.join(['unnest(?)'] * len(values))}", values)
