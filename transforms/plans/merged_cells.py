"""Merged cells: a cell that is printed once for several rows of a measure (plan.toml, [layout] fill_down)."""

from collections.abc import Iterable, Sequence

from transforms.plans.parsed import COLUMN_NAMES, Cell, SourceMeasure


def fill_down(measures: Iterable[SourceMeasure], columns: Sequence[str]) -> None:
    """Give each row of a measure but the first the cells of the row above where its own are blank, in `columns`.

    The whole measure must have been read: a piece after a page break continues print only, never a value that was
    filled in."""
    for measure in measures:
        for column, name in COLUMN_NAMES.items():
            if name not in columns:
                continue
            above = printed_by = measure.activities[0]
            for activity in measure.activities[1:]:
                if column in activity.cells:
                    printed_by = activity
                elif column in above.cells:
                    activity.cells[column] = Cell(list(above.cells[column].pieces))
                    activity.filled_from[column] = printed_by
                above = activity
