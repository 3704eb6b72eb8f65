"""Indicators: those of a plan from the cache or computed, those of several plans together always computed."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb

from flows.refresh.cache import Cache
from schemas.generated import ddl
from transforms.indicators.registry import indicators_between
from transforms.sql import statement

Parts = tuple[str, ...]  # of the key of an entry


def fill_indicators(con: duckdb.DuckDBPyConnection, as_of: str, cache: Cache) -> dict[str, Parts]:
    """Fill `fact_indicator`, and add its periods to `dim_time_period`. The tables of plans, reports and reporting slots
    must be filled. Return the plans whose rows are not in the cache, each with the parts of its key."""
    # Before the first plan begins, nothing is cached.
    ((has_begun,),) = con.execute("SELECT min(start_date) <= $day::DATE FROM dim_plan", {"day": as_of}).fetchall()
    inputs = con.execute(statement("indicators/plan_inputs").sql).fetchall() if cache and has_begun else []
    parts = {plan_id: ("indicators", as_of, digest) for plan_id, digest in inputs}  # what the rows of a plan depend on
    cached = {plan_id: path for plan_id in parts if (path := cache.get(*parts[plan_id]))}
    con.execute("CREATE TEMP TABLE cached AS SELECT unnest($plans::VARCHAR[]) AS plan_id", {"plans": list(cached)})
    day, first = f"DATE '{as_of}'", "(SELECT min(start_date) FROM dim_plan)"
    figures = indicators_between(first, day, slots="fact_reporting_slot", without="cached")
    con.execute(f"CREATE TEMP TABLE figure AS {figures}")
    if cached:
        paths = ", ".join(ddl.literal(str(path)) for path in cached.values())
        con.execute(f"INSERT INTO figure BY NAME FROM read_parquet([{paths}])")
    con.execute(statement("indicators/periods").sql)
    con.execute("INSERT INTO fact_indicator BY NAME FROM figure ORDER BY indicator_id, plan_id, agency_id, time_period")
    con.execute("DROP TABLE figure; DROP TABLE cached")
    return {plan_id: parts[plan_id] for plan_id in parts if plan_id not in cached}


def cache_indicators(con: duckdb.DuckDBPyConnection, cache: Cache, plans: Mapping[str, Parts], release: Path) -> None:
    """Put the rows of these plans into the cache, by way of a folder in that of the release. `con` must not be in a
    transaction, which a full disk would end."""
    if not plans or not cache:
        return
    folder = release / "indicators"
    shutil.rmtree(folder, ignore_errors=True)  # of an earlier attempt
    try:
        con.execute(
            f"""COPY (FROM fact_indicator WHERE plan_id IN (SELECT unnest($plans::VARCHAR[])) ORDER BY plan_id)
                TO {ddl.literal(str(folder))} (FORMAT parquet, PARTITION_BY (plan_id), WRITE_PARTITION_COLUMNS)""",
            {"plans": list(plans)},
        )
        for plan_id, parts in plans.items():
            files = list((folder / f"plan_id={plan_id}").glob("*.parquet"))
            if len(files) == 1:
                cache.put(files[0], *parts)
    except (OSError, duckdb.IOException) as error:
        cache.report(error)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
