"""Notes on the files of a data set: rows of quality_issue, never a change of a value."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from transforms.quality.catalogue import Message, message_of
from transforms.statistics.dataset.dataset_toml import CODED
from transforms.statistics.loading.remarks import Remark
from transforms.statistics.loading.staging import Staging
from transforms.statistics.loading.validation import Judged

_AT_ONCE = 100  # remarks whose rows one query counts
Structure = Mapping[str, Mapping[str, str]]  # concept → code → name, as the producer's structures list them


def notes(staging: Staging, structure: Structure, judged: Judged) -> Iterator[dict[str, Any]]:
    """Yield a note for each code that the producer's own list lacks, each value that is no plain number, and each
    remark."""
    concepts = {column: file.names[place] for file in staging.files for column, place in file.columns.places.items()}
    for column in CODED:
        if listed := structure.get(concepts.get(column, "")):
            yield from _unlisted(staging, column, concepts[column], listed)
    for text, value in judged.respelled:
        rows = staging.con.execute(
            """SELECT source_file, min(source_row), count(*) FROM observation WHERE obs_value_text = $text
               GROUP BY source_file ORDER BY source_file""",
            {"text": text},
        ).fetchall()
        for path, row, count in rows:
            place = {"line_number": row, "column_name": "obs_value", "source_value": text}
            message = message_of("value_respelled", n=count, value=f"{value:.15g}")
            yield issue("value_respelled", path, message, **place, published_value=f"{value:.15g}")
    for path in dict(judged.remarks):
        yield from _remarks(staging, path, [remark for name, remark in judged.remarks if name == path])


def _remarks(staging: Staging, path: str, remarks: Sequence[Remark]) -> Iterator[dict[str, Any]]:
    """Yield the remarks on a file, those on rows only if [keep] takes any of them."""
    for batch in (remarks[start : start + _AT_ONCE] for start in range(0, len(remarks), _AT_ONCE)):
        counts = ", ".join(f"count(*) FILTER (WHERE {remark.rows or 'true'})" for remark in batch)
        query = f"SELECT {counts} FROM observation WHERE source_file = $path"
        (numbers,) = staging.con.execute(query, {"path": path}).fetchall()
        for remark, number in zip(batch, numbers, strict=True):
            if number or remark.rows is None:
                counted = {} if remark.rows is None else {"n": number}
                message = message_of(remark.rule, remark.variant, **remark.arguments, **counted)
                yield issue(remark.rule, path, message, line_number=remark.line or None, source_value=remark.text)


def _unlisted(staging: Staging, column: str, concept: str, listed: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    rows = staging.con.execute(
        f"""SELECT {column}::VARCHAR, count(*), arg_min(source_file, (source_file, source_row)), min(source_row)
            FROM observation GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    for code, count, path, row in rows:
        if code in listed or code.startswith("?"):
            continue
        ours = staging.words[column].codes[code]
        rule = "unit_not_in_code_list" if column == "unit_measure" else "code_not_in_code_list"
        variant, reading = ("read_as", {"our_code": ours}) if ours != code else ("", {})
        message = message_of(rule, variant, concept=concept, code=code, n=count, **reading)
        values = {"source_value": code, "published_value": ours}
        yield issue(rule, path, message, line_number=row, column_name=column, **values)


def issue(rule: str, path: str, message: Message, **place: Any) -> dict[str, Any]:
    """Return a note about a file of a data set, as `statistic_issue` takes it. `place`: other columns of it."""
    text = {"message_id": message.message_id, "arguments": message.arguments}
    return {"rule": rule, "source_file": path, **place, **text}
