"""Sources that the last release had and that are gone or have lost rows: refused, unless it is stated that they were
removed. What cannot be found is not published as "no data". Imports nothing heavy."""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from posixpath import basename, dirname, join
from typing import TYPE_CHECKING, Any

from flows.releases.warehouse import Warehouse
from flows.sources.files import Counts, Inputs
from flows.sources.root_entries import REMOVED
from transforms.errors import InputProblem, InputRejected, WarehouseFault
from transforms.printable import printable
from transforms.quality.text import sentence

if TYPE_CHECKING:
    from flows.refresh.removals import Removal
    from flows.sources.plans import Plans

_LEAST_SHARE = 0.9  # of the rows that the last release has of a source: with fewer, something of it was lost
_MOST_NAMES = 10  # of files, in one problem


@dataclass(frozen=True, slots=True)
class Source:
    """An input file of which a release has something: its SHA-256, and the rows taken from it (None: not counted)."""

    sha256: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Previous:
    """What the last release had: its sources by path, and stated removals. Before the first one there is no id."""

    release_id: str = ""
    sources: Mapping[str, Source] = field(default_factory=dict)
    removals: tuple[tuple[str, str, str], ...] = ()
    unreadable: str = ""  # id of the last release, where neither it nor one before it can be read


@dataclass(slots=True)
class Guard:
    """Compares the sources of a refresh with those of the last release; `accepted` collects what is gone on purpose."""

    previous: Previous
    hashes: Mapping[str, str]  # SHA-256 of each input by path
    removals: list["Removal"]
    accept_all: bool = False
    accepted: list[str] = field(default_factory=list)
    _used: set[int] = field(default_factory=set)

    def missing(self) -> list[InputProblem]:
        """List the sources of the last release that are neither under their path nor, with the same bytes, under
        another, a folder of which nothing is left as one. An unmounted disk may come back: another try helps."""
        if self.previous.unreadable and not self.accept_all:
            what = "the last release cannot be read, so nobody can tell which sources are missing"
            remedy = "Compare the sources with what was published, then run npa refresh --accept-removals."
            return [InputProblem(what, remedy, path=f"releases/{self.previous.unreadable}")]
        known, sources = set(self.hashes.values()), self.previous.sources
        lost = [path for path in sources if path not in self.hashes and sources[path].sha256 not in known]
        groups = _by_folder([path for path in lost if not self._accepts(path)], sources)
        return [
            InputProblem(self._loss(place, paths), _remedy(place), path=printable(place), is_temporary=True)
            for place, paths in groups.items()
        ]

    def check_rows(self, now: Counts) -> None:
        """Raise InputRejected for sources that have fewer rows `now`, refused ones included, than 90 % of those that
        the last release took from them, and for the removals stated of sources that are there."""
        if problems := [*self._shrunk(now), *self._unneeded()]:
            raise InputRejected(problems)

    def described(self) -> dict[str, Any]:
        """Return what the manifest says of removals: those stated, and the sources that are missing in this release."""
        stated = [{"what": removal.what, "when": removal.when, "why": removal.why} for removal in self.removals]
        return {"removals": stated, "removed": sorted(self.accepted)}

    def _shrunk(self, now: Counts) -> Iterator[InputProblem]:
        places: dict[str, list[str]] = {}
        for path, sha in self.hashes.items():
            places.setdefault(sha, []).append(path)
        for path, source in self.previous.sources.items():
            there = places.get(source.sha256) or [path] * (path in self.hashes)
            rows = max((now.get(place, (0, 0))[1] for place in there), default=0)
            if not there or source.rows is None or rows >= _LEAST_SHARE * source.rows:
                continue
            is_elsewhere = source.sha256 in places and any(self._has_grown(place, now) for place in there)
            if not is_elsewhere and not self._accepts(path):
                what = "it has {held} rows; release {release_id} took {rows} from it"
                what = sentence(what, held=rows, release_id=self.previous.release_id, rows=source.rows)
                yield InputProblem(what, _remedy(path), path=printable(path))

    def _has_grown(self, path: str, now: Counts) -> bool:
        """Return True if a data set has as many rows as before: one that two files have is counted for the first."""
        folder = "/".join(path.split("/")[:2]) + "/"
        before = sum(source.rows or 0 for name, source in self.previous.sources.items() if name.startswith(folder))
        after = sum(rows for name, (_, rows) in now.items() if name.startswith(folder))
        return folder.startswith("statistics/") and before <= after

    def _accepts(self, path: str) -> bool:
        """Return True if the loss of a source is stated, by an entry that the last release did not know, or all are."""
        entries = [n for n, removal in enumerate(self.removals) if removal.covers(path) and self._is_new(removal)]
        self._used.update(entries)
        if entries or self.accept_all:
            self.accepted.append(path)
        return bool(entries) or self.accept_all

    def _is_new(self, removal: "Removal") -> bool:
        return (removal.what, removal.when, removal.why) not in self.previous.removals

    def _unneeded(self) -> Iterator[InputProblem]:
        for number, removal in enumerate(self.removals):
            is_idle = self._is_new(removal) and number not in self._used
            if self.previous.release_id and is_idle and any(map(removal.covers, self.hashes)):
                what, remedy = (
                    "it is stated that this was removed, but it is there",
                    "Take the entry out, or the file away.",
                )
                yield InputProblem(what, remedy, path=removal.stated_in, value=removal.what)

    def _loss(self, place: str, paths: list[str]) -> str:
        sources, release = self.previous.sources, self.previous.release_id
        sizes = {path: f" ({sources[path].rows} rows)" if sources[path].rows else "" for path in paths}
        if paths == [place]:
            return sentence("it is gone; release {release} has it{size}", release=release, size=sizes[place])
        names = ", ".join(printable(f"{path.removeprefix(f'{place}/')}{sizes[path]}") for path in paths[:_MOST_NAMES])
        rest = sentence(" and {count} more", count=len(paths) - _MOST_NAMES) if len(paths) > _MOST_NAMES else ""
        what = "all that release {release} has of it is gone: {names}{more}"
        return sentence(what, release=release, names=names, more=rest)


