"""What cells of an .ods show beyond their values."""

import pytest

from flows.sources.formats.workbook.reader import read_workbook
from flows.sources.formats.workbook.sheet import Sheet
from tests.support.odd_workbooks import ods

TEXT = '<table:table-cell office:value-type="string">{}</table:table-cell>'
FORMATS = """
<number:number-style style:name="N1"><number:text>…</number:text></number:number-style>
<number:number-style style:name="N2"><number:number number:min-integer-digits="1" number:decimal-places="1"
 number:display-factor="1000000"/></number:number-style>
<number:number-style style:name="N3P0" style:volatile="true"><number:text>…</number:text></number:number-style>
<number:number-style style:name="N3"><number:number number:min-integer-digits="1" number:decimal-places="0"/>
 <style:map style:condition="value()&lt;5" style:apply-style-name="N3P0"/></number:number-style>
<number:date-style style:name="N4"><number:year number:style="long"/></number:date-style>
<number:date-style style:name="N5"><number:month number:textual="true"/><number:text> </number:text><number:year/>
 </number:date-style>
<number:number-style style:name="N6P0"><number:number number:min-integer-digits="1"/></number:number-style>
<number:number-style style:name="N6"><number:text>-</number:text><number:number number:min-integer-digits="1"/>
 <style:map style:condition="value()&gt;=0" style:apply-style-name="N6P0"/></number:number-style>
<number:percentage-style style:name="N7"><number:number number:decimal-places="0" number:min-integer-digits="1"/>
 <number:text>%</number:text></number:percentage-style>
""" + "".join(
    f'<style:style style:name="ce{n}" style:family="table-cell" style:data-style-name="N{n}"/>' for n in range(1, 8)
)


def read(rows: str, styles: str = "") -> Sheet:
    (sheet,) = read_workbook(ods(rows, styles=styles), "a.ods")
    return sheet


def kinds(sheet: Sheet) -> list[tuple[str, int, int | None, str]]:
    return [(note.kind, note.row, note.column, note.text) for note in sheet.notes]


@pytest.mark.parametrize(
    ("style", "value", "text", "notes"),
    [
        (1, "3", "…", ["masked"]),
        (2, "3500000", "3.5", ["scaled"]),
        (3, "3", "…", ["masked"]),
        (3, "7", "7", []),
        (6, "-5", "-5", []),
        (7, "0.29", "29%", []),
    ],
)
def test_a_number_is_what_its_format_shows(style: int, value: str, text: str, notes: list[str]) -> None:
    kind = "percentage" if style == 7 else "float"
    cell = f'<table:table-cell office:value-type="{kind}" office:value="{value}"{{}}/>'
    for column, named in (("", f' table:style-name="ce{style}"'), (f' table:default-cell-style-name="ce{style}"', "")):
        rows = f"<table:table-column{column}/><table:table-row>{cell.format(named)}</table:table-row>"
        sheet = read(rows, FORMATS)
        assert sheet.rows == [[text]]
        assert [note.kind for note in sheet.notes] == notes


def test_a_day_is_shown_as_its_year_or_month() -> None:
    cell = '<table:table-cell office:value-type="date" office:date-value="2019-02-01" table:style-name="ce{}"/>'
    assert read(f"<table:table-row>{cell.format(4)}{cell.format(5)}</table:table-row>", FORMATS).rows == [
        ["2019", "2019-02"]
    ]


def test_raised_and_struck_out_letters_are_no_part_of_the_text() -> None:
    styles = """<style:style style:name="T1" style:family="text">
        <style:text-properties style:text-position="super 58%"/></style:style>
        <style:style style:name="T2" style:family="text">
        <style:text-properties style:text-line-through-style="solid"/></style:style>"""
    raised = TEXT.format('<text:p>12.3<text:span text:style-name="T1">1</text:span></text:p>')
    struck = TEXT.format('<text:p><text:span text:style-name="T2">11</text:span> 12</text:p>')
    sheet = read(f"<table:table-row>{raised}{struck}</table:table-row>", styles)
    assert sheet.rows == [["12.3", " 12"]]
    assert kinds(sheet) == [("superscript", 1, 0, "1"), ("struck_out", 1, 1, "11")]


def test_hidden_rows_and_columns_comments_links_and_pictures_are_noted() -> None:
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    link = TEXT.format('<text:p><text:a xlink:href="https://a.tj">Decree</text:a></text:p>')
    comment = TEXT.format("<office:annotation><text:p>old</text:p></office:annotation><text:p>b</text:p>")
    picture = TEXT.format("<text:p>c</text:p><draw:frame><draw:image/></draw:frame>")
    rows = f"<table:table-row>{link}{comment}</table:table-row>"
    rows += f'<table:table-row table:visibility="filter">{picture}</table:table-row>'
    hidden = f'<table:table-row table:visibility="collapse">{link}</table:table-row>'
    rows += f"<table:table-row-group>{hidden}</table:table-row-group>"
    sheet = read(columns + rows)
    assert sheet.rows == [["Decree", "b"], ["c", ""], ["Decree", ""]]
    assert sheet.links == {(0, 0): "https://a.tj", (2, 0): "https://a.tj"}
    assert kinds(sheet) == [
        ("hidden_column", 0, 1, ""),
        ("comment", 1, 1, "old"),
        ("filtered_row", 2, None, ""),
        ("picture", 2, 0, ""),
        ("hidden_row", 3, None, ""),
    ]
