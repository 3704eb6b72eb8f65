"""Files packed by gzip or as a zip of one file: any content comes back, and nothing else is unpacked."""

import gc
import gzip
import io
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.sources.describe.describe import describe
from flows.sources.formats.files import packed
from flows.sources.formats.files.packed import packing, unpacked
from flows.sources.formats.registry import recognise
from tests.support.examples import examples
from tests.support.one_data_set import HEAD, PLAIN, Load
from tests.support.paths import DATA
from transforms.errors import InputProblem
from transforms.text.encodings import signature

_TABLE = (PLAIN + "SI_POV_NAHC,TJ,2019,1\nSI_POV_NAHC,TJ,2020,2\n").encode()


def _zip(method: Any = zipfile.ZIP_DEFLATED, **files: bytes) -> bytes:
    """Return a zip; __ in a name is its full stop."""
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return book.getvalue()


def _tar() -> bytes:
    book, info = io.BytesIO(), tarfile.TarInfo("a.csv")
    info.size = len(_TABLE)
    with tarfile.open(fileobj=book, mode="w") as archive:
        archive.addfile(info, io.BytesIO(_TABLE))
    return book.getvalue()


def _locked() -> bytes:
    """Return a zip whose file is marked as encrypted."""
    data = bytearray(_zip(a__csv=_TABLE))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


