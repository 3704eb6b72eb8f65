"""Columns that [concepts] sets aside and whose texts say whom the figures are about: girls, a region, the poorest."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from transforms.statistics.dataset.dataset_toml import BREAKDOWNS, TOTAL
from transforms.statistics.labels.labels import folded as plain
from transforms.statistics.labels.labels import words
from transforms.statistics.loading.staging import StagedFile, Staging, folded
from transforms.statistics.loading.validation import in_keep

_MOST = 50  # texts: a column with more is no breakdown that words tell


class LostBreakdown(NamedTuple):
    """A column of a file, the column of ours that its texts are of, the texts, and what is published instead."""

    path: str
    name: str
    column: str
    texts: list[str]
    published: str


def lost_breakdowns(staging: Staging) -> Iterator[LostBreakdown]:
    """Yield each column that is set aside although its texts, of the rows that [keep] takes, are words for codes of a
    breakdown that nothing else in the file says. A constant that says the same is no loss."""
    dataset = staging.dataset
    aside = [name for name, target in dataset.concepts.items() if not target and name not in dataset.kept_aside()]
    for file in staging.files:
        for name in (name for name in aside if name in file.names):
            texts = _texts(staging, file, name)
            for column, codes in _meant(texts).items():
                published = str(dataset.constants.get(column, TOTAL))
                if column not in file.columns.places and not codes <= {published, TOTAL}:
                    yield LostBreakdown(file.path, name, column, texts, published)


def _texts(staging: Staging, file: StagedFile, name: str) -> list[str]:
    """Return the texts of a column in the rows that [keep] takes; none if there are too many."""
    found = staging.con.execute(
        f"""SELECT DISTINCT {folded(f"c{file.names.index(name)}")} AS text FROM source_{file.table}
            WHERE {in_keep(staging, file)} AND nullif(text, '') IS NOT NULL ORDER BY text LIMIT {_MOST + 1}"""
    ).fetchall()
    return [text for (text,) in found] if len(found) <= _MOST else []


def _meant(texts: list[str]) -> Mapping[str, set[str]]:
    """Return the column of ours of which all texts are words, with their codes; none if there is no such column."""
    said = [_said().get(plain(text), {}) for text in texts]
    columns = sorted(set[str]().union(*said))
    return {column: {codes[column] for codes in said} for column in columns if all(column in codes for codes in said)}


@cache
def _said() -> Mapping[str, Mapping[str, str]]:
    """Return what words say of breakdowns and areas: word → column → code."""
    said: dict[str, dict[str, str]] = {}
    for row in words():
        if row["column"] in (*BREAKDOWNS, "ref_area"):
            said.setdefault(plain(row["said"]), {})[row["column"]] = row["code"]
    return said
