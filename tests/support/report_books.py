"""Reports of agencies as files: workbooks made, saved, changed inside, read or rejected."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from flows.sources.reports.headings import ReportSheet
from flows.sources.reports.sheets import read_report
from transforms.errors import InputProblem
from transforms.reports.vocabulary import COLUMNS

SOFFICE = shutil.which("soffice")


ROW = ["TJK-CRC-2018-05-02", "TJK-MOES", "2019", "2019-12-31", "Completed", "100", "2019-12-01", "Done", "http://a.tj"]


SHEET = "xl/worksheets/sheet1.xml"


def make_book(*rows: list[Any], change: Callable[[Any], None] = lambda _: None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    change(book.worksheets[0])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def save(folder: Path, data: bytes, name: str = "report.xlsx") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def resave(*books: Path, suffixes: tuple[str, ...] = ("xlsx", "ods")) -> None:
    """Save workbooks of one folder with LibreOffice as .xlsx and .ods, in a folder `resaved` next to them."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed: no soffice on the PATH")
    folder = books[0].parent
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for suffix in suffixes:
        command = [SOFFICE, "--headless", profile, "--convert-to", suffix, "--outdir", str(folder / "resaved")]
        subprocess.run([*command, *map(str, books)], capture_output=True, check=True, timeout=120)


def read_all(path: Path) -> list[ReportSheet]:
    """Return the sheets of a report, with all their rows read."""
    return [replace(sheet, rows=list(sheet.rows)) for sheet in read_report(path)]


def read_one(path: Path) -> ReportSheet:
    (sheet,) = read_all(path)
    return sheet


def cells_of(sheet: ReportSheet) -> list[list[str]]:
    return [cells for _, cells in sheet.rows]


def numbers_of(sheet: ReportSheet) -> list[int]:
    return [number for number, _ in sheet.rows]


def refusal(path: Path) -> InputProblem:
    with pytest.raises(InputProblem) as refusal:
        read_all(path)
    assert refusal.value.remedy.endswith(".")
    return refusal.value


def rezip(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        assert part in old.namelist()
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == part else content)
    return file.getvalue()


GOOD = make_book(list(COLUMNS[: len(ROW)]), ROW)
