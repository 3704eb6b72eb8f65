"""What a reader of a data set should know of its file: rows of quality_issue, never a change of a value."""

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from transforms.quality.catalogue import Message, message_of
from transforms.statistics.dataset.codes import Vocabulary
from transforms.statistics.dataset.dataset_toml import CODED
from transforms.statistics.loading.staging import Staging
from transforms.statistics.loading.validation import Judged, used_codes

Structure = Mapping[str, Mapping[str, str]]  # concept → code → name, as the producer's structures list them


def notes(staging: Staging, structure: Structure, judged: Judged) -> Iterator[dict[str, Any]]:
    """Codes that the producer's own list lacks, and values that are not printed as plain numbers."""
    concepts = {column: file.names[place] for file in staging.files for column, place in file.columns.places.items()}
    for column in CODED:
        concept = concepts.get(column, "")
        if listed := structure.get(concept):
            yield from _unlisted(staging.con, column, concept, listed, staging.words[column])
    for text, value in judged.respelled:
        yield from _respelled(staging.con, text, value)


def _unlisted(
    con: duckdb.DuckDBPyConnection, column: str, concept: str, listed: Mapping[str, str], words: Vocabulary
) -> Iterator[dict[str, Any]]:
    for code, count, path, row in used_codes(con, column):
        if code in listed or code.startswith("?"):
            continue
        ours = words.codes[code]
        rule = "unit_not_in_code_list" if column == "unit_measure" else "code_not_in_code_list"
        variant, reading = ("read_as", {"our_code": ours}) if ours != code else ("", {})
        message = message_of(rule, variant, concept=concept, code=code, n=count, **reading)
        yield issue(rule, path, message, row, column, code, ours)


def _respelled(con: duckdb.DuckDBPyConnection, text: str, value: float) -> Iterator[dict[str, Any]]:
    found = con.execute(
        """SELECT source_file, min(source_row), count(*) FROM observation WHERE obs_value_text = $text
           GROUP BY source_file ORDER BY source_file""",
        {"text": text},
    ).fetchall()
    for path, row, count in found:
        message = message_of("value_respelled", n=count, value=f"{value:.15g}")
        yield issue("value_respelled", path, message, row, "obs_value", text, f"{value:.15g}")


def issue(
    rule: str,
    path: str,
    message: Message,
    row: int | None = None,
    column: str | None = None,
    source_value: str | None = None,
    published: str | None = None,
) -> dict[str, Any]:
    """Return a note about a file of a data set, as `statistic_issue` takes it."""
    return {
        "rule": rule,
        "source_file": path,
        "line_number": row,
        "column_name": column,
        "source_value": source_value,
        "published_value": published,
        "message_id": message.message_id,
        "arguments": message.arguments,
    }
