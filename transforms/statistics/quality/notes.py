"""Notes on the files of a data set: rows of quality_issue, never a change of a value."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from schemas.generated import ddl
from transforms.quality.catalogue import Message, message_of
from transforms.statistics.dataset.columns import UNKNOWN
from transforms.statistics.dataset.dataset_toml import CODED, Dataset
from transforms.statistics.loading.lost_breakdowns import lost_breakdowns
from transforms.statistics.loading.periods import reporting_years
from transforms.statistics.loading.remarks import Remark
from transforms.statistics.loading.staging import Staging, folded
from transforms.statistics.loading.unread_codes import kinds, unread_codes
from transforms.statistics.loading.unused import missing_columns, unused_entries
from transforms.statistics.loading.validation import Judged
from transforms.statistics.quality.cell_notes import cell_issues
from transforms.statistics.values import read_number
from transforms.text.lines import fold
from transforms.text.toml import quoted

_INVISIBLE = re.compile(r"[^\S ]")  # a no-break space
_AT_ONCE = 100  # remarks whose rows one query counts
_SHOWN, _LONGEST = 20, 80  # entries of a section, characters of an entry
Structure = Mapping[str, Mapping[str, Mapping[str, str]]]  # concept → code → language → name, as the producer has them


def notes(staging: Staging, structure: Structure, judged: Judged) -> Iterator[dict[str, Any]]:
    """Yield a note for each column with codes that the producer's own list lacks, whatever cells of a workbook show
    beyond their texts, values that are no plain numbers, numbers that are marks, each blank breakdown, the rows that
    dataset.toml joins, each remark, and composite codes that nothing reads, or whose labels nothing takes."""
    places = [(f, column, place) for f in staging.files for column, place in f.columns.places.items()]
    concepts = {column: file.names[place] for file, column, place in places if place not in file.composed}
    for column in CODED:
        if listed := structure.get(concepts.get(column, "")):
            yield from _unlisted(staging, column, concepts[column], listed)
    for path, cell_notes in judged.cell_notes.items():
        for rule, message, place in cell_issues(cell_notes):
            yield issue(rule, path, message, **place)
    yield from _respelled(staging, judged)
    yield from _marked(staging)
    yield from _blank(judged)
    if judged.joined:
        columns, count = ", ".join(map(quoted, staging.dataset.repeats_differ_in)), sum(judged.joined.values())
        message = message_of("rows_joined", n=count, columns=columns)
        yield issue("rows_joined", min(judged.joined), message, places=count)
    for path in dict(judged.remarks):
        yield from _remarks(staging, path, [remark for name, remark in judged.remarks if name == path])
    yield from _reporting_years(staging)
    yield from _unread(staging)
    yield from _labels_of_whole_codes(staging)


def _respelled(staging: Staging, judged: Judged) -> Iterator[dict[str, Any]]:
    """Yield the note on values that are not printed as plain numbers, with the first of them."""
    if not judged.respelled:
        return
    ((path, row, text, count),) = staging.con.execute(
        """SELECT arg_min(source_file, place), arg_min(source_row, place), arg_min(obs_value_text, place), count(*)
           FROM (SELECT *, (source_file, source_row, obs_value_text) AS place FROM observation)
           WHERE obs_value_text IN (SELECT unnest($texts::VARCHAR[]))""",
        {"texts": [text for text, _ in judged.respelled]},
    ).fetchall()
    value = f"{dict(judged.respelled)[text]:.15g}"
    shown = _INVISIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    message = message_of("value_respelled", n=count, text=shown, value=value)
    place = {"line_number": row, "column_name": "obs_value", "source_value": text, "published_value": value}
    yield issue("value_respelled", path, message, places=count, **place)


def _marked(staging: Staging) -> Iterator[dict[str, Any]]:
    """Yield a note for each number that [marks] takes for no figure: 0.0, -99. A reader of the release misses it."""
    marks = {fold(mark): status for mark, status in staging.dataset.marks.items() if _is_number(mark, staging.dataset)}
    if not marks:
        return
    rows = staging.con.execute(
        f"""SELECT {folded("obs_value_text")} AS mark, count(*), arg_min(source_file, (source_file, source_row)),
                   arg_min(source_row, (source_file, source_row))
            FROM observation WHERE mark IN ({", ".join(map(ddl.literal, marks))}) GROUP BY mark ORDER BY mark"""
    ).fetchall()
    for mark, count, path, row in rows:
        message = message_of("number_marked", n=count, text=mark, status=marks[mark])
        place = {"line_number": row, "column_name": "obs_value", "source_value": mark, "places": count}
        yield issue("number_marked", path, message, **place)


def _is_number(mark: str, dataset: Dataset) -> bool:
    """Return True if a mark would be read as a number, were it not in [marks]."""
    is_read = read_number(mark, dataset.model_copy(update={"marks": {}}))[0] is not None
    return is_read and any(map(str.isdigit, mark))  # the dash of PC-Axis is read as 0


def _blank(judged: Judged) -> Iterator[dict[str, Any]]:
    """Yield a note for each breakdown that is blank throughout, in some files, and for each that is from the first row
    on."""
    files: dict[str, list[str]] = {}
    rows: dict[str, list[tuple[str, int]]] = {}
    for path, name, count in judged.blank:
        if count is None:
            files.setdefault(name, []).append(path)
        else:
            rows.setdefault(name, []).append((path, count))
    for name, paths in files.items():
        message = message_of("breakdown_blank", column=name, n=len(paths))
        yield issue("breakdown_blank", paths[0], message, column_name=name, places=len(paths))
    for name, counts in rows.items():
        count = sum(n for _, n in counts)
        message = message_of("breakdown_blank", "from_first_row", column=name, n=count)
        yield issue("breakdown_blank", counts[0][0], message, column_name=name, places=count)


def _reporting_years(staging: Staging) -> Iterator[dict[str, Any]]:
    years: dict[str, list[tuple[str, str, int, int]]] = {}
    for file, day, period, row, count in reporting_years(staging):
        years.setdefault(day, []).append((file.path, period, row, count))
    for day, periods in years.items():
        (path, period, row, _), count = periods[0], sum(n for *_, n in periods)
        message = message_of("reporting_year", n=count, day=day, period=period)
        place = {"line_number": row, "column_name": "time_period", "source_value": period, "published_value": period}
        yield issue("reporting_year", path, message, places=count, **place)


def _remarks(staging: Staging, path: str, remarks: Sequence[Remark]) -> Iterator[dict[str, Any]]:
    """Yield the remarks on a file, those on rows only if [keep] takes any of them."""
    for batch in (remarks[start : start + _AT_ONCE] for start in range(0, len(remarks), _AT_ONCE)):
        counts = ", ".join(f"count(*) FILTER (WHERE {remark.rows or 'true'})" for remark in batch)
        query = f"SELECT {counts} FROM observation WHERE source_file = $path"
        (numbers,) = staging.con.execute(query, {"path": path}).fetchall()
        for remark, number in zip(batch, numbers, strict=True):
            if number or remark.rows is None:
                message = remark.message(None if remark.rows is None else number)
                place = {"line_number": remark.line or None, "source_value": remark.text or None}
                yield issue(remark.rule, path, message, **place)


def _unread(staging: Staging) -> Iterator[dict[str, Any]]:
    """Yield the note on composite codes of each column that nothing reads: [keep] takes none of their rows."""
    rows: dict[str, dict[str, int]] = {}
    paths: dict[str, str] = {}
    for file, column, codes in unread_codes(staging):
        paths.setdefault(column, file.path)
        counts = rows.setdefault(column, {})
        for code in codes:
            counts[code.text] = counts.get(code.text, 0) + code.rows
    for column, counts in rows.items():
        found, shown = [*counts], kinds([text[:_LONGEST] for text in counts])
        listed = ", ".join(shown[:_SHOWN]) + (", …" if len(shown) > _SHOWN else "")
        count = sum(counts.values())
        message = message_of("composite_code_unread", n=len(found), column=column, rows=count, codes=listed)
        yield issue("composite_code_unread", paths[column], message, source_value=found[0], places=len(found))


def _labels_of_whole_codes(staging: Staging) -> Iterator[dict[str, Any]]:
    """Yield the note on labels of composite codes: a label of cr_1_f is that of no column that the code gives."""
    labelled: dict[str, dict[str, str]] = {}
    paths: dict[str, str] = {}
    for file in staging.files:
        for column, codes in file.composite.items():
            labels = file.labels.get(column, {})
            read = [code.said for code in codes if code.parts is not None and code.said == fold(code.text or "")]
            if found := {code: labels[code][0] for code in read if labels.get(code, [code]) != [code]}:
                paths.setdefault(column, file.path)
                labelled[column] = found | labelled.get(column, {})
    for column, unused in labelled.items():
        code, label = next(iter(unused.items()))
        message = message_of("code_label_unused", n=len(unused), column=column, code=code, label=label[:_LONGEST])
        yield issue("code_label_unused", paths[column], message, source_value=label, places=len(unused))


def notes_on_entries(staging: Staging, toml: str) -> Iterator[dict[str, Any]]:
    """Yield a note for each section of dataset.toml, whose path is `toml`, with entries that match nothing, for each
    breakdown that is set aside, and for each that only some files have."""
    for section, entries in unused_entries(staging):
        shown = ", ".join(quoted(entry[:_LONGEST]) for entry in entries[:_SHOWN])
        message = message_of("dataset_entry_unused", n=len(entries), section=section, entries=shown)
        yield issue("dataset_entry_unused", toml, message, source_value=entries[0], places=len(entries))
    for lost in lost_breakdowns(staging):
        shown = ", ".join(quoted(text[:_LONGEST]) for text in lost.texts[:_SHOWN])
        said = {"name": lost.name, "column": lost.column, "texts": shown, "published": lost.published}
        message = message_of("breakdown_set_aside", **said)
        place = {"column_name": lost.column, "source_value": lost.texts[0], "published_value": lost.published}
        yield issue("breakdown_set_aside", lost.path, message, **place)
    for column, paths in missing_columns(staging):
        message = message_of("breakdown_missing", n=len(paths), column=column)
        yield issue("breakdown_missing", paths[0], message, column_name=column, places=len(paths))


def _unlisted(staging: Staging, column: str, concept: str, listed: Collection[str]) -> Iterator[dict[str, Any]]:
    """Yield the note on codes of a column that the producer's own list lacks, those of most rows first."""
    rows = staging.con.execute(
        f"""SELECT {column}::VARCHAR, count(*), arg_min(source_file, (source_file, source_row)), min(source_row)
            FROM observation GROUP BY 1 ORDER BY count(*) DESC, 1"""
    ).fetchall()
    read = [(*row, staging.words[column].codes.get(row[0], UNKNOWN)) for row in rows if row[0] not in listed]
    unlisted = [row for row in read if not row[-1].startswith("?")]
    if not unlisted:
        return
    code, _, path, row, ours = unlisted[0]
    shown = [f"{c}{f' → {our}' if our != c else ''} ({n})" for c, n, _, _, our in unlisted[:_SHOWN]]
    codes = ", ".join(shown) + (", …" if len(unlisted) > _SHOWN else "")
    rule = "unit_not_in_code_list" if column == "unit_measure" else "code_not_in_code_list"
    message = message_of(rule, concept=concept, n=len(unlisted), codes=codes)
    values = {"source_value": code, "published_value": ours, "places": len(unlisted)}
    yield issue(rule, path, message, line_number=row, column_name=column, **values)


def issue(rule: str, path: str, message: Message, **place: Any) -> dict[str, Any]:
    """Return a note about a file of a data set, as `statistic_issue` takes it. `place`: other columns of it, of which a
    blank text is none."""
    text = {"message_id": message.message_id, "arguments": message.arguments}
    stated = {column: None if value == "" else value for column, value in place.items()}
    return {"rule": rule, "source_file": path, **stated, **text}
