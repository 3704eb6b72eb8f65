"""What the codes of a published data set mean: rows of `dim_code`, from dataset.toml and from the labels of its files.

A producer's labels are of its own code lists, `<dataset_id>:<column>`: two producers may name one code differently."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.code_lists import code_list
from schemas.code_names import UNSTATED, CodeName
from schemas.generated import ddl
from transforms.quality.catalogue import message_of
from transforms.statistics.dataset.columns import list_of
from transforms.statistics.dataset.dataset_toml import CODED, TOTAL, Dataset
from transforms.statistics.loading.other_breakdown import concept_and_code
from transforms.statistics.loading.staging import Labels, Staging
from transforms.statistics.quality.notes import issue

ByLanguage = Mapping[str, Labels]  # the first is the main language of a file
_Parts = dict[str, dict[str, str]]  # concept of other_breakdown → code → a file that has it


@dataclass(slots=True)
class ProducersNames:
    """The names of a producer's codes, by column, code and language. Of two names, the first is here."""

    dataset_id: str
    names: dict[tuple[str, str], dict[str, CodeName]] = field(default_factory=dict)
    again: dict[tuple[str, str], list[tuple[CodeName, CodeName]]] = field(default_factory=dict)  # codes with two names

    def add(self, column: str, language: str, names: Collection[tuple[str, str]], source: str) -> None:
        """Add names of codes of one column; note those that have another name already."""
        for code, name in names:
            new = CodeName(f"{self.dataset_id}:{column}", code, language, name, source)
            first = self.names.setdefault((column, code), {}).setdefault(language, new)
            if first.name != name:
                self.again.setdefault((column, language), []).append((first, new))

    @property
    def issues(self) -> Iterator[dict[str, Any]]:
        """Yield a row of quality_issue for each column and language in which codes have two names."""
        for (column, _), pairs in self.again.items():
            (first, other), codes = pairs[0], {again.code for _, again in pairs}
            named = {"code": first.code, "name": first.name, "other_name": other.name}
            message = message_of("code_has_two_names", concept=column, n=len(codes), **named)
            target = column if column in CODED else "other_breakdown"
            values = {"source_value": other.name, "published_value": first.name, "places": len(codes)}
            yield issue("code_has_two_names", other.source, message, column_name=target, **values)

    def rows(self) -> list[CodeName]:
        """Return the rows of dim_code."""
        return [name for by_language in self.names.values() for name in by_language.values()]


def defined_names(dataset: Dataset, toml: str) -> Iterator[CodeName]:
    """Yield the names that [define] gives, which are in English; `toml` is its path."""
    for column in dataset.define:
        for code, defined in dataset.defined(column):
            yield CodeName(column, code, "en", " ".join(defined.name.split()), toml)


def producers_names(staging: Staging, partition: str, labels: Mapping[str, ByLanguage], toml: str) -> ProducersNames:
    """Return the names of the codes that a data set publishes.

    `partition` is the path of its Parquet file; `labels` has, by its path, those of each file, and of the structures
    next to them; `toml` is the path of dataset.toml."""
    result, columns = ProducersNames(staging.dataset.dataset_id), _columns(staging)
    listed = [
        (path, language, name, codes)
        for path, by_language in labels.items()
        for language, of_file in by_language.items()
        for name, codes in of_file.items()
        if name in columns
    ]
    parts = _parts(staging, partition) if any(file.columns.others for file in staging.files) else {}
    ours = sorted({columns[name] for _, _, name, _ in listed} & {*CODED})
    published = _codes(staging, partition, ours) | {concept: {*codes} for concept, codes in parts.items()}
    for path, language, name, codes in listed:
        column = columns[name]
        named = ((_ours(staging, name, column, code, label), " ".join(label.split())) for code, label in codes.items())
        result.add(column, language, [(c, text) for c, text in named if text and c in published.get(column, ())], path)
    _complete(result, staging, parts, {path: next(iter(of_file)) for path, of_file in labels.items() if of_file}, toml)
    return result


def _columns(staging: Staging) -> dict[str, str]:
    """Return what each column of the files becomes: a coded column of ours, or a concept of other_breakdown."""
    others = {name for file in staging.files for name in file.columns.others}
    ours = {f.names[place]: c for f in staging.files for c, place in f.columns.places.items() if c in CODED}
    return {name: column for name, column in ours.items() if column not in others} | {name: name for name in others}


def _ours(staging: Staging, name: str, column: str, code: str, label: str) -> str:
    """Return our code for the code of a file that has this label, as the staging tables have it; "" for none."""
    text = " ".join(code.split())
    if words := staging.words.get(column if column in CODED else list_of(name)):
        return next((words.codes[known] for known in (code, text, label) if known in words.codes), "")
    return staging.dataset.codes.get(name, {}).get(text, text)


def _parts(staging: Staging, partition: str) -> _Parts:
    """Return the concepts and codes of other_breakdown."""
    rows = staging.con.execute(
        f"""SELECT part, min(source_file)
            FROM (SELECT unnest(string_split(other_breakdown, ';')) AS part, source_file
                  FROM (SELECT other_breakdown, min(source_file) AS source_file
                        FROM read_parquet({ddl.literal(partition)}) GROUP BY other_breakdown))
            WHERE part <> '{TOTAL}' GROUP BY part ORDER BY part"""
    ).fetchall()
    parts: _Parts = {}
    for part, path in rows:
        concept, code = concept_and_code(part)
        parts.setdefault(concept, {})[code] = path
    return parts


def _codes(staging: Staging, partition: str, columns: Sequence[str]) -> dict[str, set[str]]:
    """Return the codes of columns of ours."""
    if not columns:
        return {}
    lists = ", ".join(f"list(DISTINCT {column}::VARCHAR)" for column in columns)
    row = staging.con.execute(f"SELECT {lists} FROM read_parquet({ddl.literal(partition)})").fetchall()[0]
    return {column: set(codes or ()) for column, codes in zip(columns, row, strict=True)}


def _complete(result: ProducersNames, staging: Staging, parts: _Parts, languages: Mapping[str, str], toml: str) -> None:
    """Add a name for each code of other_breakdown without one: npa's, else the code, which is what the file prints.

    `languages`: the main language of each file."""
    for concept, codes in parts.items():
        words, mapped = staging.words.get(list_of(concept)), staging.dataset.codes.get(concept, {}).values()
        for code, path in codes.items():
            named = result.names.get((concept, code), {})
            if words and "en" not in named:
                source = code_list(words.column).get(code, {}).get("source", toml)
                result.add(concept, "en", [(code, words.names[code])], source)
            elif not named and code in mapped:
                result.add(concept, UNSTATED, [(code, code)], toml)
            elif not named:
                result.add(concept, languages.get(path, UNSTATED), [(code, code)], path)
