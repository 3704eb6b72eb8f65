"""JSON-stat 1 and 2: every form that the format has for values, statuses and categories, and what is rejected."""

import json
import tempfile
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.sources.formats.files.refusals import LARGEST_IN_MEMORY
from flows.sources.formats.json_stat import reader as json_stat
from flows.sources.formats.relation import Source
from tests.support.examples import examples
from tests.support.px_files import described, rows
from transforms.errors import InputProblem

CON = duckdb.connect()


def read(content: Any, **keys: Any) -> tuple[Source, list[tuple[Any, ...]]]:
    """Read an object, a text or bytes, and return the source and its rows with source_row."""
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        source = json_stat.read(CON, path, described(**keys), Path(folder))
        return source, source.relation.order("source_row").fetchall()


AREA = {"label": "area", "category": {"index": ["T", "R"], "label": {"T": "town", "R": "village"}}}
YEAR = {"category": {"index": {"2020Q1": 1, "2019Q4": 0}}}
ONE = {
    "category": {"label": {"POP": "population"}, "unit": {"POP": {"label": "persons", "decimals": 0, "multiplier": 3}}}
}
CUBE: dict[str, Any] = {
    "version": "2.0",
    "class": "dataset",
    "id": ["area", "time", "what"],
    "size": [2, 2, 1],
    "role": {"time": ["time"], "metric": ["what"], "geo": ["area"]},
    "dimension": {"area": AREA, "time": YEAR, "what": ONE},
    "value": [1, None, 3, 4],
}
FIRST_VERSION = {
    "cube": {
        "value": CUBE["value"],
        "dimension": {**CUBE["dimension"], "id": CUBE["id"], "size": CUBE["size"], "role": CUBE["role"]},
    }
}


@pytest.mark.parametrize(
    "content",
    [
        CUBE,
        FIRST_VERSION,
        FIRST_VERSION["cube"],
        {**CUBE, "size": ["2", "2", "1"]},  # as the service of the Irish CSO writes it
        {"version": "2.0", "class": "collection", "link": {"item": [CUBE]}},
        {**CUBE, "value": {"0": 1, "2": 3, "3": 4, "1": None}},
    ],
)
def test_versions_and_wrappings(content: Any) -> None:
    source, records = read(content)
    assert source.names == ("area", "TIME_PERIOD", "what", "UNITS", "UNIT_MULT", "OBS_VALUE")
    assert source.labels == {
        "area": {"T": "town", "R": "village"},
        "TIME_PERIOD": {"2019-Q4": "2019Q4", "2020-Q1": "2020Q1"},
        "what": {"POP": "population"},
    }
    assert records == [
        ("T", "2019-Q4", "POP", "persons", "3", "1", 1),
        ("T", "2020-Q1", "POP", "persons", "3", None, 2),
        ("R", "2019-Q4", "POP", "persons", "3", "3", 3),
        ("R", "2020-Q1", "POP", "persons", "3", "4", 4),
    ]
    assert [row["OBS_VALUE"] for row in rows(read_again(content))] == ["1", None, "3", "4"]


def read_again(content: Any) -> Source:
    """Return a source whose folder stays."""
    folder = Path(tempfile.mkdtemp())
    (folder / "x.json").write_text(json.dumps(content), encoding="utf-8-sig")
    return json_stat.read(CON, folder / "x.json", described(), folder)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"value": [None, ":", "p", None], "category": {"label": {":": "not available"}}}, [None, ":", "p", None]),
        ("p", ["p", "p", "p", "p"]),
        (["p"], ["p", "p", "p", "p"]),
        (["a", None, "b", "c"], ["a", None, "b", "c"]),
        ({"1": ":", "3": "e"}, [None, ":", None, "e"]),
    ],
)
def test_statuses(status: Any, expected: list[str | None]) -> None:
    source, records = read({**CUBE, "status": status})
    assert source.names[-2:] == ("OBS_VALUE", "OBS_STATUS")
    assert [row[-2] for row in records] == expected


