"""docs/contract.md: the tables and columns, views, macros, enumerations, indicators and options that it names."""

import re

import duckdb
import pytest

from schemas import enumerations
from schemas.tables import TABLES
from tests.support.command import npa
from tests.support.markdown import page, section
from transforms.sql import statements

CONTRACT = page("docs/contract.md")
_TABLES = section(CONTRACT, "## 5. Tables")


@pytest.mark.parametrize("name", TABLES)
def test_columns_of_a_table_are_those_listed(name: str) -> None:
    row = re.search(rf"^\| `{name}` \|[^|]*\| (.*) \|$", _TABLES, re.MULTILINE)
    assert row, f"{name} is not in the contract"
    listed = re.sub(r" \([^)]*\)", "", re.split(r"[—;]", row[1])[0])
    assert [column.strip() for column in listed.split(",")] == list(TABLES[name].column_names)


def test_views_and_macros_are_those_named(con: duckdb.DuckDBPyConnection) -> None:
    named = set(re.findall(r"`([a-z_]+)(?:\([^`]*\))?`", _TABLES))
    assert {view.name for view in statements("views")} <= named
    macros = con.execute("SELECT function_name FROM duckdb_functions() WHERE NOT internal").fetchall()
    assert macros
    assert {name for (name,) in macros} <= named


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("`schedule_kind`", enumerations.SCHEDULE_KINDS),
        ("`window_source`", enumerations.WINDOW_SOURCES),
        ("`agency_type`", enumerations.AGENCY_TYPES),
        ("`timeframe`", enumerations.TIMEFRAMES),
        ("`source_kind`", enumerations.SOURCE_KINDS),
        ("`population`", enumerations.POPULATIONS),
        ("`breakdown`", enumerations.BREAKDOWNS),
        ("`fact_progress.status`", enumerations.PROGRESS_STATUSES),
        ("`quality_issue.severity`", (*enumerations.SEVERITIES, *enumerations.ACTIONS)),
    ],
)
def test_enumerations_are_those_listed(label: str, values: tuple[str, ...]) -> None:
    item = re.search(rf"^- {label}(.*?)(?=^- |^$)", _TABLES, re.DOTALL | re.MULTILINE)
    assert item
    assert [value for value in values if not re.search(rf"\b{value}\b", item[1])] == []


def test_indicators_are_those_defined(con: duckdb.DuckDBPyConnection) -> None:
    listed = re.findall(r"^\| `([A-Z_]+)(<[A-Z]+>)?` \|", section(CONTRACT, "## 7. Monitoring"), re.MULTILINE)
    families = tuple(name for name, member in listed if member)  # STATUS_SHARE_<STATUS>
    defined = {name for (name,) in con.execute("SELECT indicator_id FROM dim_indicator").fetchall()}
    assert {next(filter(name.startswith, families), name) for name in defined} == {name for name, _ in listed}


def test_options_are_those_of_the_command_line() -> None:
    rows = re.findall(r"^\| (`npa .*?`) \|", section(CONTRACT, "## 4. Commands").replace("\\|", "/"), re.MULTILINE)
    for usage in re.findall(r"`npa ([^`]*)`", " ".join(rows)):
        command = usage.split()[: 2 if usage.startswith("dataset") else 1]
        manual = npa(*command, "--help").stdout
        listed = set(re.findall(r"--[a-z-]+", usage))
        own = set(re.findall(r"^  (--[a-z-]+)", manual, re.MULTILINE)) - {"--raw", "--warehouse"}
        assert own == listed, usage
