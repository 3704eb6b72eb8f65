"""SDMX-CSV 1.0 and 2.x: read by DuckDB, with what the standards say about headings, labels and actions.

Rules: SDMX-CSV 1.0 and 2.0/2.1 field guides of the SDMX Technical Working Group."""

import re
from pathlib import Path

import duckdb

from flows.sources.formats.csv.records import DELIMITERS, counted, opened, read_records
from flows.sources.formats.files.text_file import Head, Kind, as_utf8
from flows.sources.formats.relation import Source, read_csv
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset

# Columns about the record, not part of its key; SERIES_KEY and OBS_KEY repeat the key in one cell.
_ABOUT = {"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "SERIES_KEY", "OBS_KEY", "ACTION"}
_START = re.compile(r'"?(?:DATAFLOW|STRUCTURE)(?:\[.\])?[^",;\t|\[]*"?([,;\t|])')  # STRUCTURE[;],STRUCTURE_ID,…
_VERSION_1 = re.compile(r'"?DATAFLOW\b')
_VERSION_2 = re.compile(r'"?STRUCTURE\b(?:\[.\])?[^,;\t|\n]*[,;\t|]"?STRUCTURE_ID\b')  # STRUCTURE[;],STRUCTURE_ID,…
_BOTH = re.compile(r"(\S+): .+")  # SEX: Sex
_CODE = r"^([A-Za-z0-9_@$.+-]+): (.*)$"  # F: Female
# Information, append, merge, replace (2.0, 2.1), by code or by code and name; the others are deletes, or no actions.
_DATA = "^([IAMR](: .*)?|Information|Append|Merge|Replace)$"
_DELETE = "^(D(: .*)?|Delete)$"


def handles(head: Head) -> Kind | None:
    """Return what an SDMX-CSV file is, by the first columns of its heading."""
    if _VERSION_2.match(head.text):
        return Kind("sdmx-csv", "SDMX-CSV 2.x", head.encoding)
    return Kind("sdmx-csv", "SDMX-CSV 1.0", head.encoding) if _VERSION_1.match(head.text) else None


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """Return an SDMX-CSV file: `labels=both` is taken apart; columns of names (`labels=name`) and those before the key
    are left out. Raises InputProblem for a first record that is no heading; reading the relation, duckdb.Error for a
    record that deletes."""
    text = as_utf8(path, dataset.encoding, folder)
    with opened(text) as file:
        first = file.readline()
        delimiter = dataset.delimiter or delimiter_of(first)
        file.seek(0)
        _, heading = next(read_records(file, delimiter), (0, []))
    if len(heading) < 2:
        remedy = 'SDMX-CSV begins with DATAFLOW or STRUCTURE; other tables are format = "csv".'
        raise InputProblem("the first record is no heading", remedy, line=1, value=first.strip()[:80])
    count = counted(text, delimiter, len(heading))
    ids = [_id(name) for name in heading]
    # STRUCTURE_NAME says `labels=name`, which has the name of each code in a column after it.
    names = {name for name in ids if name != name.upper()} if "STRUCTURE_NAME" in ids else set()
    places = [place for place, name in enumerate(ids) if name not in _ABOUT | names]
    cells = [f"h{place}" for place in range(len(ids))]
    codes = [
        f"regexp_replace({cell}, '{_CODE}', '\\1')" if _BOTH.fullmatch(name) else cell
        for cell, name in zip(cells, heading, strict=True)
    ]
    listed = ", ".join(f"{codes[place]} AS c{n}" for n, place in enumerate(places))
    labels = {n: sql for n, place in enumerate(places) if (sql := _label(place, heading, ids, names))}
    listed += "".join(f", {sql} AS l{n}" for n, sql in labels.items())
    table = read_csv(text, dict.fromkeys(cells, "VARCHAR"), delimiter, "skip = 1")
    condition = _no_deletes(cells[ids.index("ACTION")], cells) if "ACTION" in ids else "true"
    relation = con.sql(f"SELECT {listed} FROM {table} WHERE {condition}")
    return Source(tuple(ids[place] for place in places), relation, first_row=2, count=count, labelled=tuple(labels))


def _label(place: int, heading: list[str], ids: list[str], names: set[str]) -> str | None:
    """Return SQL: the label that a record has for the code in a column, after the code or in the next column."""
    if _BOTH.fullmatch(heading[place]):
        return f"nullif(regexp_extract(h{place}, '{_CODE}', 2), '')"
    has_next = place + 1 < len(ids) and ids[place + 1] in names
    return f"h{place + 1}" if has_next else None


def delimiter_of(line: str) -> str:
    """Return the delimiter, by the first line."""
    start = _START.match(line)
    return start[1] if start else max(DELIMITERS, key=line.count)


def _id(name: str) -> str:
    """Return the concept of a heading: without its label, and without the brackets of several values or languages.

    >>> _id("SEX: Sex"), _id("STRUCTURE[;]"), _id("COMMENT[]")
    ('SEX', 'STRUCTURE', 'COMMENT')
    """
    both = _BOTH.fullmatch(name.strip())
    return re.sub(r"\[.*\]$", "", both[1] if both else name.strip())


def _no_deletes(action: str, cells: list[str]) -> str:
    """Return an SQL condition that is true for data, and an error for a record with another action."""
    is_data, is_delete = (f"regexp_full_match({action}, '{pattern}')" for pattern in (_DATA, _DELETE))
    what = f"CASE WHEN {is_delete} THEN 'the record deletes (ACTION D), and deletes are no data' "
    what += "ELSE 'the record has an ACTION that SDMX-CSV does not know' END"
    error = f"error('npa: ' || {what} || ': ' || concat_ws(',', {', '.join(cells)}))"
    return f"CASE WHEN {action} IS NULL OR {is_data} THEN true ELSE {error} END"
