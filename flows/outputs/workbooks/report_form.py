"""`npa template`: the workbook in which an agency reports, written from the current release (contract §7)."""

from datetime import date
from pathlib import Path

import duckdb

from flows.outputs.connection import agency_id_of, fetch, opened
from flows.outputs.files import delivered
from flows.outputs.workbooks.form_content import read_form
from flows.outputs.workbooks.form_sheets import write_form
from flows.releases.warehouse import Warehouse
from transforms.errors import NpaError, WrongUsage


class NoForm(NpaError):
    """An agency that gets no form."""


def write_forms(
    warehouse: Warehouse, agency: str | None, as_of: date | None, language: str, output: Path
) -> list[Path]:
    """Write the form of one agency (id or abbreviation) to the file `output`, or (None) each agency's into that folder,
    with the last reports known at `as_of` (None: that of the release), and return the files. Raises NoForm for an
    agency that gets no form; UnknownAgency."""
    if agency is not None and output.suffix.lower() != ".xlsx":
        raise WrongUsage(
            "{output} does not end in .xlsx: a form is a workbook, so say --output FILE.xlsx", output=output
        )
    with opened(warehouse.current_release() / "npa.duckdb") as con:
        forms = [read_form(con, agency_id, as_of, language) for agency_id in _chosen(con, agency)]
    paths = {output if agency is not None else output / f"{form.agency['agency_id']}.xlsx": form for form in forms}
    for path, form in paths.items():
        with delivered(path, warehouse) as draft:
            if agency is None:
                output.mkdir(parents=True, exist_ok=True)
            write_form(form, draft)
    return [*paths]


def _chosen(con: duckdb.DuckDBPyConnection, name: str | None) -> list[str]:
    """Return the ids of the agencies that get a form: of the one of this name, or of all."""
    agencies = fetch(con, "SELECT agency_id, name, activities, is_collective FROM agency_workload ORDER BY agency_id")
    if name is None:
        return [row["agency_id"] for row in agencies if row["activities"] and not row["is_collective"]]
    agency_id = agency_id_of(con, name)
    (agency,) = (row for row in agencies if row["agency_id"] == agency_id)
    if agency["is_collective"]:
        raise NoForm("{agency_id} is no single body: nobody reports for “{name}”, so it gets no form.".format(**agency))
    if not agency["activities"]:
        raise NoForm("{agency_id} ({name}) has no activity to report on, so it gets no form.".format(**agency))
    return [agency_id]
