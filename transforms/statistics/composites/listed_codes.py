"""The CSV file of [[composite]] codes: a line for each code, and what it says of each column; blank: nothing."""

import csv
import io
from collections.abc import Iterator

from transforms.errors import InputProblem, problem_in
from transforms.text.lines import decode, fold

_REMEDY = "The first column has the codes; each other one has the name of what they say: code, statistic_id, sex, …"


def listed_codes(data: bytes, path: str) -> tuple[dict[str, dict[str, str]], list[InputProblem]]:
    """Return what the lines of a file say, by code, or what is wrong with it."""
    text, problems = decode(data, "utf-8", path)
    if problems:
        return {}, problems
    heading = text.partition("\n")[0]
    delimiter = ";" if ";" in heading and "," not in heading else ","  # as Excel writes it in Russian
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    codes: dict[str, dict[str, str]] = {}
    try:
        names = [fold(cell) for cell in next(reader, [])]
        if len(names) < 2 or not all(names) or len(set(names)) < len(names):
            what = "the heading of a list of composite codes has too few names, a blank one, or one twice"
            return {}, [InputProblem(what, _REMEDY, path=path, line=1, value=heading.strip())]
        for cells in reader:
            if any(map(fold, cells)):
                problems += _add(codes, names, [fold(cell) for cell in cells], path, reader.line_num)
    except csv.Error as error:
        remedy = "Close each quotation mark, and double those inside a cell."
        problems.append(problem_in(path, reader.line_num, "the file is not CSV: {error}", remedy, error=error))
    return codes, problems


def _add(
    codes: dict[str, dict[str, str]], names: list[str], cells: list[str], path: str, line: int
) -> Iterator[InputProblem]:
    """Add what a line says; yield what is wrong with it."""
    if len(cells) != len(names):
        what = "the row has {cells} cells, not {columns}"
        remedy = "Is a comma lost or too many? A cell that holds a comma stands between quotation marks."
        yield problem_in(path, line, what, remedy, ",".join(cells), cells=len(cells), columns=len(names))
        return
    code, parts = cells[0], dict(zip(names[1:], cells[1:], strict=True))
    if not any(parts.values()):
        yield InputProblem("nothing is said of the code", _REMEDY, path=path, line=line, value=code)
    elif codes.setdefault(code, parts) != parts:
        what = "the code is listed twice, with different meanings"
        yield InputProblem(what, "Take one of the lines out.", path=path, line=line, value=code)
