"""Periods as their file states them: what T is, and the SDMX attributes TIME_FORMAT and REPORTING_YEAR_START_DAY, which
count under any entry of [concepts]."""

import re
from collections.abc import Iterator

from transforms.quality.text import sentence
from transforms.statistics.dataset.columns import REPORTING_YEAR, TIME_FORMAT, TIME_FORMATS
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.statistics.loading.staging import StagedFile, Staging, folded, is_kept, raw
from transforms.statistics.quarters import as_quarter, is_lettered
from transforms.statistics.values import read_period, sdmx_period, unread_period

# Path, row, what is wrong, remedy, text as printed.
Fault = tuple[str, int, str, str, str]

_FIRST_OF_JANUARY = re.compile(r"--01-01(?:Z|[+-]\d\d:\d\d)?", re.ASCII)  # xs:gMonthDay
_OF_REPORTING_YEAR = re.compile(r"\d{4}-[A-Z]\d+", re.ASCII)  # 2019-A1, 2019-Q1, 2019-M01; 2019-01 is of the calendar


def period_of_row(text: str, freq: str | None, dataset: Dataset) -> tuple[str, str] | None:
    """Return a period as published and its frequency, None if it is none of ours. `freq`: our code, that of its row:
    where it is Q, 2020T1 is a quarter, but never in SDMX."""
    if freq == "Q" and is_lettered(text) and not dataset.is_sdmx:
        text = sdmx_period(as_quarter(text)) or text
    return read_period(text)


def unknown_period(printed: str, staging: Staging) -> tuple[str, str]:
    """Return what is wrong with a period that is none of ours, and the remedy."""
    if not is_lettered(printed):
        kind, what = unread_period(printed), sentence("the period is none that is known", name="time_period")
        if kind:
            what = sentence("the period is {kind}, which npa does not have", kind=kind, name="time_period")
        remedy = "npa reads 2019, 2019-S1, 2019-Q1 and 2019-01; map others in dataset.toml [codes.time_period]."
        return what, sentence(remedy)
    if staging.dataset.is_sdmx:
        what = sentence("the period is a third of a year (T in SDMX), which npa does not publish")
        remedy = "Say in dataset.toml [codes.time_period] which period of ours it is, or ask for another frequency."
        return what, sentence(remedy)
    what = sentence("T is a quarter or a third of a year, and nothing in the file says that it is a quarter")
    if any("freq" in file.columns.places for file in staging.files):
        return what, sentence('If it is a quarter, say in dataset.toml [codes.time_period]: "2020T1" = "2020-Q1".')
    remedy = 'If T is a quarter, say freq = "Q" in dataset.toml [constants]; else map it in [codes.time_period].'
    return what, sentence(remedy)


def frequency_faults(staging: Staging) -> Iterator[Fault]:
    """Yield each TIME_FORMAT that contradicts the frequency of its rows, stated or that of the period."""
    codes, mapped = staging.words["freq"].codes, staging.dataset.codes.get("time_period", {})
    for file in staging.files:
        place, places = _place(file, TIME_FORMAT), file.columns.places
        if place is None or places.get("freq") == place:
            continue
        freq, period = raw("freq", places, staging.dataset), raw("time_period", places, staging.dataset)
        for printed, other, row, count in _rows(staging, file, place, f"coalesce(nullif({freq}, ''), {period})"):
            reading = period_of_row(mapped.get(other, other), None, staging.dataset)
            ours = codes.get(other, reading and reading[1])
            stated = codes.get(printed, TIME_FORMATS.get(printed))
            if {ours, stated} <= {*TIME_FORMATS.values()} and ours != stated:
                arguments = {"stated": stated, "freq": ours, "count": count, "printed": printed}
                what = "TIME_FORMAT says frequency {stated}, and the frequency is {freq}, in {count} rows"
                remedy = (
                    'Ask the producer. If {freq} is right, say in dataset.toml [codes.freq]: "{printed}" = "{freq}".'
                )
                yield file.path, row, sentence(what, **arguments), sentence(remedy, **arguments), printed


def reporting_years(staging: Staging) -> Iterator[tuple[StagedFile, str, str, int, int]]:
    """Yield each REPORTING_YEAR_START_DAY that is not 1 January with each of its periods that [codes.time_period] does
    not map: file, day, period, first row, rows."""
    mapped = staging.dataset.codes.get("time_period", {})
    for file in staging.files:
        if (place := _place(file, REPORTING_YEAR)) is None:
            continue
        period = raw("time_period", file.columns.places, staging.dataset)
        for day, printed, row, count in _rows(staging, file, place, period):
            if day not in ("", "#N/A") and not _FIRST_OF_JANUARY.fullmatch(day) and printed not in mapped:
                yield file, day, printed, row, count


def is_of_reporting_year(period: str) -> bool:
    """Return True for a period that SDMX counts from the start of the reporting year.

    >>> is_of_reporting_year("2019-Q1"), is_of_reporting_year("2019-A1"), is_of_reporting_year("2019-01")
    (True, True, False)
    """
    return bool(_OF_REPORTING_YEAR.fullmatch(period))


def reporting_year_faults(staging: Staging) -> Iterator[Fault]:
    """Yield each period that is counted from another day than 1 January: npa publishes periods of the calendar."""
    what = "the period is one of a reporting year that begins on {day}, not of the calendar, in {count} rows"
    remedy = 'Say in dataset.toml [codes.time_period] which period of the calendar it is: "2019-Q1" = "2019-Q3".'
    for file, day, printed, row, count in reporting_years(staging):
        if is_of_reporting_year(printed):
            yield file.path, row, sentence(what, day=day, count=count), sentence(remedy), printed


def _place(file: StagedFile, name: str) -> int | None:
    return file.names.index(name) if name in file.names else None


def _rows(staging: Staging, file: StagedFile, place: int, text: str) -> list[tuple[str, str, int, int]]:
    """Return each pair of what the column at `place` and the SQL `text` say in rows that are kept: with the first row,
    and the number of rows."""
    row = "source_row" if file.first_row is None else f"row_number() OVER () + {file.first_row - 1}"
    in_keep = is_kept(staging.dataset, staging.words, file)
    return staging.con.execute(
        f"""SELECT coalesce({folded("text")}, '') AS stated, coalesce({folded("other")}, '') AS said, min(row), count(*)
            FROM (SELECT c{place} AS text, {text} AS other, {row} AS row, {in_keep} AS is_kept
                  FROM source_{file.table})
            WHERE is_kept GROUP BY stated, said ORDER BY min(row), stated, said"""
    ).fetchall()
