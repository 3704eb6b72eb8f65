"""The agencies of an activity: who is responsible (contract §6, rules 2, 3 and 5)."""

from transforms.plans.agencies import tokens
from transforms.plans.context import PlanScope
from transforms.plans.parsed import ACTIVITY, AGENCIES, Cell, SourceActivity
from transforms.quality.text import sentence


def add_agencies(scope: PlanScope, activity_id: str, source: SourceActivity) -> list[str]:
    """`bridge_activity_agency`: each agency once, in the order of first print."""
    cell = source.cells.get(AGENCIES, Cell([(source.line_first, "")]))
    text = scope.cell(activity_id, source, AGENCIES)
    cell = cell if text == cell.text else Cell([(source.line_first, text)])
    met: dict[str, str] = {}
    if not text:
        what = sentence("activity {activity_id} has no agency", activity_id=activity_id)
        toml = scope.document.beside("plan.toml")
        remedy = sentence(
            'Put it back; is a tab lost? If cells are merged down, name "agencies" in {toml}, [layout] fill_down.',
            toml=toml,
        )
        scope.notes.refuse(source.line_first, what, remedy, source.text(ACTIVITY))
        return []
    for token, line in tokens(cell):
        if not token:
            what = "a place between commas, or after the last, is empty: an agency may be lost"
            scope.notes.refuse(line, what, "Put the agency back, or take the comma out.", text)
            continue
        abbreviation = _resolve(scope, token, line, activity_id)
        if abbreviation is None:
            continue
        if abbreviation in met:
            scope.notes.flag("agency_repeated", line, "agency_id", activity_id=activity_id, source_value=token,
                             published_value=met[abbreviation], abbreviation=abbreviation)  # fmt: skip
            continue
        met[abbreviation] = token
        scope.rows.add(
            "bridge_activity_agency",
            activity_id=activity_id,
            position=len(met),
            token=token,
            agency_id=f"{scope.document.description.country}-{abbreviation}",
        )
    scope.found["agency_links"] += len(met)
    return list(met)


def _resolve(scope: PlanScope, printed: str, line: int, activity_id: str) -> str | None:
    """Canonical abbreviation of a token; each judgement on the way is an issue."""
    book, token = scope.book, printed
    abbreviation = book.resolve(token)
    if abbreviation is None and (token := printed.strip(". ")) != printed:
        abbreviation = book.resolve(token)
    if abbreviation is None:
        scope.notes.refuse(
            line,
            "unknown agency",
            sentence(
                "{hint}Put the print right, or add an alias with its reason to {file}.",
                hint=book.nearest(token),
                file=scope.document.beside("aliases.csv"),
            ),
            printed,
        )
        return None
    values = {"activity_id": activity_id, "source_value": printed, "published_value": abbreviation}
    agency = book.agencies[abbreviation]
    if agency.is_collective:
        scope.notes.flag("agency_collective", line, "agency_id", **values)
    elif not agency.in_glossary:
        scope.notes.flag("agency_not_in_glossary", line, "agency_id", **values, abbreviation=abbreviation)
    elif token in book.aliases:
        reason = book.aliases[token][2]
        scope.notes.flag("agency_alias", line, "agency_id", **values, abbreviation=abbreviation, reason=reason)
    if token != printed:
        scope.notes.flag("stray_punctuation", line, "agency_id", **values)
    return abbreviation
