"""How much the plans of a release hold, for announcements. Imports nothing heavy."""

from collections.abc import Mapping


def totals_phrase(totals: Mapping[str, int]) -> str:
    """Return the numbers of transforms/plans/totals.sql in words; those that count are said where they differ."""
    seconds, responsible = totals["second_prints"], totals["responsible_agencies"]
    activities = _counted(totals["activities"], "activity", "activities")
    if seconds:
        activities += f" ({totals['activities'] - seconds} {without_second_prints(seconds)})"
    agencies = _counted(totals["agencies"], "agency", "agencies")
    if responsible != totals["agencies"]:
        agencies += f" ({responsible} of them responsible for an activity)"
    plans, measures = (_counted(totals[name], name.removesuffix("s"), name) for name in ("plans", "measures"))
    return ", ".join((plans, measures, activities, agencies))


def without_second_prints(number: int) -> str:
    """Return the words that say that so many second prints are left out; none for none."""
    return f"without the {f'{number} second prints' if number > 1 else 'second print'}" if number else ""


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
