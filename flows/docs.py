"""`make docs`: write the generated pages; with --check, say whether they are stale."""

import sys
from pathlib import Path

import duckdb

from schemas import ddl
from schemas.dictionary import shared_descriptions, tables_page
from schemas.tables import TABLES
from transforms.statements import statements

_PAGE = Path(__file__).parent.parent / "docs" / "tables.md"


def tables_page_now() -> str:
    """The page of tables as schemas/ and transforms/views/ have it now."""
    from flows.build import describe

    shared = shared_descriptions()
    with duckdb.connect() as con:
        for table in TABLES.values():
            con.execute(ddl.create_table(table))
        views = []
        for view in statements("views"):
            con.execute(f"CREATE VIEW {view.name} AS {view.sql}")
            names = [row[0] for row in con.execute(f"DESCRIBE {view.name}").fetchall()]
            views.append((view.name, view.description, {name: describe(view, name, shared) for name in names}))
    return tables_page(views)


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
