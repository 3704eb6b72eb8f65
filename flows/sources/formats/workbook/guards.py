"""What is checked of a workbook before a library opens it, so that no file can fill the memory or end the process."""

import re
import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from flows.sources.formats.files.limits import LARGEST_WORKBOOK, size_of
from flows.sources.formats.files.refusal import refusal
from transforms.errors import InputProblem
from transforms.text.encodings import signature

LARGEST_INSIDE, LARGEST_RATIO, NO_BOMB = 300 << 20, 200, 50 << 20  # bytes; a ratio; bytes
# Cells of all sheets, up to the last filled row and column: calamine takes memory for each, and where there is none it
# ends the process (one value in XFD1048576 asks for 512 GB).
LARGEST_AREA = 5_000_000
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_FAR_CELL = re.compile(rb'<c(?! r="[A-Z][0-9]{1,3}")(?=[\s/>])')  # beyond Z999, or without a place
_CELL = re.compile(rb"""[<:]c[\s/>](?:[^>]*?\br\s*=\s*["']([A-Za-z]+)([0-9]+))?""")  # <c s="3" r="B12">
_ROW = re.compile(rb"""[<:]row\s[^>]*?\br\s*=\s*["']([0-9]+)""")  # <row r="12">
_ROW_TAG = re.compile(rb"[<:]row(?=[\s/>])[^>]*>")
_EMPTY_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*/>")  # <c r="B12" s="3"/>: it has a style and no value
_ODS_FILLED = (b"</table:table-cell", b"</table:covered-table-cell", b":value-type")
_ODS_REPEATED = re.compile(rb"""-repeated\s*=\s*["']([0-9]+)""")


def damaged(name: str) -> InputProblem:
    """The refusal of a file whose zip or XML is broken."""
    return refusal("file_damaged", name=name)


def members(data: bytes, name: str) -> dict[str, bytes]:
    """The XML parts of a workbook, by their paths, checked.

    The zip's directory is not trusted: each member is unpacked, up to the size that it states. Raises InputProblem
    for what is empty, too large, protected, no workbook, a bomb, damaged, or declares XML entities."""
    _check_outside(data, name)
    infos = _listed(data, name)
    unpacked = [(info.filename, _unpacked(data, info, name)) for info in infos]
    parts = {path: content for path, content in unpacked if path.lower().endswith((".xml", ".rels"))}
    manifest = parts.get("META-INF/manifest.xml", b"")
    if b"encryption-data" in manifest or any(info.filename == "encrypted-package" for info in infos):
        raise _protected(name)
    if any(_declares(xml) for xml in parts.values()):
        raise refusal("xml_entities", name=name)
    if "content.xml" in parts:
        area = _ods_area(parts["content.xml"])
    elif "xl/workbook.xml" in parts:
        area = sum(_area(xml) for xml in parts.values() if b"sheetData" in xml)
    else:
        raise _no_workbook(name)
    if area > LARGEST_AREA:
        raise refusal("file_too_large", "cells", name=name, limit=f"{LARGEST_AREA:,}")
    return parts


def _protected(name: str) -> InputProblem:
    return refusal("file_protected", name=name)


def _check_outside(data: bytes, name: str) -> None:
    if not data:
        raise refusal("file_empty", name=name)
    if len(data) > LARGEST_WORKBOOK:
        raise refusal("file_too_large", "workbook", name=name, limit=size_of(LARGEST_WORKBOOK))
    if signature(data) == "ole2":
        raise refusal("file_protected", "or_old", name=name)
    if signature(data) != "zip":
        raise _no_workbook(name)


def _no_workbook(name: str) -> InputProblem:
    return refusal("not_a_workbook", name=name)


def _listed(data: bytes, name: str) -> list[ZipInfo]:
    try:
        infos = ZipFile(BytesIO(data)).infolist()
    except (BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise damaged(name) from error
    if any(info.flag_bits & 1 for info in infos):
        raise _protected(name)
    if len({info.filename for info in infos}) < len(infos):  # which of two parts is read would depend on the reader
        raise damaged(name)
    total = sum(info.file_size for info in infos)
    if total > LARGEST_INSIDE or (total > NO_BOMB and total > LARGEST_RATIO * len(data)):
        raise refusal("file_too_large", "unpacked", name=name, megabytes=total >> 20)
    return infos


def _unpacked(data: bytes, info: ZipInfo, name: str) -> bytes:
    start = info.header_offset + 30 + sum(struct.unpack_from("<HH", data, info.header_offset + 26))
    content = data[start : start + info.compress_size]
    is_whole = info.compress_type == ZIP_STORED
    if info.compress_type == ZIP_DEFLATED:
        inflater = zlib.decompressobj(-15)
        content = inflater.decompress(content, info.file_size + 1)
        is_whole = inflater.eof
    if not is_whole or len(content) != info.file_size:
        raise damaged(name)
    return content


def _declares(xml: bytes) -> bool:
    if b"\0" in xml[:200]:  # UTF-16
        xml = xml.replace(b"\0", b"")
    return _DECLARES.search(xml) is not None


def _area(xml: bytes) -> int:
    """The cells that calamine lays out for a sheet of .xlsx, or more; a cell without a place follows the one before."""
    area = _extent(xml)
    if area > LARGEST_AREA:  # styles alone take no memory
        area = _extent(_EMPTY_CELL.sub(b"", xml))
    return area


def _extent(xml: bytes) -> int:
    if b":c" not in xml and not _FAR_CELL.search(xml):
        return 26 * 999
    cells = _CELL.findall(xml)
    rows = {row for _, row in cells}
    columns = {letters.upper() for letters, _ in cells}
    last_row = max((int(row) for row in rows if row), default=0)
    last_column = max((_number(letters) for letters in columns), default=0)
    if b"" in rows:
        last_row = max(last_row, *map(int, _ROW.findall(xml)), 0) + len(_ROW_TAG.findall(xml))
        last_column += max(len(_CELL.findall(row)) for row in _ROW_TAG.split(xml))
    return last_row * last_column


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _ods_area(xml: bytes) -> int:
    """The cells up to the last filled row and column of each sheet of an .ods, with what is said to be repeated."""
    area = 0
    for sheet in xml.split(b"<table:table "):
        row = last_row = last_column = 0
        for line in sheet.split(b"<table:table-row")[1:]:
            match = _ODS_REPEATED.search(line, 0, line.find(b">"))
            row += int(match[1]) if match else 1
            end = max(map(line.rfind, _ODS_FILLED))
            if end >= 0:
                last_row, last_column = row, max(last_column, _ods_width(line[: line.find(b">", end)]))
        area += last_row * last_column
    return area


def _ods_width(line: bytes) -> int:
    repeated = sum(map(int, _ODS_REPEATED.findall(line, line.find(b">"))))
    return line.count(b"<table:") + repeated
