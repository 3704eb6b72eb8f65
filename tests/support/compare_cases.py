"""The inputs on which `compare.py` runs both versions: one folder of sources and some commands for each case."""

import json
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tests.support.compare_mutations import Files, mutated, mutated_text

Case = dict[str, Any]
Draft = Callable[[Path], str]

ROOT = Path(__file__).resolve().parents[2]
GROUPS = ["raw", "examples", "history", "usage", "fixtures", "cases", "mutations"]
AS_OF = "2026-11-24"
_PLAN = "plans/tjk-npa-2018"
_DATA = ROOT / "tests" / "data"
_PLAN_TEXTS = {
    "national-plan-of-action-2018-2022.txt": 66, "plan.toml": 14, "agencies.csv": 6, "aliases.csv": 4,
    "corrections.csv": 2, "duplicates.csv": 3, "numbering.csv": 2, "statistics.csv": 3, "doubts.csv": 1,
    "recommendations.csv": 3, "themes.csv": 3,
}  # fmt: skip
# What a draft of dataset.toml leaves open.
_OPEN = {"ref_area": "TJ", "statistic_id": "SG_REG_BRTH", "unit_measure": "PT", "time_period": "2020"}
_PLACES = ["--raw", "{raw}", "--warehouse", "{warehouse}"]
_REPORTS = """Activity ID;Agency ID;Year;Date of report;Status;% complete;Date of completion;Result achieved;Evidence
TJK-CRC-2018-05-01;TJK-AOS;2019;31.01.2020;In progress;45;;The system is being tested;
TJK-CRC-2018-05-02;TJK-AOS;2019;31.01.2020;Substantially completed;95;;Two tables are missing;
TJK-CRC-2018-05-03;TJK-AOS;2019;31.01.2020;In progress;50,0;;The procedure is drafted;
TJK-OPSC-2018-01-01;TJK-AOS;2018;31.01.2019;Completed;100;12.06.2018;The group is set up;https://example.org/group
TJK-CRC-2018-01-02;TJK-MOES;2019;2020-01-20;Not started;0;;;
TJK-CRC-2018-03-01;TJK-MOES;2018;2019-01-20;In progress;60;;Half of the units are assessed;
TJK-CRC-2018-03-02;TJK-MOES;2019;2020-01-20;Substantially completed;90;;;
TJK-CRC-2018-02-01;TJK-MOF;2019;2020-01-25;Suspended;10;;There is no money;
TJK-CRC-2018-04-01;TJK-MOF;2018;2019-01-25;Completed;100;2018-12-30;;https://example.org/budget
"""


