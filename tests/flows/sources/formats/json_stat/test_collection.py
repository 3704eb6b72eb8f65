"""Bundles and collections of JSON-stat: `select` chooses one data set, and without it the choices are listed."""

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources.formats.json_stat.reader import data_sets, read
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset

CON = duckdb.connect()


def described(*select: str) -> Dataset:
    """Return a dataset.toml with `select`."""
    texts = dict.fromkeys(("dataset_id", "title", "publisher", "source_url", "licence"), "x")
    toml = {**texts, "retrieved_on": date(2026, 1, 1), "format": "json-stat", "files": ["x"], "select": list(select)}
    return Dataset.model_validate(toml)


def values(content: Any, *select: str) -> list[str]:
    """Return the values that are read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        relation = read(CON, path, described(*select), Path(folder)).relation
        return [row[1] for row in relation.order("source_row").fetchall()]


def choices(content: Any) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return data_sets(path, described())


def cube(value: int, **stated: str) -> dict[str, Any]:
    """Return a data set of one value."""
    dimension = {"year": {"category": {"index": ["2019"]}}}
    whole = {"version": "2.0", "class": "dataset", "id": ["year"], "size": [1], "dimension": dimension}
    return {**whole, "value": [value], **stated}


def collection(*items: Any) -> dict[str, Any]:
    return {"version": "2.0", "class": "collection", "link": {"item": list(items)}}


REFERENCE = {"class": "dataset", "href": "https://example.org/deaths", "label": "Deaths"}


@pytest.mark.parametrize(
    ("content", "listed", "select"),
    [
        ({"a": cube(1), "b": cube(2)}, "a, b", "b"),
        ({"class": "bundle", "version": "1.2", "a": cube(1), "b": cube(2)}, "a, b", "b"),
        ({"a": cube(1, label="Births"), "b": cube(2, label="Deaths")}, "a (Births), b (Deaths)", "b"),
        ({"a": cube(1, label="Births"), "b": cube(2, label="Deaths")}, "a (Births), b (Deaths)", "Deaths"),
        (collection(cube(1, label="Births"), cube(2, label="Deaths")), "Births, Deaths", "Deaths"),
        (collection(cube(1, label="x", href="u/1"), cube(2, label="x", href="u/2")), "u/1 (x), u/2 (x)", "u/2"),
        (collection(cube(1), cube(2)), "1, 2", "2"),
        (
            collection(collection(cube(1, label="Births")), collection(cube(2, label="Deaths"))),
            "Births, Deaths",
            "Deaths",
        ),
        (collection(REFERENCE, cube(2, label="Births")), "Births", "Births"),
    ],
)
def test_one_of_several_is_chosen(content: Any, listed: str, select: str) -> None:
    with pytest.raises(InputProblem, match=r"^[12] data sets in (one|the) file") as refused:
        values(content)
    assert refused.value.value == listed
    first = next(iter(choices(content)))
    assert refused.value.remedy == f'say in dataset.toml which one to read: select = "{first}"'
    values(content, first)  # the remedy works
    assert values(content, select) == ["2"]


@pytest.mark.parametrize("content", [cube(1), {"a": cube(1)}, collection(cube(1)), collection(collection(cube(1)))])
def test_a_single_one_needs_no_choice(content: Any) -> None:
    assert values(content) == ["1"]
    assert choices(content) == {}


@pytest.mark.parametrize(
    ("content", "select", "why"),
    [
        ({"a": cube(1), "b": cube(2)}, ["c"], "select names 0 data sets of the file"),
        ({"a": cube(1), "b": cube(2)}, ["a", "b"], "select names 2 data sets of the file"),
        (collection(cube(1, label="x"), cube(2, label="x")), ["x"], "select names 2 data sets of the file"),
        (cube(1, label="Births"), ["Deaths"], "select names 0 data sets of the file"),
        (collection(REFERENCE), [], "a collection that only refers to data"),
        (collection(REFERENCE, "x"), ["Deaths"], "a collection that only refers to data"),
        (collection(), [], "no data set of JSON-stat"),
        ({"class": "collection", "link": {"item": {}}}, [], "link.item is not a list"),
    ],
)
def test_refusals(content: Any, select: list[str], why: str) -> None:
    with pytest.raises(InputProblem, match=why) as refused:
        values(content, *select)
    assert refused.value.remedy


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=4)
STATED = st.fixed_dictionaries({}, optional={"label": NAMES, "href": NAMES})


@given(st.dictionaries(NAMES.filter(lambda name: name != "class"), STATED, min_size=2, max_size=4), st.booleans())
def test_every_choice_that_is_offered_chooses_another_data_set(stated: dict[str, Any], is_collection: bool) -> None:
    cubes = [cube(number, **of_one) for number, of_one in enumerate(stated.values())]
    content = collection(*cubes) if is_collection else dict(zip(stated, cubes, strict=True))
    assert [values(content, name) for name in choices(content)] == [[str(number)] for number in range(len(cubes))]
