"""themes.csv: the themes of a document's measures, each judged by a person (contract §5)."""

from collections.abc import Mapping

from schemas.code_names import CodeName
from schemas.themes import themes
from transforms.plans.context import Context
from transforms.plans.description.document import ThemeRow
from transforms.tables.rows import Rows

_PUBLISHED = {"measure_id", "theme", "scheme", "basis", "reason"}


def add_themes(context: Context) -> None:
    """Add to `bridge_measure_theme`, and to `theme_of_document` the themes that the table names (not published).

    Needs the document's measures in the rows."""
    rows = context.document.rows(ThemeRow)
    named = {row.theme: row for row in reversed(rows) if row.name}
    summaries = {row["measure_id"]: row["summary"] for row in context.rows.of("dim_measure")}
    first: dict[tuple[str, ...], ThemeRow] = {}  # of each measure and theme, and main ones of each measure and scheme
    for row in rows:
        keys = [(row.measure_id, "theme", row.theme)]
        keys += [(row.measure_id, "main", row.scheme)] if row.is_main == "true" else []
        earlier = next((first[key] for key in keys if key in first), None)
        fault = _measure_fault(row, summaries, earlier) or _theme_fault(row, named)
        first |= dict.fromkeys(keys, row)
        if fault:
            names = {"measure_id": row.measure_id, "text": summaries.get(row.measure_id), "theme": row.theme}
            other = earlier or named.get(row.theme, row)
            listed = themes().get(row.theme, {}).get("scheme", other.scheme)
            context.refuse_if_whole(row, *fault, **names, other=other.theme, line=other.line, scheme=listed)
            continue
        is_main = row.is_main == "true"
        context.rows.add("bridge_measure_theme", **row.model_dump(include=_PUBLISHED), is_main=is_main)
    for theme, row in named.items():
        if theme not in themes():
            place = {"path": context.document.path_of(row.file), "line": row.line}
            context.rows.add("theme_of_document", theme=theme, scheme=row.scheme, name=row.name, **place)


def theme_names(rows: Rows) -> list[CodeName]:
    """Return the names of the themes that documents name."""
    return [CodeName("theme", row["theme"], "en", row["name"], row["path"]) for row in rows.of("theme_of_document")]


def _measure_fault(
    row: ThemeRow, summaries: Mapping[str, str], earlier: ThemeRow | None
) -> tuple[str, str, str] | None:
    """Return what is wrong with the measure of a row, the remedy, and the value at fault."""
    value = row.measure_id
    if row.measure_id not in summaries:
        what, remedy = "the document has no such measure", "Put the id right, or take the row out."
    elif row.measure_excerpt not in summaries[row.measure_id]:
        what = "measure {measure_id} does not print the words of the row (any more); it prints “{text}”"
        remedy, value = "Read it again: put id or excerpt right, or take the row out.", row.measure_excerpt
    elif earlier and earlier.theme == row.theme:
        what, remedy, value = "the measure has the theme in line {line} already", "Keep one row.", row.theme
    elif earlier:
        what = "{measure_id} has another main theme of this scheme, {other} (line {line})"
        remedy, value = "A measure counts under one theme: write is_main false in the others.", row.theme
    else:
        return None
    return what, remedy, value


def _theme_fault(row: ThemeRow, named: Mapping[str, ThemeRow]) -> tuple[str, str, str] | None:
    """Return what is wrong with the theme of a row, the remedy, and the value at fault."""
    listed, naming = themes().get(row.theme), named.get(row.theme)
    value = row.theme
    if listed and row.name:
        what, remedy, value = "npa's own list has the theme", "Leave the name blank.", row.name
    elif not listed and naming is None:
        what = "the theme is in no list of npa, and no row of the table names it"
        remedy = "Put its code right, or fill the name in one of its rows."
    elif naming and row.name and naming is not row:
        what, remedy = "the theme is named in line {line} too", "Name it once: leave the cell blank here."
    elif row.scheme != (listed["scheme"] if listed else naming.scheme if naming else ""):
        what = "the theme {theme} is one of the scheme {scheme}"
        remedy, value = "Put scheme or theme right.", row.scheme
    else:
        return None
    return what, remedy, value
