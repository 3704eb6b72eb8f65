"""What cells show beyond their values: .xlsx as Excel, openpyxl and other programs write it."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.datetime import MAC_EPOCH

from flows.sources.formats.workbook.reader import read_workbook
from flows.sources.formats.workbook.sheet import Sheet
from tests.support.odd_workbooks import formats, relations, xlsx

CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'


def rich(parts: list[Any]) -> CellRichText:
    return CellRichText(parts)


def read(data: bytes) -> Sheet:
    (sheet,) = read_workbook(data, "a.xlsx")
    return sheet


def made(change: Callable[[Any], None]) -> Sheet:
    """Return the sheet that openpyxl writes."""
    book = openpyxl.Workbook()
    change(book.worksheets[0])
    data = io.BytesIO()
    book.save(data)
    return read(data.getvalue())


def kinds(sheet: Sheet) -> list[tuple[str, int, int | None, str]]:
    return [(note.kind, note.row, note.column, note.text) for note in sheet.notes]


@pytest.mark.parametrize("has_places", [True, False])
def test_cells_need_not_say_where_they_are(has_places: bool) -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>0.5</v></c><c r="B1" s="2"><v>3</v></c></row>'
    rows += '<row r="2"><c r="A2" s="3"><v>43466</v></c><c r="B2" t="e"><v>#N/A</v></c></row>'
    if not has_places:
        for place in ("A1", "B1", "A2", "B2", "1", "2"):
            rows = rows.replace(f' r="{place}"', "")
    assert read(xlsx(rows, styles=formats("0%", '"…"', "yyyy"))).rows == [["50%", "…"], ["2019", "#N/A"]]


@given(st.lists(st.tuples(st.booleans(), st.lists(st.tuples(st.booleans(), st.integers(1, 3)), min_size=1, max_size=5)),
                min_size=1, max_size=5))  # fmt: skip
def test_marks_are_where_calamine_has_the_values(lines: list[tuple[bool, list[tuple[bool, int]]]]) -> None:
    """Places may be left out anywhere; every cell has the format that multiplies by a hundred."""
    rows, row, count = "", 0, 0
    for has_number, cells in lines:
        row, column, text = row + (2 if has_number else 1), 0, ""
        for has_place, step in cells:
            column, count = column + (step if has_place else 1), count + 1
            place = f' r="{chr(64 + column)}{row}"' if has_place else ""
            text += f'<c s="1"{place}><v>{count}</v></c>'
        number = f' r="{row}"' if has_number else ""
        rows += f"<row{number}>{text}</row>"
    percents = read(xlsx(rows, styles=formats("0%"))).rows
    plain = read(xlsx(rows)).rows
    assert percents == [[f"{text}00%" if text else "" for text in line] for line in plain]


def test_parts_whose_names_have_backslashes_are_read() -> None:
    assert read(xlsx(CELL, separator="\\")).rows == [["1"]]


RAISED = '<r><t>12.3</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>'


def test_a_raised_mark_is_no_part_of_a_number_or_label() -> None:
    shared = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
    inline = f'<row><c t="inlineStr"><is>{RAISED}</is></c><c t="inlineStr"><is>{RAISED}</is></c></row>'
    sheet = read(xlsx(shared + inline, strings=[RAISED, "<t>Khatlon</t>"]))
    assert sheet.rows == [["12.3", "Khatlon"], ["12.3", "12.3"]]
    assert kinds(sheet) == [("superscript", row, column, "1") for row, column in ((1, 0), (2, 0), (2, 1))]


@pytest.mark.parametrize(
    ("before", "raised", "after", "text", "marks"),
    [
        ("Total", "1,2)", "", "Total", ["1,2)"]),
        ("Total", "*", " (persons)", "Total (persons)", ["*"]),
        ("12,3", "a", "", "12,3", ["a"]),
        ("Area, km", "2", "", "Area, km2", []),
        ("Площадь, кв. м", "2", "", "Площадь, кв. м2", []),
        ("1", "st", " quarter", "1st quarter", []),
        ("", "1", "", "", ["1"]),
    ],
)
def test_raised_letters_are_a_mark_only_if_they_look_like_one(
    before: str, raised: str, after: str, text: str, marks: list[str]
) -> None:
    def fill(sheet: Any) -> None:
        parts = [before, TextBlock(InlineFont(vertAlign="superscript"), raised), after]
        sheet["A1"], sheet["B1"] = rich([part for part in parts if part]), "x"

    sheet = made(fill)
    assert sheet.rows[0][0] == text
    assert [note.text for note in sheet.notes if note.kind == "superscript"] == marks


def test_struck_out_cells_and_letters_are_noted() -> None:
    def fill(sheet: Any) -> None:
        sheet.append([11, rich([TextBlock(InlineFont(strike=True), "11.0"), " 12.5"]), 7, "gone"])
        sheet["A1"].font = sheet["D1"].font = Font(strike=True)
        sheet["C1"].font = Font(strike=False)

    sheet = made(fill)
    assert sheet.rows == [["11", " 12.5", "7", "gone"]]
    assert kinds(sheet) == [("struck_out", 1, 0, ""), ("struck_out", 1, 1, "11.0"), ("struck_out", 1, 3, "")]


def test_letters_in_the_colour_of_the_cell_are_noted() -> None:
    def fill(sheet: Any) -> None:
        sheet.append([1, 2, 3, 4])
        sheet["A1"].font = sheet["B1"].font = Font(color="FFFFFFFF")
        sheet["B1"].fill = PatternFill("solid", fgColor="FF000080")  # white on blue, as headings are
        sheet["C1"].font, sheet["C1"].fill = Font(color="FF00AA00"), PatternFill("solid", fgColor="FF00AA00")

    assert kinds(made(fill)) == [("invisible", 1, 0, ""), ("invisible", 1, 2, "")]


def test_hidden_rows_and_columns_are_noted_if_they_are_filled() -> None:
    def fill(sheet: Any) -> None:
        for line in ([1, 2, None, 3], [4, 5, None, 6], [], [7, 8, None, 9]):
            sheet.append(line)
        for row in (2, 3):
            sheet.row_dimensions[row].hidden = True
        for column in ("B", "C"):
            sheet.column_dimensions[column].hidden = True

    assert kinds(made(fill)) == [("hidden_column", 0, 1, ""), ("hidden_row", 2, None, "")]
    low = CELL.replace("<row", '<row ht="0" customHeight="1"')
    assert kinds(read(xlsx(low, before='<cols><col min="1" max="1" width="0"/></cols>'))) == [
        ("hidden_column", 0, 0, ""), ("hidden_row", 1, None, "")]  # fmt: skip


def test_rows_that_a_filter_hides_are_told_from_others() -> None:
    rows = "".join(f'<row{hidden}><c t="n"><v>{n}</v></c></row>' for n, hidden in enumerate(("", ' hidden="1"', "")))
    after = '<autoFilter ref="A1:A3"><filterColumn colId="0"><filters/></filterColumn></autoFilter>'
    assert kinds(read(xlsx(rows, after=after))) == [("filtered_row", 2, None, "")]


def test_links_are_those_under_cells_and_of_formulas() -> None:
    def fill(sheet: Any) -> None:
        sheet["B2"], sheet["C2"], sheet["D2"] = "Decree 12", '=HYPERLINK("https://a.tj/x","Decree")', "=HYPERLINK(A1)"
        sheet["B2"].hyperlink = "https://example.org/decree.pdf"

    sheet = made(fill)
    assert sheet.links == {(0, 1): "https://example.org/decree.pdf", (0, 2): "https://a.tj/x"}


def test_comments_are_noted_and_of_a_thread_all_of_them() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["A1"].comment = 5, Comment("provisional", "AOS")

    assert kinds(made(fill)) == [("comment", 1, 0, "provisional")]
    thread = """<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">
        <threadedComment ref="A1"><text>Right?</text></threadedComment>
        <threadedComment ref="A1"><text>No</text></threadedComment></ThreadedComments>"""
    parts = {"xl/worksheets/_rels/sheet1.xml.rels": relations(("rId1", "threadedComment", "../t1.xml")),
             "xl/t1.xml": thread}  # fmt: skip
    assert kinds(read(xlsx(CELL, parts=parts))) == [("comment", 1, 0, "Right? | No")]


def test_pictures_over_and_in_cells_are_noted() -> None:
    drawing = """<xdr:wsDr xmlns:xdr="x" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
        <xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>2</xdr:row></xdr:from><xdr:pic/></xdr:twoCellAnchor>
        <xdr:twoCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:row>0</xdr:row></xdr:from>
        <xdr:sp><xdr:txBody><a:p><a:r><a:t>see note</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor>
        </xdr:wsDr>"""
    parts = {"xl/worksheets/_rels/sheet1.xml.rels": relations(("rId1", "drawing", "../drawings/d1.xml")),
             "xl/drawings/d1.xml": drawing}  # fmt: skip
    row = '<row><c><v>1</v></c><c t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'
    row += '<c t="e" vm="1"><v>#VALUE!</v></c></row>'
    sheet = read(xlsx(row, parts=parts))
    assert sheet.rows == [["1", "", ""]]
    assert kinds(sheet) == [("picture", 1, 0, "see note"), ("picture", 1, 1, ""), ("picture", 1, 2, ""),
                            ("picture", 3, 1, "")]  # fmt: skip


def test_conditional_formats_and_views_that_hide_are_noted() -> None:
    styles = '<dxfs><dxf><font><b/></font></dxf><dxf><numFmt numFmtId="164" formatCode=";;;"/></dxf></dxfs>'
    rule = '<conditionalFormatting sqref="B2:C9"><cfRule type="cellIs" dxfId="{}"/></conditionalFormatting>'
    before = '<sheetViews><sheetView showZeros="0"/></sheetViews>'
    assert kinds(read(xlsx(CELL, styles=styles, before=before, after=rule.format(1)))) == [
        ("zeros_hidden", 0, None, ""), ("conditional", 2, 1, "B2:C9")]  # fmt: skip
    assert kinds(read(xlsx(CELL, styles=styles, after=rule.format(0)))) == []


def test_texts_hidden_or_replaced_by_their_format_are_what_is_shown() -> None:
    rows = '<row><c t="inlineStr" s="1"><is><t>secret</t></is></c><c t="inlineStr" s="2"><is><t>b</t></is></c></row>'
    sheet = read(xlsx(rows, styles=formats(";;;", '0;0;0;"x"')))
    assert sheet.rows == [["", "x"]]


def test_day_shown_as_a_year_counts_from_1904_where_the_workbook_does() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["A1"].number_format = 42_004, "yyyy"  # 1 January 2019
        sheet.parent.epoch = MAC_EPOCH

    assert made(fill).rows == [["2019"]]
