"""The models: one name has one meaning; generated pages are not stale; the packages are ours."""

import duckdb
import pandas as pd
import pytest

import flows
import schemas
import transforms
from flows.refresh.build.database import create
from schemas.generated import ddl
from schemas.model import sql_type
from schemas.tables import TABLES
from tests.support.paths import ROOT

# Names that the contract uses for two things: an indicator's parts in words and as figures, `_T` where a fact sums
# over plans or agencies, what an indicator is computed from and what a theme rests on, the files of which received.csv
# says something and any file.
_TWO_MEANINGS = {("numerator", "dim_indicator"), ("denominator", "dim_indicator"), ("basis", "dim_indicator"),
                 ("plan_id", "fact_indicator"), ("agency_id", "fact_indicator"),
                 ("source_file", "dim_report_receipt")}  # fmt: skip


def test_same_name_means_the_same() -> None:
    """Compare type, unit, codes and the referenced table wherever a column of that name is used."""
    meanings: dict[str, dict[str, object]] = {}
    for table in TABLES.values():
        for c in table.columns:
            if (c.name, table.name) not in _TWO_MEANINGS:
                refers = c.references[0] if c.references else table.name if table.key == (c.name,) else None
                meanings.setdefault(c.name, {})[table.name] = (c.sql_type, c.unit, c.codes, refers)
    differ = {name: uses for name, uses in meanings.items() if len(set(uses.values())) > 1}
    assert differ == {}


def test_types_follow_the_names() -> None:
    for table in TABLES.values():
        for c in table.columns:
            if c.name.endswith(("_on", "_date")) or (c.name.startswith("window_") and c.name != "window_source"):
                assert c.sql_type == "DATE", c.name
            if c.name.endswith("_at"):
                assert c.sql_type == "TIMESTAMP", c.name
            if c.name.startswith(("is_", "has_")) or c.sql_type == "BOOLEAN":
                assert c.sql_type == "BOOLEAN", c.name
                assert c.name.startswith(("is_", "has_", "in_")), c.name


def test_text_is_text_in_every_storage_of_pandas() -> None:
    """Compare kinds of types, because names say how pandas stores them. CI publishes a release with pyarrow too."""
    text = pd.StringDtype("python")
    text._storage = "pyarrow"  # type: ignore[attr-defined]  # which only pandas itself may set, and does where pyarrow is installed
    assert sql_type("name", text) == "VARCHAR"


def test_every_table_says_its_grain() -> None:
    for table in TABLES.values():
        assert table.description.startswith("One row per "), table.name


def test_tables_are_created_in_the_order_of_their_references() -> None:
    with duckdb.connect() as con:
        for table in TABLES.values():
            con.execute(ddl.create_table(table))


def test_packages_are_from_this_project() -> None:
    """Check the paths, because PyPI has distributions of these names."""
    for package in (flows, schemas, transforms):
        assert str(package.__file__).startswith(str(ROOT)), package.__file__


@pytest.mark.parametrize(("address", "fault"), [
    ("https://example.org/a", "foreign key"), ("HTTP://example.org", "foreign key"),
    ("ftp://example.org", "CHECK"), ("https://", "CHECK"), ("javascript:alert('http://x')", "CHECK"), ("", "CHECK"),
])  # fmt: skip
def test_evidence_is_an_address_on_the_web(address: str, fault: str) -> None:
    with duckdb.connect() as con:
        create(con)
        with pytest.raises(duckdb.ConstraintException, match=fault):
            con.execute("""
                INSERT INTO fact_progress BY NAME
                SELECT 'A' AS activity_id, 'B' AS agency_id, '_T' AS reporting_unit, '2019' AS time_period,
                       DATE '2020-01-01' AS reported_on, DATE '2020-01-01' AS effective_on, 'completed' AS status, $address AS evidence_url,
                       'x' AS source_file, 2 AS source_row""", {"address": address})  # fmt: skip