class Cases:
    """Builds the folders of the cases under `home`; the sources are those of the tree of the base, which knows no newer
    ones."""

    def __init__(self, home: Path, base: Path, shared: Path, mutations: int, draft: Draft) -> None:
        self._home = home
        self._raw, self._examples_folder = base / "raw", base / "examples"
        self._shared = shared
        self._mutations = mutations
        self._draft = draft
        self._plan = {path.name: path.read_bytes() for path in sorted((self._raw / _PLAN).iterdir())}

    def of(self, groups: Iterable[str]) -> Iterator[Case]:
        """Return the cases of these groups; mutations, of which there are many, last."""
        build = {
            "raw": self._real, "examples": self._examples, "history": self._history, "usage": self._usage,
            "fixtures": self._fixtures, "cases": self._shared_cases, "mutations": self._mutated,
        }  # fmt: skip
        for group in GROUPS:
            if group in groups:
                yield from build[group]()

    def _real(self) -> Iterator[Case]:
        yield self._case("raw", "raw", self._raw, [*_everything("MOES", "LA"), *_cold()])

    def _examples(self) -> Iterator[Case]:
        raw, steps = self._copied(self._examples_folder, "examples"), _everything("AOS", "MLMEP")
        yield self._case("examples", "examples", raw, steps, as_of="2020-12-31", is_inside=True)

    def _mutated(self) -> Iterator[Case]:
        yield from self._mutated_statistics()
        yield from self._mutated_reports()
        yield from self._mutated_plans()

    def _case(self, group: str, name: str, raw: Path, steps: list[Any], **more: Any) -> Case:
        paths = {str(raw): "<raw>", str(ROOT): "<repo>", str(self._shared): "<shared>"}
        return {"id": name, "group": group, "raw": str(raw), "as_of": AS_OF, "steps": steps, "paths": paths, **more}

    def _copied(self, source: Path, name: str, *left_out: str) -> Path:
        """Return a copy of sources; a warehouse is never one."""
        target = self._home / name
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("warehouse", *left_out))
        return target

    def _plain(self, name: str, files: Files | None = None) -> Path:
        """Return the real plan, perhaps with other files, without statistics."""
        folder = self._home / name / _PLAN
        folder.mkdir(parents=True)
        for file, data in (files or self._plan).items():
            (folder / file).write_bytes(data)
        return self._home / name

    def _small(self, name: str) -> Path:
        """Return a plan of three activities."""
        shutil.copytree(_DATA / "plans", self._home / name / "plans", ignore=shutil.ignore_patterns("*.md"))
        return self._home / name

    def _history(self) -> Iterator[Case]:
        """Return a warehouse of several releases: what is read again, what is gone, and back."""
        raw = self._copied(self._raw, "history-raw", "areas", "unsd-sdg")
        refresh = ["refresh", "--runner", "direct", *_PLACES, "--as-of", "2020-12-31"]
        report = {"write": "progress/reports.csv", "text": _REPORTS}
        steps = [
            _step("refresh first", refresh), _step("refresh unchanged", refresh),
            report, _step("refresh reports", refresh), _step("status reported", ["status", *_PLACES]),
            {"write": "statistics/unicef-cme", "text": None}, _step("refresh removed", refresh),
            _step("check removed", ["check", *_PLACES]), _step("health failed", ["health", *_PLACES]),
            _step("refresh accepted", [*refresh, "--accept-removals"]),
            _step("diff", ["diff", *_PLACES, "--format", "json"], "json"), _step("diff table", ["diff", *_PLACES]),
            _step("diff csv", ["diff", *_PLACES, "--format", "csv", "{oldest}", "current"]),
            _step("releases", ["releases", *_PLACES, "--format", "json"], "json"),
            _step("rollback", ["rollback", *_PLACES, "{oldest}"]), _step("refresh held", refresh),
            _step("releases held", ["releases", *_PLACES]), _step("rollback nothing", ["rollback", *_PLACES, "1999"]),
            {**report, "text": _REPORTS.replace("45", "50")}, _step("refresh forced", [*refresh, "--force"]),
            _step("prune", ["prune", *_PLACES, "--keep", "1"]), _step("releases pruned", ["releases", *_PLACES]),
            _step("health", ["health", *_PLACES, "--format", "json"], "json"),
        ]  # fmt: skip
        yield self._case("history", "history", raw, steps, is_changed=True)

    def _usage(self) -> Iterator[Case]:
        commands = ["", "refresh", "check", "query", "status", "template", "rejected", "export", "releases", "serve",
                    "dataset", "dataset describe", "diff", "rollback", "prune", "health"]  # fmt: skip
        steps = [_step(f"{name or 'npa'} --help", [*name.split(), "--help"], "help") for name in commands]
        wrong = ["", "nonsense", "refresh --as-of 31.12.2020", "status", "releases", "rejected", "health", "diff",
                 "query SELECT", "export sdmx", "template --agency MOES --output {out}/f.xlsx", "dataset describe none",
                 "prune --keep 0", "rollback 1", "refresh --task-runner dask --runner direct", "check --raw none",
                 "health --max-age soon", "status --language en"]  # fmt: skip
        places = ["--raw", "{raw}", "--warehouse", "{warehouse}"]
        for line in wrong:
            first, *rest = line.split() or [""]
            arguments = [first, *places, *rest] if first not in ("", "nonsense", "dataset") else line.split()
            steps.append(_step(f"npa {line}", arguments))
        empty = self._home / "empty"
        empty.mkdir()
        yield self._case("usage", "usage", empty, steps)

    def _fixtures(self) -> Iterator[Case]:
        raw = self._small("fixture-plan")
        shutil.copytree(_DATA / "progress", raw / "progress")
        yield self._case("fixtures", "fixture-plan", raw, _everything("MOES"), as_of="2021-06-01")
        files = sorted(path for path in (_DATA / "statistics").rglob("*") if path.suffix.lower() in _SUFFIXES)
        files.append(self._raw / "statistics/unicef-cme/CME_MRY0T4_all_2020.csv")
        files.extend(sorted((self._raw / "statistics/unsd-sdg").glob("*--sh_dyn_*.csv")))
        for path in files:
            place = "-".join([*path.parent.parts[-1:], path.stem]).replace(
                ".", "-"
            )  # files of several cases are a.xlsx
            name = f"fixture-{place}-{path.suffix[1:].lower()}"[:80]
            yield self._case("fixtures", name, self._data_set(name, path), [*_basic(), *_described(path)])

    def _data_set(self, name: str, path: Path) -> Path:
        """Return the small plan with this file, described by the draft of the base, its gaps filled."""
        raw = self._small(name)
        folder = raw / "statistics" / "data-set"
        folder.mkdir(parents=True)
        shutil.copy(path, folder)
        (folder / "dataset.toml").write_text(_completed(self._draft(folder / path.name)), encoding="utf-8")
        return raw

    def _shared_cases(self) -> Iterator[Case]:
        if not self._shared.is_dir():
            return
        for folder in sorted((self._shared / "plans").iterdir()):
            raw = self._home / f"plan-{folder.name}"
            shutil.copytree(folder, raw / "plans" / folder.name.lower())
            yield self._case("cases", raw.name, raw, _basic())
        for folder in sorted((self._shared / "monitoring").iterdir()):
            raw = self._plain(f"report-{folder.name}")
            shutil.copytree(folder, raw / "progress")
            for as_of in (
                ("2020-02-28", "2021-06-30", "2022-12-31") if folder.name.startswith("39") else ("2021-06-30",)
            ):
                steps = [*_basic(), _step("rejected xlsx", ["rejected", *_PLACES, "--output", "{out}/rejected.xlsx"])]
                yield self._case("cases", f"{raw.name}-{as_of[:4]}", raw, steps, as_of=as_of)
        together: dict[str, list[Path]] = {folder.name: [folder] for folder in (self._shared / "statistics").iterdir()}
        together["z04-z05"] = [folder for name, (folder,) in together.items() if name.startswith("z0")]
        for name, folders in sorted(together.items()):
            raw = self._plain(f"data-{name}")
            for folder in folders:
                shutil.copytree(
                    folder, raw / "statistics" / folder.name, ignore=shutil.ignore_patterns("expected.json")
                )
            files = [path for folder in folders for path in folder.glob("a.*")]
            yield self._case("cases", raw.name, raw, [*_basic(), *_described(files[0])])

    def _mutated_plans(self) -> Iterator[Case]:
        texts = {name: weight for name, weight in _PLAN_TEXTS.items() if name in self._plan}
        for number in range(self._mutations):
            kind, files = mutated(self._plan, number, texts)
            name = f"mutation-{number:04}-{kind.replace(' ', '-')}"
            yield self._case("mutations", name, self._plain(name, files), [_REFRESH], is_deep=False)

    def _mutated_reports(self) -> Iterator[Case]:
        for number in range(self._mutations // 8):
            name = f"mutated-report-{number:04}"
            raw = self._plain(name)
            (raw / "progress").mkdir()
            changed = mutated_text({"reports.csv": _REPORTS.encode()}, number, {"reports.csv": 1})
            (raw / "progress" / "reports.csv").write_bytes(changed["reports.csv"])
            yield self._case("mutations", name, raw, [_REFRESH], is_deep=False, as_of="2020-12-31")

    def _mutated_statistics(self) -> Iterator[Case]:
        sources = [
            _DATA / "statistics/px/EXEMPEL2.PX", _DATA / "statistics/derived-not-official/tajstat_sdmx-csv-1.0.csv",
            _DATA / "statistics/sdmx-ml-and-excel/16.9.1.xml", self._raw / "statistics/unsd-sdg/dataset.toml",
            self._raw / "statistics/aos-sdg/dataset.toml",
        ]  # fmt: skip
        originals = []
        for number, path in enumerate(sources if self._mutations else []):
            folder = path.parent
            if path.suffix != ".toml":
                folder = self._data_set(f"original-{number}", path) / "statistics/data-set"
            originals.append({one.name: one.read_bytes() for one in sorted(folder.iterdir()) if one.suffix != ".md"})
        for number in range(self._mutations // 8):
            files = originals[number % len(originals)]
            weights = {name: 12 if name == "dataset.toml" else 1 for name in files if name != "SOURCE.txt"}
            weights = {
                name: weight * 3 if len(files) < 4 and weight == 1 else weight for name, weight in weights.items()
            }
            name = f"mutated-data-{number:04}"
            folder = self._small(name) / "statistics" / "data-set"
            folder.mkdir(parents=True)
            for file, data in mutated_text(files, number, weights).items():
                (folder / file).write_bytes(data)
            yield self._case("mutations", name, self._home / name, [_REFRESH], is_deep=False)


_SUFFIXES = {".px", ".csv", ".xlsx", ".xml", ".json"}


_QUERIES = [
    "SHOW TABLES", "SELECT nothing", "DROP TABLE dim_plan", "SELECT 1; SELECT 2", "FROM '/etc/hostname'",
    "FROM activity_status('2020-12-31') ORDER BY ALL LIMIT 9",
]  # fmt: skip


def _step(name: str, arguments: list[str], stdout: str = "wording") -> dict[str, Any]:
    return {"name": name, "args": arguments, "stdout": stdout}


_REFRESH = _step("refresh", ["refresh", "--runner", "direct", "--force", *_PLACES, "--as-of", "{as_of}"])


def _basic() -> list[dict[str, Any]]:
    """Check, refresh, and ask what came of it."""
    return [
        _step("check", ["check", *_PLACES, "--as-of", "{as_of}"], "counts"),
        _REFRESH,
        _step("status json", ["status", *_PLACES, "--format", "json"], "json"),
        _step("rejected json", ["rejected", *_PLACES, "--format", "json"], "json"),
    ]


def _everything(*agencies: str) -> list[dict[str, Any]]:
    """Every command that only reads, and every form of what it writes."""
    steps = _basic()
    for form in ("sdmx", "open-sdg"):
        steps.append(_step(f"export {form}", ["export", form, *_PLACES, "--output", f"{{out}}/{form}"]))
    for language in ("en", "ru", "tg"):
        for agency in agencies:
            file = f"{{out}}/form-{agency}-{language}.xlsx"
            given = ["--agency", agency, "--language", language, "--output", file]
            steps.append(_step(f"template {agency} {language}", ["template", *_PLACES, *given]))
    for form in ("table", "csv"):
        steps.append(_step(f"status {form}", ["status", *_PLACES, "--format", form]))
        steps.append(_step(f"rejected {form}", ["rejected", *_PLACES, "--format", form]))
        steps.append(_step(f"releases {form}", ["releases", *_PLACES, "--format", form]))
    given = ["--agency", agencies[0], "--as-of", "2020-06-30", "--format", "json"]
    steps.append(_step("status of an agency", ["status", *_PLACES, *given], "json"))
    steps.append(_step("status of nobody", ["status", *_PLACES, "--agency", "NOBODY"]))
    steps.append(_step("rejected xlsx", ["rejected", *_PLACES, "--output", "{out}/rejected.xlsx"]))
    steps.append(_step("releases json", ["releases", *_PLACES, "--format", "json"], "json"))
    steps.append(_step("health", ["health", *_PLACES, "--format", "json"], "json"))
    sql = "SELECT * FROM agency_workload ORDER BY ALL LIMIT 40"
    for form in ("table", "csv", "json"):
        steps.append(_step(f"query {form}", ["query", *_PLACES, "--format", form, sql], "text"))
    given = ["--format", "parquet", "--output", "{out}/query.parquet", sql]
    steps.append(_step("query parquet", ["query", *_PLACES, *given]))
    for number, wrong in enumerate(_QUERIES):
        steps.append(_step(f"query {number}", ["query", *_PLACES, "--format", "csv", wrong], "text"))
    return steps


def _cold() -> list[dict[str, Any]]:
    """Return the same in a process that has nothing loaded yet: imports come in another order."""
    given = {"check": ["--as-of", "{as_of}"], "status": [], "rejected": [], "releases": [], "health": [],
             "template": ["--agency", "MOES", "--output", "{out}/cold.xlsx"], "diff": [],
             "refresh": ["--runner", "direct", "--as-of", "{as_of}"]}  # fmt: skip
    steps = [_step(f"cold {name}", [name, *_PLACES, *more]) for name, more in given.items()]
    steps += [_step(f"cold export {form}", ["export", form, *_PLACES, "--output", f"{{out}}/cold-{form}"])
              for form in ("sdmx", "open-sdg")]  # fmt: skip
    steps.append(_step("cold help", ["--help"]))
    return [{**step, "is_cold": True} for step in steps]


def _described(path: Path) -> list[dict[str, Any]]:
    return [
        _step("describe", ["dataset", "describe", str(path)]),
        _step("describe toml", ["dataset", "describe", str(path), "--toml"], "toml"),
    ]


def _completed(text: str) -> str:
    """Return a draft with every gap filled: unknown codes are defined as themselves, marks are missing values."""
    tree = tomllib.loads(text or "")
    define: dict[str, dict[str, Any]] = {}
    columns = {name: codes for name, codes in tree.get("codes", {}).items() if name != "time_period"}
    for column, codes in {**columns, "statistic_id": tree.get("series", {})}.items():
        for code in [code for code, ours in codes.items() if not ours]:
            ours = code or "X-T"
            codes[code] = ours
            define.setdefault(column, {})[ours] = {"name": code or "whole"}
            if code:
                del codes[code]
    tree["define"] = define
    tree["marks"] = {mark: status or "M" for mark, status in tree.get("marks", {}).items()}
    tree["constants"] = {name: value or _OPEN.get(name, "N") for name, value in tree.get("constants", {}).items()}
    tree["retrieved_on"] = date(2026, 1, 1)
    return _toml(tree)


def _toml(tree: dict[str, Any], path: str = "") -> str:
    values = {key: value for key, value in tree.items() if not isinstance(value, dict)}
    text = "".join(f"{_quoted(key)} = {_quoted(value)}\n" for key, value in values.items())
    text = f"[{path}]\n{text}" if path and values else text
    for key, value in tree.items():
        if isinstance(value, dict):
            text += _toml(value, f"{path}.{_quoted(key)}".lstrip("."))
    return text


def _quoted(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
