"""`npa rollback`: a return to an earlier release, and a hold on it until something new comes."""

from collections.abc import Callable
from pathlib import Path

from flows.releases import rollback
from flows.releases.warehouse import Warehouse
from tests.support.command import Run, npa
from tests.support.history import answer, current_id, release_ids


def test_rollback_holds_until_something_new_comes(
    nights: Callable[[int], list[str]], refresh: Run, raw: Path, home: Path
) -> None:
    first, second = nights(1)
    done = npa("rollback", first, "--warehouse", home)
    assert (done.returncode, current_id(home)) == (0, first), done.stderr
    assert f"publishes nothing until inputs or software are other than those of {second}" in done.stdout
    for day in ("2020-01-02", "2020-01-03"):  # as_of moves every night, and does not count
        night = refresh("--as-of", day)
        assert (night.returncode, night.stdout.startswith(f"held: {first} is held to")) == (0, True), night
        assert second in night.stdout
    assert release_ids(home) == [first, second]
    assert {row["release_id"]: row["hold"] for row in answer(home, "releases")} == {
        first: "held to", second: "rolled back from",
    }  # fmt: skip
    (raw / "progress").mkdir(exist_ok=True)
    (raw / "progress" / "new.csv").write_text("activity_id,agency_id,time_period,reported_on,status\n")
    assert "published" in refresh("--as-of", "2020-01-03").stdout
    (raw / "progress" / "new.csv").unlink()
    assert "published" in refresh("--as-of", "2020-01-04").stdout  # the hold has ended
    assert not (home / "hold.json").exists()


def test_force_ends_the_hold(nights: Callable[[int], list[str]], refresh: Run, home: Path) -> None:
    first, _ = nights(1)
    npa("rollback", first[:16], "--warehouse", home)
    assert "published" in refresh("--as-of", "2020-01-02", "--force").stdout
    assert "published" in refresh("--as-of", "2020-01-03").stdout


def test_another_version_of_the_software_ends_the_hold(nights: Callable[[int], list[str]], home: Path) -> None:
    first, second = nights(1)
    npa("rollback", first, "--warehouse", home)
    warehouse = Warehouse(home)
    manifest = warehouse.manifest(home / "releases" / second)
    hold = rollback.hold_of(warehouse)
    assert hold
    hashes = {source["path"]: source["sha256"] for source in manifest["inputs"]}
    assert hold.reason(rollback.sources_digest(hashes, manifest["software_version"]))
    assert hold.reason(rollback.sources_digest(hashes, "0.2.0+other")) is None


def test_two_steps_back_and_one_forward(refresh: Run, raw: Path, home: Path) -> None:
    (raw / "progress").mkdir(exist_ok=True)
    (first,) = release_ids(home)
    for name in ("a", "b"):  # each release has inputs of its own
        (raw / "progress" / f"{name}.csv").write_text("activity_id,agency_id,time_period,reported_on,status\n")
        refresh()
    _, second, third = release_ids(home)
    for target in (second, first):
        assert npa("rollback", target, "--warehouse", home).returncode == 0
    assert refresh("--as-of", "2020-01-09").stdout.startswith(f"held: {first}")
    (raw / "progress" / "b.csv").unlink()  # back to the inputs of the second, which was rolled back too
    assert second in refresh("--as-of", "2020-01-09").stdout
    npa("rollback", second, "--warehouse", home)  # undoes the second step: only the third is bad now
    (raw / "progress" / "b.csv").write_text("activity_id,agency_id,time_period,reported_on,status\n")
    assert third in refresh("--as-of", "2020-01-09").stdout
    assert "nothing is held back" in npa("rollback", third, "--warehouse", home).stdout
    assert "published" in refresh("--as-of", "2020-01-09").stdout


def test_rollback_that_changes_nothing(nights: Callable[[int], list[str]], home: Path) -> None:
    first, second = nights(1)
    assert "current release already" in npa("rollback", second, "--warehouse", home).stdout
    (home / "releases" / first / "parquet" / "dim_plan.parquet").write_bytes(b"x")
    bad = npa("rollback", first, "--warehouse", home)
    assert (bad.returncode, current_id(home)) == (3, second)
    assert f"{first} is damaged: parquet/dim_plan.parquet has 1 bytes" in bad.stderr
    bad = npa("rollback", "20200101", "--warehouse", home)
    assert (bad.returncode, "no release is called, or begins with" in bad.stderr) == (1, True)
    assert not (home / "hold.json").exists()


def test_a_rollback_that_died_before_the_switch_did_nothing(
    nights: Callable[[int], list[str]], refresh: Run, home: Path
) -> None:
    first, second = nights(1)
    warehouse = Warehouse(home)
    digest = rollback.digest_of(warehouse.manifest(home / "releases" / second))
    rollback.begin_hold(warehouse, first, {second: digest})
    assert "published" in refresh("--as-of", "2020-01-02").stdout


def test_an_unreadable_hold(nights: Callable[[int], list[str]], refresh: Run, home: Path) -> None:
    first, _ = nights(1)
    npa("rollback", first, "--warehouse", home)
    (home / "hold.json").write_text('{"held_to":')
    bad = refresh("--as-of", "2020-01-02")
    assert (bad.returncode, "hold.json cannot be read" in bad.stderr, current_id(home)) == (3, True, first)
    assert "hold.json" in npa("releases", "--warehouse", home).stderr
    assert "published" in refresh("--as-of", "2020-01-02", "--force").stdout
    assert "published" in refresh("--as-of", "2020-01-03").stdout
