"""Workbooks whose XML a test writes itself, as programs other than Excel do."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = f"""<Types xmlns="{_PACKAGE}/content-types"><Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""
_ODS = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in {"office": "office", "table": "table", "text": "text", "style": "style", "draw": "drawing",
                        "number": "datastyle", "fo": "xsl-fo-compatible"}.items()
)  # fmt: skip


def relations(*links: tuple[str, str, str]) -> str:
    """Return a part of relations, of ids, kinds and targets; those that begin with http are external."""
    modes = {True: ' TargetMode="External"', False: ""}
    lines = "".join(
        f'<Relationship Id="{name}" Type="{_R}/{kind}" Target="{target}"{modes[target.startswith("http")]}/>'
        for name, kind, target in links
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def formats(*codes: str) -> str:
    """Return styles in which style 1, 2, … has the number format of these codes."""
    named = "".join(f"<numFmt numFmtId='{164 + n}' formatCode={quoteattr(code)}/>" for n, code in enumerate(codes))
    cells = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(codes)))
    return f'<numFmts>{named}</numFmts><cellXfs><xf numFmtId="0"/>{cells}</cellXfs>'


def xlsx(
    rows: str,
    *,
    styles: str = "",
    strings: Sequence[str] = (),
    before: str = "",
    after: str = "",
    parts: Mapping[str, str] | None = None,
    separator: str = "/",
) -> bytes:
    """Return an .xlsx of one sheet, S, with the XML of its rows, and of what is before and after them."""
    sheet = f'<worksheet {_MAIN} xmlns:r="{_R}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    book = f'<workbook {_MAIN} xmlns:r="{_R}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
    files = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": relations(("rId1", "worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": sheet,
    }
    if styles:
        files["xl/styles.xml"] = f"<styleSheet {_MAIN}>{styles}</styleSheet>"
    if strings:
        items = "".join(f"<si>{string}</si>" for string in strings)
        files["xl/sharedStrings.xml"] = f"<sst {_MAIN}>{items}</sst>"
    return zipped({path.replace("/", separator): text for path, text in (files | dict(parts or {})).items()})


def ods(rows: str, *, styles: str = "", attributes: str = "") -> bytes:
    """Return an .ods of one sheet, S, with the XML of its rows and automatic styles."""
    content = (
        f'<office:document-content {_ODS} xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="S" {attributes}>{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mimetype}"/></manifest:manifest>'
    )
    return zipped({"mimetype": mimetype, "META-INF/manifest.xml": manifest, "content.xml": content})


def zipped(files: Mapping[str, str]) -> bytes:
    """Return a zip of files by their paths."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return data.getvalue()
