"""The agencies of an activity: who is responsible (contract §6, rules 2, 3 and 5)."""

from transforms.plans.agencies import tokens
from transforms.plans.context import PlanScope
from transforms.plans.parsed import ACTIVITY, AGENCIES, Cell, SourceActivity
from transforms.tables.quality_issues import Issue


def add_agencies(scope: PlanScope, activity_id: str, source: SourceActivity) -> list[str]:
    """`bridge_activity_agency`: each agency once, in the order of first print."""
    cell = source.cells.get(AGENCIES, Cell([(source.line_first, "")]))
    text = scope.cell(activity_id, source, AGENCIES)
    cell = cell if text == cell.text else Cell([(source.line_first, text)])
    met: dict[str, str] = {}
    if not text:
        what = f"activity {activity_id} has no agency"
        toml = scope.document.beside("plan.toml")
        remedy = f'Put it back; is a tab lost? If cells are merged down, name "agencies" in {toml}, [layout] fill_down.'
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
            _note(
                scope,
                "agency_repeated",
                line,
                "deduplicated",
                activity_id,
                token,
                met[abbreviation],
                f"The cell names {abbreviation} twice; it counts once.",
                "warning",
            )
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
            f"{book.nearest(token)}Put the print right, or add an alias with "
            f"its reason to {scope.document.beside('aliases.csv')}.",
            printed,
        )
        return None
    agency = book.agencies[abbreviation]
    if agency.is_collective:
        _note(
            scope,
            "agency_collective",
            line,
            "aliased",
            activity_id,
            printed,
            abbreviation,
            "Bodies named in words, not one by one: published as a collective agency.",
        )
    elif not agency.in_glossary:
        _note(
            scope,
            "agency_not_in_glossary",
            line,
            "aliased",
            activity_id,
            printed,
            abbreviation,
            f"The glossary does not know this body; it is published as {abbreviation}.",
            "warning",
        )
    elif token in book.aliases:
        _note(
            scope,
            "agency_alias",
            line,
            "aliased",
            activity_id,
            printed,
            abbreviation,
            f"Read as {abbreviation}: {book.aliases[token][2]}",
        )
    if token != printed:
        _note(
            scope,
            "stray_punctuation",
            line,
            "kept",
            activity_id,
            printed,
            abbreviation,
            "A full stop stands beside the abbreviation.",
        )
    return abbreviation


def _note(
    scope: PlanScope,
    rule: str,
    line: int,
    action: str,
    activity_id: str,
    printed: str,
    published: str,
    message: str,
    severity: str = "info",
) -> None:
    scope.notes.issues.append(
        Issue(
            rule=rule,
            line=line,
            action=action,
            activity_id=activity_id,
            severity=severity,
            column_name="agency_id",
            source_value=printed,
            published_value=published,
            message=message,
        )
    )
