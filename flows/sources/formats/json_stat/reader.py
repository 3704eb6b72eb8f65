"""JSON-stat 1.x and 2.0 (json-stat.org/full). Own, as pyjstat 2.4 breaks under pandas 3 and jsonstat.py is LGPL."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from flows.sources.formats.files.head import Head, Kind
from flows.sources.formats.files.limits import LARGEST_IN_MEMORY, size_of
from flows.sources.formats.json_stat import dimensions as json_stat_dimensions
from flows.sources.formats.json_stat.dimensions import REMEDY, Number, expect
from flows.sources.formats.relations import cube
from flows.sources.formats.relations.relation import Source, streamed
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset
from transforms.text.encodings import codec_name

_Cells = Sequence[Any] | Mapping[int, Any]  # what `value` and `status` are: a list of all, or by place


def handles(head: Head) -> Kind | None:
    """Return what a JSON file is. Raises InputProblem for SDMX-JSON."""
    if not head.text.startswith(("{", "[")):
        return None
    if '"dataSets"' in head.text:
        raise InputProblem("the file is SDMX-JSON, which npa does not read", "Ask the same server for SDMX-CSV.")
    return Kind("json-stat", "JSON-stat", head.encoding)


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """One row a cell of a dense `value`, one row a cell that has a value or a status of a sparse one; source_row is the
    place in the cube, from 1. Columns:

    - each dimension by its id, with the codes of its categories; labels say what a code is called;
    - the dimension of role.time is TIME_PERIOD, in SDMX form (2019M01 → 2019-01). Without the role, one whose codes all
      read as periods keeps its id: map it, `year = "time_period"`;
    - UNITS and UNIT_MULT where categories state unit.label (or symbol, base) and unit.multiplier: of role.metric's
      dimension, or the only one that states units;
    - OBS_STATUS, if there is a status (one for all cells, a list, or by place);
    - OBS_VALUE, numbers as printed; null is NULL.

    Read are a dataset (class "dataset", or version 1 without a class), a bundle or collection that holds a single one.
    Several are refused: their dimensions differ, so each is a file of its own. InputProblem, OSError."""
    found = _dataset(_parsed(path, dataset.encoding))
    dimensions = json_stat_dimensions.dimensions(found)
    strides, total = cube.strides([len(dimension.codes) for dimension in dimensions])
    values = _values(found, total)
    statuses = _statuses(found.get("status"), total, values)
    columns = [cube.Column(d.column, d.codes, stride) for d, stride in zip(dimensions, strides, strict=True)]
    columns += json_stat_dimensions.units(dimensions, strides)
    of_cells = ["OBS_VALUE"] if statuses is None else ["OBS_VALUE", "OBS_STATUS"]
    names = [*(column.name for column in columns), *of_cells]
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputProblem("a dimension has the name of another column that this reader gives", REMEDY, value=twice[0])
    try:
        "".join(text or "" for column in columns for text in (column.name, *column.texts)).encode()
        rows = streamed(con, folder, ["place", *of_cells], _rows(values, statuses))
        shown = ", ".join(f"c{n + 1} AS v{n}" for n in range(len(of_cells)))
        cells = f"SELECT c0::BIGINT AS place, {shown} FROM ({rows.sql_query()})"
        relation = cube.relation(con, cells, columns, [f"v{n}" for n in range(len(of_cells))])
    except UnicodeEncodeError as error:
        raise InputProblem("half a character (a lone surrogate)", REMEDY, value=ascii(error.object[:60])) from None
    return Source(tuple(names), relation, {d.column: d.labels for d in dimensions if d.labels})


def _parsed(path: Path, encoding: str | None) -> Any:
    """The JSON, numbers as printed. Refused: what Python's json lets pass but JSON does not have."""
    if path.stat().st_size > LARGEST_IN_MEMORY:
        what = sentence("the file has more than {size}, and JSON-stat is read whole", size=size_of(LARGEST_IN_MEMORY))
        raise InputProblem(what, "ask the producer for several files, or for CSV")
    raw = path.read_bytes()
    name = encoding or "utf-8"
    if codec_name(name) is None:
        raise InputProblem("the encoding is unknown", "say encoding = … in dataset.toml", value=name)
    try:
        text = raw.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputProblem(
            sentence("bytes that are no {name}", name=name), "say encoding = … in dataset.toml", line=line
        ) from None
    try:
        return json.loads(
            text, parse_int=Number, parse_float=Number, parse_constant=_no_constant, object_pairs_hook=_unique
        )
    except json.JSONDecodeError as error:
        raise InputProblem(
            sentence("no JSON: {reason}", reason=error.msg), "ask the producer for a whole file", line=error.lineno
        ) from None
    except RecursionError:
        raise InputProblem("JSON of too many levels", "expected JSON-stat") from None


