"""Agencies that report by units: each row says its unit, and each unit has reports of its own expected."""

from pathlib import Path

import pytest

from tests.support.inline_plan import InlinePlan
from tests.support.judged_reports import DAYS, HEADINGS, MOE, ROWS, judged

UNITS = """[units]
MOH = [
  { id = "KHUJAND", names = { ru = "Худжанд", tg = "Хуҷанд" } },
  { id = "KULOB", names = { en = "Kulob", ru = "Куляб", tg = "Кӯлоб" } },
  { id = "VOSE", names = { en = "Vose" } },
]
"""
PLAN = InlinePlan(ROWS, head=DAYS + UNITS, periods="")
MOH = MOE.replace("MOE", "MOH")


def _report(*rows: str, heading: str = "reporting_unit") -> dict[str, str]:
    return {"report.csv": "\n".join([f"{HEADINGS},{heading}", *rows])}


def test_units_are_told_apart_by_id_or_a_name_in_any_language(tmp_path: Path) -> None:
    # The last as in an old Tajik font.
    rows = [f"{MOH},{unit}" for unit in (" khujand ", "КУЛЯБ", "Vose")] + [f"{MOE.replace('10', '11')},_T", f"{MOE},"]
    rows += [f"{MOH.replace('01-10', '01-12')},Хуљанд"]
    with judged(PLAN, tmp_path, _report(*rows, heading="Шаҳр (ноҳия)")) as con:
        accepted = con.execute(
            "SELECT agency_id, reporting_unit, count(*) FROM fact_progress GROUP BY ALL ORDER BY ALL"
        )
        assert accepted.fetchall() == [
            ("XKX-MOE", "_T", 2), ("XKX-MOH", "KHUJAND", 2), ("XKX-MOH", "KULOB", 1), ("XKX-MOH", "VOSE", 1)
        ]  # fmt: skip
        assert con.execute("FROM rejected_row").fetchall() == []
        assert con.execute("SELECT reporting_unit, name FROM dim_reporting_unit ORDER BY ALL").fetchall() == [
            ("KHUJAND", "Худжанд"), ("KULOB", "Kulob"), ("VOSE", "Vose")
        ]  # fmt: skip
        # A slot for each unit and year, filled by its own reports only.
        assert con.execute("""
            SELECT agency_id, reporting_unit, time_period, filled_on::VARCHAR, is_self_dated, is_on_time
            FROM fact_reporting_slot ORDER BY ALL""").fetchall() == [
            ("XKX-MOE", "_T", "2019", "2020-01-10", True, True), ("XKX-MOE", "_T", "2020", None, None, False),
            ("XKX-MOH", "KHUJAND", "2019", "2020-01-10", True, True), ("XKX-MOH", "KHUJAND", "2020", None, None, False),
            ("XKX-MOH", "KULOB", "2019", "2020-01-10", True, True), ("XKX-MOH", "KULOB", "2020", None, None, False),
            ("XKX-MOH", "VOSE", "2019", "2020-01-10", True, True), ("XKX-MOH", "VOSE", "2020", None, None, False),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "rule", "words"),
    [
        (f"{MOH},", "reporting_unit_missing", "(reporting_unit): KHUJAND (Худжанд), KULOB (Kulob), VOSE (Vose)."),
        (f"{MOH},н/д", "reporting_unit_missing", "XKX-MOH reports by units, and the row names none"),
        (f"{MOH},_T", "reporting_unit_missing", "KHUJAND (Худжанд)"),
        (f"{MOH},Kulyab", "reporting_unit_unknown", '"Kulyab" is no unit of XKX-MOH: write one of them'),
        (f"{MOH},Kulyab", "reporting_unit_unknown", "(reporting_unit): KULOB (Kulob), "),  # the nearest first
        (f"{MOH},#REF!", "cell_with_error", "#REF!"),
        (f"{MOE},Vose", "reporting_unit_not_expected", 'the row names "Vose": leave the column'),
    ],
)
def test_a_row_without_its_unit_is_refused(row: str, rule: str, words: str, tmp_path: Path) -> None:
    with judged(PLAN, tmp_path, _report(row)) as con:
        ((found, column, message, accepted),) = con.execute("""
            SELECT rule, column_name, message, (SELECT count(*) FROM fact_progress) FROM rejected_row""").fetchall()
        assert (found, column, accepted) == (rule, "reporting_unit", 0)
        assert words in message


