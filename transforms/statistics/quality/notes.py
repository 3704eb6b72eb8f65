"""Notes on the files of a data set: rows of quality_issue, never a change of a value."""

from collections.abc import Iterator, Mapping
from typing import Any

from transforms.quality.catalogue import Message, message_of
from transforms.statistics.dataset.dataset_toml import CODED
from transforms.statistics.loading.staging import Staging
from transforms.statistics.loading.unused import missing_columns, unused_entries
from transforms.statistics.loading.validation import Judged
from transforms.text.toml import quoted

_SHOWN, _LONGEST = 20, 80  # entries of a section, characters of an entry

Structure = Mapping[str, Mapping[str, str]]  # concept → code → name, as the producer's structures list them


def notes(staging: Staging, structure: Structure, judged: Judged) -> Iterator[dict[str, Any]]:
    """Yield a note for each code that the producer's own list lacks, each value that is no plain number, each blank
    breakdown, and the rows that dataset.toml joins."""
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
    for path, name in judged.blank:
        yield issue("breakdown_blank", path, message_of("breakdown_blank", column=name), column_name=name)
    columns = ", ".join(map(quoted, staging.dataset.repeats_differ_in))
    for path, count in sorted(judged.joined.items()):
        yield issue("rows_joined", path, message_of("rows_joined", n=count, columns=columns))


def notes_on_entries(staging: Staging, toml: str) -> Iterator[dict[str, Any]]:
    """Yield a note for each section of dataset.toml, whose path is `toml`, with entries that match nothing, and for
    each breakdown that only some files have."""
    for section, entries in unused_entries(staging):
        shown = ", ".join(quoted(entry[:_LONGEST]) for entry in entries[:_SHOWN])
        message = message_of("dataset_entry_unused", n=len(entries), section=section, entries=shown)
        yield issue("dataset_entry_unused", toml, message, source_value=entries[0])
    for column, paths in missing_columns(staging):
        message = message_of("breakdown_missing", n=len(paths), column=column)
        yield issue("breakdown_missing", paths[0], message, column_name=column)


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
