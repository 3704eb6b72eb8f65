"""A cell of a table laid out for people: its number, and the status that is printed around it."""

import re
from collections.abc import Mapping

_NUMBER = r"[-+−]?[0-9](?:[0-9 \u00a0\u202f]*[0-9])?(?:[.,][0-9]+)?(?:[eE][-+]?[0-9]+)?"
_IS_NUMBER = re.compile(_NUMBER)
# What spreadsheet programs write where a formula went wrong; "=A1+B1" is one that was never calculated.
_ERROR = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|SPILL!|CALC!|GETTING_DATA)|Err:[0-9]+|=.+")


class CellValues:
    """A reader of cells by [marks]: a key with # in it is a number with a mark around it, "(#)" = "U", "#*" = "P"; the
    key "" is a blank cell. Every other key is a whole cell: its status is found when numbers are read."""

    def __init__(self, marks: Mapping[str, str], has_percent_sign: bool = False) -> None:
        self._marks = marks
        self._around = [(_pattern(key), status) for key, status in marks.items() if "#" in key and key.strip("#")
                        and not _ERROR.fullmatch(key)]  # fmt: skip
        self._has_percent_sign = has_percent_sign

    @property
    def gives_status(self) -> bool:
        """Return True if a cell may have a status as well as a value."""
        return bool(self._around) or "" in self._marks

    def read(self, cell: str) -> tuple[str | None, str | None] | None:
        """Return the value of a cell as printed and the status around it; None if there is no observation.

        >>> cells = CellValues({"(#)": "U", "-": "M"})
        >>> cells.read("(68,6)"), cells.read("97,7"), cells.read("-"), cells.read("")
        (('68,6', 'U'), ('97,7', None), ('-', None), None)
        """
        if cell == "":
            return (None, self._marks[""]) if "" in self._marks else None
        if cell in self._marks:
            return cell, None
        for pattern, status in self._around:
            if match := pattern.fullmatch(cell):
                return self._plain(match[1]), status
        return self._plain(cell), None

    def is_value(self, cell: str) -> bool:
        """Return True if a cell is a number or a mark."""
        value = (self.read(cell) or ("", None))[0] or ""
        return cell in self._marks or _IS_NUMBER.fullmatch(value.removesuffix("%").rstrip()) is not None

    def is_error(self, cell: str) -> bool:
        """Return True if a formula went wrong in a cell, and its text is no mark of the producer."""
        return cell not in self._marks and _ERROR.fullmatch(cell) is not None

    def _plain(self, cell: str) -> str:
        return cell.removesuffix("%").rstrip() if self._has_percent_sign else cell


def _pattern(mark: str) -> re.Pattern[str]:
    """Return the pattern of a number with a mark around it.

    >>> bool(_pattern("(#)").fullmatch("( 2,8 )")), bool(_pattern("#*").fullmatch("*"))
    (True, False)
    """
    before, _, after = mark.partition("#")
    return re.compile(rf"{re.escape(before)}\s*({_NUMBER}(?:\s*%)?)\s*{re.escape(after)}")
