"""Styles of an .ods: cell styles and number formats, the latter as the codes that .xlsx has for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import log
from xml.etree import ElementTree

from flows.sources.formats.workbook.guards import tree
from flows.sources.formats.workbook.number_formats import number_format
from flows.sources.formats.workbook.sheet import CellStyle

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_PARTS = {"year": "yyyy", "month": "mm", "day": "dd", "hours": "hh", "minutes": "mm", "seconds": "ss",
          "day-of-week": "dddd", "quarter": "yyyy-mm-dd", "week-of-year": "yyyy-mm-dd", "era": "yyyy", "am-pm": "AM/PM",
          "text-content": "@", "scientific-number": "0E+00", "fraction": "# ?/?", "fill-character": "* ",
          "boolean": "General"}  # fmt: skip
_WHITE = ("#ffffff", "transparent", "none", "")


@dataclass(slots=True)
class OdsStyles:
    """The styles of a document by their names."""

    elements: Mapping[str, list[ElementTree.Element]]  # of one name, one for each family
    formats: Mapping[str, ElementTree.Element]
    made: dict[str, CellStyle] = field(default_factory=dict)

    def of_cell(self, name: str) -> CellStyle:
        """Return what is unusual about a cell style, or the style of letters."""
        if name not in self.made:
            self.made[name] = self._made(name)
        return self.made[name]

    def _made(self, name: str) -> CellStyle:
        properties: dict[str, str] = {}
        for element in reversed(list(self._ancestors(name))):
            properties |= dict(element.items())
            for part in element.iterfind("*"):
                properties |= dict(part.items())
        code = self._code(properties.get(f"{_STYLE}data-style-name", ""))
        letters = properties.get(f"{_FO}color", "").lower()
        ground = properties.get(f"{_FO}background-color", "").lower()
        position = properties.get(f"{_STYLE}text-position", "").split(" ")[0]
        return CellStyle(
            number_format(code) if code else None,
            properties.get(f"{_STYLE}text-line-through-style", "none") != "none",
            position == "super" or (position.endswith("%") and not position.startswith(("-", "0"))),
            bool(letters) and (letters == ground or (letters == "#ffffff" and ground in _WHITE)),
            ground not in _WHITE,
        )

    def _ancestors(self, name: str) -> Iterator[ElementTree.Element]:
        """Yield a style and those from which it takes what it does not say itself."""
        for _ in range(20):
            for element in self.elements.get(name, ()):
                yield element
                name = element.get(f"{_STYLE}parent-style-name", "")
                break
            else:
                return

    def _code(self, name: str) -> str:
        """Return a number format as .xlsx writes it; "" if there is none of this name."""
        element = self.formats.get(name)
        if element is None:
            return ""
        maps = [(part.get(f"{_STYLE}condition", ""), part.get(f"{_STYLE}apply-style-name", ""))
                for part in element.iterfind(f"{_STYLE}map")]  # fmt: skip
        conditions = [condition.replace("value()", "").replace("!=", "<>").replace(" ", "") for condition, _ in maps]
        codes = [_section(self.formats[style]) if style in self.formats else "General" for _, style in maps]
        if conditions not in ([">=0"], [">0", "<0"], [">0", "<0", "=0"]):  # those that .xlsx does not write down
            codes = [f"[{condition}]{code}" for condition, code in zip(conditions, codes, strict=True)]
        return ";".join([*codes, _section(element)])


def ods_styles(*documents: bytes) -> OdsStyles:
    """Return the styles of content.xml and styles.xml; the first has precedence."""
    elements: dict[str, list[ElementTree.Element]] = {}
    formats: dict[str, ElementTree.Element] = {}
    for xml in filter(None, documents):
        for element in tree(xml).iter():
            name = element.get(f"{_STYLE}name", "")
            if element.tag == f"{_STYLE}style":
                elements.setdefault(name, []).append(element)
            elif element.tag.startswith(_NUMBER) and element.tag.endswith("-style"):
                formats.setdefault(name, element)
    return OdsStyles(elements, formats)


def _section(element: ElementTree.Element) -> str:
    """Return the code of one section of a number format."""
    is_percent, code = element.tag.endswith("percentage-style"), ""
    for part in element:
        name = part.tag.removeprefix(_NUMBER)
        if name == "number":
            code += _digits(part)
        elif name == "text":
            text = part.text or " "
            code += "%" if is_percent and text.strip() == "%" else f'"{text}"'
        elif name == "currency-symbol":
            code += f"[${part.text or ''}]"
        else:
            code += _PARTS.get(name, "")
    return code or '""'


def _digits(part: ElementTree.Element) -> str:
    least, places = int(part.get(f"{_NUMBER}min-integer-digits", 0)), int(part.get(f"{_NUMBER}decimal-places", 0) or 0)
    if part.get(f"{_NUMBER}decimal-places") is None and not least:
        return "General"
    commas = "," * round(log(float(part.get(f"{_NUMBER}display-factor", 1)), 1000))
    return ("0" * least or "#") + ("." + "0" * places if places else "") + commas
