"""Reports as CSV: which encoding and delimiter, where the headings stand, and the records."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.report_headings import SEARCHED_ROWS, Rows, data_rows, find_heading, heading_names, no_heading
from flows.workbook_guards import UnreadableReport

_CHUNK = 1 << 18  # fits a processor's cache
_BUFFER = 1 << 23  # what else this process does must wait its turn after each reading: few, then
_DELIMITERS = ",;\t|"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLANK_LINE = re.compile(rb"\n\n")  # bytes' own search takes more than twice as long
_BOUNDS = bytes.maketrans(b";\t|\r\n", b",,,,,")
_CYRILLIC = re.compile("[А-Яа-яЁё«»“”„–—№…\u00a0’]")
_SWAPPED = re.compile("[а-яё][А-ЯЁ]{2}")
_OF_OTHERS = re.compile("[ЂЃѓЉЊЌЋЏђљњќћџ]")  # of Serbian and Macedonian; Mac Cyrillic has Russian capitals there
_CYRILLIC_LETTERS = re.compile("[А-Яа-яЁё]+")
_CYRILLIC_PAIR = re.compile("[А-Яа-яЁё]{2}")


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """How a CSV file is to be read."""

    encoding: str
    delimiter: str
    heading_row: int  # number of the record, from 1
    names: list[str]
    columns: dict[str, int]
    # Whether DuckDB's read_csv counts records as we do: UTF-8, no NUL, no blank line, one kind of line end, no quote
    # inside a bare value, each record down to the headings on one line.
    is_plain: bool


def csv_layout(path: Path) -> CsvLayout:
    """The layout of a CSV file. Reads all of it, in pieces.

    Raises UnreadableReport for what is no text, has no headings, or an encoding that cannot be told; OSError."""
    with path.open("rb") as file:
        head = file.read(_CHUNK) + file.readline()
    _check_head(head, path.name)
    encoding, is_plain = _scanned(path, head)
    text = head.decode(encoding, errors="replace")
    fault = no_heading(path.name)
    for delimiter in _DELIMITERS:
        records, lines = _first_records(text, delimiter)
        try:
            found = find_heading(records)
        except UnreadableReport as error:
            fault = error
            continue
        if found:
            index, columns = found
            names = heading_names(records[index])
            return CsvLayout(encoding, delimiter, index + 1, names, columns, is_plain and lines[index] == index + 1)
    raise fault


def _check_head(head: bytes, name: str) -> None:
    if not head.strip():
        raise UnreadableReport("file_empty", f"{name} is empty: send the file again.")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableReport("not_text", f"{name} is a workbook that is called .csv: call it .xlsx or .ods.")
    if not head.startswith(_UTF_16) and head.count(0) > len(head) / 100:
        raise UnreadableReport("not_text", f"{name} is no text: save it as CSV UTF-8, or send the workbook.")


def _scanned(path: Path, head: bytes) -> tuple[str, bool]:
    """The encoding of a file, and whether it is plain."""
    if head.startswith(_UTF_16):
        return "utf-16", False
    is_plain, has_crlf = True, b"\r\n" in head
    for chunk in _chunks(path):
        try:
            if not chunk.isascii():  # most are, and that is seen in a quarter of the time
                chunk.decode()
        except UnicodeDecodeError:
            if _reads_as_cyrillic(chunk):
                return "cp1251", False
            how = "save it as CSV UTF-8 and send that"
            raise UnreadableReport("encoding", f"{path.name} is in an unknown encoding: {how}.") from None
        is_plain = is_plain and _is_plain(chunk.removeprefix(codecs.BOM_UTF8), has_crlf)
    return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8", is_plain


def _chunks(path: Path) -> Iterator[bytes]:
    """The file in pieces that end with a line."""
    with path.open("rb", _BUFFER) as file:
        while chunk := file.read(_CHUNK):
            yield chunk + file.readline()


def _is_plain(chunk: bytes, has_crlf: bool) -> bool:
    if b"\0" in chunk or _BLANK_LINE.search(chunk) or chunk.startswith((b"\n", b"\r\n")):
        return False
    if has_crlf or b"\r" in chunk:
        ends = chunk.count(b"\r\n")
        if b"\n\r\n" in chunk or not ends == chunk.count(b"\n") == chunk.count(b"\r"):
            return False
    return b'"' not in chunk or _quotes_are_plain(chunk)


def _quotes_are_plain(chunk: bytes) -> bool:
    """Whether each quote begins or ends a cell; counted, for a pattern takes much longer."""
    bounded = b"," + chunk.translate(_BOUNDS) + b","
    begin, end = bounded.count(b',"'), bounded.count(b'",')
    return begin == end and begin + end == chunk.count(b'"')


def _reads_as_cyrillic(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 make Russian words in cp1251; western letters stand alone between Latin ones."""
    text = data.decode("cp1251", errors="replace")
    letters = "".join(_CYRILLIC_LETTERS.findall(text))
    if _SWAPPED.search(text) and sum(map(str.isupper, letters)) > sum(map(str.islower, letters)):
        return False  # KOI8-R has small letters where cp1251 has capitals
    if _OF_OTHERS.search(text):
        return False
    foreign = [c for c in text if not c.isascii()]
    in_pairs = sum(len(pair) for pair in _CYRILLIC_PAIR.findall(text))
    return sum(map(bool, map(_CYRILLIC.fullmatch, foreign))) > 0.9 * len(foreign) and in_pairs > 0.5 * len(foreign)


def _first_records(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The first records, and how many lines had been read after each; up to the first that cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records, lines = [], []
    try:
        for record in reader:
            records.append(record)
            lines.append(reader.line_num)
            if len(records) == SEARCHED_ROWS:
                break
    except csv.Error:  # a field that is too long; read_csv_rows says so
        pass
    return records, lines


def read_csv_rows(path: Path, layout: CsvLayout) -> Rows:
    """The records below the headings of any CSV file; quoted line breaks, and short and long records, are read.

    Raises UnreadableReport for a quote that is not closed, a cell of more than 131,072 characters, or a byte that the
    encoding does not know; OSError."""
    with path.open(encoding=layout.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=layout.delimiter, strict=True)
        try:
            records = list(reader)[layout.heading_row :]
        except (csv.Error, UnicodeError) as error:
            raise UnreadableReport("csv_damaged", _damage(path.name, reader.line_num, error)) from error
    records = [_without_ends(record, layout) for record in records]
    numbers, cells = data_rows(records, layout.heading_row + 1, layout.columns, len(layout.names))
    return Rows(None, layout.heading_row, layout.names, layout.columns, numbers, cells)


def _without_ends(record: list[str], layout: CsvLayout) -> list[str]:
    """A record without the blank cells beyond the headings. They stay where the comma of 45,5 may have made them, and
    the 5 would be a result: any other column refuses it."""
    width, percent = len(layout.names), layout.columns.get("percent_complete", -1)
    if any(map(str.strip, record[width:])):
        return record
    is_result = layout.delimiter == "," and layout.columns.get("result_text") == percent + 1 > 0
    if len(record) > width and is_result and all(text.strip().isdigit() for text in record[percent : percent + 2]):
        return record
    return record[:width]


def _damage(name: str, line: int, error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return f"{name} has bytes near line {line + 1} that are no text in its encoding: save it as CSV UTF-8."
    if "field limit" in str(error):
        return f"{name} has a cell of over 131,072 characters near line {line + 1}: close the quotation mark there."
    return f"{name} has a quotation mark near line {line} that is not closed or not doubled: save it as .xlsx or CSV."
