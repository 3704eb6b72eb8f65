"""Files of CSV, Excel and Parquet tables for tests: a dataset.toml around a few keys, and files read by it."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

import duckdb
import openpyxl
import pytest

from flows.sources.formats import parquet
from flows.sources.formats.csv import reader as csv_table
from flows.sources.formats.files.refusals import duckdb_problem
from flows.sources.formats.relation import Source
from flows.sources.formats.workbook import reader as xlsx_table
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset

_READERS = {"csv": csv_table.read, "xlsx": xlsx_table.read, "parquet": parquet.read}
_TOML = {"dataset_id": "A", "title": "a", "publisher": "a", "source_url": "a", "licence": "a",
         "retrieved_on": "2026-01-01", "files": ["*"]}  # fmt: skip

Cells = Sequence[Sequence[object]]
Row = tuple[str | int | None, ...]


def dataset(toml: str, kind: str) -> Dataset:
    """Return a dataset.toml of this format with these keys in addition to the compulsory ones."""
    return Dataset.model_validate(_TOML | {"format": kind} | tomllib.loads(toml), strict=False)


def source(path: Path, toml: str = "") -> Source:
    """Read a file with the reader of its format, which follows from its name."""
    kind = path.suffix[1:]
    folder = path.parent / "streams"
    folder.mkdir(exist_ok=True)
    return _READERS[kind](duckdb.connect(), path, dataset(toml, kind), folder)


def rows(path: Path, toml: str = "") -> list[Row]:
    """Return the rows of a file with their source_row, or raise InputProblem if something is wrong with it."""
    read = source(path, toml)
    try:
        result: list[Row] = read.relation.fetchall()
    except duckdb.Error as error:
        raise duckdb_problem(error) from error
    if read.first_row is None:
        return result
    return [(*row, number) for number, row in enumerate(result, read.first_row)]


def observations(path: Path, toml: str = "") -> list[dict[str, str]]:
    """Return the rows of a file as dictionaries, without what is missing and without source_row."""
    names = source(path, toml).names
    return [{n: str(v) for n, v in zip(names, row, strict=False) if v is not None} for row in rows(path, toml)]


def refusal(path: Path, toml: str = "") -> InputProblem:
    """Return the problem for which a file is rejected."""
    with pytest.raises(InputProblem) as caught:
        rows(path, toml)
    assert caught.value.what
    assert caught.value.remedy
    return caught.value


def workbook(path: Path, cells: Cells, merged: Sequence[str] = ()) -> Path:
    """Write a workbook of one sheet, `Sheet`."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in cells:
        sheet.append(list(row))
    for span in merged:
        sheet.merge_cells(span)
    book.save(path)
    return path
