"""The bare floor: import the libraries, build the same tables with the same keys from ready frames, write once."""

import pickle
import sys
from pathlib import Path

import duckdb
import pandas as pd  # noqa: F401
import pandera.pandas as pa  # noqa: F401

prepared, folder = Path(sys.argv[1]), Path(sys.argv[2])
# Tables that refer to themselves, a row after the one that it refers to.
PASSES = {
    "dim_activity": ["WHERE duplicate_of IS NULL", "WHERE duplicate_of IS NOT NULL"],
    "dim_area": ["WHERE level = 0", "WHERE level = 1", "WHERE level = 2"],
}
tables = pickle.loads(prepared.read_bytes())  # [(name, DDL, key, frame)]
folder.mkdir()
with duckdb.connect() as con:
    con.execute(f"ATTACH '{folder / 'npa.duckdb'}' AS npa (STORAGE_VERSION 'v1.4.0')")
    con.execute("USE npa")
    con.execute("BEGIN")
    for name, ddl, key, frame in tables:
        con.execute(ddl)
        if len(frame):
            for where in PASSES.get(name, [""]):
                con.execute(f"INSERT INTO {name} SELECT * FROM frame {where} ORDER BY {key}")
    con.execute("COMMIT")
    for name, _, key, _ in tables:
        con.execute(
            f"COPY (FROM {name} ORDER BY {key}) TO '{folder / name}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )
