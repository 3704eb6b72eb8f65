"""Eurostat's TSV: the first cell of a record has the codes of all dimensions but the period, the others have a value
each and its flags. Heading `freq,unit,geo\\TIME_PERIOD`, `2019 `, `2020 `; record `A,PC,TJ`, `12.3 bp`, `: c`.

Sources: Eurostat, API FAQ, TSV data format; Eurostat, Database, Flags (of January 2025, and the list before)."""

import re
from collections.abc import Mapping, Sequence

import duckdb

from flows.sources.formats.relation import Source, select
from schemas.generated import ddl
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset, Layout
from transforms.statistics.layouts.tidy import tidy_names
from transforms.statistics.values import sdmx_period

_KEYS = re.compile(r"([^\\\t]+)\\time(?:_period)?\s*", re.IGNORECASE)
_LINE = re.compile(_KEYS.pattern + r"\t", re.IGNORECASE)
_CELL = r"(:|[-+]?[0-9]*[.,]?[0-9]+(?:[eE][-+]?[0-9]+)?)\s*([A-Za-z]*)"  # value or :, flags
# Flags that SDMX's list has, too (CL_OBS_STATUS); s and z are what Eurostat calls i and m since 2025.
_STATUSES = {"b": "B", "d": "D", "e": "E", "f": "F", "i": "I", "m": "M", "n": "N", "p": "P", "s": "I", "u": "U",
             "z": "M"}  # fmt: skip
_OF_MISSING = _STATUSES | {"c": "Q", "C": "Q"}  # a confidential value is not published


def begins_so(line: str) -> bool:
    r"""Return True if a text's first line is the heading of such a table, divided by tabs.

    >>> begins_so("freq,unit,geo\\TIME_PERIOD\t2019 \t2020 "), begins_so("Region\\Sex\tM\tF")
    (True, False)
    """
    return bool(_LINE.match(line))


def is_of(cells: Sequence[str], dataset: Dataset) -> bool:
    """Return True if a heading is of such a table, and dataset.toml does not describe it otherwise."""
    is_otherwise = (dataset.layout or Layout()).across not in (None, "TIME_PERIOD") or cells[0] in dataset.concepts
    return len(cells) > 1 and bool(_KEYS.fullmatch(cells[0])) and not is_otherwise


def tidy(source: Source, cells: Sequence[str], dataset: Dataset) -> Source:
    """Return each value of a table, read with the columns of its heading `cells`, as a row: the dimensions, the period,
    the value and its status. A blank cell is no observation.

    Raises InputProblem for a heading that names a dimension twice, and for a record of more or fewer codes."""
    row = (source.first_row or 2) - 1
    keys = cells[0].rpartition("\\")[0].split(",")
    names = tidy_names([*keys, "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"], row)
    numbered = source.relation.select(f"*, {row} + row_number() OVER () AS source_row")
    _check_keys(numbered, len(keys))
    periods = (sdmx_period(name) or name for name in source.names[1:])
    columns = [f"trim(string_split(c0, ',')[{place + 1}]) AS c{place}" for place in range(len(keys))]
    columns += [
        f"unnest([{', '.join(map(ddl.literal, periods))}]) AS c{len(keys)}",
        f"unnest([{', '.join(f'trim(c{place})' for place in range(1, len(source.names)))}]) AS cell",
    ]
    divided = numbered.select(f"{', '.join(columns)}, source_row").filter("cell <> ''")
    texts = f"{select(names[:-2])}, {_value(dataset)} AS c{len(keys) + 1}, {_status(dataset)} AS c{len(keys) + 2}"
    return Source(names, divided.select(f"{texts}, source_row"))


def _check_keys(numbered: duckdb.DuckDBPyRelation, count: int) -> None:
    others = numbered.filter(f"len(string_split(coalesce(c0, ''), ',')) <> {count}")
    for row, codes in others.select("source_row, c0").order("source_row").limit(1).fetchall():
        what = "the first cell has more or fewer codes than the heading has names"
        raise InputProblem(what, "Correct the record, or get the whole file again.", line=row, value=codes)


def _value(dataset: Dataset) -> str:
    """Return SQL of a cell's value: NULL for a missing one, all of a cell that is a mark or nothing known."""
    return f"CASE WHEN {_is_whole(dataset)} THEN cell ELSE nullif(regexp_extract(cell, '{_CELL}', 1), ':') END"


def _is_whole(dataset: Dataset) -> str:
    marks = ", ".join(map(ddl.literal, dataset.marks)) or "''"
    return f"(cell IN ({marks}) OR NOT regexp_full_match(cell, '{_CELL}'))"


def _status(dataset: Dataset) -> str:
    """Return SQL of a cell's status: the flags as printed where [codes.obs_status] has them, and where SDMX has not."""
    named = {flags: flags for flags in dataset.codes.get("obs_status", {})}
    flags = f"nullif(regexp_extract(cell, '{_CELL}', 2), '')"
    statuses = [_mapped(flags, statuses | named) for statuses in (_OF_MISSING, _STATUSES)]
    status = "CASE WHEN starts_with(cell, ':') THEN {} ELSE {} END".format(*statuses)
    return f"CASE WHEN NOT {_is_whole(dataset)} THEN {status} END"


def _mapped(flags: str, statuses: Mapping[str, str]) -> str:
    """Return SQL of a status. A capital is of Eurostat's list of confidentiality, and never our code of that letter."""
    cases = "".join(f" WHEN {ddl.literal(flag)} THEN {ddl.literal(status)}" for flag, status in statuses.items())
    return f"CASE {flags}{cases} ELSE CASE WHEN {flags} SIMILAR TO '[A-Z]+' THEN 'flag ' ELSE '' END || {flags} END"