def test_a_unit_alone_is_no_report(tmp_path: Path) -> None:
    with judged(PLAN, tmp_path, _report("XKX-CRC-2019-01-01,XKX-MOH,,,,,VOSE", f"{MOH},VOSE")) as con:
        assert con.execute("SELECT rows_blank, rows_accepted FROM dim_progress_file").fetchall() == [(1, 1)]


def test_many_units_are_listed_in_part(tmp_path: Path) -> None:
    units = ", ".join(f'{{ id = "U{number}", names = {{ en = "Unit {number}" }} }}' for number in range(10, 30))
    plan = InlinePlan(ROWS, head=f"{DAYS}[units]\nMOH = [{units}]\n", periods="")
    with judged(plan, tmp_path, _report(f"{MOH},")) as con:
        ((message,),) = con.execute("SELECT message FROM rejected_row").fetchall()
        assert message.endswith("U18 (Unit 18), U19 (Unit 19), and 10 more.")


def test_units_contradict_themselves_only(tmp_path: Path) -> None:
    done = MOH.replace("in_progress", "not_started")
    rows = [f"{MOH},VOSE", f"{done},KULOB", f"{MOH},KHUJAND", f"{done},KHUJAND"]
    with judged(PLAN, tmp_path, _report(*rows)) as con:
        assert con.execute("SELECT reporting_unit FROM fact_progress ORDER BY 1").fetchall() == [("KULOB",), ("VOSE",)]
        messages = con.execute("SELECT source_row, message FROM rejected_row ORDER BY 1").fetchall()
        assert [row for row, _ in messages] == [4, 5]
        assert all(message.startswith("Lines of XKX-MOH KHUJAND about") for _, message in messages)


def test_offices_of_an_agency_without_units_are_told_of_the_column(tmp_path: Path) -> None:
    """The files of shared/cases/monitoring/16-many-districts: several offices write under one code."""
    header, row = "activity_id,agency_id,time_period,reported_on,status", MOH.rstrip(",")
    files = {"one.csv": f"{header}\n{row}", "two.csv": f"{header}\n{row.replace('in_progress', 'not_started')}"}
    with judged(InlinePlan(ROWS, head=DAYS, periods=""), tmp_path, files) as con:
        messages = con.execute("SELECT message FROM rejected_row").fetchall()
        assert len(messages) == 2
        assert all("(reporting_unit), where plan.toml names the units" in message for (message,) in messages)
    with judged(PLAN, tmp_path, files) as con:
        assert con.execute("SELECT DISTINCT rule FROM rejected_row").fetchall() == [("reporting_unit_missing",)]


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ('AOS = [{ id = "A", names = { en = "A" } }]', "[units] AOS: no activity names such an agency"),
        ('XYZ = [{ id = "A", names = { en = "A" } }]', "[units] XYZ: no activity names such an agency"),
        ('MOH = []', "units.MOH: it has fewer entries than 1"),
        ('MOH = [{ id = "A", names = {} }]', "units.MOH.0.names: it has fewer entries than 1"),
        ('MOH = [{ id = "_T", names = { en = "All" } }]', "units.MOH.0.id: it has another form"),
        ('MOH = [{ id = "A", names = { en = "B" } }, { id = "B", names = { en = "C" } }]', "two units are called so"),
        ('MOH = [{ id = "A", names = { en = "X" } }, { id = "B", names = { ru = "x." } }]', "two units are called so"),
    ],
)  # fmt: skip
def test_units_that_cannot_be_meant_are_refused(units: str, words: str) -> None:
    assert any(words in fault for fault in InlinePlan(ROWS, head=f"[units]\n{units}\n", periods="").faults())
