"""The files of a data set on their way to its staging tables: read, looked at, and copied if all columns are known."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from flows.sources.formats.files.packed import unpacked
from flows.sources.formats.files.refusals import LARGEST_FILE, duckdb_problem, size_of
from flows.sources.formats.registry import check_format, reader_of
from flows.sources.formats.relation import LineOf, Source, check_count, within_limits
from flows.sources.formats.sdmx.structures import read_structure
from flows.sources.statistics.datasets import Received
from flows.sources.statistics.texts import check_texts
from transforms.errors import InputProblem, problem_in
from transforms.statistics.code_names import ByLanguage
from transforms.statistics.composites.composed import Composed, compose
from transforms.statistics.dataset.columns import columns_of
from transforms.statistics.dataset.dataset_toml import NUMBERS, Dataset
from transforms.statistics.loading.label_columns import label_columns, printed_labels
from transforms.statistics.loading.preflight import column_faults
from transforms.statistics.loading.staging import StagedFile, Staging, stage
from transforms.statistics.loading.validation import Judged
from transforms.statistics.quality.notes import Structure


@dataclass(slots=True)
class StagedFiles:
    """What the staging tables do not say of their files."""

    structure: Structure  # the names of codes by the structures next to the data
    labels: dict[str, ByLanguage] = field(default_factory=dict)  # by path of the file, or of the structures
    lines: dict[str, LineOf] = field(default_factory=dict)  # of files whose rows are no lines

    def locate(self, judged: Judged, staging: Staging) -> None:
        """Replace the rows of problems by lines, where the rows of a file are no lines of it."""
        files = {file.path: file for file in staging.files}
        for number, problem in enumerate(judged.problems):
            if problem.path in self.lines and problem.path in files:
                file, name = files[problem.path], str(getattr(problem.what, "arguments", {}).get("name", ""))
                column = name if name in file.columns.others else ""
                if name in file.columns.places and name not in NUMBERS:
                    column = file.names[file.columns.places[name]]
                column = next((c for c in file.composite if column in staging.dataset.parts_of(c)), column)
                line = self.lines[problem.path](column, problem.line)
                judged.problems[number] = replace(problem, line=line)


def stage_files(staging: Staging, received: Received, work: Path, judged: Judged) -> StagedFiles:
    """Copy every file that can be read and whose columns are all known to its staging table."""
    staged = StagedFiles(_structure(received, work, judged))
    if by_language := _by_language(staged.structure):
        staged.labels[f"{Path(received.toml).parent}/{received.dataset.structure}"] = by_language
    for number, (name, path) in enumerate(received.files.items()):
        try:
            source = read_source(staging.con, path, received.dataset, work)
            _stage(staging, staged, f"file_{number}", name, source, judged)
        except InputProblem as problem:
            judged.problems.append(problem.at(name))
        except duckdb.Error as error:
            if _is_ours(error, work):
                raise
            judged.problems.append(duckdb_problem(error).at(name))
    return staged


def _stage(staging: Staging, staged: StagedFiles, table: str, path: str, source: Source, judged: Judged) -> None:
    """Copy one file, unless it has a column that nobody knows. Raises InputProblem, duckdb.Error."""
    judged.cell_notes[path] = source.notes
    within_limits(source).create_view(f"read_{table}")
    series = staging.words["statistic_id"]
    read = Composed(source.names, f"read_{table}")
    composed = compose(staging.con, read, staging.dataset, series, source.labels)
    columns = columns_of(composed.names, staging.dataset)
    if faults := list(column_faults(path, columns, composed.names, staging.dataset, judged)):
        judged.problems += faults
        return
    file = StagedFile(
        table, path, source.first_row, columns, composed.names, source.row_labels, composed.codes, composed.places
    )
    stage(staging, file, composed.rows, source.labels)
    check_count(staging.con, f"FROM {table}", source.count)
    staged.labels[path] = _add_labels(staging, file, source, staged.structure)
    staged.lines |= {path: source.line_of} if source.line_of else {}
    judged.remarks += [(path, remark) for remark in source.remarks]


def _add_labels(staging: Staging, file: StagedFile, source: Source, structure: Structure) -> ByLanguage:
    """Add to a staged file what labels say about its codes; return the labels of the file itself by language."""
    for labels in (*source.labels_by_language.values(), *_by_language(structure).values()):
        file.add_labels(labels)
    rows = f"read_{file.table}"
    pairs = list(label_columns(staging.con, file, staging.words, rows, source.labelled))
    coded = {pair for _, pair in pairs}
    others = [(file.names[place], (f"c{place}", f"l{place}")) for place in source.labelled]
    printed = {column: dict(named) for column, named in source.labels.items()}
    for column, code, label in printed_labels(staging.con, rows, [*pairs, *(o for o in others if o[1] not in coded)]):
        file.add_labels({column: {code: label}})
        printed.setdefault(column, {}).setdefault(code, label)
    return {source.language: printed, **source.translations}


def _structure(received: Received, work: Path, judged: Judged) -> Structure:
    try:
        return read_structure(unpacked(received.structure, work)) if received.structure else {}
    except InputProblem as problem:
        judged.problems.append(problem.at(f"{Path(received.toml).parent}/{received.dataset.structure}"))
        return {}


def _by_language(structure: Structure) -> ByLanguage:
    """Return the names of a structure as a file has labels: language → concept → code → name."""
    by_language: dict[str, dict[str, dict[str, str]]] = {}
    for concept, codes in structure.items():
        for code, names in codes.items():
            for language, name in names.items():
                by_language.setdefault(language, {}).setdefault(concept, {})[code] = name
    return by_language


def read_source(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """Return what the reader of its format makes of a file, or of what is packed in it.

    Raises InputProblem, too for a file that is too large or of another format, and for one whose texts were read in a
    wrong encoding."""
    if path.stat().st_size > LARGEST_FILE:
        what, remedy = "the file has more than {size}", "Divide it, or take what is needed of it."
        raise problem_in("", 0, what, remedy, size=size_of(LARGEST_FILE))
    path = unpacked(path, folder)
    check_format(path, dataset)
    source = reader_of(dataset.format).read(con, path, dataset, folder)
    return check_texts(source, path, dataset)


def _is_ours(error: duckdb.Error, work: Path) -> bool:
    """Return True if something around the file failed, and not the file: a full disk, no memory, a stop."""
    is_of_the_disk = isinstance(error, duckdb.IOException) and str(work) in str(error)
    return is_of_the_disk or isinstance(error, duckdb.OutOfMemoryException | duckdb.InterruptException)
