"""The agencies of an activity: who is responsible (contract §6, rules 2, 3 and 5)."""

from transforms.plans.agencies import tokens
from transforms.plans.context import Context, PlanScope
from transforms.plans.description.judgements import AliasRow
from transforms.plans.parsed import ACTIVITY, AGENCIES, Cell, SourceActivity


def add_agencies(scope: PlanScope, source: SourceActivity) -> list[str]:
    """Add to `bridge_activity_agency` each agency once, in the order of first print; return their abbreviations."""
    context, activity_id, line_first = scope.context, source.activity_id, source.line_first
    text = context.cell(source, AGENCIES)
    if not text:
        what = "activity {activity_id} has no agency"
        remedy = 'Put it back; is a tab lost? If cells are merged down, name "agencies" in {toml}, [layout] fill_down.'
        names = {"activity_id": activity_id, "toml": context.document.beside("plan.toml")}
        context.refuse(line_first, what, remedy, source.text(ACTIVITY), **names)
        return []
    is_as_printed = text == source.text(AGENCIES)
    printed: dict[str, str] = {}  # abbreviation: token
    for token, line in tokens(source.cells[AGENCIES] if is_as_printed else Cell([(line_first, text)])):
        if not token:
            what = "a place between commas, or after the last, is empty: an agency may be lost"
            context.refuse(line, what, "Put the agency back, or take the comma out.", text)
            continue
        abbreviation = _resolve(context, token, line, activity_id)
        if abbreviation in printed:
            context.flag("agency_repeated", line, "agency_id", activity_id=activity_id, source_value=token,
                         published_value=printed[abbreviation], abbreviation=abbreviation)  # fmt: skip
        elif abbreviation:
            printed[abbreviation] = token
            context.rows.add(
                "bridge_activity_agency",
                activity_id=activity_id,
                position=len(printed),
                token=token,
                agency_id=f"{context.document.description.country}-{abbreviation}",
            )
    scope.counts["agency_links"] += len(printed)
    return list(printed)


def _resolve(context: Context, printed: str, line: int, activity_id: str) -> str | None:
    """Return the canonical abbreviation of a token, or None; flag each judgement on the way."""
    book, token = context.book, printed
    abbreviation = book.resolve(token)
    if abbreviation is None and (token := printed.strip(". ")) != printed:
        abbreviation = book.resolve(token)
    if abbreviation is None:
        remedy = "{hint}Put the print right, or add an alias with its reason to {file}."
        file = context.document.beside(AliasRow.file)
        context.refuse(line, "unknown agency", remedy, printed, hint=book.nearest(token), file=file)
        return None
    values = {"activity_id": activity_id, "source_value": printed, "published_value": abbreviation}
    agency = book.agencies[abbreviation]
    if agency.is_collective:
        context.flag("agency_collective", line, "agency_id", **values)
    elif not agency.in_glossary:
        context.flag("agency_not_in_glossary", line, "agency_id", **values, abbreviation=abbreviation)
    elif token in book.aliases:
        reason = book.aliases[token].reason
        context.flag("agency_alias", line, "agency_id", **values, abbreviation=abbreviation, reason=reason)
    if token != printed:
        context.flag("stray_punctuation", line, "agency_id", **values)
    return abbreviation
