"""What a file is, told by what stands in it and never by its name."""

import re
from dataclasses import dataclass
from pathlib import Path

from flows.sources.formats.text_file import encoding_to_state
from transforms.encodings import BINARY_FORMATS, marked, signature
from transforms.errors import InputProblem

_HEAD = 1 << 16
# What npa does not read, and what to do.
_OTHERS = {
    "ole2": "Save it as .xlsx without a password.",
    "pdf": "Ask the producer for the table itself: SDMX-CSV, PC-Axis, .xlsx or CSV.",
    "gzip": "Unpack it first.",
    "sqlite": "Export the table as CSV.",
}
_PX = re.compile(r'\s*[A-Z][A-Z0-9-]*(?:\[\w+\])?(?:\("[^"]*"(?:,"[^"]*")*\))?\s*=')  # CHARSET="ANSI";
_PX_WORDS = re.compile(r"\b(?:AXIS-VERSION|MATRIX|STUB|HEADING|VALUES\(|TITLE|CHARSET|SUBJECT-AREA)")
_CSV_1 = re.compile(r'"?DATAFLOW\b')
_CSV_2 = re.compile(r'"?STRUCTURE\b(?:\[.\])?[^,;\t|]*[,;\t|]"?STRUCTURE_ID\b')  # STRUCTURE[;],STRUCTURE_ID,ACTION
# Namespaces: SDMX-ML 2.0, 2.1 and 3.0.
_XML_VERSIONS = {"/SDMXML/schemas/v2_0/": "2.0", "/sdmxml/schemas/v2_1/": "2.1", "/sdmxml/schemas/v3_0/": "3.0"}
_XML_DATA = ("GenericTimeSeriesData", "GenericData", "StructureSpecificTimeSeriesData", "StructureSpecificData",
             "CompactData", "UtilityData", "CrossSectionalData")  # fmt: skip
STATED = re.compile(r'(?:encoding = |looks like )"([^"]+)"')  # as readers and looks_like propose one


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is: `format` as in dataset.toml, `name` in words; `encoding` where dataset.toml must state one."""

    format: str
    name: str
    encoding: str | None = None


def sniff(path: Path) -> Kind:
    """Tell what a file is. Raises InputProblem for what npa does not read, with what to do instead; OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise InputProblem("the file is empty", "Get it again.")
    binary = signature(head)
    if binary in _OTHERS:
        raise InputProblem(f"the file is {BINARY_FORMATS[binary]}", _OTHERS[binary])
    if binary == "parquet":
        return Kind("parquet", "Parquet")
    if binary == "zip":
        return _zipped(path)
    text, encoding = _text(path, head)
    return _of_text(text.lstrip("\ufeff \t\r\n"), encoding)


def _zipped(path: Path) -> Kind:
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(path) as book:
            names = book.namelist()
    except (BadZipFile, ValueError, NotImplementedError) as error:
        raise InputProblem("the file begins as a zip and is cut off or damaged", "Get the whole file again.") from error
    if any(name.startswith("xl/") for name in names):
        return Kind("xlsx", "Excel workbook")
    if "content.xml" in names:
        return Kind("xlsx", "OpenDocument workbook (.ods)")
    listed = ", ".join(names[:5])
    raise InputProblem("the file is a zip, and no workbook", "Unpack it, and describe what is in it.", value=listed)


def _text(path: Path, head: bytes) -> tuple[str, str | None]:
    """The head as text, and the encoding that dataset.toml must state, if any."""
    mark = marked(head)
    encoding = None if mark else encoding_to_state(path)
    return head.decode(mark or encoding or "utf-8", "replace"), encoding


def _of_text(text: str, encoding: str | None) -> Kind:
    first = text.split("\n", 1)[0]
    if "\0" in text:
        raise InputProblem(
            "the file is no text, and none of the formats that npa reads", "Ask the producer for another."
        )
    if text.startswith("<"):
        return _xml(text)
    if text.startswith(("{", "[")):
        return _json(text, encoding)
    if _PX.match(text) and _PX_WORDS.search(text):
        return Kind("px", "PC-Axis")  # CODEPAGE says the encoding
    if _CSV_2.match(first):
        return Kind("sdmx-csv", "SDMX-CSV 2.x", encoding)
    if _CSV_1.match(first):
        return Kind("sdmx-csv", "SDMX-CSV 1.0", encoding)
    return Kind("csv", "CSV", encoding)


def _xml(text: str) -> Kind:
    if re.match(r"<(?:!DOCTYPE\s+html|html)", text, re.IGNORECASE):
        what = "the file is a page of a web site, and no data"
        raise InputProblem(what, "Use the site's button for downloads, and look at the file before you describe it.")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputProblem(
            "the XML declares a DTD or entities, which are refused", "Ask the producer for plain SDMX-ML."
        )
    version = next((v for name, v in _XML_VERSIONS.items() if name in text), None)
    root = re.search(r"<(?:\w[\w.-]*:)?([A-Za-z]\w*)[\s>]", re.sub(r"<\?.*?\?>|<!--.*?-->", "", text, flags=re.DOTALL))
    kind = root[1] if root else ""
    if kind == "Structure" and version:
        what = "the file has structures (SDMX-ML), and no data"
        raise InputProblem(what, 'Put it beside the data, and name it in dataset.toml: structure = "…".')
    if kind not in _XML_DATA or not version:
        raise InputProblem("the XML is no SDMX-ML data", "Ask the producer for SDMX-ML, SDMX-CSV or CSV.", value=kind)
    dialect = re.sub(r"(?<=[a-z])(?:TimeSeries)?Data$", "", kind)
    return Kind("sdmx-ml", f"SDMX-ML {version} {dialect}")


def _json(text: str, encoding: str | None) -> Kind:
    if '"dataSets"' in text:
        raise InputProblem("the file is SDMX-JSON, which npa does not read", "Ask the same server for SDMX-CSV.")
    return Kind("json-stat", "JSON-stat", encoding)
