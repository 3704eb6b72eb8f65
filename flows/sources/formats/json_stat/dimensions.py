"""The dimensions of a JSON-stat data set: id, size, role, categories, units."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, TypeVar

from flows.sources.formats.relation import Column, strides
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.quarters import with_quarters
from transforms.statistics.values import sdmx_period, sdmx_periods

_REMEDY = "ask the producer for a file that obeys JSON-stat (json-stat.org/full)"
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_Kind = TypeVar("_Kind", dict[str, Any], list[Any], str)


class Number(str):
    """A JSON number as printed: 0.10 stays 0.10."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension: its column, the codes in order (periods in SDMX form), their labels, their units."""

    column: str
    codes: tuple[str, ...]
    labels: Mapping[str, str]
    units: tuple[Mapping[str, Any], ...]  # one a category, {} where none is stated
    is_metric: bool
    stride: int = 1  # cells between two of its categories


def problem(what: str, value: str | None = None, **arguments: object) -> InputProblem:
    """Return the problem of a file that does not obey JSON-stat; `arguments` fill the sentence `what`."""
    return InputProblem(sentence(what, **arguments), _REMEDY, value=value)


def expect(value: Any, kind: type[_Kind], name: str) -> _Kind:
    """Return a value that must be an object, a list or a text; raise InputProblem if it is not."""
    if not isinstance(value, kind) or isinstance(value, Number):
        called = {dict: sentence("an object"), list: sentence("a list"), str: sentence("a text")}[kind]
        raise problem("{name} is not {called}", str(value)[:60], name=name, called=called)
    return value


def dimensions(cube: Mapping[str, Any]) -> tuple[list[Dimension], int]:
    """Return the dimensions in the order of id, and the number of cells. Raises InputProblem.

    Version 1 has id, size and role within dimension."""
    described = expect(cube.get("dimension"), dict, "dimension")
    ids = [expect(name, str, "an id") for name in expect(cube.get("id", described.get("id")), list, "id")]
    sizes = expect(cube.get("size", described.get("size")), list, "size")
    if not ids or len(set(ids)) != len(ids) or len(ids) != len(sizes):
        raise problem("id and size are not one list: {ids} ids, {sizes} sizes", ids=len(ids), sizes=len(sizes))
    role = expect(cube.get("role", described.get("role", {})) or {}, dict, "role")
    times, metrics = (expect(role.get(name) or [], list, f"role.{name}") for name in ("time", "metric"))
    if unknown := [name for name in [*times, *metrics] if name not in ids]:
        raise problem("role names no dimension of id", str(unknown[0]))
    time = times[0] if len(times) == 1 else None  # of two, neither is the period of the observation by itself
    listed = [
        _dimension(name, size, expect(described.get(name), dict, f"dimension {name}"), name == time, name in metrics)
        for name, size in zip(ids, sizes, strict=True)
    ]
    counts = [len(dimension.codes) for dimension in listed]
    return [replace(d, stride=stride) for d, stride in zip(listed, strides(counts), strict=True)], prod(counts)


def _dimension(name: str, size: Any, described: Mapping[str, Any], is_time: bool, is_metric: bool) -> Dimension:
    category = expect(described.get("category"), dict, f"category of {name}")
    labels = expect(category.get("label", {}), dict, f"category.label of {name}")
    codes = _codes(name, category.get("index"), labels)
    # A count in quotation marks is what the Irish CSO's service writes: it says the same.
    if not isinstance(size, str) or not _COUNT.fullmatch(size) or int(size) != len(codes):
        what = "dimension {name} has {count} categories and another size"
        raise problem(what, str(size), name=name, count=len(codes))
    printed = [str(labels.get(code, code)) for code in codes]
    said = (name, str(described.get("label", "")), *printed)  # "Trimestre": T is a quarter
    texts = sdmx_periods(codes, words=said) or sdmx_periods(printed, words=said) or tuple(codes)
    if is_time:
        spelled = zip(texts, with_quarters(texts, said), strict=True)
        texts = tuple(sdmx_period(quarter) or text for text, quarter in spelled)
    if len(set(texts)) != len(texts) or "\0" in "".join(texts):
        raise problem("dimension {name} has one category twice, or a code with U+0000", name=name)
    stated = expect(category.get("unit", {}), dict, f"category.unit of {name}")
    units = tuple(expect(stated.get(code) or {}, dict, f"the unit of {name} {code}") for code in codes)
    named = {text: label for text, label in zip(texts, printed, strict=True) if text != label}
    return Dimension("TIME_PERIOD" if is_time else name, texts, named, units, is_metric)


def _codes(name: str, index: Any, labels: Mapping[str, Any]) -> list[str]:
    """Return the codes in order: index is a list, or an object code → place, or left out for a single category."""
    if index is None:
        if len(labels) != 1:
            raise problem("dimension {name} has {count} labels and no index", name=name, count=len(labels))
        return list(labels)
    if isinstance(index, list):
        return [expect(code, str, f"a code of {name}") for code in index]
    places = expect(index, dict, f"category.index of {name}")
    in_order = {int(at): code for code, at in places.items() if isinstance(at, Number) and _COUNT.fullmatch(at)}
    if sorted(in_order) != list(range(len(places))):
        raise problem("category.index of {name} does not count from 0 without gaps", name=name)
    return [in_order[at] for at in range(len(places))]


def units(listed: Sequence[Dimension]) -> Iterator[Column]:
    """Yield UNITS and UNIT_MULT, where units are stated. Raises InputProblem if two dimensions state them."""
    stating = [dimension for dimension in listed if any(dimension.units)]
    stating = [dimension for dimension in stating if dimension.is_metric] or stating
    if len(stating) > 1:
        raise problem("two dimensions state units", ", ".join(dimension.column for dimension in stating))
    for dimension in stating:
        for column, keys in (("UNITS", ("label", "symbol", "base")), ("UNIT_MULT", ("multiplier",))):
            stated = [[str(unit[key]) for key in keys if isinstance(unit.get(key), str)] for unit in dimension.units]
            texts = [next(filter(None, named), None) for named in stated]
            if any(texts):
                yield Column(column, texts, dimension.stride)
