"""received.csv: the day of receipt decides whether a report is on time, and from when it is known."""

from pathlib import Path

import pytest

from tests.support.inline_plan import InlinePlan
from tests.support.judged_reports import DAYS, HEADINGS, MOE, ROWS, judged
from transforms.errors import InputRejected
from transforms.reports.registers.receipts import read_receipts

PLAN = InlinePlan(ROWS, head=DAYS, periods="")
REPORT = f"{HEADINGS}\n{MOE}"  # of 10 January 2020, about 2019
_SLOT = """
SELECT filled_on::VARCHAR, is_self_dated, is_on_time FROM fact_reporting_slot
WHERE agency_id = 'XKX-MOE' AND time_period = '2019'"""


@pytest.mark.parametrize(
    ("row", "slot"),
    [
        ("", ("2020-01-10", True, True)),
        ("progress/a.csv,2020-01-31,12", ("2020-01-31", False, True)),
        ("progress/a.csv,01.02.2020,", ("2020-02-01", False, False)),
        ('"progress/a.csv",1 февраля 2020 г.,№ 7', ("2020-02-01", False, False)),
    ],
)
def test_day_of_receipt_counts(row: str, slot: tuple[object, ...], tmp_path: Path) -> None:
    with judged(PLAN, tmp_path, {"a.csv": REPORT}, received=f"file,received_on,registry_number\n{row}\n") as con:
        assert con.execute(_SLOT).fetchall() == [slot]
        known = slot[0]
        (before,), (after,) = (
            con.execute(
                f"SELECT reported_status FROM activity_status(DATE '2020-12-31', DATE '{known}' - {days})"
            ).fetchall()[0]
            for days in (1, 0)
        )
        assert (before, after) == ("no_evidence", "in_progress")
        filled = con.execute(f"SELECT count(*) FROM reporting_slots(DATE '{known}' - 1) WHERE is_filled").fetchall()
        assert filled == [(0,)]


def test_semicolons_and_a_mark_of_excel(tmp_path: Path) -> None:
    received = "\ufefffile;received_on;registry_number\r\nprogress/a.csv;31.01.2020;№ 12\r\n;;\r\n"
    with judged(PLAN, tmp_path, {"a.csv": REPORT}, received=received) as con:
        assert con.execute("SELECT received_on::VARCHAR, registry_number FROM fact_progress").fetchall() == [
            ("2020-01-31", "№ 12")
        ]


def test_of_copies_the_one_received_first_counts(tmp_path: Path) -> None:
    received = "file,received_on,registry_number\nprogress/a.csv,2021-01-20,2\nprogress/b.csv,2020-01-20,1\n"
    with judged(PLAN, tmp_path, dict.fromkeys(("a.csv", "b.csv", "c.csv"), REPORT), received=received) as con:
        assert con.execute("SELECT source_file, registry_number FROM fact_progress").fetchall() == [
            ("progress/b.csv", "1")
        ]
        assert con.execute("SELECT source_file FROM dim_progress_file WHERE rows_repeated = 1").fetchall() == [
            ("progress/a.csv",), ("progress/c.csv",)
        ]  # fmt: skip


def test_days_that_cannot_both_be_right_and_days_to_come_are_told(tmp_path: Path) -> None:
    received = "file,received_on,registry_number\nprogress/a.csv,2020-01-09,\nprogress/b.csv,2021-07-01,\n"
    files = {"a.csv": REPORT, "b.csv": REPORT.replace("2020-01-10", "2020-01-11")}
    with judged(PLAN, tmp_path, files, received=received) as con:
        rules = con.execute(
            "SELECT source_file, rule, message FROM quality_issue WHERE source_file IS NOT NULL ORDER BY 1"
        ).fetchall()
        assert [row[:2] for row in rules] == [
            ("progress/a.csv", "received_before_report"), ("progress/b.csv", "reported_after_as_of")
        ]  # fmt: skip
        assert "received on 2021-07-01" in rules[1][2]


def test_a_file_whose_rows_are_all_refused_keeps_its_receipt(tmp_path: Path) -> None:
    received = "file,received_on,registry_number\nprogress/a.csv,2020-01-12,5\n"
    with judged(PLAN, tmp_path, {"a.csv": REPORT.replace("MOE", "AOS")}, received=received) as con:
        assert con.execute("SELECT count(*) FROM fact_progress").fetchall() == [(0,)]
        assert con.execute("SELECT source_file, registry_number FROM dim_report_receipt").fetchall() == [
            ("progress/a.csv", "5")
        ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("file,received_on\n", "Write: file,received_on,registry_number."),
        ("file,received_on,registry_number\na.csv,2020-01-31,\n", "The nearest name is progress/a.csv. Write its path"),
        ("file,received_on,registry_number\nA.CSV,2020-01-31,\n", "The nearest name is progress/a.csv. Write its path"),
        ("file,received_on,registry_number\nprogres/A.csv,2020-01-31,\n", "The nearest name is progress/a.csv."),
        ("file,received_on,registry_number\nprogress/b.csv,2020-01-31,\n", "there is no such report (any more)"),
        ("file,received_on,registry_number\n,2020-01-31,\n", "received.csv:2: file: it is blank"),
        ("file,received_on,registry_number\nprogress/a.csv,,1\n", "received.csv:2: received_on: it is blank"),
        ("file,received_on,registry_number\nprogress/a.csv,03/04/2020,1\n", "no day that can be read in one way only"),
        ("file,received_on,registry_number\nprogress/a.csv,2020-02-30,1\n", "Write it like 2020-01-31."),
        ("file,received_on,registry_number\nprogress/a.csv,2020-01-31,\nprogress/a.csv,2020-01-31,\n",
         "received.csv:3: the file is in line 2 already"),
    ],
)  # fmt: skip
def test_rows_that_are_wrong_stop_the_refresh(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputRejected) as refused, judged(PLAN, tmp_path, {"a.csv": REPORT}, received=text):
        pass
    assert words in str(refused.value)


def test_letters_of_a_mac_are_the_same_name() -> None:
    stored = "progress/и\u0306.csv"  # й as two characters
    receipts, problems = read_receipts(
        "file,received_on,registry_number\nprogress/й.csv,2020-01-31,\n".encode(), "received.csv", [stored]
    )
    assert problems == []
    assert receipts[0]["source_file"] == stored