def _no_constant(constant: str) -> None:
    raise InputProblem("JSON has no such number", "expected null where a value is missing", value=constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise InputProblem("an object has a key twice", REMEDY, value=next(key for key in keys if keys.count(key) > 1))
    return found


def _dataset(parsed: Any) -> Mapping[str, Any]:
    """The one dataset of a response."""
    whole = expect(parsed, dict, "the file")
    kind = whole.get("class")
    if kind == "dataset" or (kind is None and "dimension" in whole and "value" in whole):
        return whole
    if kind == "collection":
        items = expect(expect(whole.get("link", {}), dict, "link").get("item", []), list, "link.item")
        sets = {
            str(n): item for n, item in enumerate(items) if isinstance(item, dict) and item.get("class") == "dataset"
        }
        held = {name: item for name, item in sets.items() if "value" in item}
        if len(held) < len(items):
            raise InputProblem("a collection that only refers to data", "download the data set that it refers to")
    elif kind is None:  # version 1: {"name of the cube": {…}}
        held = {name: item for name, item in whole.items() if isinstance(item, dict) and "value" in item}
    else:
        raise InputProblem("no data set of JSON-stat", 'expected class "dataset"', value=str(kind))
    if len(held) != 1:
        what = (
            sentence("{count} data sets in one file", count=len(held))
            if held
            else "no data set of JSON-stat: no object with value and dimension"
        )
        raise InputProblem(what, "give each data set a file of its own", value=", ".join(held) or None)
    return next(iter(held.values()))


def _values(found: Mapping[str, Any], total: int) -> _Cells:
    values = _by_place(found.get("value"), total, "value")
    if isinstance(values, list) and len(values) != total:
        raise InputProblem(
            sentence("{values} values where size makes {total}", values=len(values), total=total), REMEDY
        )
    return values


def _statuses(status: Any, total: int, values: _Cells) -> Mapping[int, Any] | None:
    """Place → status; None if there is none. A list of one stands for all, as a text does (version 1).

    Eurostat's service of 2015 has {"value": [a status a cell], "category": {what each means}}."""
    if isinstance(status, dict) and isinstance(status.get("value"), list | dict):
        status = status["value"]
    if status in (None, [], {}):
        return None
    if isinstance(status, str):
        status = [status]
    by_place = _by_place(status, total, "status")
    if isinstance(by_place, Mapping):
        return by_place
    if len(by_place) == 1 < total:
        return dict.fromkeys(range(len(values)) if isinstance(values, list) else values, by_place[0])
    if len(by_place) != total:
        raise InputProblem(
            sentence("{count} statuses where size makes {total}", count=len(by_place), total=total), REMEDY
        )
    return {place: text for place, text in enumerate(by_place) if text is not None}


def _by_place(given: Any, total: int, name: str) -> _Cells:
    if isinstance(given, list):
        listed: Sequence[Any] = given
    else:
        listed = list(expect(given, dict, name).values())
    if odd := [v for v in listed if not (v is None or isinstance(v, str))]:
        raise InputProblem(
            sentence("{name} has something that is neither number nor text", name=name), REMEDY, value=str(odd[0])[:60]
        )
    if isinstance(given, list):
        return given
    places = {int(key) if key.isdecimal() and len(key) < 16 else -1: value for key, value in given.items()}
    if len(places) != len(given) or not all(0 <= place < total for place in places):
        raise InputProblem(
            sentence(
                "{name} has a place outside the {total} cells that size makes, or one twice", name=name, total=total
            ),
            REMEDY,
        )
    return places


def _rows(values: _Cells, statuses: Mapping[int, Any] | None) -> Iterator[list[Any]]:
    """Place, value and, if there are any, status."""
    if isinstance(values, Mapping):
        cells = [(place, values.get(place)) for place in sorted({*values, *(statuses or ())})]
    else:
        cells = list(enumerate(values))
    for place, value in cells:
        yield [place, value] if statuses is None else [place, value, statuses.get(place)]
