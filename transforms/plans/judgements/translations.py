"""translations.csv: texts of a document in other languages (contract §5)."""

from transforms.plans.context import Context
from transforms.plans.description.document import TranslationRow

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


def add_translations(context: Context) -> None:
    """Check each row, and add it to `translation_of_document` (of which `dim_translation` is made).

    Needs all other rows of the document."""
    texts = {row[key]: (table, row) for table, key in _KEYS.items() for row in context.rows.of(table)}
    first: dict[tuple[str, str, str], TranslationRow] = {}
    for row in context.document.rows(TranslationRow):
        table, printed = texts.get(row.id, ("", {}))
        columns = _COLUMNS.get(table, ())
        column = row.column_name or next(iter(columns), "")
        earlier = first.setdefault((row.id, column, row.language), row)
        language = context.document.description.language
        if fault := _fault(row, columns, printed.get(column), language, None if earlier is row else earlier):
            names = {"id": row.id, "column": column, "language": row.language, "line": earlier.line}
            context.refuse_if_whole(row, *fault, **names, columns=", ".join(columns))
        else:
            key = {"id": row.id, "column_name": column, "language": row.language}
            place = {"path": context.document.path_of(row.file), "line": row.line}
            context.rows.add("translation_of_document", **key, text=row.text, **place)


def _fault(
    row: TranslationRow,
    columns: tuple[str, ...],
    printed: str | None,
    language: str | None,
    earlier: TranslationRow | None,
) -> tuple[str, str, str] | None:
    """Return what is wrong with a row, the remedy, and the value at fault; `printed` is the text that it translates."""
    value = row.column_name
    if not columns:
        what, value = "the document has no plan, measure, activity, agency or cited paragraph of this id", row.id
        remedy = "Put the id right, or take the row out."
    elif row.column_name and row.column_name not in columns:
        what, remedy = "{id} has no text in this column", "Write one of: {columns}."
    elif printed is None:
        what = "there is nothing to translate: {column} of {id} is blank"
        remedy, value = "Put the id or column_name right, or take the row out.", row.text
    elif row.language == language:
        what, value = "the document itself is in this language, by language of plan.toml", row.language
        remedy = "Take the row out; where the print is other, correct the cell in corrections.csv."
    elif earlier:
        what = "line {line} translates {column} of {id} into {language} already"
        remedy, value = "Keep one row.", row.text
    else:
        return None
    return what, remedy, value
