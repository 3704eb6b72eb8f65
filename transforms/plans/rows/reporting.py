"""Who reports about which periods, and when: [reporting] and [units] of plan.toml."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date

from transforms.plans.agencies import AgencyBook
from transforms.plans.context import Context
from transforms.plans.description.document import DecisionRow
from transforms.plans.description.plan_toml import Reporting, Unit
from transforms.plans.rows.scope import PlanScope
from transforms.text.labels import plain_name


def add_periods(scope: PlanScope, line: int, reporting: Reporting) -> None:
    """Add the periods of a plan to `dim_reporting_period`, with those up to which a decision extends an activity.

    The plan does not say them: they are flagged at its first line."""
    for variant, days in reporting.stated.items():
        (day, month), (other_day, other_month) = days.named_days()
        place = line, "report_due_on", None, f"{day} {month} to {other_day} {other_month}"
        months = {"month": month, "other_month": other_month}
        scope.context.flag("reporting_assumed", *place, variant=variant, day=day, other_day=other_day, **months)
    extended = (row for row in scope.context.document.rows(DecisionRow) if row.activity_id.startswith(scope.plan_id))
    last = max([date(scope.years[1], 12, 31), *(row.new_end for row in extended if row.new_end)])
    for year in range(scope.years[0], last.year + 1):
        for period in reporting.periods(year):
            if not period.time_period.endswith("-S2") or last >= date(year, 7, 1):
                scope.context.rows.add("dim_reporting_period", plan_id=scope.plan_id, **asdict(period))


def add_units(context: Context, book: AgencyBook) -> None:
    """Add the units of agencies, a row of `unit_of_document` for each name."""
    document = context.document
    for abbreviation, units in document.description.units.items():
        agency = book.agencies.get(abbreviation)
        if agency is None or abbreviation not in book.used or agency.agency_type == "collective":
            what = "[units] {abbreviation}: no activity names such an agency, or it is a collective"
            remedy = "Write the abbreviation of a responsible agency that is one body, or take its units out."
            context.refuse_if_whole("plan.toml", what, remedy, abbreviation=abbreviation)
        for text in _repeated(units):
            what = "[units] {abbreviation}: two units are called so"
            remedy = "Give each unit an id and names of its own."
            context.refuse("plan.toml", what, remedy, text, abbreviation=abbreviation)
        ids = {"agency_id": f"{document.description.country}-{abbreviation}", "path": document.path_of("plan.toml")}
        for unit in units:
            for language, name in unit.names.items():
                context.rows.add("unit_of_document", **ids, reporting_unit=unit.id, language=language, name=name)


def _repeated(units: Iterable[Unit]) -> Iterator[str]:
    """Yield each id or name by which a report could mean two units."""
    called: dict[str, int] = {}
    for number, unit in enumerate(units):
        for text in dict.fromkeys([unit.id, *unit.names.values()]):
            if called.setdefault(plain_name(text), number) != number:
                yield text
