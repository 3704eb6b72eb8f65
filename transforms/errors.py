"""Errors for users: what is wrong with an input, where, and what its author does about it."""

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import TYPE_CHECKING

from transforms.printable import printable
from transforms.quality.text import Text, in_language, sentence, sentences

if TYPE_CHECKING:
    from transforms.quality.catalogue import Message


_TAB = "\t"  # between the cells of a line of a plan


class NpaError(Exception):
    """An error that users read as one sentence, filled with `values`; `exit_code` as in the contract §4.

    >>> str(NpaError("no plan is called {plan_id}", plan_id="TJK"))
    'no plan is called TJK'
    """

    exit_code = 1

    def __init__(self, *parts: str, **values: object) -> None:
        super().__init__(*((sentence(*parts, **values),) if values else parts))

    def in_language(self, language: str) -> str:
        """Return the sentence in a language, or `str()` of the error if there is no translation."""
        is_one_sentence = len(self.args) == 1 and isinstance(self.args[0], str)
        return in_language(self.args[0], language) if is_one_sentence else str(self)


@dataclass(unsafe_hash=True)
class InputProblem(NpaError):
    """One thing that is wrong with an input: what, what to do about it, where, and the value as printed.

    It is raised where nothing more can be read, and collected in a list where more may follow. A reader that does not
    know the path of its file raises it without one; the caller adds it by `at`. Never changed; equal by all fields."""

    what: str
    remedy: str
    _: KW_ONLY
    path: str = ""
    line: int = 0  # line or row, from 1; 0: the whole file
    sheet: str = ""
    column: str = ""  # its letters, as a spreadsheet shows them
    value: str | None = None
    rule: str = ""  # of problems that are counted by rule, as in rejected_row
    message: "Message | None" = field(default=None, compare=False)  # of the rule: what and remedy in one
    is_temporary: bool = False  # the file cannot be read now; another try may help

    def __post_init__(self) -> None:
        super().__init__(self.what, self.remedy)  # for pickle

    @property
    def cell(self) -> str:
        """The cell, as Sheet1!C7; "" if sheet or column is unknown."""
        return f"{self.sheet}!{self.column}{self.line}" if self.sheet and self.column else ""

    @property
    def place(self) -> str:
        """The path, with the cell if that is known."""
        return f"{self.path} {self.cell}" if self.cell else self.path

    @property
    def statement(self) -> str:
        """The fault, with the sheet or the column if the cell is unknown."""
        if self.cell or not (self.sheet or self.column):
            return self.what
        if self.sheet:
            return sentence("{what} (sheet {sheet})", what=self.what, sheet=self.sheet)
        return sentence("{what} (column {column})", what=self.what, column=self.column)

    def at(self, path: str) -> "InputProblem":
        """Return the problem with the path of its file."""
        return replace(self, path=path)

    def in_sheet(self, sheet: str) -> "InputProblem":
        """Return the problem with the name of its sheet."""
        return replace(self, sheet=sheet)

    def __str__(self) -> str:
        return self._printed(self.statement, self.remedy)

    def in_language(self, language: str) -> str:
        """Return `str()` of it in a language; place and value stay as they are."""
        return self._printed(in_language(self.statement, language), in_language(self.remedy, language))

    def _printed(self, statement: str, remedy: str) -> str:
        line = f":{self.line}" if self.line and not self.cell else ""
        place = f"{self.place}{line}: " if self.path else ""
        printed = f': "{printable(self.value, _TAB)}"' if self.value is not None else ""
        return f"{place}{statement}{printed}. {remedy}"


def problem_in(
    path: str, line: int, what: str, remedy: str, value: str | None = None, /, **arguments: object
) -> InputProblem:
    """Return the problem with a line of a text (0: all of it); `arguments` fill both sentences."""
    what, remedy = (text if isinstance(text, Text) else sentence(text, **arguments) for text in (what, remedy))
    return InputProblem(what, remedy, path=path, line=line, value=value)


class InputRejected(NpaError):
    """An input that cannot be published; it holds every problem, in the order of files and lines."""

    def __init__(self, problems: Iterable[InputProblem]) -> None:
        self.problems = sorted(set(problems), key=lambda p: (p.place, p.line, p.statement, p.value or ""))
        super().__init__("\n".join(map(str, self.problems)))

    def in_language(self, language: str) -> str:
        """Return all problems in a language, below a line with their number."""
        n, problems = len(self.problems), (problem.in_language(language) for problem in self.problems)
        heading = sentences(
            "npa: the input was rejected, {n} problem:", "npa: the input was rejected, {n} problems:", n=n
        )
        return "\n".join([in_language(heading, language), *problems])

    @property
    def may_pass(self) -> bool:
        """True if nothing is wrong but files that cannot be read now."""
        return all(problem.is_temporary for problem in self.problems)


class BrokenRelease(Exception):
    """A release that does not hold what was to be written: a fault of npa or of the disk."""


class WarehouseFault(NpaError):
    """A failure around the warehouse; another try may help."""

    exit_code = 3


class NoRelease(NpaError):
    """A warehouse in which nothing is published yet."""


class UnanswerableQuestion(NpaError):
    """SQL that is wrong, or asks for more than reading."""


class WrongUsage(NpaError):
    """Options that do not go together."""

    exit_code = 2