def test_a_sparse_value_has_rows_where_there_is_a_value_or_a_status() -> None:
    _, records = read({**CUBE, "value": {"3": 4.50}, "status": {"1": ":"}})
    assert [row[-3:] for row in records] == [(None, ":", 2), ("4.5", None, 4)]
    _, records = read({**CUBE, "value": {"3": 4}, "status": "p"})
    assert [row[-3:] for row in records] == [("4", "p", 4)]


def test_numbers_and_texts_are_as_printed() -> None:
    text = json.dumps(CUBE).replace("[1, null, 3, 4]", '[1.10, 1E5, -0, "12,4"]')
    assert [row[-2] for row in read(text)[1]] == ["1.10", "1E5", "-0", "12,4"]
    assert [row[-2] for row in read({**CUBE, "value": ["a\nb", '"', "..", "NaN"]})[1]] == ["a\nb", '"', "..", "NaN"]


def test_time_without_a_role_and_roles_without_periods() -> None:
    source, records = read({**CUBE, "role": {}})
    assert source.names[:3] == ("area", "time", "what")
    assert records[0][1] == "2019-Q4"
    by_label = {"category": {"index": ["0", "1"], "label": {"0": "2019M01", "1": "2019M02"}}}
    assert read({**CUBE, "dimension": {**CUBE["dimension"], "time": by_label}})[1][1][1] == "2019-02"
    none = {"category": {"index": ["before", "2019"]}}
    assert [row[1] for row in read({**CUBE, "dimension": {**CUBE["dimension"], "time": none}})[1][:2]] == [
        "before",
        "2019",
    ]
    assert read({**CUBE, "role": {"time": ["time", "area"]}})[0].names[:2] == ("area", "time")


def test_other_encodings_are_reported() -> None:
    text = json.dumps(CUBE, ensure_ascii=False).replace("village", "село")
    assert read(text.encode("cp1251"), encoding="cp1251")[0].labels["area"]["R"] == "село"
    with pytest.raises(InputProblem, match="bytes that are no utf-8") as refused:
        read(("\n\n" + text).encode("cp1251"))
    assert (refused.value.line, "encoding" in refused.value.remedy) == (3, True)


def changed(**dimensions: Any) -> dict[str, Any]:
    """Return CUBE with other dimensions."""
    return {**CUBE, "dimension": {**CUBE["dimension"], **dimensions}}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({**CUBE, "value": [1, 2, 3]}, "3 values where size makes 4"),
        ({**CUBE, "value": {"4": 1}}, "a place outside the 4 cells"),
        ({**CUBE, "value": {"1": 1, "01": 1}}, "one twice"),
        ({**CUBE, "value": {"-1": 1}}, "a place outside"),
        ({**CUBE, "value": [1, 2, 3, False]}, "neither number nor text"),
        ({**CUBE, "value": [1, 2, 3, [4]]}, "neither number nor text"),
        ({**CUBE, "value": 1}, "value is not an object"),
        ({**CUBE, "status": ["a", "b"]}, "2 statuses where size makes 4"),
        ({**CUBE, "size": [2, 1, 1]}, "dimension time has 2 categories and another size"),
        ({**CUBE, "size": [2, "3", 1]}, "another size"),
        ({**CUBE, "size": [2, -2, 1]}, "another size"),
        ({**CUBE, "size": [2, 2]}, "3 ids, 2 sizes"),
        ({**CUBE, "role": {"time": [{}]}}, "role names no dimension"),
        ({**CUBE, "id": ["area", "area", "what"]}, "not one list"),
        ({**CUBE, "id": ["area", "when", "what"]}, "role names no dimension"),
        ({**CUBE, "role": {}, "id": ["area", "when", "what"]}, "dimension when is not an object"),
        (changed(area={"category": {"label": {"a": "x", "b": "y"}}}), "2 labels and no index"),
        (changed(area={"category": {"index": {"a": 0, "b": 2}}}), "does not count from 0"),
        (changed(area={"category": {"index": ["a", "a"]}}), "one category twice"),
        (changed(area={"category": {"index": ["a", "\ud800"]}}), "half a character"),
        (changed(area={"category": {"index": ["a", "b"], "unit": {"a": {"label": "x"}}}}), None),
        (
            {**changed(area={"category": {"index": ["a", "b"], "unit": {"a": {"label": "x"}}}}), "role": {}},
            "two dimensions",
        ),
        ({**CUBE, "class": "dimension"}, "no data set"),
        ({"class": "collection", "link": {"item": [{"class": "dataset", "href": "x"}]}}, "only refers to data"),
        ({"a": FIRST_VERSION["cube"], "b": FIRST_VERSION["cube"]}, "2 data sets in one file"),
        ({"error": "no such table"}, "no data set"),
        ([CUBE], "the file is not an object"),
        (json.dumps(CUBE).replace("null", "NaN"), "no such number"),
        (json.dumps(CUBE).replace('"size"', '"id"'), "a key twice"),
        ("[" * 200_000, "too many levels"),
        ("", "no JSON"),
        (json.dumps(CUBE).replace('"what"', '"OBS_VALUE"'), "the name of another column"),
    ],
)
def test_refusals(content: Any, why: str | None) -> None:
    if why is None:  # the role says which of the two it is
        assert read(content)[1][0][3] == "persons"
        return
    with pytest.raises(InputProblem, match=why) as refused:
        read(content)
    assert refused.value.remedy


