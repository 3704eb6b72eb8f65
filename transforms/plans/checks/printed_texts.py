"""The texts of a document's measures and activities, as published, for checks that compare them."""

from typing import NamedTuple

from transforms.plans.context import Context


class PrintedText(NamedTuple):
    """A filled cell of text, and the line on which its row begins."""

    plan_id: str
    line: int
    activity_id: str | None  # None: of a measure
    column: str
    text: str


def printed_texts(context: Context) -> list[PrintedText]:
    """Return the summaries, activity texts and results of a document, without second prints."""
    measures = context.rows.of("dim_measure")
    texts = [PrintedText(row["plan_id"], row["line_first"], None, "summary", row["summary"]) for row in measures]
    for row in context.rows.of("dim_activity"):
        if not row["duplicate_of"]:
            place = row["plan_id"], row["line_first"], row["activity_id"]
            columns = ("activity_text", "expected_result")
            texts += [PrintedText(*place, column, row[column]) for column in columns if row[column]]
    return texts
