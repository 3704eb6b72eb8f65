"""Reports of kinds on which npa was once wrong (tests/data/progress/cases): what becomes of each of their rows."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.command import Run
from tests.support.paths import ROOT
from tests.support.publish import Report

_CASES = ROOT / "tests" / "data" / "progress" / "cases"
Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def case(report: Report) -> Callable[[str], Ask]:
    """Return a function that judges the files of a case."""
    return lambda name: report(**{path.name: path.read_bytes() for path in (_CASES / name).iterdir()})


def _accepted(ask: Ask, columns: str) -> list[tuple[Any, ...]]:
    return ask(f"SELECT source_row, {columns} FROM fact_progress ORDER BY source_file, source_row")


def _refused(ask: Ask) -> list[tuple[Any, ...]]:
    return ask("SELECT source_row, column_name, rule FROM rejected_row ORDER BY source_file, source_row")


def test_districts_under_one_code_contradict_one_another(case: Callable[[str], Ask]) -> None:
    """Two write on one day; the sentence names the column that tells them apart."""
    ask = case("16-many-districts")
    rows = ask("SELECT source_file, rule, message LIKE '%(reporting_unit)%' FROM rejected_row ORDER BY source_file")
    assert rows == [(f"progress/district{number}.xlsx", "contradiction", True) for number in (0, 1)]


def test_a_column_of_fractions_is_one_of_shares(case: Callable[[str], Ask]) -> None:
    ask = case("18-fractions")
    assert _accepted(ask, "percent_complete") == [(2, 25.0), (3, 50.0), (4, 100.0), (5, 0.0)]


def test_a_date_shown_as_a_year_is_that_year(case: Callable[[str], Ask]) -> None:
    """Whatever names one day is read; times of day, year ranges and other digits are refused."""
    ask = case("20-dates")
    assert _accepted(ask, "time_period, reported_on::VARCHAR") == [
        (2, "2019", "2020-01-10"), *((row, "2019", "2020-01-15") for row in (5, 8, 12, 14, 15)),
    ]  # fmt: skip
    assert _refused(ask) == [
        *((row, "reported_on", "day_of_report_unreadable") for row in (3, 4, 6, 7, 9)),
        (10, "time_period", "year_unreadable"), (11, "time_period", "year_unreadable"),
        (13, "reported_on", "day_of_report_unreadable"), (16, "reported_on", "day_of_report_unreadable"),
    ]  # fmt: skip


def test_the_link_of_a_cell_is_evidence_and_other_schemes_are_refused(case: Callable[[str], Ask]) -> None:
    ask = case("22-dispimg-hyperlink")
    link = "https://example.org/decree.pdf"
    assert _accepted(ask, "evidence_kind, evidence_url, evidence_text") == [
        (2, None, None, None), (3, "web", link, "Decree 12"), (4, "web", link, "Decree 12"),
        (6, "reference", None, "example.org/decree.pdf"),
        (7, "web", "https://example.org/a.pdf", "https://example.org/b.pdf"), (8, None, None, None),
        (9, None, None, None), (10, "reference", None, "Приказ №12 от 10.01.2020, приложен"),
    ]  # fmt: skip
    assert _refused(ask) == [(5, "evidence_url", "evidence_not_http")]
    assert ask("SELECT rule FROM quality_issue WHERE rule = 'cells_with_picture'") == [("cells_with_picture",)]


def test_strokes_and_words_for_nothing_are_empty(case: Callable[[str], Ask]) -> None:
    ask = case("24-placeholders")
    assert _accepted(ask, "status") == [(row, "in_progress") for row in (2, 3, 4, 5)]
    assert _refused(ask) == [(6, "completed_on", "day_of_completion_unreadable"), (7, "status", "status_missing")]
    assert ask("SELECT sum(rows_blank) FROM dim_progress_file") == [(1,)]


def test_words_of_executive_control(case: Callable[[str], Ask]) -> None:
    ask = case("27-status-words")
    assert _accepted(ask, "status") == [
        *((row, "in_progress") for row in (2, 3, 4)), (8, "completed"), (9, "completed"), (13, "in_progress"),
        (17, "delivered"), (18, "completed"),
    ]  # fmt: skip
    assert {rule for _, _, rule in _refused(ask)} == {"status_unreadable"}
    sentences: dict[int, str] = dict(ask("SELECT source_row, message FROM rejected_row"))
    assert "may mean Completed or Cancelled" in sentences[10]  # Снято с контроля
    assert "says how often" in sentences[12]  # Мунтазам
    assert "write Completed if that is meant" in sentences[19]  # выполненно


def test_errors_of_a_spreadsheet_are_damaged(case: Callable[[str], Ask]) -> None:
    ask = case("32-csv-hash")
    assert _accepted(ask, "status") == []
    assert {rule for _, _, rule in _refused(ask)} == {"cell_with_error"}
    assert len(_refused(ask)) == 5


def test_what_was_put_right_is_no_longer_open(case: Callable[[str], Ask]) -> None:
    ask = case("41-round-trip")
    assert ask("SELECT source_row, state FROM rejected_row ORDER BY source_row") == [(2, "corrected"), (3, "open")]
    assert _accepted(ask, "status") == [(2, "in_progress")]


@pytest.fixture
def release(refresh: Run, raw: Path, tmp_path: Path) -> Callable[[str, str], Ask]:
    """Return a function that publishes a case as of a day."""

    def run(name: str, day: str) -> Ask:
        shutil.copytree(_CASES / name, raw / "progress", dirs_exist_ok=True)
        done = refresh("--as-of", day)
        assert done.returncode == 0, done.stderr

        def ask(sql: str) -> list[tuple[Any, ...]]:
            with duckdb.connect(str(tmp_path / "warehouse" / "current" / "npa.duckdb"), read_only=True) as con:
                return con.execute(sql).fetchall()

        return ask

    return run


def test_one_agencys_word_cancels_nothing(release: Callable[[str, str], Ask]) -> None:
    ask = release("38-cancelled-by-one", "2021-06-30")
    assert ask("SELECT agency_id, rule FROM rejected_row") == [("TJK-MOJ", "cancellation_without_reason")]
    assert ask("SELECT reported_status FROM activities WHERE activity_id = 'TJK-CRC-2018-01-01'") == [("completed",)]
    figures = (
        "SELECT numerator, denominator, excluded FROM fact_indicator WHERE plan_id = '_T' AND agency_id = '_T' AND "
    )
    assert ask(f"{figures} indicator_id = 'IMPLEMENTATION_RATE_DUE' AND time_period = '2019'") == [(1, 31, 0)]


@pytest.mark.parametrize(("day", "is_years_old"), [("2020-02-28", False), ("2022-12-31", True)])
def test_states_two_years_old_are_said_to_be_old(
    release: Callable[[str, str], Ask], day: str, is_years_old: bool
) -> None:
    """All reported on is not all reported: each agency owes a report of its own. What is known of 2018 is out of date
    from the day on which a report about 2019 was due."""
    ask = release("39-stale-delivered", day)
    figures = """SELECT value FROM fact_indicator
                 WHERE plan_id = '_T' AND agency_id = '_T' AND time_period = '2019' AND indicator_id = """
    assert ask(f"{figures} 'REPORTING_RATE'") == [(100.0,)]
    assert 19 < ask(f"{figures} 'AGENCY_REPORTING_RATE'")[0][0] < 20
    delivered = "FROM activities WHERE timeframe = 'continuous' AND reported_status = 'delivered'"
    assert ask(f"SELECT bool_and(is_stale), min(evidence_age_days) > 1000 {delivered}") == [(True, is_years_old)]


def test_an_agency_that_sent_nothing_has_no_last_report(release: Callable[[str, str], Ask]) -> None:
    ask = release("40-silent-agency", "2021-06-30")
    assert ask("SELECT agency_id, last_reported_on::VARCHAR FROM agency_status WHERE last_reported_on IS NOT NULL") == [
        ("TJK-MOES", "2020-01-10")
    ]
