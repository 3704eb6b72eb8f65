"""What a spreadsheet refuses in a form, and the hidden lists of codes behind its drop-downs."""

from collections.abc import Iterator, Mapping, Sequence

from flows.outputs.workbooks.form_content import UNIT, Form, Row
from schemas.enumerations import PROGRESS_STATUSES
from transforms.statistics.layouts.grid import letters

PERIOD = "time_period"
_LISTS = {UNIT: "unit", PERIOD: "period"}
# `delivered` last: the drop-down of an activity that is not continuous ends before it.
STATUSES = sorted(PROGRESS_STATUSES, key=lambda status: status == "delivered")
# Column, rows, and XlsxWriter's options, with values to fill in.
_SINCE = {"validate": "date", "criteria": ">=", "value": "=DATE({start.year},{start.month},{start.day})"}
_BETWEEN = {"criteria": "between"}
_YEARS = _BETWEEN | {"validate": "integer", "minimum": "{start.year}", "maximum": "{last_year}"}
_RULES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("activity_id", "spare", {"validate": "list", "value": "=$A${first}:$A${last}"}),
    ("agency_id", "spare", {"validate": "list", "value": "=npa!$B$1"}),
    (UNIT, "all", {"validate": "list", "value": "=npa!$B${first_unit}:$B${last_unit}"}),
    (PERIOD, "all", {"validate": "list", "value": "=npa!$B${first_period}:$B${last_period}"}),
    (PERIOD, "all", _YEARS),
    ("reported_on", "all", _SINCE),
    ("status", "continuous", {"validate": "list", "value": "=npa!$B${not_started}:$B${delivered}"}),
    ("status", "others", {"validate": "list", "value": "=npa!$B${not_started}:$B${cancelled}"}),
    ("percent_complete", "all", _BETWEEN | {"validate": "decimal", "minimum": "0", "maximum": "100"}),
    ("completed_on", "all", _SINCE),
)


def codes(form: Form) -> Iterator[tuple[str, str]]:
    """Yield the rows of the hidden sheet: whose form it is, and the lists of statuses, units and periods."""
    yield "agency_id", form.agency["agency_id"]
    yield "release_id", form.agency["release_id"]
    yield "plan_ids", ",".join(sorted({row["plan_id"] for row in form.rows}))
    yield "as_of", form.as_of.isoformat()
    yield "language", form.language
    yield from ((status, form.word(status)) for status in STATUSES)
    yield from ((UNIT, unit) for unit in form.units.values())
    yield from ((PERIOD, period) for period in form.half_years)


def rules(
    form: Form, keys: Sequence[str], tops: Mapping[str, int], first: int, spare: int
) -> Iterator[tuple[list[str], Row]]:
    """Yield the areas of each rule and its options. `first` is the index of the first activity's row, `tops` are those
    of the cells above the table."""
    areas = _areas(form, first + 1, spare)
    places: Row = {"first": first + 1, "last": first + len(form.rows), **_places_of_codes(form), **form.span}
    for key, where, rule in _RULES:
        if key not in keys or (key == PERIOD and (rule["validate"] == "list") != bool(form.half_years)):
            continue
        letter = letters(keys.index(key) + 1)
        options: Row = {name: text.format(**places) for name, text in rule.items()}
        options |= {"error_title": form.word(key), "error_message": form.word(worded(form, f"error.{key}"))}
        options |= {"input_title": form.word(key), "input_message": form.word(worded(form, f"help.{key}"))}
        cells = [f"B{tops[key] + 1}"] if key in tops else []
        cells += [f"{letter}{start}:{letter}{end}" for start, end in areas[where]]
        if cells:
            yield cells, options


def worded(form: Form, key: str) -> str:
    """Return the key of a sentence, in the variant for plans that are reported on by half-years."""
    return f"{key}.half_year" if key.endswith(PERIOD) and form.half_years else key


def _areas(form: Form, first: int, spare: int) -> dict[str, list[tuple[int, int]]]:
    """Return the first and last row, from 1, of the parts of the table."""
    last = first + len(form.rows) - 1
    spare_rows = (last + 1, last + spare)
    areas = {"all": [(first, spare_rows[1])], "spare": [spare_rows], "continuous": [spare_rows], "others": []}
    for number, row in enumerate(form.rows, first):
        areas["continuous" if row["timeframe"] == "continuous" else "others"].append((number, number))
    return areas


def _places_of_codes(form: Form) -> Row:
    """Return the rows, from 1, of the lists on the hidden sheet."""
    places: Row = {}
    for number, (code, _) in enumerate(codes(form), 1):
        if name := _LISTS.get(code):
            places.setdefault(f"first_{name}", number)
            places[f"last_{name}"] = number
        else:
            places[code] = number
    return places
