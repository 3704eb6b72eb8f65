"""Rows of one key: repeated word for word, joined by `repeats_differ_in` of dataset.toml, or different and refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.quality.text import sentence
from transforms.statistics.loading.cells import compare_cells, read_cells
from transforms.statistics.loading.staging import KEY, MEASURES, Staging
from transforms.statistics.loading.validation import Judged
from transforms.text.toml import quoted

_SHOWN = 5  # keys whose rows differ in the same columns
_LONGEST = 60  # characters of a cell
_KEY = ", ".join(KEY)

Cells = Mapping[str, tuple[str, str]]  # column → what the first row and the second have in it


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a file: `number` is its number in `met`."""

    path: str
    row: int
    value: float | None
    number: int

    def __str__(self) -> str:
        return f"{self.value} ({self.path}:{self.row})"


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two different rows of one key. `is_one_value`: value, unit, status, nature and bounds are equal."""

    first: _Row
    second: _Row
    is_one_value: bool
    codes: Sequence[str]


def judge_keys(staging: Staging, judged: Judged) -> int:
    """Report keys with two different rows, note rows that dataset.toml joins; return how many rows repeat another."""
    con = staging.con
    ((rows, keys),) = con.execute(f"SELECT count(*), count(DISTINCT hash({_KEY})) FROM published").fetchall()
    if rows == keys:  # two keys of one hash would only cost the closer look
        return 0
    # Only these rows are looked at, so that one of them in millions costs no memory.
    con.execute(f"""CREATE TABLE met_again AS SELECT hash({_KEY}) AS key_hash FROM published
                    GROUP BY 1 HAVING count(*) > 1""")
    compare_cells(staging, f"FROM published WHERE hash({_KEY}) IN (FROM met_again)")
    keys_met = con.execute(
        f"""SELECT sum(n)::BIGINT, count(DISTINCT measures), sum(spellings - 1)::BIGINT, min(place, 2) AS places, {_KEY}
            FROM (SELECT {_KEY}, ({", ".join(MEASURES)}) AS measures, words, count(*) AS n,
                         count(DISTINCT cells) AS spellings, min((source_file, source_row, obs_value, number)) AS place
                  FROM met JOIN compared USING (source_file, number) GROUP BY ALL)
            GROUP BY {_KEY} HAVING sum(n) > 1 ORDER BY places"""
    )
    repeated, pairs = 0, list[_Pair]()
    while batch := keys_met.fetchmany(10_000):
        for count, values, joined, places, *codes in batch:
            repeated += count - 1
            if joined:
                judged.joined[places[0][0]] = judged.joined.get(places[0][0], 0) + joined
            if len(places) > 1 and len(judged.problems) + len(pairs) < judged.most * 5:
                pairs.append(_Pair(_Row(*places[0]), _Row(*places[1]), values == 1, codes))
    _report(_by_columns(staging, pairs), staging, judged)
    return repeated


def _by_columns(staging: Staging, pairs: Sequence[_Pair]) -> dict[tuple[str, ...], list[tuple[_Pair, Cells]]]:
    """Return the pairs, and what their cells say, by the columns in which they differ: one cause may meet many keys."""
    cells = read_cells(staging, [(row.path, row.number) for pair in pairs for row in (pair.first, pair.second)])
    causes: dict[tuple[str, ...], list[tuple[_Pair, Cells]]] = {}
    for pair in pairs:
        first, second = (cells.get((row.path, row.number), {}) for row in (pair.first, pair.second))
        both = {name: (first.get(name, ""), second.get(name, "")) for name in (*first, *second)}
        differing = {name: texts for name, texts in both.items() if texts[0] != texts[1]}
        causes.setdefault(tuple(differing), []).append((pair, differing))
    return causes


def _report(causes: Mapping[tuple[str, ...], list[tuple[_Pair, Cells]]], staging: Staging, judged: Judged) -> None:
    for columns, pairs in causes.items():
        aside = [name for name in columns if staging.dataset.concepts.get(name) == ""]
        layout = staging.dataset.layout
        labels = [name for name in columns if layout and name in layout.labels]
        for pair, cells in pairs[:_SHOWN]:
            remedy = _remedy(columns, aside, labels, is_one_value=pair.is_one_value)
            judged.add(pair.first.path, pair.first.row, _fault(pair, cells, aside), remedy)
        if len(pairs) > _SHOWN:
            what = "in {n} more keys two different rows differ in {columns}"
            if not columns:
                what = "in {n} more keys two different rows differ in nothing but their values"
            first, remedy = pairs[_SHOWN][0].first, _remedy(columns, aside, labels, is_one_value=False)
            more = {"n": len(pairs) - _SHOWN, "columns": _listed(columns)}
            judged.add(first.path, first.row, what, remedy, **more)


def _fault(pair: _Pair, cells: Cells, aside: Sequence[str]) -> str:
    """Return which key has which two rows, and in what these differ."""
    key = ", ".join(f"{column} {code}" for column, code in zip(KEY, pair.codes, strict=True) if code != "_T")
    said = {"key": key, "first": str(pair.first), "second": str(pair.second)}
    shown = "; ".join(f"{name}: {' · '.join(quoted(text[:_LONGEST]) for text in both)}" for name, both in cells.items())
    if aside:
        what = (
            "one key has two different rows, {key}: {first} and {second}. They differ in {shown}; {aside} is set aside"
        )
        return sentence(what, **said, shown=shown, aside=_listed(aside))
    if cells:
        return sentence(
            "one key has two different rows, {key}: {first} and {second}. They differ in {shown}", **said, shown=shown
        )
    if pair.first.value == pair.second.value:
        return sentence("one key has two different rows, {key}: {first} and {second}, with different bounds", **said)
    return sentence("one key has two different rows, {key}: {first} and {second}", **said)


def _remedy(columns: Sequence[str], aside: Sequence[str], labels: Sequence[str], *, is_one_value: bool) -> str:
    if not columns:
        return sentence("A key may have one value: ask its producer what tells the rows apart, or correct the file.")
    apart = sentence("map their codes to different ones of ours, or correct the file")
    if aside:
        apart = sentence('keep {aside} apart: "other_breakdown" in [concepts]', aside=_listed(aside))
    elif labels:
        apart = sentence("say what the labels in {labels} are, in [layout.labels] or [layout]", labels=_listed(labels))
    if not is_one_value:
        return sentence("A key may have one value: {apart}.", apart=apart)
    remedy = (
        "If they are the same figure, say so above the sections of dataset.toml: "
        "repeats_differ_in = [{columns}]. If not, {apart}."
    )
    return sentence(remedy, columns=_listed(columns), apart=apart)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(quoted, names))
