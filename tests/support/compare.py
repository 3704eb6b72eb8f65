"""Compare the behaviour of two versions of npa: a commit and the working tree, on the same inputs.

    python -m tests.support.compare                        everything: about a quarter of an hour on two cores
    python -m tests.support.compare --mutations 40         a minute or two
    python -m tests.support.compare --only usage           one group: raw, examples, history, usage, fixtures, cases,
                                                           mutations; may be given several times
    python -m tests.support.compare --keep ~/.cache/npa    keep the results of the base for the next run
    python -m tests.support.compare --tree DIR             compare the tree in DIR instead of this one

Exit status: 0 no difference but in wording, 1 a difference in behaviour or an entry of compare_expected.toml that
matches nothing, 2 wrong usage. Both versions are driven by `flows.cli` alone and judged by what they print and write,
so modules may move. Behaviour is: exit statuses; path, line and value of every problem; the log; columns, keys, rows of
tables and views; SQL of views and macros; files of a release; exports, forms, answers in CSV and JSON; options;
environment variables. Wording is: sentences on standard output and error, messages, descriptions, comments. Meant
differences are listed in compare_expected.toml.

Not compared: runs on a Prefect server, Dask, npa serve, notifications, locks, signals, full disks, speed, memory."""

import argparse
import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.support.compare_cases import GROUPS, ROOT, Case, Cases

# The officer's week: all that it changes is meant.
BASE = "a19f078d"
MUTATIONS = 1000
HERE = Path(__file__).resolve().parent
_SHOWN = 40  # kinds of differences that are printed with an example
_DETAILED = 12  # cases that are run again for the rows that differ
_VARIABLE = re.compile(r"(?:NPA|PREFECT)_[A-Z_]+")

Results = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that is not the same in both versions."""

    group: str
    case: str
    what: str
    base: Any
    ours: Any


@dataclass(slots=True)
class Version:
    """A tree of npa and the folder where it works."""

    name: str
    tree: Path
    home: Path
    jobs: int
    runs: int = field(default=0)

    def run(self, cases: list[Case]) -> Path:
        """Run cases; returns the folder of their results."""
        self.runs += 1
        results, work = self.home / f"results-{self.runs}", self.home / f"work-{self.runs}"
        results.mkdir(parents=True)
        work.mkdir()
        (work / "cases.json").write_text(json.dumps(cases, ensure_ascii=False), encoding="utf-8")
        begun = time.monotonic()
        print(f"{self.name}: {len(cases)} cases", file=sys.stderr, flush=True)
        arguments = [HERE / "compare_run.py", work / "cases.json", results, work, self.jobs, self.tree]
        command = [sys.executable, "-P", *map(str, arguments)]
        subprocess.run(command, cwd=self.empty(), env=self.environment(), check=True)
        shutil.rmtree(work)
        print(f"{self.name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        return results

    def draft(self, path: Path) -> str:
        """Return the draft of a dataset.toml for a file; empty if npa cannot read it."""
        command = [sys.executable, "-m", "flows.cli", "dataset", "describe", str(path), "--toml"]
        return subprocess.run(
            command, cwd=self.empty(), env=self.environment(), capture_output=True, text=True, check=False
        ).stdout

    def empty(self) -> Path:
        """Return a folder to run in, where nothing lies."""
        folder = self.home / "empty"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def environment(self) -> dict[str, str]:
        """Return the settings that a user's environment may not change."""
        quiet = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "NPA_", "PYTHON"))}
        fixed = {"PYTHONPATH": str(self.tree), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "100",
                 "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1"}  # fmt: skip
        return quiet | fixed


