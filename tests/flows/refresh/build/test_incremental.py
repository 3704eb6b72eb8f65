"""A night costs what changed: what is taken over from the last release, and that nothing shows it."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.refresh import pipeline as composition
from flows.refresh.build import incremental
from flows.refresh.pipeline import refresh
from flows.refresh.request import Job, Outcome
from flows.refresh.stages import Stages, in_turn, read_dataset, read_plans
from flows.releases.manifest import damage
from flows.releases.warehouse import Warehouse
from schemas.tables import TABLES
from tests.support.kyrgyz_plan import AGENCIES, TEXT
from tests.support.small_sources import AS_OF, OBSERVATIONS, REPORT, data_set, parquet, plan

LINKS = "activity_id,activity_excerpt,statistic_id,relevance,rationale,name,code_list\n"


class Nights:
    """Sources that change, a warehouse that is refreshed night after night, and what each night has read."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.raw = folder, folder / "raw"
        self.warehouse = Warehouse(folder / "warehouse")
        self.read: list[str] = []

    def run(self, as_of: str = AS_OF, **options: Any) -> Outcome:
        """A refresh; `read` names the documents and data sets that were read."""
        self.read = []
        return refresh(Job(self.raw, self.warehouse, as_of, accept_removals=True, **options), self._stages())

    def _stages(self) -> Stages:
        def documents(folders: Mapping[str, Any]) -> Any:
            self.read += sorted(folders)
            return read_plans(folders)

        def data_sets(received: Any, *arguments: Any) -> Any:
            self.read.append(received.toml)
            return read_dataset(received, *arguments)

        return Stages(read_plans=in_turn(documents), read_dataset=in_turn(data_sets))

    def check(self, as_of: str = AS_OF) -> None:
        """The current release is what a refresh makes from nothing, and no published file was ever written to."""
        fresh = Warehouse(self.folder / "fresh")
        shutil.rmtree(fresh.root, ignore_errors=True)
        refresh(Job(self.raw, fresh, as_of))
        assert parquet(self.warehouse) == parquet(fresh)
        assert _database(self.warehouse) == _database(fresh)
        for release in self.warehouse.releases.iterdir():
            assert list(damage(release, self.warehouse.manifest(release), read_all=True)) == []


def _database(warehouse: Warehouse) -> list[Any]:
    """What the database says of itself: tables with their constraints and comments, views, macros."""
    with duckdb.connect(str(warehouse.current / "npa.duckdb"), read_only=True) as con:
        names = """SELECT table_name, sql, comment FROM duckdb_tables()
                   UNION ALL SELECT view_name, sql, comment FROM duckdb_views() WHERE NOT internal"""
        columns = "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal"
        keys = "SELECT table_name, constraint_type, constraint_text FROM duckdb_constraints()"
        macros = "SELECT function_name, macro_definition, comment FROM duckdb_functions() WHERE NOT internal"
        return [con.execute(f"FROM ({sql}) ORDER BY ALL").fetchall() for sql in (names, columns, keys, macros)]


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    """Three documents, two of one country, two data sets and a report; the first night has passed."""
    raw = tmp_path / "raw"
    plan(raw, "kgz-one", "KGZ")
    plan(raw, "kgz-two", "KGZ", "OPSC")
    plan(raw, "uzb-one", "UZB")
    data_set(raw, "one")
    data_set(raw, "two", OBSERVATIONS.replace("35.1", "99.9"))
    (raw / "progress").mkdir()
    (raw / "progress" / "KGZ.csv").write_text(REPORT, encoding="utf-8")
    found = Nights(tmp_path)
    found.run("2022-03-03")
    assert found.read == [
        "plans/kgz-one", "plans/kgz-two", "plans/uzb-one", "statistics/one/dataset.toml", "statistics/two/dataset.toml"
    ]  # fmt: skip
    return found


def test_nothing_changed_but_the_day(nights: Nights) -> None:
    nights.run()
    assert nights.read == []
    nights.check()
    linked = nights.warehouse.current / "parquet" / "fact_statistic" / "dataset_id=ONE" / "data.parquet"
    assert linked.stat().st_nlink == 2


