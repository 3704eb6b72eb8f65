"""The names of cells as a spreadsheet shows them: A6, AB12."""

from collections.abc import Sequence


def letters(column: int) -> str:
    """The letters that a spreadsheet shows above a column, counted from 1.

    >>> letters(1), letters(26), letters(27), letters(703)
    ('A', 'Z', 'AA', 'AAA')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(column: str) -> int:
    """The place, from 1, of a column by its letters.

    >>> number("A"), number("AA")
    (1, 27)
    """
    place = 0
    for letter in column:
        place = place * 26 + ord(letter) - 64
    return place


def listed(cells: Sequence[tuple[int, int, str]]) -> str:
    """Cells (row, column, text) in one line: A6 'By sex', A9 'Urbanisation'; of very many, the first hundred."""
    told = ", ".join(f"{letters(column)}{row} {text[:80]!r}" for row, column, text in cells[:100])
    return told if len(cells) <= 100 else f"{told} and {len(cells) - 100} more"
