"""SDMX-CSV 1.0 and 2.x: read by DuckDB, with what the standards say about headings, labels and actions.

Rules: SDMX-CSV 1.0 and 2.0/2.1 field guides of the SDMX Technical Working Group."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.sources.formats.csv.records import DELIMITERS, counted, opened, read_records
from flows.sources.formats.files.text_file import Head, Kind, as_utf8, new_file
from flows.sources.formats.relation import Source, check_count, read_csv, select
from flows.sources.formats.sdmx.partial_keys import complete, roles
from schemas.generated import ddl
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.statistics.loading.remarks import Remark
from transforms.text.toml import quoted

# Columns about the record, not part of its key; SERIES_KEY and OBS_KEY repeat the key in one cell.
_ABOUT = {"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "SERIES_KEY", "OBS_KEY", "ACTION"}
_START = re.compile(r'"?(?:DATAFLOW|STRUCTURE)(?:\[.\])?[^",;\t|\[]*"?([,;\t|])')  # STRUCTURE[;],STRUCTURE_ID,…
_VERSION_1 = re.compile(r'"?DATAFLOW\b')
_VERSION_2 = re.compile(r'"?STRUCTURE\b(?:\[.\])?[^,;\t|\n]*[,;\t|]"?STRUCTURE_ID\b')  # STRUCTURE[;],STRUCTURE_ID,…
_NAME = re.compile(r"\(|: ")  # ends the name in ESTAT:NA_MAIN(1.6.0): National accounts
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


@dataclass(frozen=True, slots=True)
class _Records:
    """The records of a file below its heading: the names of their columns, and SQL of them as c0, c1, …, structure."""

    names: tuple[str, ...]
    sql: str
    count: int
    has_partial_keys: bool  # SDMX-CSV 2.x may have rows that are no observations
    labelled: tuple[int, ...]  # places of columns whose labels are in l0, l1, …

    @property
    def columns(self) -> str:
        """Return SQL that lists the columns and their labels."""
        return ", ".join([select(self.names), *(f"l{place}" for place in self.labelled)])


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """Return an SDMX-CSV file: `labels=both` is taken apart; columns of names (`labels=name`) and those before the key
    are left out; of several dataflows, those that `select` names are read; attributes in rows of partial keys are those
    of their observations.

    Raises InputProblem for a first record that is no heading, several dataflows without `select`, two values of one
    attribute; reading the relation, duckdb.Error for a record that deletes."""
    records = _records(path, dataset, folder)
    chosen = _chosen(_structures(con, records), dataset.select)
    is_chosen = f"coalesce(structure, '') IN ({', '.join(map(ddl.literal, chosen))})" if chosen else "true"
    rows = f"(FROM ({records.sql}) WHERE {is_chosen})"
    found = roles(con, rows, records.names, dataset) if records.has_partial_keys else None
    if not chosen and not found:
        relation = con.sql(f"SELECT {records.columns} FROM ({records.sql})")
        return Source(records.names, relation, first_row=2, count=records.count, labelled=records.labelled)
    file = ddl.literal(str(new_file(folder)))  # DuckDB numbers the records of the whole file in one thread only
    con.execute(
        f"COPY (SELECT *, row_number() OVER () + 1 AS source_row FROM ({records.sql})) TO {file} (FORMAT parquet)"
    )
    check_count(con, f"FROM read_parquet({file})", records.count)
    rows, notes = f"(FROM read_parquet({file}) WHERE {is_chosen})", list[Remark]()
    if found:
        rows, notes = complete(con, rows, found, records.names)
    relation = con.sql(f"SELECT {records.columns}, source_row FROM {rows}")
    return Source(records.names, relation, remarks=notes, labelled=records.labelled)


def data_sets(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> dict[str, str]:
    """Return what `select` may be, each with its name; nothing for a single dataflow. Raises as `read` does."""
    names = {*_structures(con, _records(path, dataset, folder)).values()}
    return dict.fromkeys(sorted(names), "") if len(names) > 1 else {}


def _records(path: Path, dataset: Dataset, folder: Path) -> _Records:
    text = as_utf8(path, dataset.encoding, folder)
    with opened(text) as file:
        first = file.readline()
        delimiter = dataset.delimiter or delimiter_of(first)
        file.seek(0)
        _, heading = next(read_records(file, delimiter), (0, []))
    if len(heading) < 2:
        remedy = 'SDMX-CSV begins with DATAFLOW or STRUCTURE; other tables are format = "csv".'
        raise InputProblem("the first record is no heading", remedy, line=1, value=first.strip()[:80])
    ids = [_id(name) for name in heading]
    # STRUCTURE_NAME says `labels=name`, which has the name of each code in a column after it.
    names = {name for name in ids if name != name.upper()} if "STRUCTURE_NAME" in ids else set()
    places = [place for place, name in enumerate(ids) if name not in _ABOUT | names]
    cells = [f"h{place}" for place in range(len(ids))]
    codes = [
        f"regexp_replace({cell}, '{_CODE}', '\\1')" if _BOTH.fullmatch(name) else cell
        for cell, name in zip(cells, heading, strict=True)
    ]
    stated = next((cells[ids.index(name)] for name in ("STRUCTURE_ID", "DATAFLOW") if name in ids), "''")
    labels = {n: sql for n, place in enumerate(places) if (sql := _label(place, heading, ids, names))}
    listed = [*(f"{codes[place]} AS c{n}" for n, place in enumerate(places)), f"{stated} AS structure"]
    listed += [f"{sql} AS l{n}" for n, sql in labels.items()]
    table = read_csv(text, dict.fromkeys(cells, "VARCHAR"), delimiter, "skip = 1")
    condition = _no_deletes(cells[ids.index("ACTION")], cells) if "ACTION" in ids else "true"
    sql = f"SELECT {', '.join(listed)} FROM {table} WHERE {condition}"
    count = counted(text, delimiter, len(heading))
    return _Records(tuple(ids[place] for place in places), sql, count, "STRUCTURE" in ids, tuple(labels))


def _label(place: int, heading: list[str], ids: list[str], names: set[str]) -> str | None:
    """Return SQL: the label that a record has for the code in a column, after the code or in the next column."""
    if _BOTH.fullmatch(heading[place]):
        return f"nullif(regexp_extract(h{place}, '{_CODE}', 2), '')"
    has_next = place + 1 < len(ids) and ids[place + 1] in names
    return f"h{place + 1}" if has_next else None


def _structures(con: duckdb.DuckDBPyConnection, records: _Records) -> dict[str, str]:
    """Return the dataflows, data structures or provision agreements of a file as printed, each with its name."""
    rows = con.execute(f"SELECT DISTINCT coalesce(structure, '') AS printed FROM ({records.sql}) ORDER BY printed")
    return {printed: _NAME.split(printed, 1)[0].strip() for (printed,) in rows.fetchall()}


def _chosen(printed: Mapping[str, str], wanted: Sequence[str]) -> list[str]:
    """Return the dataflows to read, as printed; nothing for all. Raises InputProblem for several of which none is
    chosen."""
    names = sorted({*printed.values()})
    if len(names) > 1 and not names[0]:
        what = "some records name a dataflow and some do not"
        raise InputProblem(what, "ask the producer for the dataflow of each record", value=", ".join(names[1:]))
    if not wanted and len(names) > 1:
        what = sentence("{count} dataflows in one file", count=len(names))
        remedy = sentence("say in dataset.toml which one to read: select = {name}", name=quoted(names[0]))
        raise InputProblem(what, remedy, value=", ".join(names))
    chosen = [_NAME.split(name, 1)[0].strip() for name in wanted]
    if unknown := [name for name in chosen if name not in names]:
        what = "select names a dataflow that the file does not have"
        raise InputProblem(what, sentence("name one of these: {names}", names=", ".join(names)), value=unknown[0])
    return [text for text, name in printed.items() if name in chosen]


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
