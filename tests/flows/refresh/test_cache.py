"""The cache: a night costs only what changed, and its release is the same as one computed from nothing."""

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.refresh import cache
from flows.refresh import pipeline as composition
from flows.refresh.attempt import Job, Outcome
from flows.refresh.build import indicators
from flows.refresh.pipeline import refresh
from flows.refresh.stages import Stages, in_turn, read_dataset, read_plans
from flows.releases.manifest import damage
from flows.releases.warehouse import Warehouse
from flows.sources.files import read_inputs
from schemas.tables import TABLES
from tests.support.kyrgyz_plan import AGENCIES, TEXT
from tests.support.markdown import FENCE, page, section
from tests.support.marks import but
from tests.support.small_sources import AS_OF, OBSERVATIONS, REPORT, data_set, parquet, plan
from transforms.errors import InputRejected, WarehouseFault
from transforms.indicators.registry import indicators_between, macros
from transforms.plans.description.document import DecisionRow, LeadRow
from transforms.sql import statement

BY_FUEL = """SERIES,REF_AREA,TIME_PERIOD,AGE,FUEL,OBS_VALUE,UNIT_MEASURE
SH_DYN_MORT,TJ,2019,Y17,wood; straw,1,PT
SH_DYN_MORT,TJ,2019,Y17,gas=100%,2,PT
"""
NAMES_OF_PARTS = dict(FENCE.findall(section(page("docs/guides/statistics.md"), "## The names of codes")))["sql"]
LINKS = "activity_id,activity_excerpt,statistic_id,relevance,rationale,name,code_list\n"


class Nights:
    """Sources that change, a warehouse that is refreshed night after night, and the inputs that each night read."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.raw = folder, folder / "raw"
        self.warehouse = Warehouse(folder / "warehouse")
        self.cache = self.warehouse.cache
        self.read: list[str] = []
        self.computed: list[str] = []

    def run(self, as_of: str = AS_OF, **options: Any) -> Outcome:
        """Refresh; set `read` to the documents and data sets that were read, and `computed` to the plans of which the
        indicators were computed."""
        self.read, self.computed = [], []
        put = indicators.cache_indicators

        def cache_indicators(con: Any, cache: Any, plans: Mapping[str, Any], release: Path) -> None:
            self.computed += sorted(plans)
            put(con, cache, plans, release)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(indicators, "cache_indicators", cache_indicators)
            return refresh(Job(self.raw, self.warehouse, as_of, accept_removals=True, **options), self._stages())

    def entries(self) -> dict[str, Path]:
        """Return an entry of each kind."""
        kinds = {b"x": "document", b"{": "dataset"}
        files = {kinds.get(path.read_bytes()[:1], ""): path for path in sorted(self.cache.iterdir())}
        parquet = [path for path in self.cache.iterdir() if path.read_bytes()[:4] == b"PAR1"]
        by_columns = {"plan_id" in _columns(path): path for path in parquet}
        return files | {"partition": by_columns[False], "indicators": by_columns[True]}

    def _stages(self) -> Stages:
        def documents(folders: Mapping[str, Any]) -> Any:
            self.read += sorted(folders)
            return read_plans(folders)

        def data_sets(received: Any, *arguments: Any) -> Any:
            self.read.append(received.toml)
            return read_dataset(received, *arguments)

        return Stages(read_plans=in_turn(documents), read_dataset=in_turn(data_sets))

    def check(self, as_of: str = AS_OF, *, expected: "Made | None" = None) -> None:
        """Check that the current release is what a refresh makes from nothing (`expected`, where it was made before),
        and no published file was written to."""
        assert _made(self.warehouse) == (expected or from_nothing(self.folder / "fresh", self.raw, as_of))
        for release in self.warehouse.releases.iterdir():
            assert list(damage(release, self.warehouse.manifest(release), read_all=True)) == []


Made = tuple[dict[str, bytes], list[Any]]  # the Parquet files of a release, and the description of its database


def from_nothing(folder: Path, raw: Path, as_of: str) -> Made:
    """Return what a refresh makes in a warehouse without a cache."""
    fresh = Warehouse(folder)
    refresh(Job(raw, fresh, as_of))
    return _made(fresh)


def _made(warehouse: Warehouse) -> Made:
    return parquet(warehouse), _database(warehouse)


def _database(warehouse: Warehouse) -> list[Any]:
    """Return the database's own description: tables with their constraints and comments, views, macros."""
    with duckdb.connect(str(warehouse.current / "npa.duckdb"), read_only=True) as con:
        names = """SELECT table_name, sql, comment FROM duckdb_tables()
                   UNION ALL SELECT view_name, sql, comment FROM duckdb_views() WHERE NOT internal"""
        columns = "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal"
        keys = "SELECT table_name, constraint_type, constraint_text FROM duckdb_constraints()"
        macros = "SELECT function_name, macro_definition, comment FROM duckdb_functions() WHERE NOT internal"
        return [con.execute(f"FROM ({sql}) ORDER BY ALL").fetchall() for sql in (names, columns, keys, macros)]


