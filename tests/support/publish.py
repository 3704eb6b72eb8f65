"""Releases with reports that a test writes."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from tests.support.command import Run
from tests.support.published_messages import check_messages
from tests.support.report_lines import HEADINGS

Rows = list[tuple[object, ...]]


Publish = Callable[..., Callable[[str], Rows]]


def publisher(refresh: Run, raw: Path, tmp_path: Path) -> Publish:
    """Return a function that publishes a release with the given lines, or files by name, and answers SQL about it."""

    def run(*lines: str, **files: str | bytes) -> Callable[[str], Rows]:
        folder = raw / "progress"
        folder.mkdir(exist_ok=True)
        if lines:
            files |= {"report.csv": "\n".join([HEADINGS, *lines])}
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        done = refresh()
        assert done.returncode == 0, done.stderr
        check_messages(tmp_path / "warehouse" / "current" / "npa.duckdb")

        def ask(sql: str) -> Rows:
            with duckdb.connect(str(tmp_path / "warehouse" / "current" / "npa.duckdb"), read_only=True) as con:
                ((balanced,),) = con.execute("""
                    SELECT coalesce(sum(rows_accepted), 0) = (SELECT count(*) FROM fact_progress)
                       AND coalesce(sum(rows_rejected), 0) = (SELECT count(source_row) FROM rejected_row)
                    FROM dim_progress_file""").fetchall()
                assert balanced
                return con.execute(sql).fetchall()

        return ask

    return run
