"""SDMX-CSV 1.0 and 2.x: read by DuckDB, with what the standards say about headings, labels and actions.

Rules: SDMX-CSV 1.0 and 2.0/2.1 field guides of the SDMX Technical Working Group."""

import re
from pathlib import Path

import duckdb

from flows.sources.formats.csv.delimiters import DELIMITERS, opened
from flows.sources.formats.csv.records import counted, read_records
from flows.sources.formats.files.head import Head, Kind
from flows.sources.formats.files.text_file import as_utf8
from flows.sources.formats.relations.relation import Source
from schemas.generated import ddl
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset

# What a record is about, not part of its key; SERIES_KEY and OBS_KEY repeat the key in one cell.
_ABOUT = {"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "SERIES_KEY", "OBS_KEY", "ACTION"}
_START = re.compile(r'"?(?:DATAFLOW|STRUCTURE)(?:\[.\])?[^",;\t|\[]*"?([,;\t|])')  # STRUCTURE[;],STRUCTURE_ID,…
_VERSION_1 = re.compile(r'"?DATAFLOW\b')
_VERSION_2 = re.compile(r'"?STRUCTURE\b(?:\[.\])?[^,;\t|\n]*[,;\t|]"?STRUCTURE_ID\b')  # STRUCTURE[;],STRUCTURE_ID,…
_BOTH = re.compile(r"(\S+): .+")  # SEX: Sex
_CODE = r"^([A-Za-z0-9_@$.+-]+): .*$"  # F: Female
# Information, append, merge, replace (2.0, 2.1), by code or by code and name; what is left are deletes, and no actions.
_DATA = "^([IAMR](: .*)?|Information|Append|Merge|Replace)$"
_DELETE = "^(D(: .*)?|Delete)$"


def handles(head: Head) -> Kind | None:
    """Return what an SDMX-CSV file is, by the first columns of its heading."""
    if _VERSION_2.match(head.text):
        return Kind("sdmx-csv", "SDMX-CSV 2.x", head.encoding)
    return Kind("sdmx-csv", "SDMX-CSV 1.0", head.encoding) if _VERSION_1.match(head.text) else None


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """An SDMX-CSV file: `labels=both` is taken apart, columns of names (`labels=name`) are left out, as is what stands
    before the key. Raises InputProblem for a heading that is none; reading the relation, for a record that deletes."""
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
    has_both = [bool(_BOTH.fullmatch(name)) for name in heading]
    ids = [_id(name) for name in heading]
    taken = [place for place, name in enumerate(ids) if name not in _ABOUT and not _is_name(ids, place)]
    columns = ", ".join(f"'h{place}': 'VARCHAR'" for place in range(len(ids)))
    values = ", ".join(f"{_value(place, has_both[place])} AS c{n}" for n, place in enumerate(taken))
    relation = con.sql(
        f"""SELECT {values} FROM read_csv({ddl.literal(str(text))}, header = false, skip = 1, auto_detect = false,
                delim = {ddl.literal(delimiter)}, quote = '"', escape = '"', columns = {{{columns}}}, nullstr = '')
            {_no_deletes(ids)}"""
    )
    return Source(tuple(ids[place] for place in taken), relation, first_row=2, count=count)


def delimiter_of(line: str) -> str:
    """The separator, by the first line."""
    found = _START.match(line)
    return found[1] if found else max(DELIMITERS, key=line.count)


def _id(name: str) -> str:
    """The concept of a heading: without its label, and without the brackets of several values or languages.

    >>> _id("SEX: Sex"), _id("STRUCTURE[;]"), _id("COMMENT[]")
    ('SEX', 'STRUCTURE', 'COMMENT')
    """
    both = _BOTH.fullmatch(name.strip())
    return re.sub(r"\[.*\]$", "", both[1] if both else name.strip())


def _is_name(ids: list[str], place: int) -> bool:
    """`labels=name`, which STRUCTURE_NAME tells, puts the name of each code into a column after it."""
    return "STRUCTURE_NAME" in ids and ids[place] != ids[place].upper()


def _value(place: int, has_both: bool) -> str:
    return f"regexp_replace(h{place}, '{_CODE}', '\\1')" if has_both else f"h{place}"


def _no_deletes(ids: list[str]) -> str:
    if "ACTION" not in ids:
        return ""
    action = f"h{ids.index('ACTION')}"
    record = ", ".join(f"h{place}" for place in range(len(ids)))
    what = f"CASE WHEN {_is(action, _DELETE)} THEN 'the record deletes (ACTION D), and deletes are no data' "
    what += "ELSE 'the record has an ACTION that SDMX-CSV does not know' END"
    told = f"error('npa: ' || {what} || ': ' || concat_ws(',', {record}))"
    return f"WHERE CASE WHEN {action} IS NULL OR {_is(action, _DATA)} THEN true ELSE {told} END"


def _is(action: str, pattern: str) -> str:
    return f"regexp_full_match({action}, '{pattern}')"