def _columns(path: Path) -> set[str]:
    return {
        name for (name,) in duckdb.execute("SELECT name FROM parquet_schema($path)", {"path": str(path)}).fetchall()
    }


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with three documents, two of one country, two data sets and a report; the first night has
    passed. No test may change it."""
    folder = tmp_path_factory.mktemp("first")
    raw = folder / "raw"
    plan(raw, "kgz-one", "KGZ")
    plan(raw, "kgz-two", "KGZ", "OPSC")
    plan(raw, "uzb-one", "UZB")
    data_set(raw, "one")
    data_set(raw, "two", OBSERVATIONS.replace("35.1", "99.9"))
    (raw / "progress").mkdir()
    (raw / "progress" / "KGZ.csv").write_text(REPORT, encoding="utf-8")
    state = Nights(folder)
    state.run("2022-03-03")
    assert state.read == [
        "plans/kgz-one", "plans/kgz-two", "plans/uzb-one", "statistics/one/dataset.toml", "statistics/two/dataset.toml"
    ]  # fmt: skip
    return folder


@pytest.fixture
def nights(first_night: Path, tmp_path: Path) -> Nights:
    """Return a copy of these sources and of their warehouse; its cache has files of its own."""
    return Nights(Path(shutil.copytree(first_night, tmp_path / "nights", symlinks=True)))


@pytest.fixture(scope="module")
def unchanged(first_night: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return what a refresh of these sources makes from nothing."""
    return from_nothing(tmp_path_factory.mktemp("fresh") / "warehouse", first_night / "raw", "2022-03-03")


PLANS = ["KGZ-CRC-2019", "KGZ-OPSC-2019", "UZB-CRC-2019"]


def test_nothing_changed_but_the_day(nights: Nights) -> None:
    nights.run()
    assert (nights.read, nights.computed) == ([], PLANS)
    nights.check()
    linked = nights.warehouse.current / "parquet" / "fact_statistic" / "dataset_id=ONE" / "data.parquet"
    assert linked.stat().st_nlink == 2  # of the release and of the cache


def test_the_names_of_codes_survive_a_cached_night(nights: Nights) -> None:
    data_set(nights.raw, "three", BY_FUEL, '[concepts]\nFUEL = "other_breakdown"\n[define.age]\nY17 = "17 years old"\n')
    nights.run("2022-03-03")
    nights.run()
    assert nights.read == []
    with duckdb.connect(str(nights.warehouse.current / "npa.duckdb"), read_only=True) as con:
        named = con.execute("SELECT * FROM dim_code WHERE source LIKE 'statistics/%' ORDER BY ALL").fetchall()
        asked = con.execute(NAMES_OF_PARTS).fetchall()
    assert named == [
        ("THREE:FUEL", "gas=100%", "und", "gas=100%", "statistics/three/data.csv"),
        ("THREE:FUEL", "wood; straw", "und", "wood; straw", "statistics/three/data.csv"),
        ("age", "Y17", "en", "17 years old", "statistics/three/dataset.toml"),
    ]
    assert asked == [("FUEL", "gas=100%", "gas=100%", 1), ("FUEL", "wood; straw", "wood; straw", 1)]
    nights.check()


def test_the_same_night_again(nights: Nights, unchanged: Made) -> None:
    _say_nothing_more(nights.raw)
    nights.run("2022-03-03")
    assert (nights.read, nights.computed) == ([], [])
    nights.check("2022-03-03", expected=unchanged)


def _as_before(raw: Path) -> None:
    (raw / "README.md").write_text("a note", encoding="utf-8")


def _say_nothing_more(raw: Path) -> None:
    """Add a source that changes no table: the night is not up to date, and its release is as before."""
    (raw / "removed.toml").write_text("removed = []", encoding="utf-8")


def _document(raw: Path) -> None:
    plan(raw, "kgz-two", "KGZ", "OPSC", TEXT.replace("Построить школы", "Построить сады"))


