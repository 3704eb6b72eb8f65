"""Windows that do not fit what the document says elsewhere: the day of its approval, years in an activity's text."""

from datetime import date

from transforms.plans.context import Context
from transforms.plans.grammar.periods import ranges_of_years


def flag_windows(context: Context) -> None:
    """Flag windows that begin before the approval, and years in a text that end before the window; no second prints."""
    (approved_on,) = context.rows.column("dim_document", "approved_on")
    early: dict[str, list[tuple[date, int]]] = {}
    for row in context.rows.of("dim_activity"):
        if row["duplicate_of"]:
            continue
        if approved_on and row["window_start"] < approved_on:
            early.setdefault(row["plan_id"], []).append((row["window_start"], row["line_first"]))
        years = ranges_of_years(f"{row['activity_text']}\n{row['expected_result'] or ''}")
        if years and max(last for _, last, _ in years) < row["window_end"].year:
            last_day, printed = str(row["window_end"]), ", ".join(printed for _, _, printed in years)
            names = {"years": ", ".join(f"{first}-{last}" for first, last, _ in years), "last_day": last_day}
            place = row["line_first"], "window_end", printed, last_day
            context.flag("years_end_before_window", *place, activity_id=row["activity_id"], **names)
    for plan_id, windows in early.items():
        lines = [line for _, line in windows]
        days = {"approved_on": str(approved_on), "first_day": str(min(windows)[0])}
        context.flag("window_before_approval", lines, "window_start", plan_id=plan_id, **days)
