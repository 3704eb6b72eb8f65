"""Sources that the last release had: a missing source or lost rows are rejected, unless a removal is stated."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.sources.files import RANGES
from tests.support.command import npa
from tests.support.marks import but
from tests.support.small_country import DATA, PLAN, REPORT, Small, make_raw
from tests.support.warm_process import Ran, Warm
from transforms.statistics.quality.plausible_ranges import RangeRow

_ROWS = [
    f"KGZ-CRC-2019-01-0{number},KGZ-NSC,{year},{year + 1}-01-10,in_progress,\n"
    for number in (1, 2)
    for year in (2019, 2020)
]
_HEAD = "activity_id,agency_id,time_period,reported_on,status,completed_on\n"
_FIRST = "statistics/unicef-cme/CME_first.csv"


@pytest.fixture(scope="module")
def published(process: Warm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return sources with two reports and a data set of two files, and a release of them, which no test may change."""
    home = tmp_path_factory.mktemp("published")
    raw = make_raw(home / "raw")
    (raw / REPORT).write_text(_HEAD + "".join(_ROWS) * 2, encoding="utf-8")
    (raw / "progress" / "2020").mkdir()
    second = _ROWS[0].replace("-01-10", "-02-10")
    (raw / "progress" / "2020" / "second.csv").write_text(_HEAD + second, encoding="utf-8")
    (raw / "progress" / "notes.docx").write_bytes(b"no report")
    other = shutil.copytree(raw / "statistics" / "unicef-cme", raw / "statistics" / "other")
    text = (other / "dataset.toml").read_text(encoding="utf-8")
    (other / "dataset.toml").write_text(text.replace("UNICEF-CME", "OTHER"), encoding="utf-8")
    _split(raw)
    ranges = f"{RangeRow.heading()}\nSH_DYN_MORT,,,,,,,,,none found: nowhere\n"
    (raw / RANGES).write_text(ranges, encoding="utf-8")
    small = Small(raw, home / "warehouse", process)
    ran = small.refresh()
    assert ran.returncode == 0, ran
    return home


def _split(raw: Path) -> None:
    """Split the data set into two files of one glob."""
    toml = raw / "statistics" / "unicef-cme" / "dataset.toml"
    text = toml.read_text(encoding="utf-8")
    (line,) = [candidate for candidate in text.splitlines() if candidate.startswith("files")]
    toml.write_text(text.replace(line, 'files = ["CME_*.csv"]'), encoding="utf-8")
    head, *rows = (raw / DATA).read_text(encoding="utf-8").splitlines(keepends=True)
    (raw / _FIRST).write_text(head + rows[0], encoding="utf-8")
    (raw / DATA).write_text(head + "".join(rows[1:]), encoding="utf-8")


@pytest.fixture
def small(published: Path, process: Warm, tmp_path: Path) -> Small:
    """Return a copy of the published sources."""
    shutil.copytree(published, tmp_path / "home", symlinks=True)
    return Small(tmp_path / "home" / "raw", tmp_path / "home" / "warehouse", process)


def _check(small: Small) -> Ran:
    return small.process.run("check", "--raw", small.raw, "--warehouse", small.home, "--as-of", "2021-06-01")