def _document_shorter(raw: Path) -> None:
    """Remove an agency and the explanation of another; numbers of issues and lines change."""
    shutil.rmtree(raw / "plans" / "kgz-one")
    shutil.rmtree(raw / "plans" / "uzb-one")
    (raw / "progress" / "KGZ.csv").unlink()


def _document_added(raw: Path) -> None:
    plan(raw, "aaa-one", "AAA", text=TEXT.replace("2019–2023", "2017–2023"), years=10)


def _observation(raw: Path) -> None:
    data_set(raw, "one", OBSERVATIONS.replace("35.1", "35.2"))


def _defined(raw: Path) -> None:
    data_set(raw, "three", OBSERVATIONS.replace("SH_DYN_MORT", "OURS").replace("2019", "2011"),
             '[define.statistic_id]\nOURS = {name = "n", code_list = "AOS"}\n')  # fmt: skip


def _dataset_gone(raw: Path) -> None:
    shutil.rmtree(raw / "statistics" / "two")


def _statistics_gone(raw: Path) -> None:
    shutil.rmtree(raw / "statistics")


def _dataset_moved(raw: Path) -> None:
    (raw / "statistics" / "two").rename(raw / "statistics" / "moved")


def _declared(raw: Path) -> None:
    link = "KGZ-CRC-2019-02-01,Построить школы,AOS_SCHOOLS,direct,They count schools.,Schools,AOS\n"
    (raw / "plans" / "kgz-one" / "statistics.csv").write_text(LINKS + link, encoding="utf-8")


def _report(raw: Path) -> None:
    (raw / "progress" / "KGZ.csv").write_text(REPORT.replace("In progress", "Completed"), encoding="utf-8")


def _report_added(raw: Path) -> None:
    (raw / "progress" / "more.csv").write_text(REPORT.replace("2020", "2021").replace("2021;In", "2022;In"), "utf-8")


def _decided(raw: Path, what: str = "cancelled,") -> None:
    decision = f"KGZ-CRC-2019-01-01,2021-03-01,Government,{what},Order,Why.\n"
    (raw / "plans" / "kgz-one" / "decisions.csv").write_text(f"{DecisionRow.heading()}\n{decision}", encoding="utf-8")


def _extended(raw: Path) -> None:
    _decided(raw, "extended,2025-12-31")


def _led(raw: Path) -> None:
    lead = f"{LeadRow.heading()}\nKGZ-CRC-2019-01-01,KGZ-MOES,Order\n"
    (raw / "plans" / "kgz-one" / "leads.csv").write_text(lead, encoding="utf-8")


CHANGES: list[tuple[Callable[[Path], None], list[str], list[str]]] = [
    (_document, ["plans/kgz-two"], ["KGZ-OPSC-2019"]),
    (_document_shorter, [], []),
    (_document_added, ["plans/aaa-one"], ["AAA-CRC-2017", *PLANS]),  # all have rows from the first plan's start on
    (_observation, ["statistics/one/dataset.toml"], []),
    (_defined, ["statistics/three/dataset.toml"], []),
    (_dataset_gone, [], []),
    (_statistics_gone, [], []),
    (_dataset_moved, ["statistics/moved/dataset.toml"], []),
    (_declared, ["plans/kgz-one", "statistics/one/dataset.toml", "statistics/two/dataset.toml"], []),
    (_decided, ["plans/kgz-one"], ["KGZ-CRC-2019"]),
    (_extended, ["plans/kgz-one"], PLANS),  # all have rows up to a year after the last end
    (_led, ["plans/kgz-one"], ["KGZ-CRC-2019"]),
    (_report, [], ["KGZ-CRC-2019"]),
    (_report_added, [], ["KGZ-CRC-2019"]),
]
QUICK = (_document, _dataset_gone, _extended, _report)


@pytest.mark.parametrize(
    ("change", "read", "computed"),
    [
        pytest.param(*change, id=change[0].__name__, marks=() if change[0] in QUICK else pytest.mark.slow)
        for change in CHANGES
    ],
)
def test_what_changed_is_read_and_the_release_is_as_from_nothing(
    nights: Nights, change: Callable[[Path], None], read: list[str], computed: list[str]
) -> None:
    change(nights.raw)
    nights.run("2022-03-03")
    assert (nights.read, nights.computed) == (read, computed)
    nights.check("2022-03-03")


@pytest.mark.slow
def test_night_after_night(nights: Nights) -> None:
    for day, (change, *_) in enumerate([CHANGES[8], CHANGES[0], CHANGES[4], CHANGES[2], CHANGES[1], CHANGES[6]], 4):
        change(nights.raw)
        nights.run(f"2022-04-{day:02d}")
    nights.check(f"2022-04-{day:02d}")


