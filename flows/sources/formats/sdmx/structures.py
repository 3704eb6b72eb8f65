"""SDMX-ML structure messages (2.0, 2.1, 3.0): which code list a concept uses, and the names of its codes."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from flows.sources.formats.relation import language_code
from flows.sources.formats.sdmx.xml_events import ended, local
from transforms.errors import InputProblem

Names = dict[str, str]  # language → name
_T = TypeVar("_T")
_TAGS = ("{*}CodeList", "{*}Codelist", "{*}ConceptScheme", "{*}KeyFamily", "{*}DataStructure")
_COMPONENTS = (
    *("{*}Dimension", "{*}MeasureDimension", "{*}TimeDimension", "{*}Attribute"),
    *("{*}Measure", "{*}PrimaryMeasure", "{*}CrossSectionalMeasure"),
)
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_URN = re.compile(r"=([^:=]+):([^(]+)\(([^)]*)\)(?:\.(.+))?$")  # …codelist.Code=SDMX:CL_FREQ(2.0).A


class _Key(NamedTuple):
    """A code list, a concept scheme, or a concept of a scheme. A part that is not stated is ""."""

    agency: str = ""
    id: str = ""
    version: str = ""
    item: str = ""


def read_structure(path: Path) -> dict[str, dict[str, Names]]:
    """Return concept id → code → language → name, by the data structures of the message.

    A component has its own code list, else that of its concept. A concept without a code list, or whose list is not in
    the message, is left out; one that several data structures have has the codes of all.
    Raises InputProblem, OSError."""
    lists: dict[_Key, list[tuple[str, Names]]] = {}
    concepts: dict[_Key, _Key] = {}  # concept → the code list that it has wherever it is used
    components: list[tuple[str, _Key, _Key | None]] = []  # id, concept, code list of its own
    for element in ended(path, tags=_TAGS):
        kind, key = local(element.tag), _key(element)
        if kind in {"CodeList", "Codelist"}:
            lists[key] = [_code(code) for code in element.iterchildren("{*}Code")]
        elif kind == "ConceptScheme":
            for concept in element.iterchildren("{*}Concept"):
                if code_list := _code_list(concept, "coreRepresentation"):
                    concepts[key._replace(item=concept.get("id"))] = code_list
        else:
            components += [_component(component) for component in element.iter(*_COMPONENTS)]
        element.clear()
    if not lists and not components:
        raise InputProblem("the file has no code lists and no data structure", "name an SDMX-ML structure message")
    names: dict[str, dict[str, Names]] = {}
    for component, concept, own in components:
        stated = own or _same(concepts, concept)
        for code, name in (_same(lists, stated) if stated else None) or ():
            names.setdefault(component, {}).setdefault(code, name)
    return names


def _key(element: Any) -> _Key:
    return _Key(element.get("agencyID", ""), element.get("id", ""), element.get("version", ""))


def _code(element: Any) -> tuple[str, Names]:
    """Return the code and its names by language, white space folded. A name without a language is English (SDMX)."""
    code = element.get("id") or element.get("value", "")  # 2.1, 2.0
    names: Names = {}
    for tag in ("Name", "Description"):  # 2.0 has only the second
        for child in () if names else element.iterchildren(f"{{*}}{tag}"):
            if text := " ".join("".join(child.itertext()).split()):
                names.setdefault(language_code(child.get(_LANG, "en")), text)
    return code, names


def _component(element: Any) -> tuple[str, _Key, _Key | None]:
    """Return the id of a component, its concept, in 2.0 by XML attributes and later by reference, and its own list."""
    get, identity = element.get, element.find("{*}ConceptIdentity")
    concept = _Key() if identity is None else _reference(identity)
    if name := get("conceptRef"):
        concept = _Key(get("conceptAgency", ""), get("conceptSchemeRef", ""), get("conceptVersion", ""), name)
    return get("id") or concept.item, concept, _code_list(element, "codelist")


def _code_list(element: Any, attribute: str) -> _Key | None:
    """Return the code list of a component or concept: by XML attributes in 2.0, later by reference."""
    if name := element.get(attribute):
        return _Key(element.get(f"{attribute}Agency", ""), name, element.get(f"{attribute}Version", ""))
    representation = "CoreRepresentation" if attribute == "coreRepresentation" else "LocalRepresentation"
    enumeration = element.find(f"{{*}}{representation}/{{*}}Enumeration")
    return None if enumeration is None else _reference(enumeration)


def _reference(element: Any) -> _Key:
    """Return the target of <Ref/>, of <URN> (2.1) or of a URN as text (3.0)."""
    if (ref := element.find("{*}Ref")) is None:
        urn = _URN.search("".join(element.itertext()).strip())
        return _Key(*(part or "" for part in urn.groups())) if urn else _Key()
    if scheme := ref.get("maintainableParentID"):
        return _Key(ref.get("agencyID", ""), scheme, ref.get("maintainableParentVersion", ""), ref.get("id", ""))
    return _key(ref)


def _same(values: Mapping[_Key, _T], key: _Key) -> _T | None:
    """Return the value of a key: exactly, else of another version (3.0 asks for 1.0+), else of another agency or id."""
    if key in values:
        return values[key]
    for part in ("version", "agency", "id"):
        key = key._replace(**{part: ""})
        for known, value in values.items() if key.id or key.item else ():
            if all(part in ("", stated) for part, stated in zip(key, known, strict=True)):
                return value
    return None