def _manifest(small: Small) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((small.home / "current" / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def _remove(name: str) -> Callable[[Path], object]:
    return lambda raw: shutil.rmtree(raw / name) if (raw / name).is_dir() else (raw / name).unlink()


def _empty(name: str) -> Callable[[Path], None]:
    def deed(raw: Path) -> None:
        shutil.rmtree(raw / name)
        (raw / name).mkdir()

    return deed


def _cut(name: str, lines: int) -> Callable[[Path], object]:
    def deed(raw: Path) -> None:
        text = (raw / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (raw / name).write_text("".join(text[:lines]), encoding="utf-8")

    return deed


def _write(name: str, text: str) -> Callable[[Path], object]:
    return lambda raw: (raw / name).write_text(text, encoding="utf-8")


def _second_plan(raw: Path) -> None:
    """Put another country's plan in the place of the one that was there."""
    folder = raw / "plans" / "uzb-plan-2019"
    (raw / PLAN).parent.rename(folder)
    for path in folder.iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace("KGZ", "UZB") + "\n", encoding="utf-8")


_LOST: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "the reports are gone": (_remove("progress"), ["progress: all that release", "moes.csv (4 rows)", "second.csv (1"]),
    "the reports are gone, and their folder is there": (_empty("progress"), ["progress: all that release"]),
    "one report": (_remove(REPORT), [f"{REPORT}: it is gone; release", "has it (4 rows)"]),
    "a folder of reports": (_remove("progress/2020"), ["progress/2020: all that release", "second.csv (1 rows)"]),
    "the statistics": (_remove("statistics"), ["statistics: all that release", "other/CME_MRY0T4_all_2020.csv ("]),
    "a data set": (_remove("statistics/unicef-cme"), ["statistics/unicef-cme: all that release", "dataset.toml"]),
    "the plausible ranges": (_remove(RANGES), [f"{RANGES}: it is gone; release"]),
    "a file of a glob": (_remove(_FIRST), [f"{_FIRST}: it is gone; release"]),
    "a document": (_second_plan, ["plans: all that release", "kgz-plan-2019/plan.toml"]),
    "rows of a report": (_cut(REPORT, 4), [f"{REPORT}: it has 3 rows; release", "took 4 from it"]),
    "a report is empty": (_write(REPORT, ""), [f"{REPORT}: it has 0 rows; release", "took 4 from it"]),
    "a report is cut in its headings": (_write(REPORT, _HEAD[:20]), [f"{REPORT}: it has 0 rows"]),
    "rows of a data file": (_cut(DATA, 2), [f"{DATA}: it has 1 rows; release"]),
    "several at once": (
        lambda raw: (_remove(_FIRST)(raw), _remove(REPORT)(raw)),
        [f"{_FIRST}: it is gone", f"{REPORT}: it is gone"],
    ),
}


_QUICK = "the reports are gone", "rows of a report", "a data set", "a document", "several at once"


@pytest.mark.parametrize("case", but(pytest.mark.slow, _LOST, _QUICK))
def test_a_missing_source_is_rejected_and_listed(small: Small, case: str) -> None:
    deed, expected = _LOST[case]
    deed(small.raw)
    before = small.current()
    small.check_fault(ran := small.refresh(), 1, before, "rejected")
    checked = _check(small)
    assert checked.returncode == 1
    for text in (*expected, "Put it back", "removed.toml", "--accept-removals"):
        assert text in ran.stderr, ran.stderr
        assert text in checked.stderr, checked.stderr
    assert npa("health", "--warehouse", small.home).returncode == 1
    accepted = small.refresh("--accept-removals")
    if case != "a document":  # its reports are about activities that no longer exist
        assert accepted.returncode == 0, accepted
        assert "published without what the last release had of: " in accepted.stdout
        assert _manifest(small)["removed"]
        if case in ("a data set", "rows of a report"):
            assert _check(small).returncode == 0, "it is accepted once, and not missing any more"


def test_force_is_no_acceptance(small: Small) -> None:
    _remove(REPORT)(small.raw)
    assert small.refresh("--force").returncode == 1


_KEPT: dict[str, Callable[[Path], object]] = {
    "a report that moved": lambda raw: (raw / REPORT).rename(raw / "progress" / "2020" / "moes-2020.csv"),
    "a report replaced under its name": _write(REPORT, _HEAD + "".join(_ROWS).replace("in_progress", "suspended")),
    "a report that moved, and another under its name": lambda raw: (
        (raw / REPORT).rename(raw / "progress" / "old.csv"),
        (raw / REPORT).write_text(_HEAD + _ROWS[0].replace("-01-10", "-03-10"), encoding="utf-8"),
    ),
    "a report all of whose rows are refused": _write(REPORT, _HEAD + "".join(_ROWS).replace("in_progress", "soon")),
    "a file that was no report": _remove("progress/notes.docx"),
    "a data file that moved": lambda raw: (raw / _FIRST).rename(raw / "statistics" / "unicef-cme" / "CME_one.csv"),
    "a data set that moved": lambda raw: (raw / "statistics" / "unicef-cme").rename(raw / "statistics" / "moved"),
    "a document that moved": lambda raw: (raw / PLAN).parent.rename(raw / "plans" / "kgz-moved"),
    "a data file all of whose rows are in a larger one": lambda raw: (
        raw / "statistics/unicef-cme/CME_all.csv"
    ).write_text(
        (raw / DATA).read_text(encoding="utf-8") + (raw / _FIRST).read_text(encoding="utf-8").partition("\n")[2],
        encoding="utf-8",
    ),
    "a report that said everything twice": _write(REPORT, _HEAD + "".join(_ROWS)),
    "more rows": lambda raw: (raw / REPORT).write_text(
        _HEAD + "".join(_ROWS) + _ROWS[0].replace("-01-10", "-03-10"), encoding="utf-8"
    ),
}


@pytest.mark.parametrize("case", _KEPT)
def test_what_moved_or_was_replaced_is_not_missing(small: Small, case: str) -> None:
    _KEPT[case](small.raw)
    ran = _check(small)
    assert ran.returncode == 0, ran


def test_what_moved_is_published(small: Small) -> None:
    _KEPT["a report that moved"](small.raw)
    ran = small.refresh()
    assert ran.returncode == 0, ran
    assert "published without" not in ran.stdout


def test_a_data_file_that_moved_out_of_its_glob_is_missing(small: Small) -> None:
    (small.raw / _FIRST).rename((small.raw / _FIRST).with_name("first.csv"))
    ran = small.refresh()
    assert ran.returncode == 1
    assert f"{_FIRST}: it has 0 rows" in ran.stderr


def _entry(what: str, why: str = "Withdrawn by the ministry.", when: str = "2021-05-30") -> str:
    return f'[[removed]]\nwhat = "{what}"\nwhen = {when}\nwhy = "{why}"\n'


@pytest.mark.parametrize(
    ("name", "place", "what"),
    [
        (REPORT, "progress", "moes.csv"),
        ("progress", ".", "progress"),
        pytest.param(REPORT, ".", REPORT, marks=pytest.mark.slow),
        pytest.param("progress", "progress", ".", marks=pytest.mark.slow),
        pytest.param("progress/2020", "progress", "2020/", marks=pytest.mark.slow),
        pytest.param(_FIRST, "statistics/unicef-cme", "CME_first.csv", marks=pytest.mark.slow),
        ("statistics/unicef-cme", "statistics", "unicef-cme"),
    ],
)
def test_a_stated_removal_is_published_with_an_issue(small: Small, name: str, place: str, what: str) -> None:
    _remove(name)(small.raw)
    (small.raw / place).mkdir(exist_ok=True)
    day = '"2021-05-30"' if place == "." else "2021-05-30"  # a text is accepted as a date, too
    _write(f"{place}/removed.toml", _entry(what, when=day))(small.raw)
    ran = small.refresh()
    assert ran.returncode == 0, ran
    run = npa("query", "--warehouse", small.home, "--format", "json",
                "SELECT severity, action, message FROM quality_issue WHERE rule = 'source_removed'")  # fmt: skip
    (issue,) = json.loads(run.stdout)
    stated_in = "removed.toml" if place == "." else f"{place}/removed.toml"
    message = f"{stated_in} says that it was removed on 2021-05-30: Withdrawn by the ministry."
    assert issue == {"severity": "info", "action": "flagged", "message": message}
    if name == REPORT:
        assert _check(small).returncode == 0, "the entry stays, as history"


def test_an_entry_counts_once(small: Small) -> None:
    """Check again a file that came back, or that lost rows on purpose."""
    full = (small.raw / REPORT).read_text(encoding="utf-8")
    removed = small.raw / "progress" / "removed.toml"
    _cut(REPORT, 3)(small.raw)
    removed.write_text(_entry("moes.csv"), encoding="utf-8")
    assert small.refresh().returncode == 0
    _write(REPORT, full)(small.raw)
    assert small.refresh().returncode == 0
    for lose in (_cut(REPORT, 3), _remove(REPORT)):
        lose(small.raw)
        assert _check(small).returncode == 1
    removed.write_text(_entry("moes.csv") + _entry("moes.csv", when="2021-05-31"), encoding="utf-8")
    assert small.refresh().returncode == 0


_WRONG: dict[str, tuple[str | bytes, str]] = {
    "of a source that is there": (_entry("moes.csv"), "it is stated that this was removed, but it is there"),
    "no reason": (_entry("moes.csv", why=" "), "entry 1: why is not a reason"),
    "no day": (_entry("moes.csv", when='"soon"'), "entry 1: when is not a date"),
    "another key": (_entry("moes.csv") + "who = 1\n", "entry 1: who is no key that is known"),
    "a path that leads out": (_entry("../statistics"), "the path leads out of the folder of removed.toml"),
    "the folder above": (_entry(".."), "the path leads out of the folder of removed.toml"),
    "no list": ('removed = "moes.csv"', "removed is not a list of entries"),
    "a table": ('[removed]\nwhat = "moes.csv"', "removed is not a list of entries"),
    "a list of texts": ('removed = ["moes.csv"]', "entry 1: it is not a table of what, when and why"),
    "nothing in it": ("# later", "removed is missing"),
    "no what": ('[[removed]]\nwhen = 2021-05-30\nwhy = "x"\n', "entry 1: what is missing"),
    "no TOML": ("what = moes.csv", "the file is not TOML"),
    "another encoding": (_entry("moes.csv", why="Отозван").encode("cp1251"), "it seems to be windows-1251"),
}  # fmt: skip


@pytest.mark.parametrize("case", _WRONG)
def test_an_entry_that_is_wrong_is_refused(small: Small, case: str) -> None:
    content, expected = _WRONG[case]
    data = content if isinstance(content, bytes) else content.encode()
    (small.raw / "progress" / "removed.toml").write_bytes(data)
    before = small.current()
    small.check_fault(ran := small.refresh(), 1, before, "rejected")
    assert "progress/removed.toml" in ran.stderr
    assert expected in ran.stderr


def test_check_refuses_a_wrong_entry_where_nothing_else_is_checked(small: Small) -> None:
    for name in ("progress", "statistics"):
        _remove(name)(small.raw)
    (small.raw / "removed.toml").write_text("".join(map(_entry, ("progress", "statistics", "plans"))), encoding="utf-8")
    for ran in (small.refresh(), _check(small)):
        assert (ran.returncode, "it is stated that this was removed" in ran.stderr) == (1, True), ran


def test_a_damaged_release_still_guards(small: Small) -> None:
    """Publish again where nothing is missing."""
    (small.home / "current" / "manifest.json").write_text("{", encoding="utf-8")
    report = (small.raw / REPORT).read_bytes()
    _remove(REPORT)(small.raw)
    assert small.refresh("--force").returncode == 1
    (small.raw / REPORT).write_bytes(report)
    assert small.refresh().returncode == 0


@pytest.mark.parametrize(
    "content", but(pytest.mark.slow, ["", "{}", '{"inputs": 1, "outputs": [], "files": []}'], ["{}"])
)
def test_a_refresh_is_rejected_where_no_release_can_be_read(small: Small, content: str) -> None:
    _remove("progress")(small.raw)
    for name in ("current/manifest.json", "last_manifest.json"):
        assert small.refresh().returncode == 1, "one of the two says what there was"
        (small.home / name).write_text(content, encoding="utf-8")
    for ran in (small.refresh(), small.refresh("--force"), _check(small)):
        assert ran.returncode == 1, ran
        assert "the last release cannot be read, so nobody can tell which sources are missing" in ran.stderr
    assert small.refresh("--accept-removals").returncode == 0


@pytest.mark.parametrize(
    "wrong",
    but(pytest.mark.slow, [{"inputs": [1]}, {"inputs": [{"path": REPORT}]}, {"removals": [1]}], [{"inputs": [1]}]),
)
def test_a_manifest_of_another_shape_is_ignored(small: Small, wrong: dict[str, Any]) -> None:
    assert small.refresh("--force").returncode == 0
    text = json.dumps(_manifest(small) | wrong)
    for name in ("current/manifest.json", "last_manifest.json"):
        (small.home / name).write_text(text, encoding="utf-8")
    _remove(REPORT)(small.raw)
    ran = small.refresh("--force")
    assert (ran.returncode, "sources are compared with those of" in ran.stderr) == (1, True), ran
    assert f"{REPORT}: it is gone" in ran.stderr


def test_a_release_of_an_older_version_guards_what_it_names(small: Small) -> None:
    """Read a manifest that counts no rows."""
    path = small.home / "current" / "manifest.json"
    manifest = _manifest(small)
    for source in manifest["inputs"]:
        source.pop("rows", None)
    del manifest["removals"], manifest["removed"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    _remove(REPORT)(small.raw)
    ran = small.refresh()
    assert ran.returncode == 1
    assert f"{REPORT}: it is gone; release" in ran.stderr
    _write(REPORT, _HEAD + _ROWS[0])(small.raw)
    assert small.refresh().returncode == 0
