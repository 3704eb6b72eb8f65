"""SQL files: one statement each, with a header comment that describes it.

`${name}` in a file is replaced by a value, `${folder/name}` by the file of that name, whose columns it takes over."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_FILE = re.compile(r"\$\{(\w+/\w+)\}")  # ${indicators/status_counts}


@dataclass(frozen=True, slots=True)
class Statement:
    """One file: `name` of the file, `description` and `columns` from its header, `sql`."""

    name: str
    description: str
    columns: dict[str, str]
    sql: str


@cache
def statements(folder: str) -> list[Statement]:
    """Return the statements of a folder next to this file, by name."""
    return [statement(f"{folder}/{path.stem}") for path in sorted((_FOLDER / folder).glob("*.sql"))]


@cache
def statement(name: str, **values: str) -> Statement:
    """Return one statement, filled with `values`; `name` is its path from here, without the ending.

    The first lines of the header are the description; a line `-- name: text`, and those after it, describe `name`."""
    text = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"${{{key}}}", value)
    header: dict[str, list[str]] = {"": []}
    lines = header[""]
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        comment = line.removeprefix("--").strip()
        key, colon, described = comment.partition(": ")
        if colon and key.isidentifier():
            lines = header[key] = [described]
        else:
            lines.append(comment)
    columns = {key: " ".join(lines) for key, lines in header.items()}
    description = columns.pop("")
    for part in map(statement, _FILE.findall(text)):
        columns = part.columns | columns  # what the statement itself says of a column counts
    sql = _FILE.sub(lambda match: statement(match[1]).sql.rstrip(), text)
    return Statement(Path(name).name, description, columns, sql)


def data_file(name: str) -> Path:
    """Return the path of a table of data that statements refer to; `name` is its path from here."""
    return _FOLDER / name