def guarded(plans: "Plans", warehouse: Warehouse, inputs: Inputs, accept_all: bool = False) -> Guard:
    """Compare `inputs` with the last release of `warehouse`. Add to `plans` what is gone and what is wrong with
    removed.toml, so that all problems are reported together, and an issue for each removal that is stated."""
    removals: list[Removal] = []
    if inputs.removals:
        from flows.refresh.removals import read_removals

        removals, problems = read_removals(inputs.removals)
        plans.problems += problems
        plans.rows.add_all("quality_issue", _issues(removals))
    guard = Guard(_previous(warehouse), inputs.hashes(), removals, accept_all)
    plans.problems += guard.missing()
    return guard


def _previous(warehouse: Warehouse) -> Previous:
    """Return what the current release had, by its manifest or the copy of that, or else the newest that can be read."""
    current = warehouse.current_id()
    ids = dict.fromkeys([*filter(None, [current]), *warehouse.release_ids()])
    for release_id in ids:
        for path in (warehouse.releases / release_id / "manifest.json", warehouse.last_manifest):
            with contextlib.suppress(WarehouseFault, LookupError, TypeError, ValueError, AttributeError):
                release = _described(warehouse.read_manifest(path))
                if release.release_id == release_id:
                    if current and release_id != current:
                        print(f"{current} cannot be read: sources are compared with those of {release_id}",
                              file=sys.stderr)  # fmt: skip
                    return release
    return Previous(unreadable=next(iter(ids), ""))


def _described(manifest: Mapping[str, Any]) -> Previous:
    """Return what a manifest says of the sources of its release. Of what gave no row, nothing can be lost."""
    sources = {
        file["path"]: Source(file["sha256"], None if file.get("rows") is None else int(file["rows"]))
        for file in manifest["inputs"]
        if file.get("rows") != 0 and basename(file["path"]) != REMOVED
    }
    removals = tuple((entry["what"], entry["when"], entry["why"]) for entry in manifest.get("removals", ()))
    return Previous(str(manifest["release_id"]), sources, removals)


def _issues(removals: list["Removal"]) -> Iterator[dict[str, Any]]:
    """Yield the rows of `quality_issue` about sources that are stated to be removed."""
    from transforms.quality.catalogue import message_of, rules

    rule = rules()["source_removed"]
    for number, removal in enumerate(removals, 1):
        message = message_of(rule.rule, file=removal.stated_in, day=removal.when, reason=removal.why)
        yield {
            "issue_id": f"REMOVED-Q{number:04d}", "rule": rule.rule, "severity": rule.severity, "document_id": None,
            "line_number": None, "activity_id": None, "source_file": removal.what, "column_name": None,
            "source_value": None, "published_value": None, "places": 1, "action": rule.action, "message": str(message),
            "message_id": message.message_id, "arguments": message.arguments_json,
        }  # fmt: skip


def _by_folder(paths: list[str], sources: Mapping[str, Source]) -> dict[str, list[str]]:
    """Group lost files by the highest folder of which nothing is left; a file alone is its own group."""
    rest = sources.keys() - set(paths)
    groups: dict[str, list[str]] = {}
    for path in paths:
        place = path
        while (folder := dirname(place)) and not any(other.startswith(f"{folder}/") for other in rest):
            place = folder
        groups.setdefault(place, []).append(path)
    return groups


def _remedy(path: str) -> str:
    """Return what to do about a source that is gone or has lost rows."""
    from transforms.text.toml import quoted

    return sentence(
        "Put it back. If it was removed on purpose, say why in {file}:\n  [[removed]]\n  what = "
        '{name}\n  when = {today}\n  why = ""\nor accept everything that is missing, once: npa '
        "refresh --accept-removals.",
        file=printable(join(dirname(path), REMOVED)), name=quoted(basename(path)), today=datetime.now(UTC).date(),
    )  # fmt: skip
