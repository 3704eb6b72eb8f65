"""statistics.csv: the official series linked to a document's activities, each judged by a person (contract §5).

Checked against the document when it is normalised, against all known series when the data sets have been read."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from schemas.code_names import CodeName
from transforms.errors import InputProblem, problem_in
from transforms.plans.context import Context
from transforms.plans.description.document import StatisticRow
from transforms.plans.judgements.activities import activity_fault
from transforms.tables.rows import Rows
from transforms.tables.strict_csv import read_table

_WORD = re.compile(r"[A-Za-z0-9_@$-]+")  # SH_STA_WAST
_PUBLISHED = {"activity_id", "statistic_id", "relevance", "rationale"}


def add_links(context: Context) -> None:
    """Add to `bridge_activity_statistic`, and to `linked_series` (not published: file, line, declaration of each link).

    Needs the document's activities in the rows."""
    activities = {row["activity_id"]: row for row in context.rows.of("dim_activity")}
    links: set[tuple[str, str]] = set()
    for row in context.document.rows(StatisticRow):
        link, activity = (row.activity_id, row.statistic_id), activities.get(row.activity_id, {})
        fault = _fault(row, activity, is_second=link in links)
        links.add(link)
        if fault:
            names = {"original": activity.get("duplicate_of"), "text": activity.get("activity_text")}
            context.refuse_if_whole(row, *fault, activity_id=row.activity_id, **names)
            continue
        context.rows.add("bridge_activity_statistic", **row.model_dump(include=_PUBLISHED))
        series = {"statistic_id": row.statistic_id, "name": row.name or None, "code_list": row.code_list or None}
        context.rows.add("linked_series", path=context.document.path_of(row.file), line=row.line, **series)


def _fault(row: StatisticRow, activity: dict[str, Any], *, is_second: bool) -> tuple[str, str, str] | None:
    """Return what is wrong with a link to a row of dim_activity, the remedy, and the value at fault."""
    if fault := activity_fault(row, activity):
        return fault
    if bool(row.name) != bool(row.code_list):
        what, remedy = "name and code_list stand together", "Fill both where no list has the series, else none."
    elif is_second:
        what, remedy = "the activity is linked to the series twice", "Keep one row."
    else:
        return None
    return what, remedy, f"{row.activity_id}, {row.statistic_id}"


def stated_series(data: bytes) -> dict[str, str]:
    """Return the series that a file statistics.csv declares, code → name, whether its document is accepted or not.

    Of a file with a fault, each word counts as a code: its document is rejected, and that is the one thing to say."""
    read = list(read_table(StatisticRow, data, StatisticRow.file))
    rows = [row for row in read if isinstance(row, StatisticRow)]
    words = _WORD.findall(data.decode("ascii", "ignore").replace("\0", "")) if len(rows) < len(read) else ()
    return {word: word for word in words} | {row.statistic_id: row.name for row in rows if row.name}


def declared_series(rows: Rows, known: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return rows of dim_statistic for the series that links declare and that no data set defines (`known`)."""
    declared = {link["statistic_id"]: link for link in rows.of("linked_series") if link["name"]}
    unknown = {"unit_measure": None, "sdg_indicator": None}
    return [
        {"statistic_id": statistic_id, "name": link["name"], "code_list": link["code_list"], **unknown}
        for statistic_id, link in sorted(declared.items())
        if statistic_id not in known
    ]


def declared_names(rows: Rows, known: Collection[str]) -> list[CodeName]:
    """Return the names of the series that links declare and nobody else knows; the first link counts."""
    declared = {link["statistic_id"]: link for link in reversed(list(rows.of("linked_series"))) if link["name"]}
    return [
        CodeName("statistic_id", statistic_id, "en", link["name"], link["path"])
        for statistic_id, link in declared.items()
        if statistic_id not in known
    ]


def unknown_series(rows: Rows, listed: Collection[str], defined: Collection[str]) -> Iterator[InputProblem]:
    """Yield the links whose series nobody knows: npa's lists (`listed`), the data sets (`defined`), the links.

    Also declarations that differ, or of what npa lists. Needs all data sets: one that is not read defines nothing."""
    links = list(rows.of("linked_series"))
    first = {link["statistic_id"]: link for link in reversed(links) if link["name"]}
    for link in links:
        statistic_id = link["statistic_id"]
        declared = first.get(statistic_id, {})
        if link["name"] and statistic_id in listed:
            what, remedy = "npa's own list has the series", "Leave name and code_list blank."
        elif link["name"] and (link["name"], link["code_list"]) != (declared["name"], declared["code_list"]):
            what = "the series is declared otherwise in {path}:{line}"
            remedy = 'There it is "{name}" of {code_list}: say the same, or leave both blank.'
        elif not declared and statistic_id not in listed and statistic_id not in defined:
            what = "the series is in no list of npa, and no data set defines it"
            remedy = "Put its code right, or fill name and code_list."
        else:
            continue
        yield problem_in(link["path"], link["line"], what, remedy, statistic_id, **declared)
