"""What a reader of a data set should know of its file: rows of quality_issue, never a change of a value."""

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from transforms.statistics.dataset.codes import Vocabulary
from transforms.statistics.dataset.dataset_toml import CODED
from transforms.statistics.staging import Staging
from transforms.statistics.validation import Judged, used_codes

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
        message = f"The producer's own code list of {concept} does not have {code}, which {count} rows use"
        message += f"; it is read as {ours}." if ours != code else "."
        yield _issue(rule, path, row, column, code, ours, message)


def _respelled(con: duckdb.DuckDBPyConnection, text: str, value: float) -> Iterator[dict[str, Any]]:
    found = con.execute(
        """SELECT source_file, min(source_row), count(*) FROM observation WHERE obs_value_text = $text
           GROUP BY source_file ORDER BY source_file""",
        {"text": text},
    ).fetchall()
    for path, row, count in found:
        message = f"The value is not printed as a plain number, in {count} rows; it is read as {value:.15g}."
        yield _issue("value_respelled", path, row, "obs_value", text, f"{value:.15g}", message)


def _issue(
    rule: str, path: str, row: int, column: str, source_value: str | None, published: str | None, message: str
) -> dict[str, Any]:
    return {
        "rule": rule,
        "source_file": path,
        "line_number": row,
        "column_name": column,
        "source_value": source_value,
        "published_value": published,
        "message": message,
    }
