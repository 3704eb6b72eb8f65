"""Data sets in the database, their figures judged by the rules of `transforms/statistics/quality/rules/`."""

import json

import duckdb

from flows.sources.statistics.load import MEMORY
from flows.sources.statistics.stage import Statistics
from schemas.generated import ddl
from schemas.tables import TABLES
from transforms.errors import BrokenRelease
from transforms.quality.catalogue import rules
from transforms.sql import Statement, data_file, statement, statements
from transforms.tables.quality_issues import load_messages

# The columns of what a rule or a reader finds; without a message_id, the message is the sentence of the rule. `cause`
# joins it to the figures that it is about.
_TEXTS = (
    "rule", "cause", "dataset_id", "statistic_id", "source_file", "column_name", "source_value", "published_value",
    "message_id",
)  # fmt: skip
_ISSUE = dict.fromkeys(_TEXTS, "VARCHAR") | {"line_number": "INTEGER", "places": "BIGINT", "arguments": "JSON"}

# Tables of data of the rules: table → file.
_DATA = {
    "tolerance": "tolerances",
    "unit_bound": "unit_bounds",
    "unit_word": "unit_words",
    "unit_reading": "unit_readings",
    "nature_kind": "natures",
}


def fill_statistics(con: duckdb.DuckDBPyConnection, statistics: Statistics) -> None:
    """Fill `fact_statistic`, then add its periods and the issues about it and about plausible ranges."""
    con.execute(f"SET memory_limit = '{MEMORY}'")
    insert_observations(con, statistics)
    con.execute(statement("statistics/periods").sql)
    _check_references(con, "fact_statistic")
    con.execute(f"CREATE TEMP TABLE statistic_issue ({', '.join(f'{name} {kind}' for name, kind in _ISSUE.items())})")
    notes, shape = ddl.literal(json.dumps(statistics.issues, ensure_ascii=False)), json.dumps([_ISSUE])
    con.execute(f"""INSERT INTO statistic_issue BY NAME
                    SELECT * FROM (SELECT unnest(from_json({notes}::JSON, '{shape}'), recursive := true))""")
    _judge(con)
    load_messages(con)
    con.execute(statement("statistics/quality/issues").sql)
    con.execute("INSERT INTO quality_issue BY NAME SELECT * EXCLUDE (cause) FROM numbered ORDER BY issue_id")
    con.execute(statement("statistics/quality/doubted_figures").sql)
    _check_references(con, "bridge_statistic_issue")
    for table in ("statistic_issue", "doubted", "numbered", "quality_message"):
        con.execute(f"DROP TABLE {table}")
    con.execute("RESET memory_limit")


def insert_observations(con: duckdb.DuckDBPyConnection, statistics: Statistics) -> None:
    """Fill `fact_statistic` from the partitions, in their order: one series of a data set lies together."""
    for dataset_id, path in statistics.partitions():
        rows = f"read_parquet({ddl.literal(str(path))}, hive_partitioning = false)"
        con.execute(f"INSERT INTO fact_statistic BY NAME SELECT {ddl.literal(dataset_id)} AS dataset_id, * FROM {rows}")


def _check_references(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Raise BrokenRelease for what constraints of a table would refuse, if it had them (contract §5)."""
    for column in TABLES[table].columns:
        if column.references:
            other, key = column.references
            orphans = f"""SELECT DISTINCT {column.name} FROM {table}
                          WHERE {column.name} NOT IN (SELECT {key} FROM {other}) ORDER BY 1 LIMIT 20"""
            if values := ", ".join(str(value) for (value,) in con.execute(orphans).fetchall()):
                raise BrokenRelease(f"{table}.{column.name} is not in {other}.{key}: {values}")


def _judge(con: duckdb.DuckDBPyConnection) -> None:
    """Add what the rules find to `statistic_issue`, and the figures that they doubt to `doubted`, in the order of the
    catalogue: what one rule explains, a later one does not tell again."""
    for table, name in _DATA.items():
        path = ddl.literal(str(data_file(f"statistics/quality/rules/{name}.csv")))
        con.execute(f"CREATE TEMP TABLE {table} AS FROM read_csv({path}, header = true)")
    con.execute(
        """CREATE TEMP TABLE doubted (cause VARCHAR, figure BIGINT);
           CREATE TEMP VIEW doubted_unit AS
           SELECT dataset_id, statistic_id, source_value AS unit_measure, rule FROM statistic_issue
           WHERE rule IN ('unit_contradicts_series', 'unit_implausible');
           CREATE TEMP MACRO tolerated(of_rule, of_tolerance) AS
           (SELECT any_value(value) FROM tolerance WHERE rule = of_rule AND tolerance.tolerance = of_tolerance)"""
    )
    con.execute(statement("statistics/quality/place_of").sql)
    con.execute(statement("statistics/quality/parts").sql)
    con.execute(statement("statistics/quality/ranged").sql)
    con.execute(statement("statistics/quality/ranged_figures").sql)
    judges = {"descriptions": _describe, "figures": _doubt}
    found = [
        (rule, judge) for folder, judge in judges.items() for rule in statements(f"statistics/quality/rules/{folder}")
    ]
    order = list(rules())
    for rule, judge in sorted(found, key=lambda pair: order.index(pair[0].name)):
        judge(con, rule)
    con.execute("DROP VIEW ranged_figures; DROP VIEW doubted_unit")
    for table in ("place", "parts", "ranged", *_DATA):
        con.execute(f"DROP TABLE {table}")
    con.execute("DROP MACRO tolerated; DROP MACRO place_of")


def _describe(con: duckdb.DuckDBPyConnection, rule: Statement) -> None:
    """Add what a rule finds in the description of series and data sets."""
    con.execute(f"""INSERT INTO statistic_issue BY NAME
                    SELECT * REPLACE (to_json(arguments) AS arguments), '{rule.name}' AS rule,
                           source_value AS published_value
                    FROM ({rule.sql})""")


def _doubt(con: duckdb.DuckDBPyConnection, rule: Statement) -> None:
    """Add what a rule finds in figures: a row for each cause, and all its figures."""
    con.execute(statement("statistics/quality/places", rule=rule.sql, rule_name=rule.name).sql)
    con.execute(statement("statistics/quality/worst", rule_name=rule.name).sql)
    con.execute("INSERT INTO doubted SELECT DISTINCT cause, unnest(figures) FROM place")
