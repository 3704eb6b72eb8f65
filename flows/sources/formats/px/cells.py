"""The cells after DATA= of a PC-Axis file, written to a file whose lines are a place and the cells from there on.

Cells are divided by comma, blank, semicolon, tab or line end, mixed; dashes and dots are in quotation marks or not. A
truncated file has too few cells, or ends in its last one: a file must end in `;` or, as some of Statistics Sweden do,
in white space. With KEYS only `;` shows that no row is missing, and `;` does not divide cells."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from math import prod
from pathlib import Path

from flows.sources.formats.files.refusals import problem
from flows.sources.formats.files.text_file import new_file, undecodable
from flows.sources.formats.px.statements import Header
from schemas.generated import ddl
from transforms.errors import InputProblem
from transforms.quality.text import sentence

_BLOCK = 1 << 20
_AT_ONCE = 100  # cells a line: DuckDB takes 2,048 lines at once
_LONGEST = 1_000_000  # characters of such a line, and of text without a separator; DuckDB takes two million
_LONGEST_ROW = 1 << 24  # characters of a row with keys
_MOST_KEYED = 100_000_000  # cells of a cube with KEYS: its rows of zeros are not read but created
_SEPARATORS = " \n\t\r,;"
_KEYED_TOKEN = re.compile(r'"[^"]*"|[^\s,;"\x1a]+|[;"]')  # "north" 1 ".." ;
_MARK = re.compile(r'"([.-]+)"|[^"]+')
_WHOLE = "ask the producer for a whole file"
_END_OF_FILE = "\x1a"  # Ctrl-Z, in which some files of DOS end


def cells(path: Path, folder: Path, header: Header, sizes: Sequence[int], keys: Sequence[Mapping[str, int]]) -> str:
    """Return a query of place and c0, the value: one row a cell.

    `keys`: if rows begin with keys, key → place for each variable of STUB. Raises InputProblem, OSError."""
    total, line = prod(sizes), header.data_line
    if keys and total > _MOST_KEYED:
        remedy = sentence("at most {limit} can be given by KEYS", limit=_MOST_KEYED)
        raise InputProblem(sentence("a cube of {total} cells", total=total), remedy, line=line)
    written = new_file(folder)
    with path.open("rb") as raw, written.open("w", encoding="utf-8", newline="") as out:
        raw.seek(header.data_at)
        text = io.TextIOWrapper(raw, header.encoding, newline="\n")
        width = prod(sizes[len(keys) :])
        try:
            out.writelines(_keyed(text, line, keys, width) if keys else _in_order(text, line, total))
        except UnicodeDecodeError:
            raise undecodable(path, header.encoding) from None
    query = f"""SELECT place + unnest(range(len(listed))) AS place, unnest(listed) AS c0
        FROM (SELECT place, string_split(cells, ' ') AS listed
              FROM read_csv({ddl.literal(str(written))}, header = false, auto_detect = false, delim = '\t', quote = '',
                            escape = '', columns = {{'place': 'BIGINT', 'cells': 'VARCHAR'}}))"""
    if not keys:
        return query
    # "Rows that only contain 0 (zeros) are excluded from the file" (specification, Files with KEYS)
    return f"""SELECT range AS place, coalesce(c0, '0') AS c0
               FROM range({total}) LEFT JOIN ({query}) AS given ON given.place = range"""


def lines_of_cells(path: Path, header: Header) -> list[int]:
    """Return the place of the first cell of each line from that of DATA= on, of a file without KEYS."""
    with path.open("rb") as raw:
        raw.seek(header.data_at)
        text = io.TextIOWrapper(raw, header.encoding, newline="\n")
        return list(accumulate((len(_divided(printed)) for printed in text), initial=0))


def _divided(printed: str) -> list[str]:
    return printed.replace(",", " ").replace(";", " ").split()


def _in_order(text: io.TextIOWrapper, line: int, total: int) -> Iterator[str]:
    place = 0
    for first, printed in _blocks(text, line):
        block = _without_quotes(printed, first) if '"' in printed else printed
        listed = _divided(block)
        yield from _lines(place, listed, first)
        line = first + block.count("\n")
        if place + len(listed) > total:
            line = first + _lines_before(block, total - place)
        elif block.endswith("\n"):
            line -= 1
        place += len(listed)
        if place > total:
            break
    if place != total:
        count = sentence("more") if place > total else place
        what = sentence("{count} cells where the values of the variables make {total}", count=count, total=total)
        remedy = sentence("{remedy}: its VALUES or its DATA are incomplete", remedy=_WHOLE)
        raise InputProblem(what, remedy, line=line)


def _lines_before(block: str, cells: int) -> int:
    """Return how many lines of a block end before the cell that follows `cells` of it."""
    for number, printed in enumerate(block.split("\n")):
        cells -= len(_divided(printed))
        if cells < 0:
            return number
    return 0


def _blocks(text: io.TextIOWrapper, line: int) -> Iterator[tuple[int, str]]:
    """Yield the text in pieces that end between cells, each with the line that it begins in."""
    rest = ""
    while block := text.read(_BLOCK):
        block = rest + block
        cut = max(map(block.rfind, _SEPARATORS)) + 1
        rest = block[cut:]
        if len(rest) > _LONGEST:
            raise InputProblem("cells that nothing parts", "expected numbers with blanks between", line=line)
        yield line, block[:cut]
        line += block.count("\n", 0, cut)
    if rest not in ("", _END_OF_FILE):
        raise _cut_off(line)


def _without_quotes(block: str, line: int) -> str:
    parts = block.split('"')
    odd = [n for n in range(1, len(parts), 2) if not parts[n] or any(c in parts[n] for c in _SEPARATORS)]
    if odd or len(parts) % 2 == 0:
        what = "a quotation mark in DATA that is not closed, or a text or nothing where a cell is expected"
        before = parts[: odd[0] if odd else -1]
        value = parts[odd[0]][:60] if odd else None
        line += '"'.join(before).count("\n")
        raise InputProblem(what, 'expected numbers and marks such as ".."', line=line, value=value)
    return " ".join(parts)


def _keyed(text: io.TextIOWrapper, line: int, keys: Sequence[Mapping[str, int]], width: int) -> Iterator[str]:
    pending: list[str] = []
    places, wide = set[int](), len(keys) + width
    for printed in iter(lambda: text.readline(_LONGEST_ROW), ""):
        if len(printed) == _LONGEST_ROW:
            remedy = "expected a row of the table"
            raise problem("a line of more than {limit} characters", None, remedy, line=line, limit=_LONGEST_ROW)
        pending += _KEYED_TOKEN.findall(printed)
        whole = len(pending) // wide * wide
        for start in range(0, whole, wide):
            row = pending[start : start + wide]
            place = _place(row, keys, line)
            if place in places:
                raise InputProblem("two rows of DATA have the same keys", _WHOLE, line=line, value=" ".join(row[:9]))
            places.add(place)
            yield from _lines(place * width, [_cell(token, line) for token in row[len(keys) :]], line)
        del pending[:whole]
        line += 1
    if pending != [";"]:
        raise _cut_off(line)


def _cut_off(line: int) -> InputProblem:
    what = "DATA has no ; at its end, or its last row is incomplete: the file is truncated"
    return InputProblem(what, _WHOLE, line=line)


def _place(row: Sequence[str], keys: Sequence[Mapping[str, int]], line: int) -> int:
    place = 0
    for token, places in zip(row, keys, strict=False):
        at = places.get(token[1:-1]) if token[:1] == '"' else None
        if at is None:
            remedy = "each row of DATA begins with a key in quotation marks for each variable of STUB"
            raise InputProblem("a key that no CODES or VALUES have", remedy, line=line, value=token)
        place = place * len(places) + at
    return place


def _cell(printed: str, line: int) -> str:
    if printed == ";" or not (mark := _MARK.fullmatch(printed)):
        what = "a key or text where a cell is expected: a row has too few cells"
        raise InputProblem(what, _WHOLE, line=line, value=printed)
    return mark[1] or printed


def _lines(place: int, listed: list[str], line: int) -> Iterator[str]:
    """Yield lines of the written file: the cells from a place on."""
    for start in range(0, len(listed), _AT_ONCE):
        printed = f"{place + start}\t{' '.join(listed[start : start + _AT_ONCE])}\n"
        if len(printed) > _LONGEST:
            raise InputProblem("a cell of many characters", "expected numbers and marks", line=line, value=printed[:60])
        yield printed
