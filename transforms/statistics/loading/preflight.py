"""Checks of dataset.toml, and of a file's columns, before a row is read."""

from collections.abc import Iterator, Mapping, Sequence

from schemas.code_lists import code_list
from transforms.errors import InputProblem, problem_in
from transforms.quality.text import sentence
from transforms.statistics.dataset.columns import Columns, Vocabulary, list_of
from transforms.statistics.dataset.dataset_toml import CODED, TARGETS, Dataset
from transforms.statistics.loading.sources import CONDITIONS
from transforms.statistics.loading.staging import Staging
from transforms.statistics.loading.validation import Judged

_CLOSED = ("freq", "unit_mult")  # to which no data set adds a code
_KEYS = ("encoding", "delimiter", "decimal", "structure")  # in TOML, a key below a [section] belongs to it
_ABOVE = sentence("Write it above the first [section] of dataset.toml: a key below belongs to the section.")
COMPULSORY = ("statistic_id", "ref_area", "time_period", "obs_value")


def check_dataset(dataset: Dataset, words: Mapping[str, Vocabulary], toml: str) -> Iterator[InputProblem]:
    """Yield a problem for each entry of dataset.toml that names no column or no code of ours; `toml` is its path."""
    for what, value, remedy in (*_column_faults(dataset, words), *_code_faults(dataset, words)):
        yield InputProblem(what, remedy, path=toml, value=value)
    if dataset.select and dataset.format not in ("json-stat", "sdmx-csv"):
        what, remedy = "select is for JSON-stat and SDMX-CSV; other files hold one data set", "Take it out."
        yield InputProblem(what, remedy, path=toml, value=", ".join(dataset.select))
    if dataset.language and dataset.format != "px":
        what = "only PC-Axis files have languages to choose from"
        yield InputProblem(what, "Take language out of dataset.toml.", path=toml, value=dataset.language)


def _column_faults(dataset: Dataset, words: Mapping[str, Vocabulary]) -> Iterator[tuple[str, str, str]]:
    for name, target in dataset.concepts.items():
        if target not in ("", *TARGETS):
            what = sentence("[concepts] {name} becomes no column of ours", name=name)
            remedy = sentence('One of: {columns}; or "" sets it aside.', columns=", ".join(TARGETS))
            yield what, target, _ABOVE if name in _KEYS else remedy
    others = {name for name, target in dataset.concepts.items() if target == "other_breakdown"}
    aside = sorted(name for name, target in dataset.concepts.items() if target == "")
    mapped = sorted({*words, "time_period", "survey", *others})
    conditions = {column: codes for entry in dataset.source for column, codes in entry.where.items()}
    constant = [column for column in TARGETS if column != "survey"]  # which is a key of dataset.toml
    for what, entries, columns in (
        ("[constants] names no column of ours", dataset.constants, constant),
        ("[define] names no coded column", dataset.define, words),
        ("[keep] names no coded column, and none that [concepts] sets aside", dataset.keep, [*CODED, *aside]),
        ("[codes] names no column with codes", dataset.codes, mapped),
        ("[[source]] where names no column of ours", conditions, CONDITIONS),
    ):
        for column in entries.keys() - set(columns):
            remedy = sentence("One of: {columns}.", columns=", ".join(columns))
            yield what, column, _ABOVE if column in _KEYS else remedy
    what = "own_codes names no column that npa has a list of"
    listed = [*CODED, *(name for name in sorted(others) if list_of(name) in words)]
    for column in sorted(set(dataset.own_codes) - set(listed)):
        yield what, column, sentence("One of: {columns}.", columns=", ".join(listed))


def _code_faults(dataset: Dataset, words: Mapping[str, Vocabulary]) -> Iterator[tuple[str, str, str]]:
    yield from _definition_faults(dataset)
    for column, code in _our_codes(dataset):
        if column in words and code not in words[column].names:
            what = sentence("{column} has no such code in npa's lists", column=column)
            if column in _CLOSED:
                yield what, code, sentence("One of: {codes}.", codes=", ".join(words[column].names))
            else:
                yield what, code, sentence("Correct it, or define it in [define.{column}].", column=column)


def _definition_faults(dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    for column in dataset.define:
        for code, defined in dataset.defined(column):
            if code in _KEYS:
                yield sentence("[define.{column}] defines a key of dataset.toml", column=column), code, _ABOVE
            elif column in _CLOSED or not code.strip():
                what = sentence("[define.{column}] defines what cannot be a code", column=column)
                remedy = "Take it out, and say in [codes.{column}] which code of ours it is."
                yield what, code, sentence(remedy, column=column)
            elif not defined.name.strip():
                what = sentence("[define.{column}] defines a code without a name", column=column)
                yield what, code, sentence("Write what it means.")
            elif code in code_list(column):
                what = sentence("[define.{column}] defines what npa's own list has", column=column)
                yield what, code, "Take it out, or define another code."


def _our_codes(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Yield every code that dataset.toml uses as ours, with its column."""
    for column, codes in dataset.codes.items():
        name = list_of(column) if column in dataset.concepts else column  # a breakdown that npa has a list of
        yield from ((name, code) for code in codes.values())
    yield from (("statistic_id", code) for code in dataset.series.values())
    yield from (("obs_status", code) for code in dataset.marks.values())
    yield from ((column, code) for column, codes in dataset.keep.items() for code in codes)
    yield from ((column, str(code)) for column, code in dataset.constants.items() if column in CODED)
    yield from (("unit_measure", series.unit_measure) for _, series in dataset.defined("statistic_id")
                if series.unit_measure)  # fmt: skip


def column_faults(
    path: str, columns: Columns, names: Sequence[str], dataset: Dataset, judged: Judged
) -> Iterator[InputProblem]:
    """Yield a problem for each column of a file that dataset.toml does not explain, and each that the file lacks."""
    remedy = 'Say in dataset.toml [concepts] what it is: one of our columns, "other_breakdown", or "" to set it aside.'
    for name in columns.unknown:
        judged.draft("concepts", name)
        yield InputProblem("the column is none of ours", remedy, path=path, value=name)
    remedy = 'Set one aside in [concepts] (""), or keep it in other_breakdown.'
    for target, *both in columns.clashes:
        yield problem_in(path, 0, "two columns become {target}", remedy, ", ".join(both), target=target)
    remedy = "Name its column in dataset.toml [concepts] or its value in [constants]. The file has: {names}."
    for column in COMPULSORY:
        if column not in columns.places and column not in dataset.constants:
            yield problem_in(path, 0, "no column is {column}", remedy, column=column, names=", ".join(names))
    remedy = "Correct the name in dataset.toml [keep] and [concepts]. The file has: {names}."
    for name in set(dataset.kept_aside()) - set(names):
        yield problem_in(path, 0, "[keep] takes rows by a column that the file does not have", remedy, name,
                         names=", ".join(names))  # fmt: skip


def idle_constants(staging: Staging, toml: str) -> Iterator[InputProblem]:
    """Yield a problem for each of [constants] whose column every file has: it is never used."""
    what = "[constants] is of a column that every file has"
    remedy = "Take it out, or set the file's own column aside in [concepts]: {column} is read from the files."
    for column in staging.dataset.constants:
        if staging.files and all(column in file.columns.places for file in staging.files):
            yield problem_in(toml, 0, what, remedy, column, column=column)
