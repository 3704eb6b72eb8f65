"""The tables of what each distinct text of a report's columns means, without looking at the plans."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from typing import Any

import duckdb

from transforms.quality.catalogue import Message, message, message_of
from transforms.reports.cells import values
from transforms.reports.cells.days import day_order, read_dates
from transforms.reports.cells.evidence import read_evidence
from transforms.reports.cells.percents import read_percents
from transforms.reports.cells.periods import read_period
from transforms.reports.cells.results import read_results
from transforms.reports.cells.statuses import SETTINGS, read_status
from transforms.reports.cells.units import read_unit
from transforms.reports.validation import insert
from transforms.reports.vocabulary import is_placeholder
from transforms.text.old_tajik_fonts import OLD_LETTERS, has_old_letters

Reading = tuple[Any, Message | None]

# A million lines have as many addresses; only the unusual ones are read.
_USUAL_URL = r"regexp_full_match(evidence_url, '(?i)https?://[a-z0-9-]+(\.[a-z0-9-]+)+(/[!-~]*)?')"
# So are free texts: those that may be damaged, typed in an old Tajik font, or written into an empty cell.
_UNUSUAL = (
    r"^\s*#|^\s*\pL+:[0-9]{3}\s*$"  # #REF!, Err:502
    r"|\?[\pL?]|^\s*\?|\x{FFFD}"
    rf"|[{OLD_LETTERS}]|\pM"  # a letter may be two characters
    r"|[а-яё][А-ЯЁ]{2}"  # KOI8-R read as windows-1251, and the other way round
    r"|[\x{80}-\x{9F}¤¦¬®°±µ¶·À-ÖØ-öø-ÿŒœŠšŸŽžƒˆ˜†‡‰‹›€™\x{402}-\x{40F}\x{452}-\x{45F}Ґґ\x{2500}-\x{25FF}≤≥≈÷√]"
)
_SHORT = r"length(result_text) <= 30 AND NOT regexp_matches(result_text, '[0-9]')"
_ORDERS = {"d/m/y": "dd/mm/yyyy", "m/d/y": "mm/dd/yyyy"}
_NAMED = 5  # texts that a sentence names


def read_texts(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of readings from those of `stage`.

    `read_<column>` has the columns text, value, fault (the message_id of a sentence) and the arguments of that. Before
    them are file_number for days and results, sheet_id for percentages, and the setting for statuses. Evidence has url
    and words for a value. A blank text has neither value nor fault. `read_result_text` has only unusual texts, and
    `result_note` what is to be said of them."""
    _read(con, "activity_id", "VARCHAR", _id)
    _read(con, "agency_id", "VARCHAR", _id)
    _read(con, "reporting_unit", "VARCHAR", read_unit)
    _read(con, "time_period", "VARCHAR", read_period)
    _read_evidence(con)
    _read_statuses(con)
    _read_percentages(con)
    _read_days(con)
    _read_results(con)


def _id(text: str) -> Reading:
    """Return an id, and instead of a fault the note that letters of another script were taken for Latin ones."""
    value, has_look_alikes = values.read_id(text)
    if found := values.damage(text) if any(mark in text for mark in "#?\ufffd") else None:
        return value, found
    return value or None, message("look_alike_letters", id=value) if has_look_alikes else None


def _cell(text: str, read: Callable[[str], Reading]) -> Reading:
    """Return what a cell says: nothing, if people write it into empty cells; a text that was damaged is a fault."""
    if is_placeholder(text):
        return None, None
    value, fault = read(text)
    return value, (values.damage(text) or fault) if fault and fault.message_id != "look_alike_letters" else fault


def _read(
    con: duckdb.DuckDBPyConnection, column: str, sql_type: str, read: Callable[[str], Reading], where: str = "true"
) -> None:
    con.execute(f"CREATE TEMP TABLE read_{column} (text VARCHAR, value {sql_type}, fault VARCHAR, arguments JSON)")
    texts = con.execute(f"SELECT DISTINCT {column} FROM report_line WHERE {column} IS NOT NULL AND {where}")
    insert(con, f"read_{column}", [(text, *_columns(_cell(text, read))) for (text,) in texts.fetchall()])


def _read_evidence(con: duckdb.DuckDBPyConnection) -> None:
    """Create `read_evidence_url`: an address and words instead of a value. Usual addresses are not in it."""
    con.execute("""
        CREATE TEMP TABLE read_evidence_url (
            text VARCHAR, url VARCHAR, words VARCHAR, fault VARCHAR, arguments JSON)""")
    texts = con.execute(f"SELECT DISTINCT evidence_url FROM report_line WHERE NOT {_USUAL_URL}").fetchall()
    readings = [(text, *read_evidence(text)) for (text,) in texts]
    rows = [(text, *cited, *_columns((None, fault))[1:]) for text, cited, fault in readings]
    insert(con, "read_evidence_url", rows)


