"""`make docs`: write the generated pages; with --check, say whether they are stale."""

import sys
from pathlib import Path

import duckdb

from flows.database import create
from schemas.dictionary import tables_page
from transforms.monitoring.registry import macros
from transforms.statements import statements

_PAGE = Path(__file__).parent.parent / "docs" / "tables.md"


def tables_page_now() -> str:
    """The page of tables as schemas/ and transforms/ have it now."""
    with duckdb.connect() as con:
        columns: dict[str, dict[str, str]] = {}
        for row in create(con):
            columns.setdefault(row["table_name"], {})[row["column_name"]] = row["description"]
        views = [(view.name, view.description, columns[view.name]) for view in statements("views")]
    return tables_page(views, [(f"{m.name}({m.parameters})", m.description) for m in macros()])


def main(arguments: list[str]) -> int:
    """Write the page, or compare it."""
    page = tables_page_now()
    if arguments == ["--check"]:
        if _PAGE.is_file() and _PAGE.read_text(encoding="utf-8") == page:
            return 0
        print(f"{_PAGE} is stale: run make docs", file=sys.stderr)
        return 1
    _PAGE.parent.mkdir(exist_ok=True)
    _PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