def test_a_file_too_large_to_be_read_whole_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    with path.open("wb") as file:
        file.truncate(LARGEST_IN_MEMORY + 1)  # takes no room on the disk
    with pytest.raises(InputProblem, match="more than 200 MB, and JSON-stat is read whole"):
        json_stat.read(CON, path, described(), tmp_path)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)


@st.composite
def cubes(draw: st.DrawFn) -> tuple[str, list[tuple[Any, ...]], bool]:
    """Return a JSON-stat text, the rows that are in it, and whether it has statuses."""
    names = draw(st.lists(TEXT.filter(lambda t: t not in ("id", "size", "role")), min_size=1, max_size=3, unique=True))
    codes = [draw(st.lists(TEXT, min_size=1, max_size=4, unique=True)) for _ in names]
    total = prod(map(len, codes))
    numbers = st.decimals(-9999, 9999, places=2).map(str)
    values = draw(st.lists(st.none() | numbers, min_size=total, max_size=total))
    statuses = draw(st.none() | st.lists(st.none() | st.sampled_from("aep"), min_size=total, max_size=total))
    dimension = {}
    for name, listed in zip(names, codes, strict=True):
        places = draw(st.permutations([(code, at) for at, code in enumerate(listed)]))
        dimension[name] = {"category": {"index": draw(st.sampled_from([listed, dict(places)]))}}
    printed: Any = values
    if sparse := draw(st.booleans()):
        printed = {str(at): value for at, value in enumerate(values) if value is not None}
    cube: dict[str, Any] = {"id": names, "size": [*map(len, codes)], "dimension": dimension, "value": printed}
    if statuses:
        cube["status"] = draw(st.sampled_from([statuses, {str(at): s for at, s in enumerate(statuses) if s}]))
    if draw(st.booleans()):
        cube = {"class": "dataset", **cube}
    else:
        cube = {"x": {"value": cube["value"], "dimension": dimension | {"id": names, "size": cube["size"]}, **cube}}
    marks = statuses or [None] * total
    has_status = bool(cube.get("status") or cube.get("x", {}).get("status"))
    records = [
        (*code, value, *([mark] if has_status else []), at)
        for at, (code, value, mark) in enumerate(zip(product(*codes), values, marks, strict=True), 1)
        if not sparse or value is not None or mark
    ]
    return json.dumps(cube), records, has_status


@settings(max_examples=examples(150))
@given(cubes())
def test_what_is_printed_is_read(cube: tuple[str, list[tuple[Any, ...]], bool]) -> None:
    text, expected, _ = cube
    assert read(text)[1] == expected


@settings(max_examples=examples(100))
@given(cubes(), st.data())
def test_cut_off_it_is_refused(cube: tuple[str, list[tuple[Any, ...]], bool], data: st.DataObject) -> None:
    raw = cube[0].encode()
    with pytest.raises(InputProblem):
        read(raw[: data.draw(st.integers(0, len(raw) - 1))])
