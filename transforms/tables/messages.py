"""The messages of the catalogue, for SQL."""

import duckdb

from schemas.generated import ddl
from transforms.sql import data_file, statement


def load_messages(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `quality_message` and the temporary macro `rendered`."""
    path = ddl.literal(str(data_file("quality/messages.csv")))
    con.execute(statement("tables/messages", messages=path).sql)
    con.execute(statement("tables/rendered").sql)
