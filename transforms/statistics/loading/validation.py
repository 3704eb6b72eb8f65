"""What is wrong with a data set's rows, all at once: codes, periods and numbers that nobody knows, keys met twice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.codes import MISSING, UNKNOWN, list_of
from transforms.statistics.dataset.dataset_toml import CODED, NUMBERS
from transforms.statistics.loading.observations import KEY, MEASURES, keeps, one_of
from transforms.statistics.loading.staging import StagedFile, Staging, coded, folded, raw
from transforms.statistics.values.numbers import has_point, mark_of, read_number
from transforms.statistics.values.periods import read_period

_LISTED = 200  # problems of one kind that are told one by one
_LONGEST = 200  # characters of a text that a message shows


@dataclass(slots=True)
class Judged:
    """What was found: `drafts` is what dataset.toml lacks, section → entries, in the order met."""

    problems: list[InputProblem] = field(default_factory=list)
    drafts: dict[str, dict[str, str]] = field(default_factory=dict)
    respelled: list[tuple[str, float]] = field(default_factory=list)  # values not printed as plain numbers, as read

    def draft(self, section: str, entry: str, value: str = "") -> None:
        """Note an entry that dataset.toml lacks; what is too long for a code is none."""
        if len(entry) > _LONGEST:
            return
        self.drafts.setdefault(section, {})[entry] = value


def judge_codes(staging: Staging, judged: Judged) -> None:
    """Codes that neither npa's lists nor dataset.toml know, and cells that must say something and do not."""
    for column in CODED:
        unknown = _unknown(column)
        ((count,),) = staging.con.execute(f"SELECT count(*) FROM observation WHERE {column} IN {unknown}").fetchall()
        if count:
            for file in staging.files:
                text = raw(column, file.columns.places, staging.dataset)
                _tell(staging, file, column, column, text, judged)
    for column in staging.words.keys() - set(CODED):
        for file in staging.files:
            for name, place in file.columns.others.items():
                if list_of(name) == column:
                    _tell(staging, file, column, name, f"c{place}", judged)


def _unknown(column: str) -> str:
    """SQL: what stands in the staging table for a code that is none."""
    return f"('{UNKNOWN}', '{MISSING}')" if column in ("statistic_id", "ref_area") else f"('{UNKNOWN}')"


def _tell(staging: Staging, file: StagedFile, column: str, name: str, text: str, judged: Judged) -> None:
    """Each unknown text of a column once, with its first row; `name` is what dataset.toml calls the column."""
    dataset, words = staging.dataset, staging.words
    row = "source_row" if file.first_row is None else f"row_number() OVER () + {file.first_row - 1}"
    kept = [
        one_of(coded(raw(keep, file.columns.places, dataset), words[keep]), words[keep], codes)
        for keep, codes in keeps(dataset, words)
    ]
    found = staging.con.execute(
        f"""SELECT coalesce({folded("text")}, '') AS printed, min(row), count(*)
            FROM (SELECT {text} AS text, {row} AS row, {coded(text, words[column])} IN {_unknown(column)} AS is_unknown,
                         {" AND ".join(["true", *kept])} AS is_kept
                  FROM source_{file.table})
            WHERE is_unknown AND is_kept GROUP BY printed ORDER BY min(row), printed LIMIT {_LISTED}"""
    ).fetchall()
    section = "series" if column == "statistic_id" else f"codes.{_quoted(name)}"
    for printed, first, count in found:
        what = sentence(
            "{name} has {fault}, in {count} rows",
            name=name,
            fault=sentence("a code that no list of npa has") if printed else sentence("no code"),
            count=count,
        )
        remedy = sentence(
            "Say in dataset.toml [{section}] which code of ours it is, or define it in [define.{column}].",
            section=section,
            column=column,
        )
        judged.problems.append(InputProblem(what, remedy, path=file.path, line=first, value=_shown(printed)))
        judged.draft(section, printed)


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'


def judge_periods(staging: Staging, judged: Judged) -> None:
    """Fill `read_period` with every text that stands for a period, and tell those that are none, or none of the
    frequency that the row says."""
    found = staging.con.execute(
        """SELECT time_period, freq::VARCHAR, source_file, min(source_row) FROM observation
           GROUP BY ALL ORDER BY min(source_row)"""
    ).fetchall()
    mapped = staging.dataset.codes.get("time_period", {})
    readings = {}
    for text, freq, path, row in found:
        printed = " ".join((text or "").split())
        reading = read_period(mapped.get(printed, printed))
        if reading is None:
            remedy = "npa reads 2019, 2019-S1, 2019-Q1 and 2019-01; map others in dataset.toml [codes.time_period]."
            judged.problems.append(
                InputProblem("the period is none that is known", remedy, path=path, line=row, value=_shown(printed))
            )
            judged.draft("codes.time_period", printed)
        elif freq in ("A", "S", "Q", "M") and freq != reading[1]:
            what = sentence("the period is not one of frequency {freq}", freq=freq)
            judged.problems.append(
                InputProblem(what, "Correct the period or the frequency.", path=path, line=row, value=printed)
            )
        if text is not None:
            readings[text] = (text, *(reading or (None, None)))
    staging.con.execute("CREATE TABLE read_period (text VARCHAR, time_period VARCHAR, freq VARCHAR)")
    _insert(staging.con, "read_period", list(readings.values()))


