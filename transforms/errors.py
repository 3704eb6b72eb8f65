"""What is wrong with an input, said so that its author can put it right."""

from collections.abc import Iterable
from dataclasses import dataclass


class NpaError(Exception):
    """Anything that a user is told in a sentence; `exit_code` as in the contract §4."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: in which file, on which line (0: the whole file), what, the value as printed, and the remedy."""

    path: str
    line: int
    what: str
    remedy: str
    value: str | None = None

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        printed = f': "{self.value}"' if self.value is not None else ""
        return f"{place}: {self.what}{printed}. {self.remedy}"


class Unreadable(Problem):
    """A file that cannot be read now: it may be there at another try."""

    __slots__ = ()


class InputRejected(NpaError):
    """The input cannot be published; holds every problem found, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems), key=lambda p: (p.path, p.line, p.what, p.value or ""))
        super().__init__("\n".join(map(str, self.problems)))

    @property
    def may_pass(self) -> bool:
        """Whether nothing is wrong but files that cannot be read now."""
        return all(isinstance(problem, Unreadable) for problem in self.problems)


class BrokenRelease(Exception):
    """What was written is not what was to be written: a fault of npa or of the disk."""


class WarehouseFault(NpaError):
    """Something around the warehouse failed; another try may help."""

    exit_code = 3


class NoRelease(NpaError):
    """Nothing has been published yet."""


class UnanswerableQuestion(NpaError):
    """The SQL is wrong, or asks for more than reading."""


class WrongUsage(NpaError):
    """Options that do not go together."""

    exit_code = 2
