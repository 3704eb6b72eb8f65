"""`make docs`: write the generated pages; with --check, report the first that is stale."""

import sys
from collections.abc import Iterable
from pathlib import Path

import duckdb

from docs.generate.findings_page import findings_page
from docs.generate.layout_keys import with_layout_keys
from docs.generate.tables_page import tables_page
from docs.generate.translations_page import translations_page
from flows.refresh.build.database import create
from schemas.generated.ddl import described
from transforms.indicators.registry import macros
from transforms.sql import Statement, statements

_DOCS = Path(__file__).parents[1]


def tables_page_now() -> str:
    """Return the page of tables, from schemas/ and transforms/."""
    with duckdb.connect() as con:
        columns: dict[str, dict[str, tuple[str, str]]] = {}
        for row in create(con):
            meaning = row["data_type"], described(row["description"], row["unit"])
            columns.setdefault(row["table_name"], {})[row["column_name"]] = meaning
        views = [(view.name, view.description, columns[view.name]) for view in statements("views")]
    return tables_page(views, _calls(macros()), _calls(statements("functions")))


def _calls(macros: Iterable[Statement]) -> list[tuple[str, str]]:
    return [(f"{macro.name}({macro.columns['parameters']})", macro.description) for macro in macros]


def pages() -> dict[Path, str]:
    """Return every generated page, and docs/guides/statistics.md with its generated table, as they should be."""
    statistics = _DOCS / "guides" / "statistics.md"
    return {
        _DOCS / "reference" / "tables.md": tables_page_now(),
        _DOCS / "reference" / "findings.md": findings_page(_DOCS.parent / "raw"),
        _DOCS / "reference" / "translations.md": translations_page(),
        statistics: with_layout_keys(statistics.read_text(encoding="utf-8")),
    }


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them."""
    for path, page in pages().items():
        if arguments != ["--check"]:
            path.write_text(page, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != page:
            print(f"{path} is stale: run make docs", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
