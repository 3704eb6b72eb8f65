"""The table macros and the registry of indicators, which are published with a release. Each is one file of SQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from schemas.enumerations import PROGRESS_STATUSES
from schemas.tables import TABLES
from transforms.sql import Statement, statement, statements

_REGISTERED = TABLES["dim_indicator"].column_names[1:]
# What a definition of a share selects: see share.sql.
_OF_A_SHARE = (
    "plan_id", "agency_id", "time_period", "as_of", "in_scope", "is_excluded", "in_numerator", "is_silent", "is_stale",
    "is_self_dated",
)  # fmt: skip
# Indicators that differ by one value: the file that defines them → the end of each id → what differs.
_FAMILIES: dict[str, dict[str, dict[str, str]]] = {
    "status_share": {
        status: {"status": status, "words": status.replace("_", " ")} for status in (*PROGRESS_STATUSES, "no_evidence")
    },
    "due_share": {
        state: {"state": state, "words": words, "meaning": meaning, "direction": direction}
        for state, words, meaning, direction in (
            ("done", "done", "reported completed", "higher_is_better"),
            (
                "not_done",
                "not done",
                "that a report says is not completed, with no later one missing",
                "lower_is_better",
            ),
            ("unknown", "unknown", "on which nobody has reported, or whose latest report is stale", "lower_is_better"),
            ("awaiting", "awaiting a report", "whose last report is not there and not late yet", "neither"),
        )
    },
    "backlog_age": {
        "0_1y": {"years": "0", "words": "less than a year"},
        "1_2y": {"years": "1", "words": "one year"},
        "2_3y": {"years": "2", "words": "two years"},
        "3y_plus": {"years": "3", "words": "three years or more"},
    },
    "paragraph_activity_state": {
        state: {"state": state, "words": words}
        for state, words in (
            ("none", "none is reported as begun"),
            ("begun", "one or more are reported as begun and none as done"),
            ("partly", "some are reported as done"),
            ("all_done", "all are reported as done"),
        )
    },
}


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
    kept = ", ".join(_OF_A_SHARE)
    rows = [f"SELECT '{f.name.upper()}' AS indicator_id, {kept} FROM (\n{f.sql})" for f in share_definitions()]
    figures = [statement("indicators/share", rows="\nUNION ALL\n".join(rows)).sql]
    figures += [f"SELECT '{f.name.upper()}' AS indicator_id, * FROM (\n{f.sql})" for f in _others()]
    columns = ", ".join(TABLES["fact_indicator"].column_names)
    return (
        f"{judged.sql}SELECT {columns} FROM (" + "\nUNION ALL BY NAME\n".join(f"({figure})" for figure in figures) + ")"
        " JOIN finality USING (plan_id, time_period)"
    )


def indicators() -> list[Statement]:
    """Return the definitions of the indicators by name, the id in lower case, with what all shares have in common."""
    common = statement("indicators/share", rows="").columns
    shares = [replace(file, columns=common | file.columns) for file in share_definitions()]
    return sorted([*_others(), *shares], key=lambda file: file.name)


def _others() -> list[Statement]:
    """Return the definitions of what is no share; a column of `fact_indicator` that one lacks is NULL."""
    return statements("indicators/definitions")


def share_definitions() -> list[Statement]:
    """Return the definitions of shares: what is in scope, excluded and in the numerator."""
    files = list(statements("indicators/definitions/shares"))
    for family, members in _FAMILIES.items():
        for member, values in members.items():
            files.append(replace(statement(f"indicators/{family}", **values), name=f"{family}_{member}"))
    return files


def indicator_rows() -> Iterator[dict[str, Any]]:
    """Yield the rows of `dim_indicator`, from the headers of the files."""
    for file in indicators():
        if unknown := file.columns.keys() - _REGISTERED:
            raise ValueError(f"{file.name}.sql: no indicator has {', '.join(sorted(unknown))}")
        registered: dict[str, Any] = {key: file.columns.get(key) for key in _REGISTERED}
        version, valid_from = int(file.columns["version"]), date.fromisoformat(file.columns["valid_from"])
        yield registered | {"indicator_id": file.name.upper(), "version": version, "valid_from": valid_from}
