"""The check of every frame against its model, then of the rules that span tables. All failures are listed at once."""

from collections.abc import Collection, Iterator, Mapping

import duckdb
import pandas as pd
from pandera.config import get_config_context
from pandera.errors import SchemaErrors

from schemas.model import Table
from schemas.tables import TABLES
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.sql import statements

_MOST = 20  # failures listed of one rule
_ORPHAN = "Every reference must be found in the table that it names."


def validate(frames: Mapping[str, pd.DataFrame], con: duckdb.DuckDBPyConnection) -> list[InputProblem]:
    """Return the failures of all frames; none if they may be published. `con` is a connection to an empty database."""
    if not get_config_context().validation_enabled:
        remedy = "Unset PANDERA_VALIDATION_ENABLED: nothing is published unchecked."
        return [InputProblem("validation is switched off", remedy, path="environment")]
    # A frame without rows has nothing that could break its model; its types are the model's (tabulate.frame).
    problems = [p for name, frame in frames.items() if len(frame) for p in check_table(TABLES[name], frame)]
    return problems + list(check_across(frames, con))


def check_table(table: Table, frame: pd.DataFrame) -> Iterator[InputProblem]:
    """Yield the failures of one frame against its model: columns, types, keys, nulls, allowed values."""
    try:
        table.schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        for case in errors.failure_cases.head(_MOST).to_dict("records"):
            what = sentence("{column} fails {check}", column=case["column"] or table.name, check=case["check"])
            remedy = "This is a fault of npa, or of a table of judgement."
            yield InputProblem(what, remedy, path=table.name, value=str(case["failure_case"]))


def check_across(frames: Mapping[str, pd.DataFrame], con: duckdb.DuckDBPyConnection) -> Iterator[InputProblem]:
    """Yield the failures of foreign keys and of the rules of `rules/`, which are queries for place and fault."""
    rules = {rule.name: rule for rule in statements("tables/rules")}
    checks = [*_orphans({name for name, frame in frames.items() if len(frame)})]
    checks += [f"(SELECT '{rule.name}', *, NULL FROM ({rule.sql}) LIMIT {_MOST})" for rule in rules.values()]
    for name, frame in frames.items():
        con.register(name, frame)
    for check, place, fault, value in con.execute(" UNION ALL ".join(checks)).fetchall():
        remedy = rules[check].description if check in rules else _ORPHAN
        yield InputProblem(str(fault), remedy, path=str(place), value=value)


def _orphans(filled: Collection[str]) -> Iterator[str]:
    """Yield a query for each reference: for the values that are not in the table that they refer to."""
    for table in TABLES.values():
        for column in table.columns:
            if column.references and table.name in filled:
                other, key = column.references
                yield f"""
                    (SELECT DISTINCT '', '{table.name}', '{column.name} is not in {other}.{key}', {column.name} AS value
                    FROM {table.name} WHERE value IS NOT NULL AND value NOT IN (SELECT {key} FROM {other})
                    ORDER BY value LIMIT {_MOST})"""