def test_other_software_computes_all_again(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "software_version", lambda: "0.1.0+other")
    nights.run("2022-03-03")
    assert (len(nights.read), nights.computed) == (5, PLANS)


def test_another_library_computes_all_again(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "version", {}.get)
    nights.run("2022-03-03", force=False)
    _as_before(nights.raw)
    _say_nothing_more(nights.raw)
    nights.run("2022-03-03")
    assert (len(nights.read), nights.computed) == (5, PLANS)


def test_force_does_not_read_the_cache(nights: Nights, unchanged: Made) -> None:
    for entry in nights.cache.iterdir():  # intact by their digests, but not what npa would write
        key = entry.name.partition(".")[0]
        entry.unlink()
        entry.with_name(cache._name(key, b"foreign")).write_bytes(b"foreign")
    nights.run("2022-03-03", force=True)
    assert (len(nights.read), nights.computed) == (5, PLANS)
    nights.check("2022-03-03", expected=unchanged)
    assert not any(entry.read_bytes() == b"foreign" for entry in nights.cache.iterdir())
    nights.run()
    assert nights.read == []


@pytest.mark.parametrize(
    "damage", but(pytest.mark.slow, ["changed", "cut", "renamed", "folder", "link"], ["changed", "folder"])
)
@pytest.mark.parametrize("kind", ["document", "dataset", "partition", "indicators"])
def test_a_damaged_entry_is_computed_again(nights: Nights, unchanged: Made, kind: str, damage: str) -> None:
    path = nights.entries()[kind]
    data, copy = path.read_bytes(), path.with_name(f"{'0' * 64}.{path.name.partition('.')[2]}")
    path.unlink()  # a partition is a file of the release too
    if damage == "changed":
        path.write_bytes(data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :])
    elif damage == "cut":
        path.write_bytes(data[:-9])
    elif damage == "folder":
        path.mkdir()
    else:
        copy.write_bytes(data)
        path.symlink_to(copy) if damage == "link" else None
    _say_nothing_more(nights.raw)
    nights.run("2022-03-03")
    assert len(nights.read) + len(nights.computed) == 1
    nights.check("2022-03-03", expected=unchanged)


def test_an_entry_under_the_key_of_another_is_not_used(nights: Nights, unchanged: Made) -> None:
    """Swap the entries of two documents: each file is whole, and of npa."""
    first, second = [path for path in sorted(nights.cache.iterdir()) if path.read_bytes()[:1] == b"x"][:2]
    (key_one, hash_one), (key_two, hash_two) = first.name.split("."), second.name.split(".")
    first.rename(first.with_name(f"{key_two}.{hash_one}"))
    second.rename(second.with_name(f"{key_one}.{hash_two}"))
    _say_nothing_more(nights.raw)
    nights.run("2022-03-03")
    assert len(nights.read) == 2
    nights.check("2022-03-03", expected=unchanged)


def test_a_cache_that_was_deleted_is_filled_again(nights: Nights, unchanged: Made) -> None:
    shutil.rmtree(nights.cache)
    _say_nothing_more(nights.raw)
    nights.run("2022-03-03")
    assert len(nights.read) == 5
    nights.check("2022-03-03", expected=unchanged)
    nights.run()
    assert nights.read == []


