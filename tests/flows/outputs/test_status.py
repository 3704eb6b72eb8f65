"""`npa status`: what is known about activities and agencies."""

import json
from pathlib import Path

from tests.support.command import npa
from tests.support.paths import AS_OF
from tests.support.publish import Publish
from tests.support.report_lines import GOOD, REFUSED


def test_status_says_first_that_nothing_is_known(warehouse: Path) -> None:
    output = npa("status", "--warehouse", warehouse).stdout
    assert output.splitlines()[:2] == [
        f"128 activities without the second print, 62 of them dated, as of {AS_OF}",
        "No reports received: nothing is known to be done, and what is called overdue may well have been done.",
    ]
    assert "overdue 62, of which nothing is reported on 62" in output
    assert "\033" not in output
    in_2018 = npa("status", "--warehouse", warehouse, "--as-of", "2018-12-01", "--plan", "tjk-opsc-2018").stdout
    assert "Due within 90 days (1)" in in_2018 or "Due within 90 days" in in_2018
    assert "TJK-OPSC-2018-01-01" in in_2018


def test_status_formats_and_questions(example: Path) -> None:
    rows = json.loads(npa("status", "--warehouse", example, "--agency", "aos", "--format", "json").stdout)
    kinds = [row["attention"] for row in rows]
    assert kinds == sorted(kinds, key=["overdue", "due within 90 days", "not reported for a year"].index)
    assert all("AOS" in row["agencies"] for row in rows)
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