def _as_before(raw: Path) -> None:
    (raw / "README.md").write_text("a note", encoding="utf-8")


def _document(raw: Path) -> None:
    plan(raw, "kgz-two", "KGZ", "OPSC", TEXT.replace("Построить школы", "Построить сады"))


def _document_shorter(raw: Path) -> None:
    """One agency is explained no more, one is not there any more; numbers of issues and lines change."""
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


CHANGES: list[tuple[Callable[[Path], None], list[str]]] = [
    (_document, ["plans/kgz-two"]),
    (_document_shorter, []),
    (_document_added, ["plans/aaa-one"]),
    (_observation, ["statistics/one/dataset.toml"]),
    (_defined, ["statistics/three/dataset.toml"]),
    (_dataset_gone, []),
    (_statistics_gone, []),
    (_dataset_moved, ["statistics/moved/dataset.toml"]),
    (_declared, ["plans/kgz-one", "statistics/one/dataset.toml", "statistics/two/dataset.toml"]),
    (_report, []),
]
QUICK = (_document, _dataset_gone, _report)


@pytest.mark.parametrize(
    ("change", "read"),
    [
        pytest.param(change, read, id=change.__name__, marks=() if change in QUICK else pytest.mark.slow)
        for change, read in CHANGES
    ],
)
def test_what_changed_is_read_and_the_release_is_as_from_nothing(
    nights: Nights, change: Callable[[Path], None], read: list[str]
) -> None:
    change(nights.raw)
    nights.run()
    assert nights.read == read
    nights.check()


@pytest.mark.slow
def test_night_after_night(nights: Nights) -> None:
    for day, (change, _) in enumerate([CHANGES[8], CHANGES[0], CHANGES[4], CHANGES[2], CHANGES[1], CHANGES[6]], 4):
        change(nights.raw)
        nights.run(f"2022-04-{day:02d}")
    nights.check(f"2022-04-{day:02d}")


def test_other_software_takes_over_nothing(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "software_version", lambda: "0.1.0+other")
    nights.run()
    assert len(nights.read) == 5


def test_force_takes_over_nothing(nights: Nights) -> None:
    nights.run(force=True)
    assert len(nights.read) == 5


@pytest.mark.parametrize("file", ["npa.duckdb", "reading.json", "parquet/dim_plan.parquet"])
def test_a_damaged_release_is_not_built_upon(nights: Nights, file: str) -> None:
    path = nights.warehouse.current / file
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    nights.run()
    assert len(nights.read) == 5


def test_documents_that_contradict_each_other_are_refused_though_one_was_read_before(nights: Nights) -> None:
    from transforms.errors import InputRejected

    path = nights.raw / "plans" / "kgz-two" / "agencies.csv"
    path.write_text(AGENCIES.replace("NSC,committee", "NSC,ministry"), encoding="utf-8")
    with pytest.raises(InputRejected, match="KGZ-NSC has another agency_type"):
        nights.run()
    path.write_text(AGENCIES, encoding="utf-8")
    plan(nights.raw, "kgz-again", "KGZ")
    with pytest.raises(InputRejected, match="another plan KGZ-CRC-2019"):
        nights.run()


def test_a_series_that_no_data_set_defines_any_more_is_missed(nights: Nights) -> None:
    from transforms.errors import InputRejected

    _defined(nights.raw)
    link = "UZB-CRC-2019-02-01,Построить школы,OURS,direct,They count schools.,,\n"
    (nights.raw / "plans" / "uzb-one" / "statistics.csv").write_text(LINKS + link, encoding="utf-8")
    nights.run()
    shutil.rmtree(nights.raw / "statistics" / "three")
    with pytest.raises(InputRejected, match="no data set defines it"):
        nights.run()


def test_every_table_is_renewed_in_one_way() -> None:
    ways = [*incremental.OF_DOCUMENTS, *incremental.SHARED, *incremental.REMADE, *incremental.SAME]
    assert sorted(ways) == sorted(TABLES)
