"""removed.toml: which sources were removed on purpose, when, and why; in the folder they were in, or one above."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from posixpath import dirname, join, normpath
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from transforms.errors import InputProblem, problem_in
from transforms.quality.text import sentence
from transforms.text.lines import clean, decode

_REMEDY = "Write [[removed]] with what (a path), when (a date, as 2026-11-29) and why (a text)."


class _Entry(BaseModel, extra="forbid", strict=True):
    what: Annotated[str, Field(min_length=1)]
    when: Annotated[date, BeforeValidator(lambda day: date.fromisoformat(day) if isinstance(day, str) else day)]
    why: Annotated[str, BeforeValidator(lambda x: clean(x) if isinstance(x, str) else x), Field(min_length=1)]


class _File(BaseModel, extra="forbid", strict=True):
    removed: list[_Entry]


@dataclass(frozen=True, slots=True)
class Removal:
    """A file or folder that was taken away, or a file that lost rows."""

    what: str  # path relative to the folder of raw data
    when: str  # day, ISO 8601
    why: str
    stated_in: str

    def covers(self, path: str) -> bool:
        """Return True if the entry is about `path` or a folder that it lies in."""
        return self.what == "." or path == self.what or path.startswith(f"{self.what}/")


def read_removals(files: Mapping[str, bytes]) -> tuple[list[Removal], list[InputProblem]]:
    """Return the entries of all removed.toml, by path below the folder of raw data, and what is wrong with them."""
    removals, problems = list[Removal](), list[InputProblem]()
    for path, data in sorted(files.items()):
        text, faults = decode(data, "utf-8", path)
        problems += faults
        entries: list[_Entry] = []
        try:
            entries = _File.model_validate(tomllib.loads(text)).removed if not faults else []
        except ValidationError as error:
            problems += [_invalid(path, fault["loc"], fault["type"]) for fault in error.errors()]
        except (ValueError, RecursionError) as error:
            problems.append(problem_in(path, 0, "the file is not TOML: {error}", _REMEDY, error=error))
        for entry in entries:
            below = normpath(entry.what)
            removals.append(Removal(normpath(join(dirname(path), below)), entry.when.isoformat(), entry.why, path))
            if below == ".." or below.startswith(("/", "../")):
                what = "the path leads out of the folder of removed.toml"
                remedy = "Name a file or folder by its path below that folder."
                problems.append(InputProblem(what, remedy, path=path, value=entry.what))
    return removals, problems


def _invalid(path: str, place: tuple[int | str, ...], kind: str) -> InputProblem:
    """Return the problem of a key, by its place in the file (removed, number of the entry, key)."""
    entry, key = sentence("entry {number}: ", number=int(place[1]) + 1) if len(place) > 1 else "", str(place[-1])
    expected = {
        "what": sentence("the path of a file or folder"), "when": sentence("a date"), "why": sentence("a reason"),
    }.get(key, sentence("a list of entries"))  # fmt: skip
    what = "{entry}{key} is missing" if kind == "missing" else "{entry}{key} is not {asked}"
    if len(place) == 2:
        what = "{entry}it is not a table of what, when and why"
    elif kind == "extra_forbidden":
        what = "{entry}{key} is no key that is known"
    return problem_in(path, 0, what, _REMEDY, entry=entry, key=key, asked=expected)
