"""A description in words, in plain sections."""

from collections.abc import Iterator

from transforms.statistics.dataset.dataset_toml import NUMBERS
from transforms.statistics.describe.draft import missing
from transforms.statistics.describe.profile import Column
from transforms.statistics.describe.result import Description, Sheet
from transforms.statistics.describe.unknown_codes import meaning

_SHOWN = 30  # codes of a column
_SHOWN_ASIDE = 3  # of one that is set aside
_NAMES = {"A": "years", "S": "half-years", "Q": "quarters", "M": "months"}
_CONSTANT = {
    "statistic_id": "No column says which series it is: [constants] statistic_id, or layout.across or file_name.",
    "ref_area": "No column says the area: [constants] ref_area.",
    "time_period": "No column says the period: [concepts], [constants] or [layout].",
}


def told(found: Description) -> str:
    """The description: format, sheets, columns with their codes, periods, values, what is still to decide."""
    parts = [_format(found), _sheets(found), _columns(found), _periods(found), _values(found), _to_decide(found)]
    return "\n\n".join("\n".join(lines) for part in parts if len(lines := list(part)) > 1) + "\n"


def _format(found: Description) -> Iterator[str]:
    yield f"# {found.file}"
    yield f'{found.kind} (format = "{found.format}"), {found.size:,} bytes'
    if found.encoding:
        yield f"encoding: not UTF-8; it looks like {found.encoding} (check the letters beyond a-z)"
    if found.delimiter:
        yield f"delimiter: {found.delimiter!r}"
    if not found.is_all:
        yield f"looked at: the first {found.rows:,} rows, not all; npa check will read the whole file"


def _sheets(found: Description) -> Iterator[str]:
    yield "# Sheets"
    for sheet in found.sheets:
        hidden = ", hidden" if sheet.is_hidden else ""
        yield f"{sheet.name}: {sheet.rows:,} rows × {sheet.columns:,} columns{hidden}{_header(sheet)}"


def _header(sheet: Sheet) -> str:
    if not sheet.periods:
        return ""
    headings = f"; {len(sheet.headings)} headings between the rows: " + ", ".join(
        f"{text!r} (row {row})" for text, row in list(sheet.headings.items())[:_SHOWN]
    )
    told = f"; periods stand across in row {sheet.header_row}: {sheet.periods[0]} … {sheet.periods[-1]}"
    return told + (headings if sheet.headings else "")


def _columns(found: Description) -> Iterator[str]:
    yield f"# Columns ({found.rows:,} rows)"
    for column in found.columns:
        yield f"{column.name} → {_target(column)}; {_counted(column)}"
        if column.target not in (*NUMBERS, "time_period"):
            yield from _listed(found, column)


def _target(column: Column) -> str:
    target = column.target or "set aside"
    return target if column.is_sure else f"{target} (a guess)"


def _counted(column: Column) -> str:
    blank = f", {column.blank:,} blank" if column.blank else ""
    return f"{column.distinct:,} different{blank}"


def _listed(found: Description, column: Column) -> Iterator[str]:
    words = found.words.get(column.place)
    unknown = {one.code for one in found.unknown.get(column.place, ())}
    shown = _SHOWN if column.target else _SHOWN_ASIDE
    for code, rows in column.codes[:shown]:
        name = meaning(column, code, words)
        mark = "  [unknown to npa]" if code in unknown else ""
        yield f"    {code[:60]}{f'  {name[:80]}' if name and name != code else ''}  ×{rows:,}{mark}"
    if len(column.codes) > shown:
        yield f"    … and {column.distinct - shown:,} more"


def _periods(found: Description) -> Iterator[str]:
    yield "# Periods"
    periods = found.periods
    if periods.found:
        each = ", ".join(_NAMES[frequency] for frequency in periods.frequencies)
        yield f"{periods.found[0]} to {periods.found[-1]}, {len(periods.found):,} different ({each})"
    if periods.odd:
        some = ", ".join(repr(text) for text in list(periods.odd)[:_SHOWN])
        yield f"not read as periods ({len(periods.odd):,}): {some}"


def _values(found: Description) -> Iterator[str]:
    yield "# Values"
    values = found.values
    if found.by_target("obs_value"):
        between = f", from {values.lowest:.15g} to {values.highest:.15g}" if values.lowest is not None else ""
        mark = ", decimal comma" if values.decimal == "," else ""
        yield f"{values.numbers:,} numbers{between}{mark}; {values.blank:,} blank"
    for text, rows in values.marks[:_SHOWN]:
        yield f"    {text!r} is no number  ×{rows:,}"


def _to_decide(found: Description) -> Iterator[str]:
    yield "# Still to decide"
    if found.unread:
        yield f"- The rows could not be read yet: {found.unread}"
    yield "- dataset_id, title, publisher, source_url, licence, retrieved_on: from the producer's page."
    for column in missing(found):
        yield f"- {_CONSTANT[column]}"
    if found.columns and not found.by_target("obs_value"):
        yield '- No column is the value: say so in [concepts] ("obs_value"), or [layout] across.'
    guessed = [column.name for column in found.columns if not column.is_sure]
    if guessed:
        yield f"- [concepts]: whether these columns are what they seem: {', '.join(guessed)}."
    for place, unknown in found.unknown.items():
        column = found.words[place].column
        near = sum(bool(one.near) for one in unknown)
        yield f"- {column}: codes that npa does not know: {len(unknown):,}, guessed {near:,}. Map or define them."
    if found.periods.odd:
        yield "- [codes.time_period]: which periods are meant."
    if found.values.marks or found.marks_around:
        yield "- [marks]: what each mark means, by the producer's legend."
    if found.keeps:
        yield "- [keep]: whether Tajikistan's rows alone are wanted."
    if not found.by_target("unit_measure"):
        yield "- The unit: no column says it; [constants] unit_measure."
    yield "- Two rows of one key: npa check tells, once the rest is completed."