@settings(max_examples=examples(50), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=500).filter(lambda data: signature(data) not in ("gzip", "zip")), is_zip=st.booleans())
def test_any_content_comes_back(tmp_path: Path, data: bytes, is_zip: bool) -> None:
    path = tmp_path / "a"
    path.write_bytes(_zip(a=data) if is_zip else gzip.compress(data, mtime=0))
    assert packing(path) == ("zip" if is_zip else "gzip")
    assert unpacked(path, tmp_path).read_bytes() == data
    path.write_bytes(data)
    assert unpacked(path, tmp_path) == path


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_of_each_method_is_read(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(_zip(method, a__csv=_TABLE))
    assert unpacked(path, tmp_path).read_bytes() == _TABLE


def test_what_macos_adds_and_folders_are_no_files(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(_zip(**{"d/": b"", "d/a.csv": _TABLE, "d/.DS_Store": b"x", "__MACOSX/d/._a.csv": b"x"}))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/d/._a.csv", b"x")
    assert unpacked(path, tmp_path).read_bytes() == _TABLE


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (_zip(a__csv=_TABLE, b__csv=_TABLE), 'the zip has 2 files, and npa reads a zip of one: "a.csv, b.csv"'),
        (_zip(), "the zip has 0 files"),
        (_zip(**{f"{n}__csv": _TABLE for n in range(9)}), '"0.csv, 1.csv, 2.csv, 3.csv, 4.csv, …"'),
        (_locked(), "the zip has a password"),
        (gzip.compress(gzip.compress(_TABLE, mtime=0), mtime=0), "the file is packed twice"),
        (_zip(a__gz=gzip.compress(_TABLE, mtime=0)), "the file is packed twice"),
        (gzip.compress(_zip(a__csv=_TABLE), mtime=0), "the file is packed twice"),
        (gzip.compress(_tar(), mtime=0), "the file is a tar archive"),
        (gzip.compress(b"", mtime=0), "the file is empty"),
        (gzip.compress(_TABLE, mtime=0)[:-9], "damaged or cut off"),
        (gzip.compress(_TABLE, mtime=0)[:-8] + bytes(8), "damaged or cut off"),
        (gzip.compress(_TABLE, mtime=0) + b"more", "damaged or cut off"),
        (_zip(a__csv=_TABLE * 9)[:-30], "the file begins as a zip and is cut off or damaged"),
        (_zip(zipfile.ZIP_STORED, a__csv=_TABLE).replace(b"2019", b"2018", 1), "damaged or cut off"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_file_and_a_remedy(load: Load, data: bytes, expected: str) -> None:
    loaded = load(a=data)
    assert expected in loaded.faults
    assert loaded.faults.startswith("statistics/test/a.csv: ")
    (problem,) = loaded.statistics.problems
    assert problem.remedy


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(is_zip=st.booleans(), at=st.integers(0, 400), byte=st.integers(0, 255), end=st.integers(1, 400))
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, is_zip: bool, at: int, byte: int, end: int) -> None:
    data = bytearray(_zip(a__csv=_TABLE) if is_zip else gzip.compress(_TABLE))[:end]
    data[at % len(data)] = byte
    path = tmp_path / "a"
    path.write_bytes(data)
    with suppress(InputProblem):
        assert unpacked(path, tmp_path).read_bytes() in (_TABLE, bytes(data), b"")


@pytest.mark.parametrize("data", [_zip(a__csv=_TABLE).replace(b"a.csv", b"b.csv", 1), _zip(a__csv=_TABLE)])
def test_a_zip_is_closed_as_soon_as_it_is_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    refused = None
    try:
        unpacked(path, tmp_path)
    except InputProblem as problem:
        refused = problem  # its traceback holds every local of the way, so nothing is closed by being forgotten
    readers = [thing for thing in gc.get_objects() if isinstance(thing, io.BufferedReader)]
    files = [reader for reader in readers if getattr(reader, "name", "") == str(path)]
    assert all(file.closed for file in files), refused


def test_a_place_before_the_beginning_is_damage(tmp_path: Path) -> None:
    data = bytearray(_zip(a__csv=_TABLE))
    end = data.index(b"PK\x05\x06")
    data[end + 16] += 1  # the directory is said to begin later: its file would begin before the zip does
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(InputProblem, match="damaged"):
        unpacked(path, tmp_path)


def test_a_bomb_fills_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(bytes(60 << 20), mtime=0))
    with pytest.raises(InputProblem, match="unpacks to more than 200 times its size"):
        unpacked(path, tmp_path)
    monkeypatch.setattr(packed, "LARGEST_FILE", 1 << 20)
    path.write_bytes(gzip.compress(bytes(2 << 20), mtime=0))
    with pytest.raises(InputProblem, match="what is packed in the file has more than 1 MB"):
        unpacked(path, tmp_path)
    assert all(copy.stat().st_size < 60 << 20 for copy in tmp_path.rglob("a.gz"))


@pytest.mark.parametrize(
    "file",
    ["px/EXEMPEL2.PX", "sdmx-ml-and-excel/16.9.1.xlsx", "sdmx-ml-and-excel/16.9.1.xml", "parquet/nan.parquet",
     "sdmx-csv/pysdmx_sdmx20_data_v2.csv"],
)  # fmt: skip
@pytest.mark.parametrize("is_zip", [True, False])
def test_a_packed_file_is_described_as_it_is_without_packing(tmp_path: Path, file: str, is_zip: bool) -> None:
    plain, path = describe(DATA / file), tmp_path / "a.csv"  # whatever its name says
    data = (DATA / file).read_bytes()
    path.write_bytes(_zip(**{"in/a file": data}) if is_zip else gzip.compress(data, mtime=0))
    description = describe(path)
    assert description.kind == f"{plain.kind}, packed ({'zip' if is_zip else 'gzip'})"
    assert (description.format, description.rows, description.gaps) == (plain.format, plain.rows, plain.gaps)


def test_rows_of_a_packed_file_name_the_file_as_it_lies(load: Load) -> None:
    head = HEAD.replace('"*.csv"', '"*.gz", "*.zip", "b.csv"')
    files = {
        "2019.csv.gz": gzip.compress(_TABLE, mtime=0),
        "a.csv": b"",
        "b.csv": PLAIN.encode() + b"SI_POV_NAHC,UZ,2019,1\n",
    }
    files["2020.zip"] = _zip(x__csv=_TABLE.replace(b"TJ", b"KG"))
    del files["a.csv"]
    loaded = load('[layout]\nfile_name = "*"\n', head, **files)
    assert sorted(set(loaded.rows("source_file, source_row"))) == [
        ("statistics/test/2019.csv.gz", 2), ("statistics/test/2019.csv.gz", 3), ("statistics/test/2020.zip", 2),
        ("statistics/test/2020.zip", 3), ("statistics/test/b.csv", 2),
    ]  # fmt: skip


def test_a_text_whose_name_says_that_it_is_packed_is_read(load: Load) -> None:
    assert load(head=HEAD.replace("*.csv", "*.gz"), **{"a.csv.gz": _TABLE}).counts == (2, 2, 0, 0)


def test_a_zip_that_is_not_unpacked_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(_zip(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))
    assert packing(path) is None
    with pytest.raises(InputProblem, match="Word document"):
        recognise(path)
