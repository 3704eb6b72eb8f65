"""`npa status`: what is known about activities and agencies."""

import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows.outputs.connection import fetch, opened
from flows.outputs.desk.status_book import write_status
from flows.releases.warehouse import Warehouse
from tests.support.command import npa
from tests.support.paths import AS_OF
from tests.support.publish import Publish
from tests.support.report_lines import CONTINUOUS, GOOD, REFUSED
from transforms.sql import statement

KINDS = ["has not reported", "agencies disagree", "cancellation claimed", "overdue", "due within 90 days",
         "report awaited", "last report out of date", "not reported for a year"]  # fmt: skip


def test_status_says_first_that_nothing_is_known(warehouse: Path) -> None:
    output = npa("status", "--warehouse", warehouse).stdout
    assert output.splitlines()[:2] == [
        f"128 activities without the second print, 62 of them dated, as of {AS_OF}",
        "No reports received: nothing is known to be done, and what is called overdue may well have been done.",
    ]
    assert "overdue 62, of which nothing is reported on 62" in output
    kinds = re.findall(r"^([A-Z][a-z ]+) \(\d+\)$", output, re.MULTILINE)
    assert kinds == ["Has not reported", "Overdue", "Not reported for a year"]
    (silent,) = [line for line in output.splitlines() if line.startswith("TJK-PEO ")]
    assert silent.split()[1:5] == ["2", "2", "2018,", "2019"]  # missing, due, and the years
    assert "\033" not in output
    in_2018 = npa("status", "--warehouse", warehouse, "--as-of", "2018-12-01", "--plan", "tjk-opsc-2018").stdout
    assert "Due within 90 days (1)" in in_2018 or "Due within 90 days" in in_2018
    assert "TJK-OPSC-2018-01-01" in in_2018


def test_status_formats_and_questions(example: Path) -> None:
    rows = json.loads(npa("status", "--warehouse", example, "--agency", "aos", "--format", "json").stdout)
    kinds = [row["attention"] for row in rows]
    assert kinds == sorted(kinds, key=KINDS.index)
    assert all("AOS" in row["agencies"] for row in rows)
    assert [row["agency_id"] for row in rows if row["attention"] == "has not reported"] in ([], ["TJK-AOS"])
    assert npa("status", "--warehouse", example, "--format", "csv").stdout.startswith("attention,activity_id,")
    for wrong, words in ((["--agency", "MOEZ"], "nearest known agency is TJK-MO"), (["--plan", "X"], "TJK-CRC-2018")):
        run = npa("status", "--warehouse", example, *wrong)
        assert (run.returncode, words in run.stderr) == (1, True), run.stderr


def test_status_of_one_agency_counts_its_own(publish: Publish, tmp_path: Path) -> None:
    publish(GOOD, REFUSED["status unknown"][0])
    output = npa("status", "--warehouse", tmp_path / "warehouse", "--agency", "COYS").stdout
    assert "No reports received" in output
    assert "refused" not in output
    early = npa("status", "--warehouse", tmp_path / "warehouse", "--as-of", "2018-03-01").stdout
    assert "Not reported for a year" not in early


def test_status_opens_with_who_is_silent_whatever_others_reported(publish: Publish, tmp_path: Path) -> None:
    """One agency of seven reports on time, another late and otherwise: they disagree, and five are silent."""
    done = GOOD.replace("in_progress,40", "completed,100").replace("MOES", "MOJ").replace("2020-01-20", "2020-02-10")
    ask = publish(GOOD, done)
    listed = npa("status", "--warehouse", tmp_path / "warehouse", "--as-of", "2020-03-01", "--format", "json").stdout
    rows = json.loads(listed)
    kinds = [row["attention"] for row in rows]
    assert kinds == sorted(kinds, key=KINDS.index)
    silent = {row["agency_id"]: row for row in rows if row["attention"] == "has not reported"}
    assert silent["TJK-MOES"]["reports_missing"] == silent["TJK-MOES"]["reports_due"] - 1
    assert silent["TJK-MOES"]["last_reported_on"] == "2020-01-20"
    assert (silent["TJK-NCL"]["last_reported_on"], silent["TJK-NCL"]["missing_about"]) == (None, ["2018", "2019"])
    assert {row["missing_since"] for row in silent.values()} == {"2019-01-31"}
    assert [row["activity_id"] for row in rows if row["attention"] == "agencies disagree"] == ["TJK-CRC-2018-01-01"]
    assert ask("""
        SELECT first_reported_on::VARCHAR, last_reported_on::VARCHAR, slots_filled, slots_late,
               slots_due - slots_missing
        FROM agency_status WHERE agency_id = 'TJK-MOJ'""") == [("2020-02-10", "2020-02-10", 1, 1, 1)]
    assert ask("SELECT last_reported_on, slots_filled FROM agency_status WHERE agency_id = 'TJK-NCL'") == [(None, 0)]
    assert ask("""
        SELECT slots_due, slots_on_time, slots_late, slots_to_come, slots_missing + 1 = slots
        FROM agency_reporting WHERE agency_id = 'TJK-MOJ' AND time_period = '2019'""")[0][1:] == (0, 1, 0, True)
    assert ask("""
        SELECT count(*) FROM agency_reporting
        WHERE slots <> slots_on_time + slots_late + slots_missing + slots_to_come""") == [(0,)]
    assert ask("""
        SELECT count(*) FROM agency_status FULL JOIN (
            SELECT agency_id, sum(numerator) AS filled, sum(denominator) AS due FROM fact_indicator
            WHERE indicator_id = 'AGENCY_REPORTING_RATE' AND plan_id = '_T' AND len(time_period) = 4 GROUP BY agency_id
        ) USING (agency_id) WHERE agency_id <> '_T' AND (slots_filled, slots_due) <> (filled, due)""") == [(0,)]
    states = ask("SELECT upper(activity_state), count(*) FROM recommendation_status GROUP BY ALL ORDER BY ALL")
    assert states == ask("""
        SELECT replace(indicator_id, 'PARAGRAPH_ACTIVITY_STATE_', ''), numerator FROM fact_indicator
        WHERE indicator_id LIKE 'PARAGRAPH_%' AND plan_id = '_T' AND agency_id = '_T' AND time_period = '2023'
          AND numerator > 0 ORDER BY ALL""")


