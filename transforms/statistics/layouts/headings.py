"""Rows without values between those of a table with values across: headings, unless they are codes without a value."""

from collections.abc import Iterator, Mapping, Sequence

from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.columns import columns_of, vocabulary
from transforms.statistics.dataset.dataset_toml import CODED, Dataset
from transforms.statistics.layouts.grid import letters, listed
from transforms.statistics.layouts.tidy import Numbered
from transforms.text.lines import fold


class Headings:
    """The rows of a table with values across that hold one text, and no value.

    A region without a figure is such a row too, so a text that is a code of its column is none. Where codes need not be
    known, as in a breakdown that npa has no list of, a row is a heading if it leaves out other columns."""

    def __init__(self, names: Sequence[str], values: Sequence[int], dataset: Dataset) -> None:
        self._labels = [place for place in range(len(names)) if place not in values]
        columns = columns_of([names[place] for place in self._labels], dataset)
        mapped = {**columns.places, **columns.others}
        self._are_many = len(mapped) > 1
        self._codes: Mapping[int, Mapping[str, str]] = {
            self._labels[place]: vocabulary(column, dataset, {}).codes
            for column, place in columns.places.items()
            if column in CODED and column != "statistic_id" and column not in dataset.keep
        }
        self._found: list[tuple[int, int, str]] = []

    def note(self, row: int, cells: Sequence[str | None]) -> None:
        """Note a row without values if it is a heading."""
        filled = [place for place in self._labels if fold(cells[place] or "")]
        if len(filled) != 1:
            return
        text = fold(cells[filled[0]] or "")
        is_code = text in self._codes[filled[0]] if filled[0] in self._codes else not self._are_many
        if not is_code:
            self._found.append((row, filled[0] + 1, text))

    def refuse(self) -> None:
        """Raise InputProblem with all headings noted, of which there are rows with values below."""
        if self._found:
            row, column, text = self._found[0]
            what = sentence("rows without values are no codes that are known: {cells}", cells=listed(self._found))
            remedy = (
                "If they are headings, describe the table by [layout.labels] and [layout.groups]; if they are codes, "
                "map them in [codes]."
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
