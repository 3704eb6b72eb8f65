"""What is published to compute with: the table macros, and the registry of indicators. Each is one file of SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from transforms.sql import Statement, statement, statements

_REGISTERED = (
    "name",
    "definition",
    "numerator",
    "denominator",
    "exclusions",
    "unit",
    "direction",
    "basis",
    "periods",
    "source",
)


@dataclass(frozen=True, slots=True)
class Macro:
    """A table macro: `parameters` as CREATE MACRO has them."""

    name: str
    parameters: str
    description: str
    sql: str


def macros() -> Iterator[Macro]:
    """The table macros, each after those that it calls."""
    for name in ("activity_status_on", "activity_status", "reporting_slots"):
        file = statement(f"indicators/macros/{name}")
        yield Macro(name, file.columns["parameters"], file.description, file.sql)
    description = (
        "One row per indicator × plan × agency for the year and the quarter of the day `on_day`, as if it were the "
        "as_of of the release."
    )
    yield Macro("indicators_at", "on_day", description, indicators_between("on_day", "on_day"))


def indicators_between(from_day: str, to_day: str, slots: str | None = None, without: str | None = None) -> str:
    """SQL of all indicators for the periods that touch the days from `from_day` to `to_day` (SQL of two dates), as if
    the latter were the as_of of the release: columns as `fact_indicator`. One question, so that what they share is made
    once. `slots` is a table of the reporting slots as known at `to_day`, where there is one;
    `without`, a table of the plans of which no row of their own is wanted."""
    judged = statement("indicators/judged").sql
    judged = judged.replace("reporting_slots(to_day)", slots or "reporting_slots(to_day)")
    if without:
        of_plans = "SELECT activity_id, plan_id FROM dim_activity"
        judged = judged.replace(of_plans, f"{of_plans} ANTI JOIN {without} USING (plan_id)")
    judged = judged.replace("from_day", from_day).replace("to_day", to_day)
    each = [f"SELECT '{file.name.upper()}' AS indicator_id, * FROM (\n{file.sql})" for file in indicators()]
    return judged + "\nUNION ALL\n".join(each)


def indicators() -> list[Statement]:
    """The indicators; the name of a file is the id in lower case."""
    return statements("indicators/definitions")


def indicator_rows() -> Iterator[dict[str, Any]]:
    """Rows of `dim_indicator`, from the headers of the files."""
    for file in indicators():
        unknown = set(file.columns) - set(_REGISTERED)
        if unknown:
            raise ValueError(f"{file.name}.sql: no indicator has {', '.join(sorted(unknown))}")
        yield {"indicator_id": file.name.upper(), **{key: file.columns.get(key) for key in _REGISTERED}}
