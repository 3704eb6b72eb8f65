"""The dimensions of a JSON-stat data set: id, size, role, categories, units."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flows.sources.formats.relations.cube import Column
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.values import sdmx_period, sdmx_periods

REMEDY = "ask the producer for a file that obeys JSON-stat (json-stat.org/full)"
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_Kind = TypeVar("_Kind", dict[str, Any], list[Any], str)


class Number(str):
    """A JSON number as printed: 0.10 stays 0.10."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension: its column, the codes in order (periods in SDMX form), what they are called, their units."""

    column: str
    codes: tuple[str, ...]
    labels: Mapping[str, str]
    units: tuple[Mapping[str, Any], ...]  # one a category, {} where none is stated
    is_metric: bool


def expect(given: Any, kind: type[_Kind], name: str) -> _Kind:
    """`given`, if it is an object (dict), a list or a text; else InputProblem."""
    if not isinstance(given, kind) or isinstance(given, Number):
        called = {dict: sentence("an object"), list: sentence("a list"), str: sentence("a text")}[kind]
        raise InputProblem(sentence("{name} is not {called}", name=name, called=called), REMEDY, value=str(given)[:60])
    return given


def dimensions(found: Mapping[str, Any]) -> list[Dimension]:
    """In the order of id. Version 1 has id, size and role within dimension."""
    described = expect(found.get("dimension"), dict, "dimension")
    ids = [expect(name, str, "an id") for name in expect(found.get("id", described.get("id")), list, "id")]
    sizes = expect(found.get("size", described.get("size")), list, "size")
    if not ids or len(set(ids)) != len(ids) or len(ids) != len(sizes):
        raise InputProblem(
            sentence("id and size are not one list: {ids} ids, {sizes} sizes", ids=len(ids), sizes=len(sizes)), REMEDY
        )
    role = expect(found.get("role", described.get("role", {})) or {}, dict, "role")
    times, metrics = (expect(role.get(name) or [], list, f"role.{name}") for name in ("time", "metric"))
    if unknown := [name for name in [*times, *metrics] if name not in ids]:
        raise InputProblem("role names no dimension of id", REMEDY, value=str(unknown[0]))
    time = times[0] if len(times) == 1 else None  # of two, neither is the period of the observation by itself
    return [
        _dimension(name, size, expect(described.get(name), dict, f"dimension {name}"), name == time, name in metrics)
        for name, size in zip(ids, sizes, strict=True)
    ]


def _dimension(name: str, size: Any, described: Mapping[str, Any], is_time: bool, is_metric: bool) -> Dimension:
    category = expect(described.get("category"), dict, f"category of {name}")
    labels = expect(category.get("label", {}), dict, f"category.label of {name}")
    codes = _codes(name, category.get("index"), labels)
    # A count in quotation marks is what the Irish CSO's service writes: it says the same.
    if not isinstance(size, str) or not _COUNT.fullmatch(size) or int(size) != len(codes):
        raise InputProblem(
            sentence("dimension {name} has {count} categories and another size", name=name, count=len(codes)),
            REMEDY,
            value=str(size),
        )
    called = [str(labels.get(code, code)) for code in codes]
    texts = sdmx_periods(codes) or sdmx_periods(called)
    if is_time and not texts:
        texts = tuple(sdmx_period(code) or code for code in codes)
    texts = texts or tuple(codes)
    if len(set(texts)) != len(texts) or "\0" in "".join(texts):
        raise InputProblem(
            sentence("dimension {name} has one category twice, or a code with U+0000", name=name), REMEDY
        )
    stated = expect(category.get("unit", {}), dict, f"category.unit of {name}")
    units = tuple(expect(stated.get(code) or {}, dict, f"the unit of {name} {code}") for code in codes)
    named = {text: label for text, label in zip(texts, called, strict=True) if text != label}
    return Dimension("TIME_PERIOD" if is_time else name, texts, named, units, is_metric)


def _codes(name: str, index: Any, labels: Mapping[str, Any]) -> list[str]:
    """index is a list, or an object code → place, or, where there is one category, left out."""
    if index is None:
        if len(labels) != 1:
            raise InputProblem(
                sentence("dimension {name} has {count} labels and no index", name=name, count=len(labels)), REMEDY
            )
        return list(labels)
    if isinstance(index, list):
        return [expect(code, str, f"a code of {name}") for code in index]
    places = expect(index, dict, f"category.index of {name}")
    in_order = {int(at): code for code, at in places.items() if isinstance(at, Number) and _COUNT.fullmatch(at)}
    if sorted(in_order) != list(range(len(places))):
        raise InputProblem(sentence("category.index of {name} does not count from 0 without gaps", name=name), REMEDY)
    return [in_order[at] for at in range(len(places))]


def units(listed: Sequence[Dimension], strides: Sequence[int]) -> list[Column]:
    """UNITS and UNIT_MULT, where units are stated."""
    stating = [(d, stride) for d, stride in zip(listed, strides, strict=True) if any(d.units)]
    stating = [(d, stride) for d, stride in stating if d.is_metric] or stating
    if len(stating) > 1:
        raise InputProblem("two dimensions state units", REMEDY, value=", ".join(d.column for d, _ in stating))
    columns = []
    for dimension, stride in stating:
        for column, keys in (("UNITS", ("label", "symbol", "base")), ("UNIT_MULT", ("multiplier",))):
            texts = [_first(unit, keys) for unit in dimension.units]
            if any(text is not None for text in texts):
                columns.append(Column(column, texts, stride))
    return columns


def _first(unit: Mapping[str, Any], keys: Sequence[str]) -> str | None:
    return next((str(unit[key]) for key in keys if isinstance(unit.get(key), str) and unit[key] != ""), None)
