"""Rows without values between those of a table with values across: headings, unless they are codes without a value."""

from collections.abc import Iterator, Mapping, Sequence

from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.columns import columns_of, vocabulary
from transforms.statistics.dataset.dataset_toml import BREAKDOWNS, CODED, Dataset
from transforms.statistics.layouts.grid import letters, listed
from transforms.statistics.layouts.tidy import Numbered
from transforms.text.lines import fold

_KEYS = ("statistic_id", "ref_area", "time_period", *BREAKDOWNS)


class Headings:
    """The rows of a table with values across that have labels and no value.

    A region without a figure is such a row too. A row is a heading if it leaves out a column whose blank cells nothing
    explains; with one column of labels, if its text is no code of that column."""

    def __init__(self, names: Sequence[str], values: Sequence[int], dataset: Dataset) -> None:
        labels = [place for place in range(len(names)) if place not in values]
        columns = columns_of([names[place] for place in labels], dataset)
        keys = {column: labels[place] for column, place in columns.places.items() if column in _KEYS}
        keys |= {name: labels[place] for name, place in columns.others.items()}
        keys |= {names[place]: place for place in labels if dataset.composites_of(names[place])}
        fill = dataset.layout.fill if dataset.layout else []
        self.keys = [place for place in keys.values() if names[place] not in fill]
        self.unexplained = [keys[column] for column in keys if "" not in dataset.codes.get(column, {})]
        self._codes = _codes(*keys, dataset=dataset) if len(keys) == 1 else None
        self._found: list[tuple[int, int, str]] = []

    def note(self, row: int, cells: Sequence[str | None]) -> None:
        """Note a row without values if it is a heading."""
        filled = {place: text for place in self.keys if (text := fold(cells[place] or ""))}
        leaves_out = any(not fold(cells[place] or "") for place in self.unexplained)
        for place, text in list(filled.items())[:1]:
            if leaves_out or (self._codes is not None and text not in self._codes):
                self._found.append((row, place + 1, text))

    def refuse(self) -> None:
        """Raise InputProblem with all headings noted, of which there are rows with values below."""
        if self._found:
            row, column, text = self._found[0]
            what = sentence(
                "rows without values are no known codes, or leave out columns: {cells}", cells=listed(self._found)
            )
            remedy = (
                "If they are headings, describe the table by [layout.labels] and [layout.groups], or repeat them below "
                "by [layout] fill; if they are codes, map them in [codes]."
            )
            raise InputProblem(what, remedy, line=row, column=letters(column), value=text)

    def checked(self, rows: Iterator[Numbered], values: Sequence[int]) -> Iterator[Numbered]:
        """Yield rows. Raises InputProblem at a row with values below a heading."""
        for number, cells in rows:
            if any(cells[place] is not None for place in values):
                self.refuse()
            else:
                self.note(number, cells)
            yield number, cells


def _codes(column: str, *, dataset: Dataset) -> Mapping[str, str] | None:
    """Return the codes of a column, None if a text need not be one: plans declare series, [keep] takes rows."""
    is_open = column not in CODED or column == "statistic_id" or column in dataset.keep
    return None if is_open else vocabulary(column, dataset, {}).codes
