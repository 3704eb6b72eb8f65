"""SQL that is kept one statement a file: its header comment, and the statement."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Statement:
    """One file: `name` of the file, `description` and `columns` from its header, `sql`."""

    name: str
    description: str
    columns: dict[str, str]
    sql: str


@cache
def statements(folder: str) -> list[Statement]:
    """The statements of a folder beside this file, by name."""
    return [_read(path) for path in sorted((Path(__file__).parent / folder).glob("*.sql"))]


@cache
def statement(name: str) -> Statement:
    """One statement: `name` is its path from here, without the ending."""
    return _read(Path(__file__).parent / f"{name}.sql")


def data_file(name: str) -> Path:
    """A table of data that statements refer to: `name` is its path from here."""
    return Path(__file__).parent / name


def _read(path: Path) -> Statement:
    """The header's first lines are the description; a line that reads `-- name: text`, and those after it, describe
    what has that name."""
    text = path.read_text(encoding="utf-8")
    named: dict[str, list[str]] = {"": []}
    words = named[""]
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        comment = line.removeprefix("--").strip()
        name, colon, described = comment.partition(": ")
        if colon and name.isidentifier():
            words = named[name] = [described]
        else:
            words.append(comment)
    description = " ".join(named.pop(""))
    return Statement(path.stem, description, {name: " ".join(text) for name, text in named.items()}, text)
