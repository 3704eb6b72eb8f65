"""What may identify a person, and what the public may read."""

from pathlib import Path

import duckdb
import pytest

from schemas.tables import TABLES
from tests.support.command import Run, npa
from tests.support.publish import Publish
from tests.support.report_lines import GOOD, HEADINGS

SECRET = "Девочка 14 лет из Хорога"
OTHER = "120 teachers were trained"
_LINES = (
    GOOD.replace(",40,,,", f",40,,{SECRET},Приказ о Девочке"),
    GOOD.replace("01-01,", "01-02,").replace(",40,,,", f",40,,{OTHER},"),
)
_HEADING = "activity_id,agency_id,reporting_unit,time_period,reported_on,result_text"
_MARK = f"TJK-CRC-2018-01-02,TJK-MOES,,2019,20.01.2020,{OTHER}"


def test_marked_columns_are_those_with_words_of_people() -> None:
    marked = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns if column.personal}
    assert {"fact_progress.result_text", "fact_progress.evidence_text", "rejected_row.row_text"} <= marked
    assert "public_result.result_text" not in marked


def test_public_outputs_have_no_words_of_agencies_but_those_marked(publish: Publish, raw: Path, tmp_path: Path) -> None:
    (raw / "public.csv").write_text(f"{_HEADING}\n{_MARK}\n", encoding="utf-8")
    ask = publish(*_LINES)
    assert ask("SELECT activity_id, result_text, is_public FROM public_progress ORDER BY 1") == [
        ("TJK-CRC-2018-01-01", None, False), ("TJK-CRC-2018-01-02", OTHER, True),
    ]  # fmt: skip
    with duckdb.connect(str(tmp_path / "warehouse" / "current" / "npa.duckdb"), read_only=True) as con:
        (rows,) = con.execute("SELECT list(p)::VARCHAR FROM public_progress AS p").fetchone() or ("",)
    for form in ("sdmx", "open-sdg"):
        run = npa("export", form, "--warehouse", tmp_path / "warehouse", "--output", tmp_path / form)
        assert run.returncode == 0, run.stderr
        rows += "".join(path.read_text(encoding="utf-8") for path in (tmp_path / form).rglob("*") if path.is_file())
    assert "евочк" not in rows


def test_a_text_is_named_as_npa_writes_it(publish: Publish, raw: Path) -> None:
    """In CSV, a text that a spreadsheet would take for a formula begins with an apostrophe."""
    (raw / "public.csv").write_text(f"{_HEADING}\n{_MARK.replace(OTHER, chr(39) + '- done')}\n", encoding="utf-8")
    ask = publish(_LINES[1].replace(OTHER, "- done"))
    assert ask("SELECT result_text FROM public_progress") == [("- done",)]


@pytest.mark.parametrize(("line", "fault"), [
    (_MARK.replace("120", "121"), "no accepted report has this key and this result (any more)"),
    (_MARK.replace("2019,", "2018,"), "no accepted report has this key and this result (any more)"),
    (_MARK.replace("MOES", "MOEX"), "no accepted report has this key"),
    (_MARK.replace("01-02", "99-02"), "no accepted report has this key"),
    (_MARK.replace("20.01.2020", "01.02.20"), "reported_on: it is no day"),
    (f"{_MARK}\n{_MARK}", "the report is in line 2 already"),
])  # fmt: skip
def test_a_mark_that_fits_no_report_stops_the_refresh(refresh: Run, raw: Path, line: str, fault: str) -> None:
    """A report that is replaced does not publish another text."""
    (raw / "progress").mkdir(exist_ok=True)
    (raw / "progress" / "report.csv").write_text("\n".join([HEADINGS, *_LINES]), encoding="utf-8")
    (raw / "public.csv").write_text(f"{_HEADING}\n{line}\n", encoding="utf-8")
    run = refresh()
    assert run.returncode == 1
    assert f"public.csv:{2 + line.count(chr(10))}: {fault}" in run.stderr