def judge_numbers(staging: Staging, judged: Judged) -> None:
    """Fill `read_text` with every text of a value or bound that is no plain number: marks, and what is missing on
    purpose; tell those that are neither."""
    staging.con.execute("CREATE TABLE read_text (text VARCHAR, value DOUBLE, status VARCHAR)")
    each = [
        f"""SELECT {column}_text AS text, source_file, source_row, '{column}' AS name
            FROM observation WHERE {column}_text IS NOT NULL"""
        for column in NUMBERS
    ]
    found = staging.con.execute(
        f"""SELECT text, min_by(source_file, source_row), min(source_row), min_by(name, source_row), count(*)
            FROM ({" UNION ALL ".join(each)}) GROUP BY text ORDER BY 2, 3 LIMIT 100_000"""
    ).fetchall()
    readings = []
    for text, path, row, name, count in found:
        value, status, is_known = read_number(text, staging.dataset)
        readings.append((text, value, status))
        if value is not None:
            judged.respelled.append((text, value))
        if not is_known and len(judged.problems) < _LISTED * 5:
            what = sentence("{name} is no number and no known mark, in {count} rows", name=name, count=count)
            remedy = sentence("If it is a mark, say in dataset.toml [marks] which OBS_STATUS it stands for.")
            if "," in text:
                remedy = sentence(
                    "If it is a mark, say in dataset.toml [marks] which OBS_STATUS it stands for; for a decimal comma, "
                    "decimal = ','."
                )
            if has_point(text, staging.dataset):
                remedy = sentence("{remedy} dataset.toml says decimal = ',', so a point is none.", remedy=remedy)
            judged.problems.append(InputProblem(what, remedy, path=path, line=row, value=_shown(text)))
            judged.draft("marks", mark_of(text, staging.dataset))
    _insert(staging.con, "read_text", readings)


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


def judge_keys(con: duckdb.DuckDBPyConnection, judged: Judged) -> int:
    """Tell keys with two different values; returns how many rows repeat another word for word."""
    ((rows, keys),) = con.execute(f"SELECT count(*), count(DISTINCT hash({', '.join(KEY)})) FROM published").fetchall()
    if rows == keys:  # two keys of one hash would only cost the closer look
        return 0
    key = ", ".join(KEY)
    # Only rows whose key's hash is met again are looked at, so that one such row in millions costs no memory.
    con.execute(f"""CREATE TABLE met_again AS SELECT hash({key}) AS key_hash FROM published
                    GROUP BY 1 HAVING count(*) > 1""")
    found = con.execute(
        f"""SELECT count(*), count(DISTINCT ({", ".join(MEASURES)})),
                   min((source_file, source_row, obs_value), 3) AS places, {key}
            FROM published WHERE hash({key}) IN (FROM met_again) GROUP BY {key} HAVING count(*) > 1 ORDER BY places"""
    )
    repeated = 0
    while more := found.fetchmany(10_000):
        for count, different, where, *codes in more:
            repeated += count - 1
            if different > 1 and len(judged.problems) < _LISTED * 5:
                judged.problems.append(_conflict(where, codes))
    return repeated


def _conflict(places: list[tuple[str, int, float | None]], key: list[str]) -> InputProblem:
    path, row, _ = places[0]
    name = ", ".join(f"{column} {code}" for column, code in zip(KEY, key, strict=True) if code != "_T")
    said = " and ".join(f"{value} ({file}:{line})" for file, line, value in places)
    what = sentence("one key has two different rows, {name}: {said}", name=name, said=said)
    if len({value for _, _, value in places}) == 1:
        what += ", which differ in unit, status, nature or bounds"
    return InputProblem(
        what,
        "A key may have one value: correct the file, or keep one of them apart by a breakdown.",
        path=path,
        line=row,
    )


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    names = [row[0] for row in con.execute(f"SELECT column_name FROM (DESCRIBE {table})").fetchall()]
    if rows:
        unnested = ", ".join(f"unnest(${name}) AS {name}" for name in names)
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        con.execute(f"INSERT INTO {table} SELECT {unnested}", columns)


def used_codes(con: duckdb.DuckDBPyConnection, column: str) -> Iterator[tuple[str, int, str, int]]:
    """Each code that the files use in a column, as the producer has it: rows, first file and row."""
    yield from con.execute(
        f"""SELECT {column}::VARCHAR, count(*), arg_min(source_file, (source_file, source_row)), min(source_row)
            FROM observation GROUP BY 1 ORDER BY 1"""
    ).fetchall()
