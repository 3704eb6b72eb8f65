"""`npa releases`: the releases of the warehouse, and their inputs."""

import csv
import io
from pathlib import Path

from tests.support.command import Run, npa
from tests.support.history import answer, release_ids


def test_releases_say_what_went_in_and_what_came_out(refresh: Run, raw: Path, home: Path) -> None:
    (raw / "progress").mkdir(exist_ok=True)
    (raw / "progress" / "empty.csv").write_text("activity_id,agency_id,time_period,reported_on,status\n")
    assert refresh("--as-of", "2020-01-01").returncode == 0
    new, old = answer(home, "releases")
    assert (new["release_id"], old["release_id"]) == (release_ids(home)[1], release_ids(home)[0])
    assert (new["is_current"], old["is_current"]) == ("current", "")
    assert (new["inputs"] - old["inputs"], new["report_files"], new["changed"]) == (1, 1, "+1 as_of")
    assert (new["activities"], new["second_prints"], new["rows"]["dim_measure"]) == (129, 1, 56)
    assert new["as_of"] == "2020-01-01"
    output = npa("releases", "--warehouse", home, "--format", "csv").stdout
    assert [row["release_id"] for row in csv.DictReader(io.StringIO(output))] == [new["release_id"], old["release_id"]]
    assert npa("releases", "--warehouse", home).stdout.count("\n") == 3


def test_a_broken_release_does_not_hide_the_others(refresh: Run, home: Path) -> None:
    refresh("--as-of", "2020-01-01")
    (home / "releases" / release_ids(home)[0] / "manifest.json").write_text('{"files": [{}]}')
    run = npa("releases", "--warehouse", home)
    assert run.returncode == 0
    assert release_ids(home)[1] in run.stdout
    assert "manifest.json" in run.stderr
