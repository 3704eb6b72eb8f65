"""The table macros and the registry of indicators, which are published with a release. Each is one file of SQL."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from schemas.enumerations import PROGRESS_STATUSES
from schemas.tables import TABLES
from transforms.sql import Statement, statement, statements

_REGISTERED = TABLES["dim_indicator"].column_names[1:]


def macros() -> Iterator[Statement]:
    """Yield the table macros, each after those that it calls; `parameters` is one of their columns."""
    for name in ("respondent_status_on", "reporting_slots", "activity_status_on", "activity_status"):
        yield statement(f"indicators/macros/{name}")
    description = (
        "One row per indicator × plan × agency for the year and the quarter of the day `on_day`, as if it were the "
        "as_of of the release."
    )
    yield Statement("indicators_at", description, {"parameters": "on_day"}, indicators_between("on_day", "on_day"))


def indicators_between(from_day: str, to_day: str, slots: str | None = None, without: str | None = None) -> str:
    """Return SQL for all indicators, for the periods that touch the days `from_day` to `to_day` (SQL for two dates), as
    if `to_day` were the as_of of the release: columns as in `fact_indicator`.

    It is one query, so that the indicators share what is computed once. `slots` is a table of the reporting slots as
    known at `to_day`, where there is one; `without` is a table of plans for which no row of their own is computed."""
    slots = slots or f"reporting_slots({to_day})"
    activities = f"dim_activity ANTI JOIN {without} USING (plan_id)" if without else "dim_activity"
    judged = statement("indicators/judged", from_day=from_day, to_day=to_day, slots=slots, activities=activities)
    figures = [f"SELECT '{file.name.upper()}' AS indicator_id, * FROM (\n{file.sql})" for file in indicators()]
    columns = ", ".join(TABLES["fact_indicator"].column_names)
    return f"{judged.sql}SELECT {columns} FROM (" + "\nUNION ALL BY NAME\n".join(figures) + ")"


def indicators() -> list[Statement]:
    """Return the indicators by name, the id in lower case; a column of `fact_indicator` that one lacks is NULL."""
    files = statements("indicators/definitions") + list(map(_share, statements("indicators/definitions/shares")))
    for status in (*PROGRESS_STATUSES, "no_evidence"):
        share = statement("indicators/status_share", status=status, words=status.replace("_", " "))
        files.append(_share(replace(share, name=f"status_share_{status}")))
    return sorted(files, key=lambda file: file.name)


def _share(file: Statement) -> Statement:
    share = statement("indicators/share", rows=file.sql)
    return replace(share, name=file.name, columns=share.columns | file.columns)


def indicator_rows() -> Iterator[dict[str, Any]]:
    """Yield the rows of `dim_indicator`, from the headers of the files."""
    for file in indicators():
        if unknown := file.columns.keys() - _REGISTERED:
            raise ValueError(f"{file.name}.sql: no indicator has {', '.join(sorted(unknown))}")
        yield {"indicator_id": file.name.upper(), **{key: file.columns.get(key) for key in _REGISTERED}}
