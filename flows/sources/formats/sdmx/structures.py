"""SDMX-ML structure messages (2.0, 2.1, 3.0): which code list a concept uses, and what the codes are called."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from flows.sources.formats.sdmx.xml_events import ended, local
from transforms.errors import InputProblem
from transforms.quality.text import sentence

_T = TypeVar("_T")
_TAGS = ("{*}CodeList", "{*}Codelist", "{*}ConceptScheme", "{*}KeyFamily", "{*}DataStructure")
_COMPONENTS = {
    "Dimension", "MeasureDimension", "TimeDimension", "Attribute", "Measure", "PrimaryMeasure", "CrossSectionalMeasure",
}  # fmt: skip
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_URN = re.compile(
    r"=(?P<agency>[^:=]+):(?P<id>[^(]+)\((?P<version>[^)]*)\)(?:\.(?P<item>.+))?$"
)  # …=SDMX:CL_FREQ(2.0).A


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list: `annotations` by their titles (or types), in English where they are in several languages."""

    code: str
    name: str
    annotations: Mapping[str, str] = field(default_factory=dict)


class _Key(NamedTuple):
    """A code list, concept scheme, or concept of a scheme. Empty: not said."""

    agency: str
    id: str
    version: str
    item: str = ""


@dataclass(slots=True)
class _Structures:
    lists: dict[_Key, list[Code]] = field(default_factory=dict)
    concepts: dict[_Key, _Key] = field(default_factory=dict)  # concept → the code list it has wherever it is used
    components: list[tuple[str, _Key, _Key | None]] = field(default_factory=list)  # id, concept, list of its own


def read_structure(path: Path) -> dict[str, dict[str, str]]:
    """Concept id → code → English name, by the data structures of the message: a component's own code list, else that
    of its concept. A concept without a code list, or whose list is not in the message, is left out; one that several
    data structures have has the codes of all. Raises InputProblem, OSError."""
    found = _read(path)
    names: dict[str, dict[str, str]] = {}
    for component, concept, own in found.components:
        wanted = own or _same(found.concepts, concept)
        codes = _same(found.lists, wanted) if wanted else None
        for code in codes or ():
            names.setdefault(component, {}).setdefault(code.code, code.name)
    return names


def code_list(path: Path, list_id: str) -> list[Code]:
    """The codes of a list of the message, in its order. Raises InputProblem where it has none of this id, OSError."""
    found = _read(path).lists
    codes = _same(found, _Key("", list_id, ""))
    if codes is None:
        has = ", ".join(sorted({key.id for key in found})) or "none"
        raise InputProblem(
            sentence("the message has no code list {list_id}; it has: {has}", list_id=list_id, has=has),
            "name one of these",
            value=list_id,
        )
    return codes


def _read(path: Path) -> _Structures:
    found = _Structures()
    for element in ended(path, tags=_TAGS):
        kind, key = local(element.tag), _key(element)
        if kind in {"CodeList", "Codelist"}:
            found.lists[key] = [_code(code) for code in element.iterchildren("{*}Code")]
        elif kind == "ConceptScheme":
            for concept in element.iterchildren("{*}Concept"):
                if (enumeration := _enumeration(concept, "CoreRepresentation")) is not None:
                    found.concepts[key._replace(item=concept.get("id"))] = enumeration
        else:
            found.components.extend(_components(element))
        element.clear()
    if not found.lists and not found.components:
        raise InputProblem("the file has no code lists and no data structure", "name an SDMX-ML structure message")
    return found


def _key(element: Any) -> _Key:
    return _Key(element.get("agencyID", ""), element.get("id", ""), element.get("version", ""))


def _code(element: Any) -> Code:
    annotations = {}
    for annotation in element.iterfind("{*}Annotations/{*}Annotation"):
        title = _text(annotation, "AnnotationTitle") or _text(annotation, "AnnotationType")
        if title:
            annotations[title] = _text(annotation, "AnnotationText")
    code = element.get("id") or element.get("value", "")  # 2.1, 2.0
    return Code(code, _text(element, "Name") or _text(element, "Description") or code, annotations)


def _text(element: Any, tag: str) -> str:
    """The text of a child, in English if it is there in English, white space folded."""
    texts = {child.get(_LANG, "en"): child for child in reversed(list(element.iterchildren(f"{{*}}{tag}")))}
    child = texts.get("en", next(reversed(texts.values()), None))
    return "" if child is None else " ".join("".join(child.itertext()).split())


def _components(structure: Any) -> Iterator[tuple[str, _Key, _Key | None]]:
    for element in structure.iter():
        if local(element.tag) in _COMPONENTS:
            concept = _concept(element)
            name = element.get("id") or concept.item
            yield name, concept, _enumeration(element, "LocalRepresentation")


def _concept(component: Any) -> _Key:
    """The concept that a component is: in 2.0 by XML attributes, later by reference."""
    if (name := component.get("conceptRef")) is not None:
        version, scheme = component.get("conceptVersion", ""), component.get("conceptSchemeRef", "")
        return _Key(component.get("conceptAgency", ""), scheme, version, name)
    identity = component.find("{*}ConceptIdentity")
    return _Key("", "", "") if identity is None else _reference(identity)


def _enumeration(element: Any, representation: str) -> _Key | None:
    """The code list that a component or concept names: by XML attributes in 2.0, later by reference."""
    prefix = "coreRepresentation" if representation == "CoreRepresentation" else "codelist"
    if (name := element.get(prefix)) is not None:
        return _Key(element.get(f"{prefix}Agency", ""), name, element.get(f"{prefix}Version", ""))
    found = element.find(f"{{*}}{representation}/{{*}}Enumeration")
    return None if found is None else _reference(found)


def _reference(element: Any) -> _Key:
    """What <Ref/>, <URN> (2.1) or a URN as text (3.0) names."""
    ref = element.find("{*}Ref")
    if ref is None:
        urn = _URN.search("".join(element.itertext()).strip())
        return _Key(urn["agency"], urn["id"], urn["version"], urn["item"] or "") if urn else _Key("", "", "")
    if (scheme := ref.get("maintainableParentID")) is not None:
        return _Key(ref.get("agencyID", ""), scheme, ref.get("maintainableParentVersion", ""), ref.get("id", ""))
    return _key(ref)


def _same(known: Mapping[_Key, _T], wanted: _Key) -> _T | None:
    """The one that is named: exactly, else in another version (3.0 asks for 1.0+), else of another agency or scheme."""
    if wanted in known:
        return known[wanted]
    for place in ("version", "agency", "id"):
        wanted = wanted._replace(**{place: ""})
        if not (wanted.id or wanted.item):
            return None
        for key, value in known.items():
            if all(asked in ("", had) for asked, had in zip(wanted, key, strict=True)):
                return value
    return None
