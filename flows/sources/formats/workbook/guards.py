"""Checks of a workbook before a library opens it, so that no file can fill the memory or end the process."""

import re
import struct
import zlib
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from flows.sources.formats.files.refusals import LARGEST_RATIO, LARGEST_WORKBOOK, NO_BOMB, refusal, size_of
from transforms.statistics.layouts.grid import number
from transforms.text.encodings import signature

LARGEST_INSIDE = 300 << 20  # bytes
# Cells of all sheets, up to the last filled row and column. calamine takes memory for each, and ends the process if
# there is too little (one value in XFD1048576 asks for 512 GB).
LARGEST_AREA = 5_000_000
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_FAR_CELL = re.compile(rb'<c(?! r="[A-Z][0-9]{1,3}")(?=[\s/>])')  # beyond Z999, or without a place
_CELL = re.compile(rb"""[<:]c[\s/>](?:[^>]*?\br\s*=\s*["']([A-Za-z]+)([0-9]+))?""")  # <c s="3" r="B12">
_ROW = re.compile(rb"""[<:]row\s[^>]*?\br\s*=\s*["']([0-9]+)""")  # <row r="12">
_ROW_TAG = re.compile(rb"[<:]row(?=[\s/>])[^>]*>")
_EMPTY_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*/>")  # <c r="B12" s="3"/>: it has a style and no value
_ODS_FILLED = (b"</table:table-cell", b"</table:covered-table-cell", b":value-type")
_ODS_REPEATED = re.compile(rb"""-repeated\s*=\s*["']([0-9]+)""")


def members(data: bytes, name: str) -> tuple[bytes, dict[str, bytes]]:
    """Return a workbook with the paths that its parts must have, and its XML parts by their paths in lower case.

    The zip's directory is not trusted: each member is unpacked, up to the size that it states. Raises InputProblem
    for a file that is empty, too large, protected, no workbook, a bomb, damaged, or declares XML entities."""
    infos = _listed(data, name)
    unpacked = {path_of(info): _unpacked(data, info, name) for info in infos}
    parts = {path.lower(): part for path, part in unpacked.items() if path.lower().endswith((".xml", ".rels"))}
    manifest = parts.get("meta-inf/manifest.xml", b"")
    if b"encryption-data" in manifest or "encrypted-package" in unpacked:
        raise refusal("file_protected", name=name)
    for xml in parts.values():  # UTF-16, too
        if _DECLARES.search(xml.replace(b"\0", b"") if b"\0" in xml[:200] else xml):
            raise refusal("xml_entities", name=name)
    if "content.xml" in parts:
        area = _ods_area(parts["content.xml"])
    elif "xl/workbook.xml" in parts:
        area = sum(_area(xml) for xml in parts.values() if b"sheetData" in xml)
    else:
        raise refusal("not_a_workbook", name=name)
    if area > LARGEST_AREA:
        raise refusal("file_too_large", "cells", name=name, limit=f"{LARGEST_AREA:,}")
    return (data if all(path_of(info) == info.filename for info in infos) else _packed(unpacked)), parts


def path_of(info: ZipInfo) -> str:
    r"""Return the path of a part as OOXML has it; some programs of .NET write xl\workbook.xml."""
    return info.filename.replace("\\", "/").lstrip("/")


def _packed(unpacked: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as book:
        for path, content in unpacked.items():
            book.writestr(path, content)
    return file.getvalue()


def tree(xml: bytes) -> ElementTree.Element:
    """Return the root of XML; `members` has refused files that declare entities."""
    return ElementTree.fromstring(xml)  # noqa: S314


def _listed(data: bytes, name: str) -> list[ZipInfo]:
    if not data:
        raise refusal("file_empty", name=name)
    if len(data) > LARGEST_WORKBOOK:
        raise refusal("file_too_large", "workbook", name=name, limit=size_of(LARGEST_WORKBOOK))
    if (kind := signature(data)) != "zip":
        raise refusal("file_protected", "or_old", name=name) if kind == "ole2" else refusal("not_a_workbook", name=name)
    try:
        infos = ZipFile(BytesIO(data)).infolist()
    except (BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise refusal("file_damaged", name=name) from error
    if any(info.flag_bits & 1 for info in infos):
        raise refusal("file_protected", name=name)
    if len({path_of(info).lower() for info in infos}) < len(infos):  # each reader might take another of the two parts
        raise refusal("file_damaged", name=name)
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
        raise refusal("file_damaged", name=name)
    return content


def _area(xml: bytes) -> int:
    """Return the cells that calamine lays out for a sheet of .xlsx, or more."""
    area = _extent(xml)
    return area if area <= LARGEST_AREA else _extent(_EMPTY_CELL.sub(b"", xml))  # styles alone take no memory


def _extent(xml: bytes) -> int:
    """Return the cells up to the last row and column; a cell without a place follows the one before it."""
    if b":c" not in xml and not _FAR_CELL.search(xml):
        return 26 * 999
    cells = _CELL.findall(xml)
    rows = {row for _, row in cells}
    last_row = max((int(row) for row in rows if row), default=0)
    last_column = max((number(column.decode()) for column in {letters.upper() for letters, _ in cells}), default=0)
    if b"" in rows:
        last_row = max(last_row, *map(int, _ROW.findall(xml)), 0) + len(_ROW_TAG.findall(xml))
        last_column += max(len(_CELL.findall(row)) for row in _ROW_TAG.split(xml))
    return last_row * last_column


def _ods_area(xml: bytes) -> int:
    """Return the cells up to the last filled row and column of all sheets of an .ods, repeated ones included."""
    area = 0
    for sheet in xml.split(b"<table:table "):
        row = last_row = last_column = 0
        for line in sheet.split(b"<table:table-row")[1:]:
            match = _ODS_REPEATED.search(line, 0, line.find(b">"))
            row += int(match[1]) if match else 1
            if (end := max(map(line.rfind, _ODS_FILLED))) >= 0:
                cells = line[line.find(b">") : line.find(b">", end)]
                width = cells.count(b"<table:") + sum(map(int, _ODS_REPEATED.findall(cells)))
                last_row, last_column = row, max(last_column, width)
        area += last_row * last_column
    return area
