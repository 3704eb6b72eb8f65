"""Entries of dataset.toml that match nothing in the files: misspelt, or about what the files no longer have.

Rows that [keep] does not take count too: the entry is right. An entry that matches in one of several files matches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from schemas.generated import ddl
from transforms.errors import InputProblem, problem_in
from transforms.statistics.dataset.columns import list_of
from transforms.statistics.dataset.dataset_toml import BREAKDOWNS, CODED, NUMBERS, START, Layout
from transforms.statistics.loading.sources import idle_sources
from transforms.statistics.loading.staging import StagedFile, Staging, folded
from transforms.text.lines import fold
from transforms.text.toml import key

Unused = Iterator[tuple[str, list[str]]]  # section of dataset.toml, "" for the top; entries of it


def unused_entries(staging: Staging) -> Unused:
    """Yield the sections of dataset.toml with entries that match nothing."""
    dataset, names = staging.dataset, {name for file in staging.files for name in file.names}
    letters = {letter for file in staging.files for labels in file.row_labels.values() for letter in labels}
    series = _texts(staging, "statistic_id") if dataset.series else set()
    found = {
        "repeats_differ_in": [name for name in dataset.repeats_differ_in if name not in {*names, *letters}],
        "concepts": [name for name in dataset.concepts if name not in names],
        "series": [text for text in dataset.series if text not in series],
        "marks": _unused_marks(staging) if dataset.marks else [],
    }
    found |= _unused_composites(staging)
    for name, codes in dataset.codes.items():
        texts = _texts(staging, name)
        found[f"codes.{key(name)}"] = [text for text in codes if text not in texts]
    for column, kept in dataset.keep.items():
        found[f"keep.{key(column)}"] = sorted({*kept} - _taken(staging, column))
    for column, defined in dataset.define.items():
        found[f"define.{column}"] = sorted({*defined} - _codes(staging, column) - _mentioned(staging, column))
    if dataset.layout and dataset.layout.is_laid_out:
        label = dataset.layout.label_column
        found |= _unused_labels(
            dataset.layout,
            {labels.get(label, "") for file in staging.files for labels in file.row_labels.values()},
        )
    yield from ((section, entries) for section, entries in found.items() if entries)
    yield from idle_sources(staging.con, dataset)


def vanished_columns(staging: Staging, toml: str) -> Iterator[InputProblem]:
    """Yield a problem for each breakdown of [concepts], and each column of [[composite]], that no file has: its rows
    would be published as the total."""
    names = {name for file in staging.files for name in file.names}
    listed = ", ".join(sorted(names))
    what = "[concepts] makes a breakdown of a column that no file has: the rows would be its total"
    remedy = "Correct the name, or take the entry out if the files no longer break down by it. They have: {names}."
    for name, target in staging.dataset.concepts.items():
        if staging.files and name not in names and target in (*BREAKDOWNS, "other_breakdown"):
            yield problem_in(toml, 0, what, remedy, name, names=listed)
    what = "[[composite]] reads a column that no file has: the rows would be the total of what its codes say"
    for name in dict.fromkeys(composite.column for composite in staging.dataset.composite):
        if staging.files and name not in names:
            yield problem_in(toml, 0, what, remedy, name, names=listed)


def missing_columns(staging: Staging) -> Iterator[tuple[str, list[str]]]:
    """Yield each breakdown that some files of a series have and others do not, and the paths of these."""
    breakdowns = {file.path: {*file.columns.places} & {*BREAKDOWNS} | {*file.columns.others} for file in staging.files}
    all_breakdowns = sorted(set().union(*breakdowns.values()))
    if all(len(columns) == len(all_breakdowns) for columns in breakdowns.values()):
        return
    series = {file.path: _codes(staging, "statistic_id", [file]) for file in staging.files}
    for column in all_breakdowns:
        broken_down = set().union(*(series[path] for path, columns in breakdowns.items() if column in columns))
        lacking = [path for path, columns in breakdowns.items() if column not in columns and series[path] & broken_down]
        if lacking and column not in staging.dataset.constants and "" not in staging.dataset.codes.get(column, {}):
            yield column, lacking


def _texts(staging: Staging, name: str, files: Sequence[StagedFile] = ()) -> set[str]:
    """Return every text of a column, by its name in [codes], in some files or all; "" for a blank cell."""
    columns = []
    for file in files or staging.files:
        if name in (*CODED, "time_period", "survey"):
            columns.append((name, file.table))
        for number, other in enumerate(file.columns.others):
            if name in (other, list_of(other)):
                columns.append((f"other_{number}", file.table))
    queries = [f"SELECT text::VARCHAR AS text FROM (SELECT DISTINCT {column} AS text FROM {table})"
               for column, table in columns]  # fmt: skip
    if not queries:
        return set()
    query = f"SELECT unnest([coalesce(text, ''), coalesce({folded('text')}, '')]) FROM ({' UNION ALL '.join(queries)})"
    return {text for (text,) in staging.con.execute(query).fetchall()}


def _codes(staging: Staging, column: str, files: Sequence[StagedFile] = ()) -> set[str]:
    """Return every code of ours that a row of some files, or all, has."""
    return {staging.words[column].codes.get(text, "") for text in _texts(staging, column, files)}


def _taken(staging: Staging, column: str) -> set[str]:
    """Return every code, or text of a column that is set aside, that a row has in a column of [keep]."""
    if column in CODED:
        return _codes(staging, column)
    number = staging.dataset.kept_aside().index(column)
    queries = [f"SELECT DISTINCT coalesce(aside_{number}, '') FROM {file.table}" for file in staging.files]
    return {text for (text,) in staging.con.execute(" UNION ".join(queries)).fetchall()}


def _mentioned(staging: Staging, column: str) -> set[str]:
    """Return the codes that other entries of [define] name: the parent of an area, the unit of a series."""
    areas = {area.parent_ref_area or "" for _, area in staging.dataset.defined("ref_area")}
    units = {series.unit_measure or "" for _, series in staging.dataset.defined("statistic_id")}
    return {"ref_area": areas, "unit_measure": units}.get(column, set())


def _unused_marks(staging: Staging) -> list[str]:
    marks = staging.dataset.marks
    listed = ", ".join(ddl.literal(fold(mark)) for mark in marks)
    blank = {"obs_value": "WHEN obs_value IS NULL THEN ''"}
    queries = [
        f"""SELECT CASE WHEN {column}_text IS NOT NULL THEN {folded(f"{column}_text")} {blank.get(column, "")} END
            FROM {file.table}"""
        for file in staging.files
        for column in NUMBERS
    ]
    query = f"SELECT DISTINCT text FROM ({' UNION ALL '.join(queries)}) AS printed(text) WHERE text IN ({listed})"
    printed = {text for (text,) in staging.con.execute(query).fetchall()}
    # The status of a mark around a number, "(#)", comes from the table; the mark itself does not.
    statuses = _texts(staging, "obs_status")
    return [
        mark for mark, status in marks.items() if fold(mark) not in printed and not ("#" in mark and status in statuses)
    ]


def _unused_composites(staging: Staging) -> Mapping[str, list[str]]:
    """Return the patterns of [[composite]] that read nothing, and the codes listed there that no file has."""
    composites, codes = staging.dataset.composite, dict[str, set[str]]()
    for file in staging.files:
        for column, of_file in file.composite.items():
            codes.setdefault(column, set()).update(code.said for code in of_file)
    patterns, listed = [], []
    for composite in composites:
        of_column = codes.get(composite.column, set())
        if composite.pattern and not composite.read(of_column):
            patterns.append(fold(composite.pattern))
        listed += [code for code in composite.listed if code not in of_column]
    return {"composite": patterns, "composite.codes": listed}


def _unused_labels(layout: Layout, labels: set[str]) -> Mapping[str, list[str]]:
    parts: Mapping[str, Iterable[str]] = {
        "groups": layout.groups, "sections": layout.sections, "nested": layout.nested, "notes": layout.notes,
    }  # fmt: skip
    return {
        f"layout.{part}": [text for text in texts if text != START and fold(text) not in labels]
        for part, texts in parts.items()
    }
