"""A small country: a plan of three activities, a report, a data set. Its refresh takes one second instead of ten."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.releases import refresh_log
from tests.support.kyrgyz_plan import AGENCIES, ALIASES, TEXT, TOML
from tests.support.paths import ROOT
from tests.support.warm_process import Ran, Warm

AS_OF = "2021-06-01"
REPORT = "progress/moes.csv"
PLAN = "plans/kgz-plan-2019/plan.txt"
DATA = "statistics/unicef-cme/CME_MRY0T4_all_2020.csv"
_REPORTED = """activity_id,agency_id,time_period,reported_on,status,completed_on
KGZ-CRC-2019-01-01,KGZ-MOES,2020,2021-01-10,completed,2020-11-01
"""


def is_telling(touch: str) -> bool:
    """Return whether a touch of a file is tried: of the many Parquet files, all hashed and synced, only one is."""
    return "/parquet/" not in touch or "/dim_plan." in touch or touch.endswith(".work")


def make_raw(raw: Path) -> Path:
    """Write its sources."""
    plan = (raw / PLAN).parent
    plan.mkdir(parents=True)
    files = {"plan.txt": TEXT.replace("|", "\t"), "plan.toml": TOML, "agencies.csv": AGENCIES, "aliases.csv": ALIASES}
    for name, text in files.items():
        (plan / name).write_text(text, encoding="utf-8")
    (raw / REPORT).parent.mkdir()
    (raw / REPORT).write_text(_REPORTED, encoding="utf-8")
    (raw / DATA).parent.mkdir(parents=True)
    shutil.copy(ROOT / "raw" / Path(DATA).parent / "dataset.toml", raw / Path(DATA).parent)
    with (ROOT / "raw" / DATA).open(encoding="utf-8") as lines:
        (raw / DATA).write_text("".join(x for x in lines if x.startswith(("REF_AREA", "TJK"))), encoding="utf-8")
    return raw


@dataclass(frozen=True, slots=True)
class Small:
    """A small country: its sources, its warehouse, and the process that refreshes."""

    raw: Path
    home: Path
    process: Warm

    def refresh(self, *arguments: object, as_of: str = AS_OF, **fault: Any) -> Ran:
        """Refresh, directly; `fault` as `Warm.run` takes it."""
        options = ["--raw", self.raw, "--warehouse", self.home, "--runner", "direct", "--as-of", as_of]
        return self.process.run("refresh", *options, *arguments, **fault)

    def current(self) -> str:
        """Return the id of the release that the link leads to."""
        return (self.home / "current").readlink().name

    def last_attempt(self) -> dict[str, Any]:
        """Return the last line of the log."""
        return next(refresh_log.newest_first(self.home / "refresh_log.jsonl"))

    def check_releases(self) -> None:
        """Assert that the link leads to a release, and that each release has exactly the files of its manifest."""
        assert (self.home / "current" / "manifest.json").is_file()
        for release in (self.home / "releases").iterdir():
            manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
            files = {str(path.relative_to(release)) for path in release.rglob("*") if path.is_file()}
            assert files == {file["path"] for file in manifest["files"]} | {"manifest.json"}, release
            for file in manifest["files"]:
                data = (release / file["path"]).read_bytes()
                assert len(data) == file["bytes"], (release, file)
                assert hashlib.sha256(data).hexdigest() == file["sha256"], (release, file)

    def check_fault(self, ran: Ran, status: int, before: str, outcome: str = "failed") -> None:
        """Assert that the fault was reported and logged, the last good release is current, and nothing is left over."""
        assert ran.returncode == status, ran
        assert "Traceback" not in ran.stderr, ran.stderr
        assert ran.stderr.splitlines()[-1].rstrip().endswith("."), ran.stderr
        assert self.current() == before
        self.check_releases()
        assert self.last_attempt()["outcome"] == outcome, self.last_attempt()
        assert self.left_over() == []

    def left_over(self) -> list[str]:
        """Return what does not belong to a warehouse at rest, including unpublished releases."""
        known = {"releases", "current", "refresh_log.jsonl", ".lock", ".hold-spare", "last_manifest.json", "cache"}
        others = [path.name for path in self.home.iterdir() if path.name not in known]
        published = {
            line["release_id"]
            for line in refresh_log.newest_first(self.home / "refresh_log.jsonl")
            if line["outcome"] == "published"
        }
        releases = {path.name for path in (self.home / "releases").iterdir()}
        return sorted(others) + sorted(releases - published - {self.current()})
