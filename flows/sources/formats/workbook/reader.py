"""Statistics in workbooks (.xlsx, .xlsm, .ods): one sheet, tidy or laid out for people, by [layout]."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

import duckdb

from flows.sources.formats.files.head import Head, Kind
from flows.sources.formats.files.refusals import LARGEST_WORKBOOK, LONGEST_CELL, size_of
from flows.sources.formats.relations.relation import Source
from flows.sources.formats.relations.tables import source_of
from flows.sources.formats.workbook.guards import LARGEST_AREA
from flows.sources.formats.workbook.sheets import Sheet, read_workbook
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.statistics.dataset.layout import Layout
from transforms.statistics.layouts.grid import grid
from transforms.text.lines import fold

_SENTENCES = {  # by rule: what, remedy
    "file_empty": ("the file is empty", "Get it again."),
    "file_too_large": (
        sentence(
            "the workbook is larger than {size}, unpacks to far more, or has over {cells} cells",
            size=size_of(LARGEST_WORKBOOK),
            cells=f"{LARGEST_AREA:,}",
        ),
        "Save the sheet as CSV UTF-8 and describe that.",
    ),
    "cell_too_long": (
        sentence("the workbook has a cell of more than {limit} characters", limit=f"{LONGEST_CELL:,}"),
        "Shorten the text, or save the sheet without that column.",
    ),
    "file_protected": (
        "the workbook is protected by a password, or is an old .xls",
        "Save it without a password, as .xlsx.",
    ),
    "not_a_workbook": ("the file is no workbook, whatever it is called", "Save it as .xlsx or .ods."),
    "xml_entities": (
        "the workbook declares XML entities, which no spreadsheet program writes",
        "Save it anew as .xlsx.",
    ),
    "file_damaged": ("the workbook is damaged", "Get it again, or save it anew as .xlsx."),
}


def handles(head: Head) -> Kind | None:
    """Return the kind of a workbook. Raises InputProblem for another zip, and for a damaged one."""
    if head.binary != "zip":
        return None
    try:
        with ZipFile(head.path) as book:
            names = book.namelist()
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise InputProblem("the file begins as a zip and is cut off or damaged", "Get the whole file again.") from error
    if any(name.startswith("xl/") for name in names):
        return Kind("xlsx", "Excel workbook")
    if "content.xml" in names:
        return Kind("xlsx", "OpenDocument workbook (.ods)")
    listed = ", ".join(names[:5])
    raise InputProblem("the file is a zip, and no workbook", "Unpack it, and describe what is in it.", value=listed)


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """Return a sheet of a workbook; source_row is the row that a spreadsheet shows. Numbers have all their digits and
    the decimal mark of dataset.toml, days are in ISO form, percentages as their format shows them, and a merged cell of
    labels or of the header fills its whole range.

    Raises InputProblem for a file that is no workbook, is not safe to open, or is not as [layout] says; OSError."""
    sheet = _chosen(read_sheets(path, dataset.decimal), dataset.layout or Layout())
    return source_of(con, folder, path, grid(sheet.rows, sheet.first_row, sheet.repeated), dataset, sheet.name)


def read_sheets(path: Path, decimal: str = "") -> list[Sheet]:
    """Return the sheets of a workbook, as `read_workbook` does.

    Raises InputProblem in words for people who describe a data set (those of `read_workbook` are for people who send a
    report); OSError."""
    if path.stat().st_size > LARGEST_WORKBOOK:
        raise InputProblem(*_SENTENCES["file_too_large"], rule="file_too_large")
    try:
        return read_workbook(path.read_bytes(), path.name, decimal)
    except InputProblem as problem:
        raise InputProblem(*_SENTENCES[problem.rule], rule=problem.rule) from problem


def _chosen(sheets: list[Sheet], layout: Layout) -> Sheet:
    names = ", ".join(repr(sheet.name) for sheet in sheets)
    if layout.sheet is None:
        filled = [sheet for sheet in sheets if not sheet.is_hidden and any(map(any, sheet.rows))]
        if len(filled) != 1:
            count = len(filled) or sentence("no")
            what = sentence("the workbook has {count} filled visible sheets ({names})", count=count, names=names)
            raise InputProblem(what, "Say which one it is: [layout] sheet = …")
        return filled[0]
    for sheet in sheets:
        if fold(sheet.name) == fold(layout.sheet):
            return sheet
    what = sentence("the workbook has no such sheet, only {names}", names=names)
    raise InputProblem(what, "Correct [layout] sheet.", value=layout.sheet)
