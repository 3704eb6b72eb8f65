"""translations.csv: texts of a document in other languages (contract §5)."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.themes import themes
from transforms.plans.context import Context
from transforms.plans.description.document import TranslationRow
from transforms.text.labels import plain_name

# The columns that can be translated, by table of rows; the first is meant where a row names none.
_COLUMNS = {
    "dim_document": ("form_sender", "form_return_to", "approved_by"),
    "dim_plan": ("title",),
    "dim_measure": ("summary", "recommendations_text"),
    "dim_activity": ("activity_text", "expected_result", "period_text"),
    "agency_of_document": ("name", "abbreviation"),
    "dim_recommendation": ("text",),
}
_KEYS = {
    "dim_document": "document_id",
    "dim_plan": "plan_id",
    "dim_measure": "measure_id",
    "dim_activity": "activity_id",
    "agency_of_document": "agency_id",
    "dim_recommendation": "recommendation_id",
}
_NAME = ("name",)  # of units and themes


@dataclass(frozen=True, slots=True)
class _Translated:
    """What can be translated under one id."""

    columns: tuple[str, ...]
    texts: Mapping[str, str | None]  # by column, in the first of the languages
    languages: frozenset[str]  # that need no translation
    taken: frozenset[str] = frozenset()  # names that mean something else, as reports may write them


def add_translations(context: Context) -> None:
    """Check each row, and add it to `translation_of_document` (of which `dim_translation` is made).

    Needs all other rows of the document."""
    known = _of_document(context) | _units(context) | _themes(context)
    first: dict[tuple[str, str, str], TranslationRow] = {}
    for row in context.document.rows(TranslationRow):
        item = known.get(row.id, _Translated((), {}, frozenset()))
        column = row.column_name or next(iter(item.columns), "")
        earlier = first.setdefault((row.id, column, row.language), row)
        if fault := _fault(row, item, column, None if earlier is row else earlier):
            names = {"id": row.id, "column": column, "language": row.language, "line": earlier.line}
            context.refuse_if_whole(row, *fault, **names, columns=", ".join(item.columns))
        else:
            key = {"id": row.id, "column_name": column, "language": row.language}
            place = {"path": context.document.path_of(row.file), "line": row.line}
            context.rows.add("translation_of_document", **key, text=row.text, **place)


def _of_document(context: Context) -> dict[str, _Translated]:
    """Return the texts that the document prints, by id."""
    own = context.document.description.language
    languages = frozenset({own} if own else ())
    return {
        row[key]: _Translated(_COLUMNS[table], row, languages)
        for table, key in _KEYS.items()
        for row in context.rows.of(table)
    }


def _units(context: Context) -> dict[str, _Translated]:
    """Return the units of agencies by agency and unit, TJK-LA-KHUJAND: what plan.toml names need no translation."""
    named: dict[str, dict[str, dict[str, str]]] = {}  # names by language, by unit, by agency
    for row in context.rows.of("unit_of_document"):
        named.setdefault(row["agency_id"], {}).setdefault(row["reporting_unit"], {})[row["language"]] = row["name"]
    found = {}
    for agency_id, units in named.items():
        for unit, names in units.items():
            others = {plain_name(text) for other in units if other != unit for text in (other, *units[other].values())}
            text = {"name": next(iter(names.values()))}
            found[f"{agency_id}-{unit}"] = _Translated(_NAME, text, frozenset(names), frozenset(others))
    return found


def _themes(context: Context) -> dict[str, _Translated]:
    """Return the themes by their codes: those of npa's list, and those that the document names, in English."""
    listed = [*themes().values(), *context.rows.of("theme_of_document")]
    return {row["theme"]: _Translated(_NAME, {"name": row["name"]}, frozenset({"en"})) for row in listed}


def _fault(
    row: TranslationRow, item: _Translated, column: str, earlier: TranslationRow | None
) -> tuple[str, str, str] | None:
    """Return what is wrong with a row, the remedy, and the value at fault."""
    value = row.column_name
    if not item.columns:
        what = "the document has no plan, measure, activity, agency, unit, theme or cited paragraph of this id"
        remedy, value = "Put the id right, or take the row out.", row.id
    elif row.column_name and row.column_name not in item.columns:
        what, remedy = "{id} has no text in this column", "Write one of: {columns}."
    elif item.texts.get(column) is None:
        what = "there is nothing to translate: {column} of {id} is blank"
        remedy, value = "Put the id or column_name right, or take the row out.", row.text
    elif row.language in item.languages and item.columns is _NAME:
        what, value = "{id} has a name in this language already", row.language
        remedy = "Take the row out, or put the name right where it is."
    elif row.language in item.languages:
        what, value = "the document itself is in this language, by language of plan.toml", row.language
        remedy = "Take the row out; where the print is other, correct the cell in corrections.csv."
    elif earlier:
        what = "line {line} translates {column} of {id} into {language} already"
        remedy, value = "Keep one row.", row.text
    elif plain_name(row.text) in item.taken:
        what, remedy = "another unit of the agency is called so", "Give each unit a name of its own."
        value = row.text
    else:
        return None
    return what, remedy, value
