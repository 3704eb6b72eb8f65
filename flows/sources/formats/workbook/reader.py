"""Workbooks (.xlsx, .xlsm, .ods): one sheet, tidy or laid out for people, by [layout]."""

from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import duckdb

from flows.sources.formats.files.head import Head, Kind
from flows.sources.formats.files.limits import LARGEST_WORKBOOK, LONGEST_CELL, size_of
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
    """Return what a workbook is. Raises InputProblem for another zip, and for one that is damaged."""
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
    """A sheet of a workbook; source_row is the row that a spreadsheet shows. Numbers have all their digits, written
    with the decimal mark of dataset.toml, days are in ISO form, percentages as their format shows them, and a merged
    cell of labels or of the header fills all it covers.

    Raises InputProblem for whatever is no workbook, may not be opened safely, or is not as [layout] says; OSError."""
    sheets, data = opened(path)
    sheet = _chosen(sheets, dataset.layout or Layout())
    _print_numbers(sheet, data, dataset.decimal)
    table = grid(sheet.rows, sheet.first_row, sheet.repeated)
    return source_of(con, folder, path, table, dataset, sheet.name)


def opened(path: Path) -> tuple[list[Sheet], bytes]:
    """Return the sheets of a workbook, and its bytes.

    Raises InputProblem for what is no workbook or may not be opened safely, in words for whoever describes a data set
    (those of `read_workbook` are for whoever sent a report); OSError."""
    if path.stat().st_size > LARGEST_WORKBOOK:
        raise InputProblem(*_SENTENCES["file_too_large"], rule="file_too_large")
    data = path.read_bytes()
    try:
        return read_workbook(data, path.name), data
    except InputProblem as problem:
        raise InputProblem(*_SENTENCES[problem.rule], rule=problem.rule) from problem


def _chosen(sheets: list[Sheet], layout: Layout) -> Sheet:
    names = ", ".join(repr(sheet.name) for sheet in sheets)
    if layout.sheet is None:
        filled = [sheet for sheet in sheets if not sheet.is_hidden and any(map(any, sheet.rows))]
        if len(filled) != 1:
            what = sentence(
                "the workbook has {count} filled visible sheets ({names})",
                count=len(filled) or sentence("no"),
                names=names,
            )
            raise InputProblem(what, "Say which one it is: [layout] sheet = …")
        return filled[0]
    for sheet in sheets:
        if fold(sheet.name) == fold(layout.sheet):
            return sheet
    raise InputProblem(
        sentence("the workbook has no such sheet, only {names}", names=names),
        "Correct [layout] sheet.",
        value=layout.sheet,
    )


def _print_numbers(sheet: Sheet, data: bytes, decimal: str) -> None:
    """Put every digit of the numbers into the sheet, of which `read_workbook` keeps the fifteen that Excel shows."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        read = book.get_sheet_by_name(sheet.name)
        left = (read.start or (0, 0))[1]
        for row, cells in zip(sheet.rows, read.to_python(), strict=True):
            for column, value in enumerate(cells, left):
                if isinstance(value, float):
                    text = row[column] if row[column].endswith("%") else _digits(value)
                    row[column] = text.replace(".", decimal)


def _digits(value: float) -> str:
    """
    >>> _digits(2019.0), _digits(40.402479889759874), _digits(1e22)
    ('2019', '40.402479889759874', '1e+22')
    """
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
