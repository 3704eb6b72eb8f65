"""Small data sets of official statistics, judged by the quality rules."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb

from flows.refresh import stages
from flows.refresh.attempt import new_release
from flows.refresh.build.database import fill, open_release
from flows.sources.files import read_inputs
from flows.sources.plans import gather, read_plans
from tests.support.one_data_set import HEAD as TOML_HEAD
from tests.support.published_messages import check_messages
from tests.support.small_sources import AS_OF, plan

HEAD = ("SERIES,REF_AREA,SEX,URBANISATION,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,LOWER_BOUND,UPPER_BOUND,NATURE,"
        "INCOME_WEALTH_QUANTILE\n")  # fmt: skip
_LINKS = """activity_id,activity_excerpt,statistic_id,relevance,rationale,name,code_list
KGZ-CRC-2019-02-01,Построить школы,SG_REG_BRTH,contextual,They count births.,,
KGZ-CRC-2019-02-01,Построить школы,PT_CHLD_INRESIDENTIAL,contextual,They count children.,Children in care,UNICEF
"""

Found = dict[str, list[int]]  # rule → the row of the worst place of each issue
Find = Callable[..., Found]
Opened = Callable[..., duckdb.DuckDBPyConnection]
Values = tuple[tuple[float, float, float], ...]


def row(value: object, period: object = 2019, *, series: str = "SI_POV_NAHC", area: str = "TJ", sex: str = "_T",
        urban: str = "_T", unit: str = "PT", low: object = "", high: object = "", nature: str = "",
        quantile: str = "_T") -> str:  # fmt: skip
    """Return a line of a data set."""
    return ",".join(map(str, (series, area, sex, urban, period, value, unit, low, high, nature, quantile))) + "\n"


def parts(total: object, men: object, women: object, period: object = 2019, **columns: Any) -> str:
    """Return the lines of a total, of men and of women."""
    return row(total, period, **columns) + row(men, period, sex="M", **columns) + row(women, period, sex="F", **columns)


def residence(total: object, town: object, country: object, period: object, **columns: Any) -> str:
    """Return the lines of a total, of town and of country."""
    lines = row(total, period, **columns) + row(town, period, urban="U", **columns)
    return lines + row(country, period, urban="R", **columns)


def series_of(*values: float, first: int = 2010, **columns: Any) -> str:
    """Return the lines of a series, a value a year."""
    return "".join(row(value, first + n, **columns) for n, value in enumerate(values))


def residences(values: Values, first: int, **columns: Any) -> str:
    """Return the lines of totals, of town and of country, a year each."""
    return "".join(residence(*of_year, first + n, **columns) for n, of_year in enumerate(values))


def opened_in(tmp_path: Path) -> Iterator[Opened]:
    """Yield a function that fills the database of a release with a small plan and data sets, and opens it."""
    connections = ExitStack()

    def run(**datasets: str) -> duckdb.DuckDBPyConnection:
        raw = tmp_path / "raw"
        (raw / "statistics").mkdir(parents=True)
        plan(raw, "one", "KGZ")
        (raw / "plans" / "one" / "statistics.csv").write_text(_LINKS, encoding="utf-8")
        for name, lines in datasets.items():
            folder = raw / "statistics" / name.lower()
            folder.mkdir()
            (folder / "dataset.toml").write_text(TOML_HEAD.replace("TEST", name), encoding="utf-8")
            (folder / "data.csv").write_text(HEAD + lines, encoding="utf-8")
        inputs = read_inputs(raw)
        plans = gather([read_plans(inputs.folders())])
        statistics = stages.read_statistics(inputs, tmp_path / "parquet")
        assert not statistics.problems, statistics.problems
        con = connections.enter_context(open_release())
        fill(con, stages.validate(plans, statistics), statistics, new_release(AS_OF, "test", "0" * 64))
        check_messages(con)
        return con

    with connections:
        yield run