def test_claims_and_what_is_out_of_date_are_listed(publish: Publish, tmp_path: Path) -> None:
    """What was delivered about 2019 is fresh while the report about 2020 is not overdue."""
    claim = GOOD.replace("in_progress,40,,", "cancelled,,,The funds ended")
    publish(CONTINUOUS, claim)

    def kinds(day: str) -> dict[str, set[str]]:
        options = ["--warehouse", tmp_path / "warehouse", "--as-of", day, "--format", "json"]
        found: dict[str, set[str]] = {}
        for row in json.loads(npa("status", *options).stdout):
            found.setdefault(row["attention"], set()).add(row["activity_id"])
        return found

    activity = CONTINUOUS.split(",")[0]
    early, late = kinds("2021-01-31"), kinds("2021-02-01")
    assert early["cancellation claimed"] == late["cancellation claimed"] == {GOOD.split(",")[0]}
    assert "last report out of date" not in early
    assert late["last report out of date"] == {activity}
    assert activity not in late["not reported for a year"]


_ONE_OF = "overdue", "due within 90 days", "report awaited", "last report out of date", "not reported for a year"


@pytest.mark.parametrize("year", range(2018, 2024))
def test_an_activity_is_under_one_heading_of_time(example: Path, year: int) -> None:
    """One that awaits its report is neither due soon nor overdue."""
    with opened(example / "current" / "npa.duckdb") as con:
        for month, day in ((1, 15), (1, 31), (2, 1), (10, 2), (12, 31)):
            asked = {"as_of": str(date(year, month, day)), "agency_id": None, "plan_id": None}
            con.execute(f"CREATE OR REPLACE TEMP TABLE asked AS {statement('indicators/status_asked').sql}", asked)
            rows = fetch(con, statement("indicators/status").sql, **asked)
            listed = Counter(row["activity_id"] for row in rows if row["attention"] in _ONE_OF)
            assert set(listed.values()) <= {1}, asked
            for row in rows:
                if row["attention"] == "due within 90 days":
                    assert row["window_end"] >= date(year, month, day)
                if row["attention"] == "report awaited":
                    assert row["window_end"] < date(year, month, day)


def test_a_claim_of_cancellation_is_listed_with_its_reason(publish: Publish, tmp_path: Path) -> None:
    """The agency that says so again is listed once, with its latest words; one that has thought better of it is not."""
    claim = GOOD.replace("in_progress,40,,", "cancelled,,,No funds")
    again = claim.replace("2020-01-20", "2020-01-25").replace("No funds", "No funds at all")
    other = claim.replace("MOES", "MOJ")
    publish(
        claim, again, other, other.replace("2020-01-20", "2020-01-25").replace("cancelled,,,No funds", "suspended,,,")
    )
    warehouse = tmp_path / "warehouse"
    listed = json.loads(npa("status", "--warehouse", warehouse, "--as-of", "2020-03-01", "--format", "json").stdout)
    assert [row["activity_id"] for row in listed if row["attention"] == "cancellation claimed"] == [GOOD.split(",")[0]]
    with opened(warehouse / "current" / "npa.duckdb") as con:
        write_status(con, Warehouse(warehouse), "en", tmp_path / "status.xlsx")
    sheet = load_workbook(tmp_path / "status.xlsx")["Claimed to be cancelled"]
    assert [row[2:] for row in sheet.iter_rows(min_row=4, values_only=True)] == [
        ("MOES", "No funds at all", "2019", datetime(2020, 1, 25))  # noqa: DTZ001
    ]
