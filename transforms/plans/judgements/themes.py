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
    first: dict[tuple[str, ...], ThemeRow] = {}  # of a measure and theme; of main ones, of a measure and scheme too
    for row in rows:
        is_main, earlier = row.is_main == "true", first.get((row.measure_id, row.theme))
        if is_main:
            earlier = earlier or first.get((row.measure_id, row.scheme, "main"))
            first.setdefault((row.measure_id, row.scheme, "main"), row)
        first.setdefault((row.measure_id, row.theme), row)
        if fault := _measure_fault(row, summaries, earlier) or _theme_fault(row, named):
            other = earlier or named.get(row.theme, row)
            names = {"measure_id": row.measure_id, "text": summaries.get(row.measure_id), "theme": row.theme}
            names |= {"other": other.theme, "line": other.line, "scheme": _scheme_of(row, named)}
            context.refuse_if_whole(row, *fault, **names)
        else:
            context.rows.add("bridge_measure_theme", **row.model_dump(include=_PUBLISHED), is_main=is_main)
    for theme, row in named.items():
        if theme not in themes():
            place = {"path": context.document.path_of(row.file), "line": row.line}
            context.rows.add("theme_of_document", theme=theme, scheme=row.scheme, name=row.name, **place)


def theme_names(rows: Rows) -> list[CodeName]:
    """Return the names of the themes that documents name, and those that they translate, each once."""
    named = [*rows.of("theme_of_document")]
    known = {*themes(), *(row["theme"] for row in named)}
    found = {(row["theme"], "en"): (row["name"], row["path"]) for row in named}
    for row in rows.of("translation_of_document"):
        if row["id"] in known:
            found.setdefault((row["id"], row["language"]), (row["text"], row["path"]))
    return [CodeName("theme", *key, *name) for key, name in found.items()]


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
    value, is_listed = row.theme, row.theme in themes()
    if is_listed and row.name:
        what, remedy, value = "npa's own list has the theme", "Leave the name blank.", row.name
    elif not is_listed and row.scheme in {listed["scheme"] for listed in themes().values()}:
        what, remedy = "the scheme is one of npa's own list and has no such theme", "Put scheme or theme right."
    elif not is_listed and row.theme not in named:
        what = "the theme is in no list of npa, and no row of the table names it"
        remedy = "Put its code right, or fill the name in one of its rows."
    elif row.name and named[row.theme] is not row:
        what, remedy = "the theme is named in line {line} too", "Name it once: leave the cell blank here."
    elif row.scheme != _scheme_of(row, named):
        what = "the theme {theme} is one of the scheme {scheme}"
        remedy, value = "Put scheme or theme right.", row.scheme
    else:
        return None
    return what, remedy, value


def _scheme_of(row: ThemeRow, named: Mapping[str, ThemeRow]) -> str:
    """Return the scheme that has the theme of a row: by npa's list, or by the row that names it."""
    return themes()[row.theme]["scheme"] if row.theme in themes() else named.get(row.theme, row).scheme