def main() -> int:
    """Compare, print what differs, and return the exit status."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="npa-compare-", ignore_cleanup_errors=True) as folder:
        home = Path(folder).resolve()
        base = Version(f"base {options.base}", home / "tree", home / "base", options.jobs)
        ours = Version("working tree", options.tree.resolve(), home / "ours", options.jobs)
        _extract(options.base, base.tree)
        cases = _cases(options, home / "inputs", base)
        base_results = _kept_or_run(options, base, cases, home)
        ours_results = ours.run(cases)
        differences, wording = _compared(cases, _read(base_results), _read(ours_results))
        differences += _environment_differences(base.tree, ours.tree)
        stale = _leave_out_expected(differences, options)
        _print_wording(wording)
        _print_differences(differences, base, ours, cases, (base_results, ours_results))
        _print_counts(cases, _read(ours_results))
    for entry in stale:
        print(f"STALE    compare_expected.toml: {entry['group']}: {entry['what']} matches no difference: remove it.")
    kinds = len({difference.what for difference in differences})
    print(f"{len(differences)} differences in behaviour, of {kinds} kinds; {len(wording)} in wording only.")
    return 1 if differences or stale else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--base", default=BASE, metavar="COMMIT", help="commit to compare with (default: %(default)s)")
    parser.add_argument("--tree", default=ROOT, type=Path, metavar="DIR", help="tree to compare (default: this one)")
    parser.add_argument("--mutations", default=MUTATIONS, type=int, metavar="N",
                        help="mutated plans; an eighth as many reports, data sets (default: %(default)s)")  # fmt: skip
    parser.add_argument("--jobs", default=2, type=int, metavar="N", help="cases at a time (default: %(default)s)")
    parser.add_argument("--only", action="append", default=[], choices=GROUPS, help="only the cases of this group")
    shared = Path(os.environ.get("NPA_COMPARE_CASES", ROOT.parent / "shared" / "cases"))
    parser.add_argument("--cases", default=shared, type=Path, metavar="DIR",
                        help="folder of shared cases (default: NPA_COMPARE_CASES, or ../shared/cases)")  # fmt: skip
    parser.add_argument("--keep", type=Path, metavar="DIR", help="folder that keeps the results of the base")
    return parser.parse_args()


def _extract(commit: str, tree: Path) -> None:
    """Return the files of a commit, without a worktree that could be left behind."""
    tree.mkdir(parents=True)
    archive = subprocess.run(["git", "-C", str(ROOT), "archive", commit], capture_output=True, check=False)
    if archive.returncode:
        fault = archive.stderr.decode().strip()
        print(f"compare: {commit} cannot be read: {fault}. Give a commit with --base.", file=sys.stderr)
        sys.exit(2)
    subprocess.run(["tar", "-x", "-C", str(tree)], input=archive.stdout, check=True)


def _cases(options: argparse.Namespace, home: Path, base: Version) -> list[Case]:
    home.mkdir(parents=True)
    shared = options.cases.resolve()
    if not shared.is_dir():
        print(f"No shared cases: {shared} is not there (see --cases). Their group is left out.")
    cases = list(Cases(home, base.tree, shared, options.mutations, base.draft).of(options.only or GROUPS))
    assert len({case["id"] for case in cases}) == len(cases), "two cases have one name"
    return cases


def _kept_or_run(options: argparse.Namespace, base: Version, cases: list[Case], home: Path) -> Path:
    """Return the results of the base, from an earlier run where it had the same inputs."""
    if not options.keep:
        return base.run(cases)
    kept: Path = options.keep / _key(options.base, cases, home)
    if not kept.is_dir():
        results = base.run(cases)
        aside = kept.with_suffix(f".{os.getpid()}")
        shutil.copytree(results, aside)
        aside.replace(kept)
    else:
        print(f"{base.name}: results of an earlier run in {kept}", file=sys.stderr)
    return kept


def _key(commit: str, cases: list[Case], home: Path) -> str:
    """Return a digest of what results depend on: the commit, this harness, the inputs, Python and the libraries."""
    name = subprocess.run(["git", "-C", str(ROOT), "rev-parse", commit], capture_output=True, text=True, check=True)
    digest = hashlib.sha256(name.stdout.encode())
    for module in sorted(HERE.glob("compare*.py")):
        digest.update(module.read_bytes())
    digest.update((sys.version + (ROOT / "requirements.lock").read_text(encoding="utf-8")).encode())
    digest.update(json.dumps(cases, ensure_ascii=False).replace(str(home), "").encode())
    for raw in sorted({case["raw"] for case in cases}):
        for path in sorted(path for path in Path(raw).rglob("*") if path.is_file()):
            digest.update(str(path.relative_to(raw)).encode() + path.read_bytes())
    return f"{commit}-{digest.hexdigest()[:16]}"


def _read(results: Path) -> Results:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in results.glob("*.json")}


def _compared(cases: list[Case], base: Results, ours: Results) -> tuple[list[Difference], list[Difference]]:
    """Return the differences in behaviour, and those in wording."""
    found: tuple[list[Difference], list[Difference]] = [], []
    nothing: dict[str, Any] = {"facts": {"harness": "no result"}, "wording": {}}
    for case in cases:
        one, other = base.get(case["id"], nothing), ours.get(case["id"], nothing)
        if "harness" in other["facts"] or "harness" in one["facts"]:  # also where both failed in the same way
            found[0].append(Difference(case["group"], case["id"], "harness", one["facts"].get("harness"),
                                       other["facts"].get("harness")))  # fmt: skip
            continue
        for kind, differences in zip(("facts", "wording"), found, strict=True):
            for what in sorted(one[kind].keys() | other[kind].keys()):
                first, second = one[kind].get(what), other[kind].get(what)
                if first != second or _has_another_order(first, second):
                    differences.append(Difference(case["group"], case["id"], what, first, second))
    return found


def _has_another_order(one: Any, other: Any) -> bool:
    """Whether the keys of equal objects come in another order, which users of CSV and JSON see."""
    return isinstance(one, dict | list) and json.dumps(one) != json.dumps(other)


def _environment_differences(base: Path, ours: Path) -> Iterator[Difference]:
    one, other = _variables(base), _variables(ours)
    for name in sorted(one ^ other):
        yield Difference("environment", "source", f"variable/{name}", name in one or None, name in other or None)


def _variables(tree: Path) -> set[str]:
    """Return the environment variables that the source names as a string of their own or as a keyword."""
    names: set[str] = set()
    for folder in ("flows", "transforms", "schemas"):
        for path in (tree / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = (
                    node.value if isinstance(node, ast.Constant) else node.arg if isinstance(node, ast.keyword) else ""
                )
                if isinstance(name, str) and _VARIABLE.fullmatch(name):
                    names.add(name)
    return names


def _leave_out_expected(differences: list[Difference], options: argparse.Namespace) -> list[dict[str, str]]:
    """Take out the expected differences; returns the entries that match none, if every case was run."""
    path = HERE / "compare_expected.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("expected", [])
    counts = [0] * len(entries)
    for difference in list(differences):
        for number, entry in enumerate(entries):
            if fnmatchcase(difference.group, entry["group"]) and fnmatchcase(difference.what, entry["what"]):
                counts[number] += 1
                if difference in differences:
                    differences.remove(difference)
    for entry, count in zip(entries, counts, strict=True):
        if count:
            print(f"EXPECTED {entry['group']}: {entry['what']}: {count} times. {entry['reason']}")
    is_whole = not options.only and options.mutations >= MUTATIONS and options.cases.is_dir()
    return [entry for entry, count in zip(entries, counts, strict=True) if not count] if is_whole else []


# The report


def _print_wording(wording: list[Difference]) -> None:
    """Return a tally, with an example of each kind."""
    kinds: dict[str, list[Difference]] = defaultdict(list)
    for difference in wording:
        kinds[difference.what].append(difference)
    for what, differences in sorted(kinds.items(), key=lambda item: -len(item[1]))[:_SHOWN]:
        first = differences[0]
        print(f"WORDING  {what}: in {len(differences)} cases, first in {first.case}")
        _print_change(first.base, first.ours, limit=2)


def _print_differences(
    differences: list[Difference], base: Version, ours: Version, cases: list[Case], results: tuple[Path, Path]
) -> None:
    """Each kind of difference once, with its first case."""
    kinds: dict[str, list[Difference]] = defaultdict(list)
    for difference in differences:
        kinds[difference.what].append(difference)
    first = [kind[0] for kind in kinds.values()][:_SHOWN]
    rows = _rows(first, base, ours, cases)
    for difference in first:
        groups = Counter(one.group for one in kinds[difference.what])
        cases_of_groups = ", ".join(f"{count} of {group}" for group, count in groups.items())
        print(f"DIFFERS  {difference.what}: in {cases_of_groups}; first in {difference.case}")
        if (key := (difference.case, difference.what)) in rows:
            _print_counts_of_rows(difference)
            _print_change(*rows[key])
        elif difference.what.startswith("file/") and difference.base and difference.ours:
            name = f"{difference.case}/{difference.what.removeprefix('file/')}"
            one, other = ((folder / name).read_text(encoding="utf-8") for folder in results)
            _print_change(one, other)
        else:
            _print_change(difference.base, difference.ours)
    for what in list(kinds)[_SHOWN:]:
        print(f"DIFFERS  {what}: in {len(kinds[what])} cases, first in {kinds[what][0].case}")


def _print_counts_of_rows(difference: Difference) -> None:
    one, other = ((value or {}).get("rows", "no") for value in (difference.base, difference.ours))
    print(f"    {one} rows in the base, {other} here")


def _rows(
    differences: list[Difference], base: Version, ours: Version, cases: list[Case]
) -> dict[tuple[str, str], tuple[list[str], list[str]]]:
    """Return the rows of tables that differ; the first cases are run once more for that."""
    wanted: dict[str, list[str]] = {}
    for difference in differences:
        if difference.what.startswith(("table/", "view/")) and difference.base and difference.ours:
            wanted.setdefault(difference.case, []).append(difference.what)
    again = [{**case, "rows_of": wanted[case["id"]]} for case in cases if case["id"] in wanted][:_DETAILED]
    if not again:
        return {}
    both = [_read(version.run(again)) for version in (base, ours)]
    return {
        (case["id"], what): (both[0][case["id"]]["facts"][f"rows/{what}"], both[1][case["id"]]["facts"][f"rows/{what}"])
        for case in again
        for what in wanted[case["id"]]
    }


def _print_change(one: Any, other: Any, limit: int = 3) -> None:
    """Return the first things that only one version has."""
    first, second = list(_flat(one)), list(_flat(other))
    only_base, only_ours = Counter(first) - Counter(second), Counter(second) - Counter(first)
    for name, only in (("base", only_base), ("here", only_ours)):
        for text in list(only)[:limit]:
            print(f"    only {name}: {text[:400]}")
        if len(only) > limit:
            print(f"    only {name}: … {len(only) - limit} more")
    if not only_base and not only_ours:
        print("    the same, in another order")


def _flat(value: Any, path: str = "") -> Iterable[str]:
    """Return a value in pieces that can be compared one by one."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _flat(one, f"{path}{key}.")
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for one in value:
            yield from _flat(one, path)
    elif isinstance(value, list):
        yield from (f"{path} {one}".strip() for one in value)
    elif isinstance(value, str) and "\n" in value:
        yield from value.splitlines()
    else:
        yield f"{path.rstrip('.')} {value}".strip()


def _print_counts(cases: list[Case], ours: Results) -> None:
    """How many cases there were, and how many of them were published."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        group = case["group"]
        if group == "mutations":
            group = re.sub(r"-\d{4}-?", " ", case["id"]).strip()
        status = ours.get(case["id"], {}).get("facts", {}).get("status/refresh")
        word = {0: "published", 1: "rejected", None: "without a refresh"}.get(status, f"status {status}")
        counts[group][word] += 1
    for group, words in counts.items():
        print(f"{group}: {', '.join(f'{count} {word}' for word, count in sorted(words.items()))}")


if __name__ == "__main__":
    sys.exit(main())
