"""The texts of a file: names and labels of its columns, and what is in them, as far as they are published."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from flows.sources.formats.files.damaged_text import damage, encoding_of, is_plain, lost_letters
from flows.sources.formats.relation import Source
from schemas.generated import ddl
from transforms.statistics.dataset.columns import columns_of
from transforms.statistics.dataset.dataset_toml import NUMBERS, Dataset

_MOST = 100_000  # different texts that are looked at


def check_texts(source: Source, path: Path, dataset: Dataset) -> Source:
    """Return the source, with a remark if some of its texts have lost letters.

    Raises InputProblem if text of a file was read in a wrong encoding, or damaged before. Columns that
    [concepts] sets aside are not judged, nor are numbers. A file of ASCII is not read for it again."""
    if dataset.format == "px" or is_plain(path):  # the reader of PC-Axis files judges them itself, by their lines
        return source
    encoding = encoding_of(path, dataset.encoding)
    columns = columns_of(source.names, dataset)
    numbers = {columns.places[name] for name in NUMBERS if name in columns.places}
    aside = {name for name, target in dataset.concepts.items() if not target and not dataset.composites_of(name)}
    places = [n for n, name in enumerate(source.names) if name not in aside and n not in numbers]
    names = [name for name in source.names if name not in aside]
    labels = [label for name in names for label in source.labels.get(name, {}).values()]
    texts = [*names, *labels, *_texts(source, places)]
    if fault := damage(texts, encoding):
        raise replace(fault, line=_row(source, places, fault.value or ""))
    remarks = lost_letters(texts, lambda text: _row(source, places, text))
    return replace(source, remarks=[*source.remarks, *remarks])


def _texts(source: Source, places: Sequence[int]) -> list[str]:
    """Return the different texts of some columns that are not of ASCII, or may have lost their letters."""
    if not places:
        return []
    cells = ", ".join(f"c{place}" for place in places)
    texts = source.relation.select(f"unnest([{cells}]) AS text")
    doubtful = texts.filter("strlen(text) <> length(text) OR contains(text, '?')")
    return sorted(text for (text,) in doubtful.distinct().limit(_MOST).fetchall())


def _row(source: Source, places: Sequence[int], value: str) -> int:
    """Return the first row with a text in one of some columns, 0 if there is none."""
    if not places:
        return 0
    has_text = " OR ".join(f"contains(c{place}, {ddl.literal(value)})" for place in places)
    row = f"row_number() OVER () + {source.first_row - 1}" if source.first_row else "source_row"
    numbered = source.relation.select(f"{row} AS place, coalesce({has_text}, false) AS has_text")
    ((first,),) = numbered.filter("has_text").aggregate("coalesce(min(place), 0)").fetchall()
    return int(first)
