"""statistics.csv: the official series linked to a document's activities, each judged by a person (contract §5).

What a link says is checked in two steps: against the document when it is normalised (`add_links`), and against every
series that is known when all data sets have been read too (`unknown_series`)."""

from collections.abc import Collection, Iterator
from typing import Any

from transforms.errors import InputProblem
from transforms.plans.description.document import Document
from transforms.plans.description.plan_toml import StatisticRow
from transforms.quality.text import sentence
from transforms.tables.rows import Rows

_FILE = "statistics.csv"


def add_links(document: Document, rows: Rows) -> Iterator[InputProblem]:
    """`bridge_activity_statistic`, and `linked_series` (not published: file, line and declaration of each link).

    To be called when the document's activities are in `rows`. Problems: an activity that the document does not have or
    that is a second print, an excerpt that its text does not print (any more), a link told twice."""
    columns = rows.tables["dim_activity"]
    known = zip(columns["activity_id"], columns["activity_text"], columns["duplicate_of"], strict=True)
    activities = {activity_id: (text, original) for activity_id, text, original in known}
    path, met = document.beside(_FILE), set()
    for line, row in document.judgements.statistics:
        link = (row.activity_id, row.statistic_id)
        fault = _fault(row, activities.get(row.activity_id)) or (_TWICE if link in met else None)
        met.add(link)
        if fault:
            what, remedy, value = fault
            yield InputProblem(
                what, remedy, path=path, line=line, value=value or f"{row.activity_id}, {row.statistic_id}"
            )
            continue
        rows.add(
            "bridge_activity_statistic",
            activity_id=row.activity_id,
            statistic_id=row.statistic_id,
            relevance=row.relevance,
            rationale=row.rationale,
        )
        name, code_list = row.name or None, row.code_list or None
        rows.add("linked_series", path=path, line=line, statistic_id=row.statistic_id, name=name, code_list=code_list)


_Fault = tuple[str, str, str | None]
_TWICE: _Fault = ("the activity is linked to the series twice", "Keep one row.", None)


def _fault(row: StatisticRow, activity: tuple[str, str | None] | None) -> _Fault | None:
    """What is wrong with a link, the remedy, and the value (None: the link)."""
    if activity is None:
        return "the document has no such activity", "Put the id right, or take the row out.", row.activity_id
    text, original = activity
    if original:
        remedy = sentence("Link {original}, the first print, instead.", original=original)
        return "a second print of an activity is not linked", remedy, row.activity_id
    if row.activity_excerpt not in text:
        what = sentence(
            "activity {activity_id} does not print the words of the link (any more); it prints “{text}”",
            activity_id=row.activity_id,
            text=text,
        )
        return what, "Read it again: put id or excerpt right, or take the row out.", row.activity_excerpt
    if bool(row.name) != bool(row.code_list):
        return "name and code_list stand together", "Fill both where no list has the series, else none.", None
    return None


def declared_series(rows: Rows, known: Collection[str] = ()) -> list[dict[str, Any]]:
    """Rows of dim_statistic for the series that links declare, each once; not those that `known` has already (from a
    data set that defines them)."""
    declared = {link["statistic_id"]: link for link in rows.each("linked_series") if link["name"]}
    return [
        {
            "statistic_id": statistic_id,
            "name": link["name"],
            "unit_measure": None,
            "code_list": link["code_list"],
            "sdg_indicator": None,
        }
        for statistic_id, link in sorted(declared.items())
        if statistic_id not in known
    ]


def unknown_series(rows: Rows, listed: Collection[str], defined: Collection[str]) -> Iterator[InputProblem]:
    """The links whose series is in none of npa's lists (`listed`), `defined` by no data set and declared by no link;
    those that declare what npa lists; declarations of one series that differ. To be called once the data sets are
    read: one that could not be read defines nothing, and what follows from that should not be told."""
    first: dict[str, dict[str, Any]] = {}
    for link in rows.each("linked_series"):
        if link["name"]:
            first.setdefault(link["statistic_id"], link)
    for link in rows.each("linked_series"):
        statistic_id = link["statistic_id"]
        one = first.get(statistic_id)
        if link["name"] and statistic_id in listed:
            what, remedy = "npa's own list has the series", "Leave name and code_list blank."
        elif one and link["name"] and (link["name"], link["code_list"]) != (one["name"], one["code_list"]):
            what = sentence("the series is declared otherwise in {path}:{line}", path=one["path"], line=one["line"])
            remedy = sentence(
                'There it is "{name}" of {code_list}: say the same, or leave both blank.',
                name=one["name"],
                code_list=one["code_list"],
            )
        elif not one and statistic_id not in listed and statistic_id not in defined:
            what = "the series is in no list of npa, and no data set defines it"
            remedy = "Put its code right, or fill name and code_list."
        else:
            continue
        yield InputProblem(what, remedy, path=link["path"], line=link["line"], value=statistic_id)
