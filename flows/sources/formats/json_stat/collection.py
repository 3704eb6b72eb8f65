"""The data sets of one JSON-stat file: a data set, a bundle (version 1) or a collection (json-stat.org/full#class).

dataset.toml chooses one by `select`: by its name in the bundle, its label, its address (href), or its place."""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.sources.formats.json_stat.dimensions import expect
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.text.toml import quoted

_Cube = Mapping[str, Any]
_OF_A_RESPONSE = {"class", "version", "label", "href", "error"}  # members of a bundle that are no data sets


def chosen(parsed: Any, select: Sequence[str]) -> _Cube:
    """Return the data set that `select` names, or the only one. Raises InputProblem, with the choices."""
    cubes, elsewhere = _data_sets(expect(parsed, dict, "the file"))
    if not cubes:
        raise _none(parsed, elsewhere)
    names = choices(parsed)
    if not select and not names:
        return next(iter(cubes.values()))
    listed = ", ".join(name + (f" ({label})" if label else "") for name, label in names.items())
    if not select:
        what = sentence("{count} data sets in one file", count=len(cubes))
        if elsewhere:
            what = "{count} data sets in the file, and {elsewhere} to which it only refers"
            what = sentence(what, count=len(cubes), elsewhere=len(elsewhere))
        remedy = sentence("say in dataset.toml which one to read: select = {name}", name=quoted(next(iter(names))))
        raise InputProblem(what, remedy, value=listed)
    named = [cubes[name] for name in select if name in cubes]
    named = named or [cube for name, cube in cubes.items() if {*select} & {*_names(name, cube)}]
    if len(named) != 1:
        what = sentence("select names {count} data sets of the file", count=len(named))
        remedy = (
            sentence("name one of these: {names}", names=listed) if listed else "take it out: the file has only one"
        )
        raise InputProblem(what, remedy, value=", ".join(select))
    return named[0]


def _none(parsed: _Cube, elsewhere: Sequence[str]) -> InputProblem:
    if elsewhere:
        remedy = "download the data set that it refers to"
        return InputProblem("a collection that only refers to data", remedy, value=", ".join(elsewhere))
    what = "no data set of JSON-stat: no object with value and dimension"
    return InputProblem(what, 'expected class "dataset"', value=str(parsed.get("class") or "") or None)


def choices(parsed: Any) -> dict[str, str]:
    """Return what `select` may be, and the label where that is another text; nothing if there is no choice."""
    cubes, elsewhere = _data_sets(expect(parsed, dict, "the file"))
    if len(cubes) + len(elsewhere) < 2:
        return {}
    taken = [text for name, cube in cubes.items() for text in {*_names(name, cube)}]
    labels = {}
    for name, cube in cubes.items():
        texts = _names(name, cube)
        handle = next((text for text in texts if taken.count(text) == 1), name)
        label = cube.get("label")
        labels[handle] = label if isinstance(label, str) and label != handle else ""
    return labels


def _names(name: str, cube: _Cube) -> list[str]:
    """Return the texts by which `select` may name a data set: those of its own before its place in a collection."""
    stated = [text for text in (cube.get("label"), cube.get("href")) if isinstance(text, str) and text]
    return [*stated, name] if name.isdecimal() else [name, *stated]


def _data_sets(whole: _Cube) -> tuple[dict[str, _Cube], list[str]]:
    """Return the data sets of a response by name, those of a collection by place from 1; and what it only refers to."""
    kind = whole.get("class")
    if kind == "dataset" or (kind is None and "dimension" in whole and "value" in whole):
        return {"1": whole}, []
    if kind in (None, "bundle"):  # version 1: {"name of the cube": {…}}
        return {name: item for name, item in whole.items() if name not in _OF_A_RESPONSE and _is_cube(item)}, []
    if kind != "collection":
        return {}, []
    cubes: list[_Cube] = []
    elsewhere: list[str] = []
    for item in expect(expect(whole.get("link", {}), dict, "link").get("item", []), list, "link.item"):
        if isinstance(item, dict) and (_is_cube(item) or "link" in item):
            inside, outside = _data_sets(item)
            cubes, elsewhere = [*cubes, *inside.values()], [*elsewhere, *outside]
        else:
            elsewhere.append(_named(item))
    return {str(place): cube for place, cube in enumerate(cubes, 1)}, elsewhere


def _named(item: Any) -> str:
    """Return the label or address of an item of a collection that is not in the file."""
    named = item if isinstance(item, dict) else {}
    return str(named.get("label") or named.get("href") or "?")


def _is_cube(item: Any) -> bool:
    return isinstance(item, dict) and "value" in item