def test_a_cache_that_cannot_be_written_is_reported_once(
    nights: Nights, unchanged: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(nights.cache)
    nights.cache.write_text("no folder", encoding="utf-8")
    _say_nothing_more(nights.raw)
    nights.run("2022-03-03")
    assert capsys.readouterr().err.splitlines() == [
        f"the cache {nights.cache} cannot be used: Not a directory. Its entries are computed again; the release is not "
        "affected"
    ]
    nights.check("2022-03-03", expected=unchanged)


@pytest.mark.parametrize("call", ["disk_usage", "link", "replacing"])
def test_a_full_disk_only_means_that_nothing_is_cached(
    nights: Nights, unchanged: Made, call: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = shutil if call == "disk_usage" else cache
    original = getattr(module, call)

    def fail_in_the_cache(*paths: Path) -> Any:
        if any(path.is_relative_to(nights.cache) for path in paths[-2:] if call != "link" or path != paths[0]):
            raise OSError(28, "No space left on device")
        return original(*paths)

    monkeypatch.setattr(module, call, fail_in_the_cache)
    for entry in nights.cache.iterdir():
        entry.unlink()
    _say_nothing_more(nights.raw)
    nights.run("2022-03-03")
    assert capsys.readouterr().err.count("No space left on device. Its entries are computed again") == 1
    monkeypatch.undo()
    assert not [path for path in nights.cache.iterdir() if path.name.startswith(".new-")]
    nights.check("2022-03-03", expected=unchanged)


def test_the_disk_keeps_room_for_the_release(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_FREE_BYTES", 1 << 62)
    before = sorted(nights.cache.iterdir())
    _document(nights.raw)
    nights.run()
    assert sorted(nights.cache.iterdir()) == before
    nights.check()


def test_what_is_not_used_is_trimmed(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(nights.cache.iterdir())
    (nights.cache / ".new-0").write_bytes(b"of a process that was killed")
    _document(nights.raw)
    nights.run("2022-03-03")
    added = set(nights.cache.iterdir()) - before
    assert len(added) == 2  # the document and the indicators of its plan; the old ones stay, because they are small
    monkeypatch.setattr(cache, "_UNUSED_BYTES", 0)
    _say_nothing_more(nights.raw)
    nights.run("2022-03-03")
    assert nights.read == []
    assert len(list(nights.cache.iterdir())) == len(before)
    assert added < set(nights.cache.iterdir())
    nights.check("2022-03-03")


def test_a_rejected_night_has_cached_what_was_right(nights: Nights) -> None:
    _document(nights.raw)
    plan = nights.raw / "plans" / "kgz-one" / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text("", encoding="utf-8")
    with pytest.raises(InputRejected):
        nights.run()
    assert nights.read == ["plans/kgz-one", "plans/kgz-two"]
    plan.write_text(text, encoding="utf-8")
    nights.run()
    assert nights.read == []
    nights.check()


def test_a_data_set_that_changes_while_it_is_read_is_not_cached(nights: Nights) -> None:
    data_set(nights.raw, "one", OBSERVATIONS.replace("35.1", "35.2"))
    stages = nights._stages()

    def change_first(many: Any) -> Any:
        data_set(nights.raw, "one", OBSERVATIONS.replace("35.1", "35.3"))
        return stages.read_dataset(many)

    before = set(nights.cache.iterdir())
    with pytest.raises(WarehouseFault, match="changed while it was read"):
        refresh(Job(nights.raw, nights.warehouse, AS_OF), replace(stages, read_dataset=change_first))
    assert set(nights.cache.iterdir()) == before
    nights.run()
    nights.check()


def test_a_document_is_the_same_after_the_cache(nights: Nights) -> None:
    inputs = read_inputs(nights.raw)
    for document in read_plans(inputs.folders()).values():
        copy = cache._unpack_document(cache._pack_document(document))
        assert {**copy.rows.tables} == {**document.rows.tables}
        assert repr(copy.rows.tables) == repr(document.rows.tables)  # dates are dates, and True is not 1
        assert copy.counts == document.counts


def test_the_key_of_a_plan_covers_all_tables_that_its_indicators_read() -> None:
    """A table that an indicator reads and the key leaves out would give old figures."""
    day = "DATE '2022-01-01'"
    read = _tables(indicators_between(day, day), *(macro.sql for macro in macros()))
    assert {"dim_activity", "fact_progress", "dim_agency"} < read <= _tables(statement("indicators/plan_inputs").sql)


def _tables(*statements: str) -> set[str]:
    sql = re.sub("--.*", "", "\n".join(statements))
    return {name for name in TABLES if re.search(rf"\b{name}\b", sql)}


def test_documents_that_contradict_each_other_are_refused_though_one_was_read_before(nights: Nights) -> None:
    path = nights.raw / "plans" / "kgz-two" / "agencies.csv"
    path.write_text(AGENCIES.replace("NSC,committee", "NSC,ministry"), encoding="utf-8")
    with pytest.raises(InputRejected, match="KGZ-NSC has another agency_type"):
        nights.run()
    path.write_text(AGENCIES, encoding="utf-8")
    plan(nights.raw, "kgz-again", "KGZ")
    with pytest.raises(InputRejected, match="another plan KGZ-CRC-2019"):
        nights.run()


def test_a_series_that_no_data_set_defines_any_longer_is_reported(nights: Nights) -> None:
    _defined(nights.raw)
    link = "UZB-CRC-2019-02-01,Построить школы,OURS,direct,They count schools.,,\n"
    (nights.raw / "plans" / "uzb-one" / "statistics.csv").write_text(LINKS + link, encoding="utf-8")
    nights.run()
    shutil.rmtree(nights.raw / "statistics" / "three")
    with pytest.raises(InputRejected, match="no data set defines it"):
        nights.run()
