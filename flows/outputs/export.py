"""`npa export`: the indicators of the current release in the forms that other tools load (contract §8).

pysdmx is imported where structures are written, and nowhere else."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from flows.outputs.connection import interruptible, opened
from flows.outputs.files import delivered_together, write_csv
from flows.releases.warehouse import Warehouse
from transforms.errors import WarehouseFault
from transforms.export.open_sdg import COLUMNS, metadata
from transforms.quality.text import sentence
from transforms.sql import statement

_DICTIONARY = "SELECT concat_ws('.', table_name, column_name), data_type, description FROM data_dictionary"
_RELEASE = "SELECT release_id, published_at, as_of, software_version FROM release"
_Connection = duckdb.DuckDBPyConnection


def export(warehouse: Warehouse, form: str, output: Path) -> str:
    """Write the indicators into the folder `output`, in a form of `FORMS`; all files or none. Returns what was written,
    in a sentence. Files of the same names are replaced, others stay."""
    database = warehouse.current_release() / "npa.duckdb"
    told: list[str] = []
    with delivered_together(output, warehouse) as aside, opened(database, aside / "data.csv") as con:
        try:
            interruptible(con, lambda: told.append(FORMS[form](con, aside)))
        except duckdb.IOException as error:
            raise WarehouseFault(
                sentence(
                    "{database} cannot be read, or {output} not be written: {error}",
                    database=database,
                    output=output,
                    error=error,
                )
            ) from error
    return f"{told[0]} in {output}"


def _export_sdmx(con: _Connection, folder: Path) -> str:
    """data.csv, SDMX-CSV 2.0, and structures.xml, SDMX-ML 2.1."""
    from transforms.export.structures import dataflow_id

    data = con.sql(statement("export/sdmx_data").sql)
    # R: a figure that was sent before is replaced as a whole, with those of its counts that it has no more.
    columns = f"'dataflow' AS \"STRUCTURE\", '{dataflow_id()}' AS \"STRUCTURE_ID\", 'R' AS \"ACTION\", *"
    data.project(columns).to_csv(str(folder / "data.csv"), header=True)
    _write_structures(con, folder / "structures.xml")
    return f"{len(data)} observations: data.csv (SDMX-CSV 2.0) and structures.xml (SDMX-ML 2.1)"


def _write_structures(con: _Connection, path: Path) -> None:
    from pysdmx.io.xml.sdmx21.writer.structure import write
    from pysdmx.model import Organisation
    from pysdmx.model.message import Header

    from transforms.export.structures import MAINTAINER, structures

    described = {column: (kind, text) for column, kind, text in con.execute(_DICTIONARY).fetchall()}
    made = structures(described, con.execute(statement("export/sdmx_codes").sql).fetchall())
    release_id, published_at, as_of, version = _release(con)
    header = Header(
        id=release_id,
        prepared=published_at.replace(tzinfo=UTC),  # not now: one release is one file
        sender=Organisation(MAINTAINER),
        source=f"npa {version}, release {release_id}, as of {as_of}",
    )
    path.write_text(write(made, header=header) or "", encoding="utf-8", newline="\n")


def _export_open_sdg(con: _Connection, folder: Path) -> str:
    """A file of data/ and one of meta/ for each indicator, one without data too."""
    _, _, as_of, _ = _release(con)
    rows: dict[str, list[tuple[str | None, ...]]] = defaultdict(list)
    for indicator_id, *row in con.execute(statement("export/open_sdg_data").sql).fetchall():
        rows[indicator_id].append(tuple(row))
    answer = con.execute("FROM dim_indicator ORDER BY indicator_id")
    names = [column[0] for column in answer.description]
    indicators = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    for name in ("data", "meta"):
        (folder / name).mkdir()
    for indicator in indicators:
        found = rows[indicator["indicator_id"]]
        with (folder / "data" / f"indicator_{indicator['indicator_id']}.csv").open("w", encoding="utf-8") as file:
            write_csv(file, COLUMNS, found, [False] * len(COLUMNS))
        text = metadata(indicator, as_of, any(value is not None for *_, value in found))
        (folder / "meta" / f"{indicator['indicator_id']}.yml").write_text(text, encoding="utf-8")
    return f"{len(indicators)} indicators, {sum(map(len, rows.values()))} figures of years: data/ and meta/ of Open SDG"


def _release(con: _Connection) -> tuple[str, datetime, date, str]:
    (found,) = con.execute(_RELEASE).fetchall()
    return found


FORMS: dict[str, Callable[[_Connection, Path], str]] = {"sdmx": _export_sdmx, "open-sdg": _export_open_sdg}
