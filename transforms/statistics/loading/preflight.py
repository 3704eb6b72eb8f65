"""What can be said of dataset.toml, and of a file's columns, before a row is read."""

from collections.abc import Iterator, Mapping, Sequence

from schemas.code_lists import code_list
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.codes import Vocabulary, list_of
from transforms.statistics.dataset.columns import Columns
from transforms.statistics.dataset.dataset_toml import CODED, TARGETS, Dataset
from transforms.statistics.loading.staging import Staging
from transforms.statistics.loading.validation import Judged

_COMPULSORY = ("statistic_id", "ref_area", "time_period", "obs_value")
_OF_AN_AREA = {"parent_ref_area", "level", "iso3", "m49", "p_code"}


def check_dataset(dataset: Dataset, words: Mapping[str, Vocabulary], toml: str) -> Iterator[InputProblem]:
    """Entries of dataset.toml that name no column or no code of ours; `toml` is its path."""
    for what, value, remedy in (*_faults(dataset, words), *_code_faults(dataset, words)):
        yield InputProblem(what, remedy, path=toml, value=value)


def _faults(dataset: Dataset, words: Mapping[str, Vocabulary]) -> Iterator[tuple[str, str, str]]:
    columns = ", ".join(TARGETS)
    for name, target in dataset.concepts.items():
        if target not in ("", *TARGETS):
            yield (
                sentence("[concepts] {name} becomes no column of ours", name=name),
                target,
                sentence('One of: {columns}; or "" sets it aside.', columns=columns),
            )
    for column in dataset.constants.keys() - set(TARGETS):
        yield "[constants] names no column of ours", column, sentence("One of: {columns}.", columns=columns)
    for column in dataset.define.keys() - set(words):
        yield "[define] names no coded column", column, sentence("One of: {columns}.", columns=", ".join(words))
    for column in dataset.keep.keys() - set(CODED):
        yield "[keep] names no coded column", column, sentence("One of: {columns}.", columns=", ".join(CODED))
    mapped = {*words, "time_period", *(n for n, t in dataset.concepts.items() if t == "other_breakdown")}
    for column in dataset.codes.keys() - mapped:
        yield (
            "[codes] names no column with codes",
            column,
            sentence("One of: {columns}.", columns=", ".join(sorted(mapped))),
        )


def _code_faults(dataset: Dataset, words: Mapping[str, Vocabulary]) -> Iterator[tuple[str, str, str]]:
    for column, defined in dataset.define.items():
        for code in defined.keys() & code_list(column).keys():
            yield (
                sentence("[define.{column}] defines what npa's own list has", column=column),
                code,
                "Take it out, or define another code.",
            )
    for column, code in _our_codes(dataset):
        if column in words and not words[column].is_known(code):
            yield (
                sentence("{column} has no such code in npa's lists", column=column),
                code,
                sentence("Correct it, or define it in [define.{column}].", column=column),
            )


def _our_codes(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Every code that dataset.toml says is ours, with its column."""
    for column, codes in dataset.codes.items():
        name = list_of(column) if column in dataset.concepts else column  # a breakdown that npa has a list of
        yield from ((name, code) for code in codes.values())
    yield from (("statistic_id", code) for code in dataset.series.values())
    yield from (("obs_status", code) for code in dataset.marks.values())
    for column, kept in dataset.keep.items():
        yield from ((column, code) for code in kept)
    yield from ((column, str(code)) for column, code in dataset.constants.items() if column in CODED)


def column_faults(
    path: str, columns: Columns, names: Sequence[str], dataset: Dataset, judged: Judged
) -> Iterator[InputProblem]:
    """Columns of a file that dataset.toml does not explain, and those that must be there and are not."""
    for name in columns.unknown:
        remedy = (
            'Say in dataset.toml [concepts] what it is: one of our columns, "other_breakdown", or "" to set it aside.'
        )
        judged.draft("concepts", name)
        yield InputProblem("the column is none of ours", remedy, path=path, value=name)
    for target, first, second in columns.clashes:
        remedy = 'Set one aside in [concepts] (""), or keep it in other_breakdown.'
        yield InputProblem(
            sentence("two columns become {target}", target=target), remedy, path=path, value=f"{first}, {second}"
        )
    for column in _COMPULSORY:
        if column not in columns.places and column not in dataset.constants:
            remedy = sentence(
                "Name its column in dataset.toml [concepts] or its value in [constants]. The file has: {names}.",
                names=", ".join(names),
            )
            yield InputProblem(sentence("no column is {column}", column=column), remedy, path=path)


def idle_constants(staging: Staging, toml: str) -> Iterator[InputProblem]:
    """[constants] of columns that every file has: what is said there counts for nothing."""
    for column in staging.dataset.constants:
        if staging.files and all(column in file.columns.places for file in staging.files):
            remedy = sentence(
                "Take it out, or set the file's own column aside in [concepts]: {column} is read from the files.",
                column=column,
            )
            yield InputProblem("[constants] is of a column that every file has", remedy, path=toml, value=column)
