"""Labels that stand in a column of their own, next to the codes: REF_AREA, Geographic area; sexo, sexo_nombre.

One is a column of labels by its name; or because dataset.toml sets it aside, it is next to a column of codes, and this
is just called "code", or the column has exactly one text for each of at least two codes."""

import re
from collections.abc import Iterator, Mapping, Sequence

import duckdb

from transforms.statistics.dataset.columns import REPORTING_YEAR, TIME_FORMAT, Vocabulary, list_of
from transforms.statistics.labels.labels import folded
from transforms.statistics.loading.staging import StagedFile
from transforms.statistics.loading.staging import folded as folded_sql

# What names of columns add for a code, and for its label.
_ADDED = {"code", "codes", "id", "cod", "codigo", "kod", "kode", "код", "рамз", "name", "names", "label", "labels",
          "desc", "description", "title", "text", "nombre", "nom", "nome", "navn", "namn", "bezeichnung", "nazwa",
          "naziv", "название", "наименование", "имя", "ном", "номи"}  # fmt: skip
_ENDING = re.compile("(?:kode|kod|code|navn|namn|name|label)$")  # kommunenavn
# Names of columns that explain something else, though it may differ from code to code.
_OTHERS = {"source", "sources", "note", "notes", "comment", "comments", "footnote", "unit", "units", "currency",
           "capital", "url", "link", "date", "provider", "publisher", "survey", "method", "источник", "примечание",
           "единица", "манбаъ", "эзоҳ", "fuente", "quelle"}  # fmt: skip
_SAMPLE = 100_000  # rows by which a neighbour is tried, before all of a large file are read
_MOST = 20_000  # labels of a column

Pair = tuple[str, str]  # columns of the relation: codes, labels


def label_columns(
    con: duckdb.DuckDBPyConnection, file: StagedFile, words: Mapping[str, Vocabulary], rows: str, given: Sequence[int]
) -> Iterator[tuple[str, Pair]]:
    """Yield each coded column of a file by its name, with the columns of its codes and labels in the relation `rows`.

    `given`: the places of columns of codes whose labels the reader has put into l0, l1, …"""
    columns = file.columns
    coded = {place for column, place in columns.places.items() if column in words}
    coded |= {place for name, place in columns.others.items() if list_of(name) in words}
    free = set(range(len(file.names))) - {*columns.places.values(), *columns.others.values(), *file.composed}
    explained = {TIME_FORMAT, REPORTING_YEAR, *file.composite}
    free -= {place for place, name in enumerate(file.names) if name in explained}
    kept = set(columns.others.values()) - coded - set(file.composed)
    for place in sorted(coded.difference(file.composed)):  # labels are of whole codes
        name = file.names[place]
        if place in given:
            yield name, (f"c{place}", f"l{place}")
        for other in sorted(free | kept):
            pair, is_next = (f"c{place}", f"c{other}"), other in free and abs(place - other) == 1
            is_next = is_next and not _OTHERS & set(folded(file.names[other]).split())
            if _is_named_alike(name, file.names[other]) or (
                is_next and (not _stem(name) or _is_one_to_one(con, rows, pair))
            ):
                yield name, pair


def printed_labels(
    con: duckdb.DuckDBPyConnection, rows: str, pairs: Sequence[tuple[str, Pair]]
) -> Iterator[tuple[str, str, str]]:
    """Yield column, code and label of each pair of columns; the file is read once."""
    if not pairs:
        return
    lists = (f"list(DISTINCT [{folded_sql(code)}, {folded_sql(label)}])" for _, (code, label) in pairs)
    (found,) = con.execute(f"SELECT {', '.join(lists)} FROM {rows}").fetchall()
    for (name, _), texts in zip(pairs, found, strict=True):
        yield from ((name, code, label) for code, label in sorted(filter(all, texts or ()))[:_MOST])


def _is_named_alike(code: str, label: str) -> bool:
    """Return True if two names of columns are those of codes and of their labels.

    >>> _is_named_alike("GeoAreaCode", "GeoAreaName"), _is_named_alike("SEX", "Sex"), _is_named_alike("sex", "age")
    (True, True, False)
    >>> _is_named_alike("kommunekode", "Kommune")
    True
    """
    return bool(_stem(code)) and _stem(code) == _stem(label)


def _stem(name: str) -> tuple[str, ...]:
    parted = re.sub(r"(?<=[^\W\d_A-ZА-Я])(?=[A-ZА-Я])", " ", name)
    words = (_ENDING.sub("", word) for word in folded(parted).split() if word not in _ADDED)
    return tuple(word for word in words if word)


def _is_one_to_one(con: duckdb.DuckDBPyConnection, rows: str, pair: Pair) -> bool:
    """Return True if each of two codes or more has one text of letters, and each text one code."""
    code, label = pair
    ((codes, labels, both, letters),) = con.execute(
        f"""SELECT count(DISTINCT {code}), count(DISTINCT {label}), count(DISTINCT [{code}, {label}]),
                   bool_and(regexp_matches({label}, '\\p{{L}}'))
            FROM (FROM {rows} LIMIT {_SAMPLE}) WHERE {code} IS NOT NULL"""
    ).fetchall()
    return bool(letters) and 1 < codes == labels == both
