"""SQL that is kept one statement a file: its header comment, and the statement."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Statement:
    """One file: `name` of the file, `description` and `columns` from its header, `sql`."""

    name: str
    description: str
    columns: dict[str, str]
    sql: str


def statements(folder: str) -> list[Statement]:
    """The statements of a folder beside this file, by name."""
    return [_read(path) for path in sorted((Path(__file__).parent / folder).glob("*.sql"))]


def _read(path: Path) -> Statement:
    """The header's lines are the description; those that read `-- name: text` describe columns."""
    text = path.read_text(encoding="utf-8")
    words: list[str] = []
    columns: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        comment = line.removeprefix("--").strip()
        name, colon, described = comment.partition(": ")
        if colon and name.isidentifier():
            columns[name] = described
        else:
            words.append(comment)
    return Statement(path.stem, " ".join(words), columns, text)
