"""JSON-stat 1.x and 2.0 (json-stat.org/full). pyjstat is not used: it loses status, units and printed digits."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from flows.sources.formats.files.answers import check_json, is_json
from flows.sources.formats.files.refusals import LARGEST_IN_MEMORY, size_of
from flows.sources.formats.files.text_file import Head, Kind, codec_of, undecodable
from flows.sources.formats.json_stat.collection import choices, chosen
from flows.sources.formats.json_stat.dimensions import Number, dimensions, expect, problem, units
from flows.sources.formats.relation import Column, Source, language_code, repeated, source_of_cells, streamed
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.dataset.dataset_toml import Dataset

_Cells = Sequence[Any] | Mapping[int, Any]  # the forms of `value` and `status`: a list of all, or by place


def handles(head: Head) -> Kind | None:
    """Return what a JSON file is. Raises InputProblem for JSON of another kind."""
    if not is_json(head.text):
        return None
    check_json(head)
    return Kind("json-stat", "JSON-stat", head.encoding)


def read(con: duckdb.DuckDBPyConnection, path: Path, dataset: Dataset, folder: Path) -> Source:
    """Return one row a cell of a dense `value`, one row a cell that has a value or a status of a sparse one; for the
    columns see docs/guides/statistics.md. source_row is the place in the cube, from 1.

    Units are unit.label (or symbol, base) and unit.multiplier of the categories of role.metric's dimension, or of the
    only one that states any; null is NULL. Of a bundle or collection, the data set that `select` names is read.
    Raises InputProblem, OSError."""
    cube = chosen(_parsed(path, dataset.encoding), dataset.select)
    listed, total = dimensions(cube)
    values = _by_place(cube.get("value"), total, "value")
    if isinstance(values, list) and len(values) != total:
        raise problem("{values} values where size makes {total}", values=len(values), total=total)
    statuses = _statuses(cube.get("status"), total, values)
    columns = [*(Column(d.column, d.codes, d.stride, d.labels) for d in listed), *units(listed)]
    names = ["OBS_VALUE"] if statuses is None else ["OBS_VALUE", "OBS_STATUS"]
    try:
        "".join(text or "" for column in columns for text in (column.name, *column.texts)).encode()
        rows = streamed(con, folder, names, _rows(values, statuses))
        cells = f"SELECT source_row - 1 AS place, * EXCLUDE source_row FROM ({rows.sql_query()})"
        return replace(source_of_cells(con, cells, columns, names), language=_language(cube))
    except UnicodeEncodeError as error:
        raise problem("half a character (a lone surrogate)", ascii(error.object[:60])) from None


def _language(cube: Mapping[str, Any]) -> str:
    """Return the language of the labels. JSON-stat has no word for it: Eurostat's is extension.lang, PxWeb's
    extension.px.language."""
    extension = cube.get("extension")
    extension = extension if isinstance(extension, dict) else {}
    px = extension.get("px")
    return language_code(extension.get("lang") or (px.get("language") if isinstance(px, dict) else None))


def data_sets(path: Path, dataset: Dataset) -> dict[str, str]:
    """Return what `select` may be, each with its label; nothing for a single data set. Raises InputProblem, OSError."""
    return choices(_parsed(path, dataset.encoding))


def _parsed(path: Path, encoding: str | None) -> Any:
    """Return the JSON, numbers as printed. Raises InputProblem for what Python's json lets pass but JSON has not."""
    if path.stat().st_size > LARGEST_IN_MEMORY:
        what = sentence("the file has more than {size}, and JSON-stat is read whole", size=size_of(LARGEST_IN_MEMORY))
        raise InputProblem(what, "ask the producer for several files, or for CSV")
    data = path.read_bytes()
    name = codec_of(data, encoding)
    try:
        text = data.decode(name).removeprefix("\ufeff")
        kinds: dict[str, Any] = {"parse_int": Number, "parse_float": Number, "parse_constant": _no_constant}
        return json.loads(text, object_pairs_hook=_unique, **kinds)
    except UnicodeDecodeError:
        raise undecodable(path, name) from None
    except json.JSONDecodeError as error:
        what = sentence("no JSON: {reason}", reason=error.msg)
        raise InputProblem(what, "ask the producer for a whole file", line=error.lineno) from None
    except RecursionError:
        raise InputProblem("JSON of too many levels", "expected JSON-stat") from None


def _no_constant(constant: str) -> None:
    raise InputProblem("JSON has no such number", "expected null where a value is missing", value=constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    by_key = dict(pairs)
    if len(by_key) != len(pairs):
        raise problem("an object has a key twice", repeated([key for key, _ in pairs]))
    return by_key


def _statuses(status: Any, total: int, values: _Cells) -> Mapping[int, Any] | None:
    """Return place → status; None if there is none. A list of one is for all cells, as a text is (version 1).

    Eurostat's service of 2015 has {"value": [a status a cell], "category": {the meaning of each}}."""
    if isinstance(status, dict) and isinstance(status.get("value"), list | dict):
        status = status["value"]
    if status in (None, [], {}):
        return None
    by_place = _by_place([status] if isinstance(status, str) else status, total, "status")
    if isinstance(by_place, Mapping):
        return by_place
    if len(by_place) == 1 < total:
        return dict.fromkeys(range(len(values)) if isinstance(values, list) else values, by_place[0])
    if len(by_place) != total:
        raise problem("{count} statuses where size makes {total}", count=len(by_place), total=total)
    return {place: text for place, text in enumerate(by_place) if text is not None}


def _by_place(cells: Any, total: int, name: str) -> _Cells:
    listed = cells if isinstance(cells, list) else list(expect(cells, dict, name).values())
    if odd := [value for value in listed if not (value is None or isinstance(value, str))]:
        raise problem("{name} has something that is neither number nor text", str(odd[0])[:60], name=name)
    if isinstance(cells, list):
        return cells
    places = {int(key) if key.isdecimal() and len(key) < 16 else -1: value for key, value in cells.items()}
    if len(places) != len(cells) or not all(0 <= place < total for place in places):
        what = "{name} has a place outside the {total} cells that size makes, or one twice"
        raise problem(what, name=name, total=total)
    return places


def _rows(values: _Cells, statuses: Mapping[int, Any] | None) -> Iterator[tuple[int, list[Any]]]:
    """Yield the source_row of a cell, its value and, if there are any, its status."""
    is_sparse = isinstance(values, Mapping)
    for place in sorted({*values, *(statuses or ())}) if is_sparse else range(len(values)):
        value = values.get(place) if isinstance(values, Mapping) else values[place]
        yield place + 1, [value] if statuses is None else [value, statuses.get(place)]
