"""`npa export`: the indicators of the current release in the forms that other tools load (contract §8)."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import duckdb

from flows.outputs.connection import fetch, interruptible, opened
from flows.outputs.files import delivered_together, write_csv
from flows.releases.warehouse import Warehouse
from transforms.errors import WarehouseFault
from transforms.export.open_sdg import COLUMNS, metadata
from transforms.sql import statement

_DICTIONARY = "SELECT concat_ws('.', table_name, column_name), data_type, description FROM data_dictionary"
_Connection = duckdb.DuckDBPyConnection


def export(warehouse: Warehouse, form: str, output: Path) -> str:
    """Write the indicators into the folder `output`, in a form of `FORMS`, all files or none; return the sentence that
    says so. Files of the same names are replaced, others stay. Raises WarehouseFault; MisplacedOutput."""
    database = warehouse.current_release() / "npa.duckdb"
    with delivered_together(output, warehouse) as draft, opened(database, draft / "data.csv") as con:
        try:
            return f"{interruptible(con, lambda: FORMS[form](con, draft))} in {output}"
        except duckdb.IOException as error:
            raise WarehouseFault(
                "{database} cannot be read, or {output} not be written: {error}",
                database=database, output=output, error=error,
            ) from error  # fmt: skip


def _export_sdmx(con: _Connection, folder: Path) -> str:
    """Write data.csv, SDMX-CSV 2.0, and structures.xml, SDMX-ML 2.1."""
    from pysdmx.io.xml.sdmx21.writer.structure import write  # slow to import
    from pysdmx.model import Organisation
    from pysdmx.model.message import Header

    from transforms.export.structures import MAINTAINER, dataflow_id, structures

    data = con.sql(statement("export/sdmx_data").sql)
    # R: a figure that was sent before is replaced as a whole, and loses the counts that it has no more.
    columns = f"'dataflow' AS \"STRUCTURE\", '{dataflow_id()}' AS \"STRUCTURE_ID\", 'R' AS \"ACTION\", *"
    data.project(columns).to_csv(str(folder / "data.csv"), header=True)
    described = {column: (kind, text) for column, kind, text in con.execute(_DICTIONARY).fetchall()}
    codes = con.execute(statement("export/sdmx_codes").sql).fetchall()
    (release,) = fetch(con, "FROM release")
    header = Header(
        id=release["release_id"],
        prepared=release["published_at"].replace(tzinfo=UTC),  # not now: one release is one file
        sender=Organisation(MAINTAINER),
        source="npa {software_version}, release {release_id}, as of {as_of}".format(**release),
    )
    text = write(structures(described, codes), header=header) or ""
    (folder / "structures.xml").write_text(text, encoding="utf-8", newline="\n")
    return f"{len(data)} observations: data.csv (SDMX-CSV 2.0) and structures.xml (SDMX-ML 2.1)"


def _export_open_sdg(con: _Connection, folder: Path) -> str:
    """Write a file of data/ and one of meta/ for each indicator, also for one without data."""
    figures: dict[str, list[tuple[str | None, ...]]] = defaultdict(list)
    for indicator_id, *figure in con.execute(statement("export/open_sdg_data").sql).fetchall():
        figures[indicator_id].append(tuple(figure))
    indicators = fetch(con, "SELECT i.*, r.as_of FROM dim_indicator AS i CROSS JOIN release AS r ORDER BY indicator_id")
    for name in ("data", "meta"):
        (folder / name).mkdir()
    for indicator in indicators:
        indicator_id = indicator["indicator_id"]
        rows = figures[indicator_id]
        with (folder / "data" / f"indicator_{indicator_id}.csv").open("w", encoding="utf-8") as file:
            write_csv(file, COLUMNS, rows, [False] * len(COLUMNS))
        text = metadata(indicator, indicator["as_of"], any(value is not None for *_, value in rows))
        (folder / "meta" / f"{indicator_id}.yml").write_text(text, encoding="utf-8")
    figures_count = sum(map(len, figures.values()))
    return f"{len(indicators)} indicators, {figures_count} figures of years: data/ and meta/ of Open SDG"


FORMS: dict[str, Callable[[_Connection, Path], str]] = {"sdmx": _export_sdmx, "open-sdg": _export_open_sdg}
