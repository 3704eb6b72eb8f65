"""Pieces of the documentation: code blocks, tables and sections of Markdown."""

import re

from tests.support.paths import ROOT

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def page(path: str) -> str:
    """Return the text of a page, by its path in the repository."""
    return (ROOT / path).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """Return the part of a page from a heading of level 2 to the next one."""
    part = text[text.index(f"\n{heading}\n") + 1 :]
    end = part.find("\n## ", 5)
    return part if end < 0 else part[:end]


def last_table(text: str) -> list[list[str]]:
    """Return the rows of the last table of a text, the heading first, without its ruler."""
    rows = [[c.strip() for c in row.strip("|").split("|")] for row in re.findall(r"^\|.*\|$", text, re.MULTILINE)]
    return [row for row in rows if set("".join(row)) != {"-"}]


def questions(text: str) -> list[tuple[str, list[list[str]]]]:
    """Return the SQL examples of a text, each with the answer that the page shows below it."""
    blocks = re.split(r"^```sql\n", text, flags=re.MULTILINE)[1:]
    return [(sql, last_table(rest)) for sql, rest in (block.split("```\n", 1) for block in blocks)]


def first_column(text: str, heading: str) -> list[str]:
    """Return the code words in the first column of the table whose first heading is `heading`."""
    table = text[text.index(f"| {heading} |") :].split("\n\n", 1)[0]
    return re.findall(r"`([^`]+)`", " ".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)))