def _read_statuses(con: duckdb.DuckDBPyConnection) -> None:
    """Create `read_status`; `usual` is the status that the text has on a dated activity, if that is another one, and
    `has_old_letters` is true of one typed in an old Tajik font."""
    con.execute("""
        CREATE TEMP TABLE read_status (
            setting VARCHAR, text VARCHAR, usual VARCHAR, has_old_letters BOOLEAN, value VARCHAR, fault VARCHAR,
            arguments JSON)""")
    rows = list[tuple[Any, ...]]()
    texts = con.execute("SELECT DISTINCT status FROM report_line WHERE status IS NOT NULL").fetchall()
    for (text,), setting in product(texts, SETTINGS):
        usual, _ = _cell(text, read_status)
        value, fault = _cell(text, partial(read_status, setting=setting))
        usual = usual if value and usual != value else None
        rows.append((setting, text, usual, has_old_letters(text), *_columns((value, fault))))
    insert(con, "read_status", rows)


def _read_percentages(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        CREATE TEMP TABLE read_percent_complete (
            sheet_id INTEGER, text VARCHAR, value DOUBLE, fault VARCHAR, arguments JSON)""")
    columns = con.execute("""
        SELECT sheet_id, source_file, heading_row, list(DISTINCT percent_complete ORDER BY percent_complete)
        FROM report_line JOIN report_sheet USING (sheet_id) WHERE percent_complete IS NOT NULL
        GROUP BY ALL ORDER BY sheet_id""")
    rows, notes = list[tuple[Any, ...]](), list[tuple[Any, ...]]()
    for sheet_id, source_file, heading_row, texts in columns.fetchall():
        percents = read_percents(text for text in texts if not is_placeholder(text))
        rows += [(sheet_id, text, *_columns(_cell(text, percents.readings.__getitem__))) for text in texts]
        if percents.shares:
            published = [f"{percents.readings[text][0]:.15g} %" for text in percents.shares]
            said = message_of("percentages_as_shares", text=percents.shares[0], percent=published[0])
            place = source_file, heading_row, "percent_complete"
            notes.append(_note(*place, _named(percents.shares), _named(published), said))
    insert(con, "read_percent_complete", rows)
    insert(con, "report_note", notes)


def _read_days(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        CREATE TEMP TABLE read_day (file_number INTEGER, text VARCHAR, value DATE, fault VARCHAR, arguments JSON)""")
    files = con.execute("""
        SELECT file_number, source_file, list(DISTINCT text ORDER BY text)
        FROM (UNPIVOT (SELECT file_number, reported_on, completed_on FROM report_line)
              ON reported_on, completed_on INTO NAME column_name VALUE text)
        JOIN (SELECT DISTINCT file_number, source_file FROM report_sheet) USING (file_number)
        GROUP BY ALL ORDER BY file_number""")
    rows, notes = list[tuple[Any, ...]](), list[tuple[Any, ...]]()
    for file_number, source_file, texts in files.fetchall():
        days = read_dates(texts)
        rows += [(file_number, text, *_columns(_cell(text, days.__getitem__))) for text in texts]
        if (found := day_order(texts)) and found.decided:
            published = [str(days[text][0]) for text in found.decided]
            order, n = _ORDERS[found.order], len(found.decided)
            said = message_of("day_order_of_file", order=order, telling=found.telling, n=n)
            notes.append(_note(source_file, None, None, _named(found.decided), _named(published), said))
    insert(con, "read_day", rows)
    insert(con, "report_note", notes)


def _read_results(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        CREATE TEMP TABLE read_result_text (
            file_number INTEGER, text VARCHAR, value VARCHAR, fault VARCHAR, arguments JSON);
        CREATE TEMP TABLE result_note (
            file_number INTEGER, text VARCHAR, message_id VARCHAR, arguments JSON)""")
    files = con.execute(
        f"""SELECT file_number, list(DISTINCT result_text), list(DISTINCT status),
                   (SELECT flatten(list(headings)) FROM report_sheet AS s WHERE s.file_number = l.file_number)
            FROM report_line AS l WHERE regexp_matches(result_text, $unusual) OR ({_SHORT}) GROUP BY file_number""",
        {"unusual": _UNUSUAL},
    )
    rows, notes = list[tuple[Any, ...]](), list[tuple[Any, ...]]()
    for number, texts, statuses, headings in files.fetchall():
        for text, result in read_results(texts, filter(None, [*statuses, *headings])).items():
            rows.append((number, text, *_columns((result.value, result.fault))))
            if note := result.note:
                notes.append((number, text, note.message_id, note.arguments_json))
    insert(con, "read_result_text", rows)
    insert(con, "result_note", notes)


def _note(
    source_file: str, line_number: int | None, column: str | None, source: str, published: str, said: Message
) -> tuple[Any, ...]:
    """Return a row of `report_note`."""
    rule = said.message_id.partition(".")[0]
    return source_file, line_number, rule, column, source, published, said.message_id, said.arguments_json


def _named(texts: Iterable[str]) -> str:
    first = [*texts]
    return ", ".join(first[:_NAMED] + ["…"] * (len(first) > _NAMED))


def _columns(reading: Reading) -> tuple[Any, str | None, str | None]:
    value, fault = reading
    return (value, fault.message_id, fault.arguments_json) if fault else (value, None, None)
