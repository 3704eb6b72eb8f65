"""The column that the label of each row of a laid-out table belongs to, by the headings above it."""

from collections.abc import Iterable, Mapping

from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.layout import START, Layout
from transforms.statistics.layouts.grid import letters, listed
from transforms.text.lines import fold

Labelled = tuple[int, int, str, bool]  # place in the grid, column of the label, label, whether the row has values
_FAULTS = {
    "heading": (
        "rows without values are no heading that [layout] names",
        "Add each to [layout.groups] with the column that the rows below it belong to, or to [layout] notes.",
    ),
    "values": (
        "headings and notes have values",
        "If such a row is an observation, put it into [layout.sections] or [layout.nested] instead.",
    ),
    "start": (
        "rows stand before any heading",
        'Say in [layout.groups] which column they belong to: "" = "REF_AREA", or "" = "" for totals.',
    ),
    "nothing": ("rows with values have no label", "Correct the file, or [layout] label, fill or end."),
}


class Headings:
    """The headings that are in force at a row, as the rows of a table are read from top to bottom."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        parts = (layout.groups, layout.sections, layout.nested)
        self._groups, self._sections, self._nested = ({fold(text): column for text, column in part.items()}
                                                      for part in parts)  # fmt: skip
        self._notes = {fold(note) for note in layout.notes}
        self._part: dict[str, str] = {}  # what the sections say, in the order in which they began
        self._group = START
        self._parent: dict[str, str] = {}  # what the row says that nested rows break down

    def dimensions(self, rows: Iterable[Labelled], first_row: int) -> dict[int, Mapping[str, str]]:
        """Return column → label for each row with values. Raises InputProblem with all rows without a heading."""
        explained: dict[int, Mapping[str, str]] = {}
        faults: dict[str, list[tuple[int, int, str]]] = {}
        for index, column, label, has_values in rows:
            kind = self._with_values(index, label, explained) if has_values else self._without(label)
            if kind:
                faults.setdefault(kind, []).append((first_row + index, column, label))
        for kind, (what, remedy) in _FAULTS.items():
            if cells := faults.get(kind):
                row, column, label = cells[0]
                what = sentence("{what}: {cells}", what=what, cells=listed(cells))
                raise InputProblem(what, remedy, line=row, column=letters(column), value=label)
        return explained

    def _without(self, label: str) -> str | None:
        if label in self._notes:
            return None
        if not label or (label not in self._groups and label not in self._sections):
            return "heading"
        self._begin(label)
        return None

    def _begin(self, label: str) -> None:
        """Begin a section, a group, or both."""
        if label in self._sections:
            column = self._sections[label]
            if column in self._part:  # the parts within the one before end with it
                begun = list(self._part)
                self._part = {name: self._part[name] for name in begun[: begun.index(column)]}
            self._part[column] = label
        self._group = label if label in self._groups else START
        self._parent = dict(self._part)

    def _with_values(self, index: int, label: str, explained: dict[int, Mapping[str, str]]) -> str | None:
        """Note what a row with values says; return the kind of its fault if it may not have them."""
        if not label:
            return "nothing"
        if label in self._notes or (label in self._groups and label not in self._sections):
            return "values"
        if label in self._nested:
            explained[index] = self._parent | {self._nested[label]: label}
            return None
        if label in self._sections:
            self._begin(label)
        elif not self._layout.has_rows:
            self._parent = {}
        elif self._group not in self._groups:
            return "start"
        else:
            column = self._groups[self._group]
            self._parent = self._part | ({column: label} if column else {})
        explained[index] = self._parent
        return None
