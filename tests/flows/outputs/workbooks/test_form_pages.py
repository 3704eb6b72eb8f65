"""Forms of small plans: what is asked for, by whom and by when; languages; pages of A4 with nothing cut off."""

import re
import textwrap
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from flows.outputs.workbooks.form_content import Form, read_form
from flows.outputs.workbooks.form_sheets import write_form
from flows.refresh.attempt import new_release
from flows.refresh.build.database import in_memory
from flows.sources.statistics.stage import Statistics
from tests.support.inline_plan import InlinePlan
from tests.support.report_books import cells_of, read_one
from tests.support.small_release import fill_without_figures
from transforms.reports.vocabulary import LANGUAGES, labels

ROWS = """
1|Laws. (recommendation 1)|1. Review the laws.|2019|MOE|Laws reviewed.
||2. Train the teachers.|regularly|MOE, MOH, all ministries|
2|Schools. (recommendation 2)|Build schools.|2019-2020|MOE, MOH|Schools are built.
"""
YEARS = '[reporting]\nopens = "10-01"\ndue = "01-31"\n'
HALVES = """[reporting]
first_half = { opens = "06-15", due = "07-31" }
second_half = { opens = "12-15", due = "01-31" }
"""
UNITS = """[units]
MOE = [{ id = "NORTH", names = { en = "North", ru = "Север" } }, { id = "SOUTH", names = { en = "South" } }]
"""
SENDER = '[forms]\nsender = "The Commission"\nphone = "+992 37 000"\nreturn_to = "post@example.org, Dushanbe"\n'
ALIASES = "alias,abbreviation,reason\nall ministries,ALL,x\n"
AGENCIES = "abbreviation,agency_type,name,reason\nAOS,state_agency,,x\nMOE,ministry,,x\nMOH,ministry,,x\n"


def _form(day: str = "2019-12-01", language: str = "en", rows: str = ROWS, head: str = YEARS, **tables: str) -> Form:
    """Return the form of MOE of a plan in English, as known on a day."""
    files = {f"{name}.csv": text for name, text in tables.items()}
    files |= {"aliases.csv": ALIASES, "agencies.csv": AGENCIES + "ALL,collective,all ministries,x\n"}
    plan = InlinePlan(rows, head=f'language = "en"\n{head}', tables=files)
    with in_memory() as con:
        fill_without_figures(con, plan.read(), Statistics(Path()), new_release("2021-06-30", "test", "0" * 64))
        return read_form(con, "XKX-MOE", date.fromisoformat(day), language)


def _sheet(form: Form, folder: Path) -> Any:
    write_form(form, folder / "form.xlsx")
    return openpyxl.load_workbook(folder / "form.xlsx").worksheets[0]


def _column(sheet: Any, heading: str) -> dict[str, Any]:
    """Return the cells below a heading, by activity."""
    same = [cell for row in sheet.iter_rows(max_row=20) for cell in row if str(cell.value).rstrip(" *") == heading]
    cell = same[-1]  # after the one above the table
    rows = range(cell.row + 1, sheet.max_row)
    return {
        id_[-5:]: sheet.cell(row, cell.column) for row in rows if (id_ := sheet.cell(row, 1).value or "")[:3] == "XKX"
    }


def test_what_is_expected_is_said_and_marked(tmp_path: Path) -> None:
    expected = {
        "2019-09-30": {"01-01": ["Status: whole activity"], "01-02": ["Status: our part"]},
        "2019-10-01": {"01-01": ["2019: by 2020-01-31", "Status: whole activity"]},
        "2020-12-31": {
            "01-01": ["2019: overdue", "Status: whole activity"],
            "02-01": ["2019: overdue", "2020: by 2021-01-31", "Status: our part"],
        },
        "2024-02-01": {"01-02": ["2019-2023: overdue", "Status: our part"]},
    }
    for day, texts in expected.items():
        cells = _column(_sheet(_form(day), tmp_path), "Report expected")
        for activity, lines in texts.items():
            assert cells[activity].value.split("\n") == lines, (day, activity)
            is_marked = cells[activity].fill.start_color.rgb == "FFFFD966"
            assert is_marked == (len(lines) > 1), (day, activity)


@pytest.mark.parametrize(
    ("day", "head", "year", "notes"),
    [
        ("2019-09-30", YEARS, None, []),
        ("2019-12-01", YEARS, 2019, ["expected now are due by 2020-01-31"]),
        ("2020-02-15", YEARS, None, ["are overdue"]),
        ("2019-12-20", HALVES, "2019-S2", ["due by 2020-01-31"]),
        ("2019-12-01", YEARS + SENDER, 2019, ["due by", "Return the filled-in form to: post@example.org, Dushanbe.",
                                              "sent by: The Commission, +992 37 000."]),
        ("2019-12-01", "", None, []),
    ],
)  # fmt: skip
def test_year_deadline_sender_and_address_are_above_the_table(
    tmp_path: Path, day: str, head: str, year: object, notes: list[str]
) -> None:
    sheet = _sheet(_form(day, head=head), tmp_path)
    above = [str(row[0].value) for row in sheet.iter_rows(max_row=12) if row[0].value]
    top = above.index("Year reported on *")
    assert sheet.cell(top + 1, 2).value == year
    assert above[top + 1] == "Date of report *"
    said = above[2:top]  # after the title and how to fill it in
    assert len(said) == len(notes)
    for text, words in zip(said, notes, strict=True):
        assert words in text


def test_a_lead_reports_on_the_whole_activity() -> None:
    leads = "activity_id,agency_id,document\nXKX-CRC-2019-01-02,XKX-MOE,Order 1\nXKX-CRC-2019-02-01,XKX-MOH,Order 1\n"
    asked = {row["activity_id"][-5:]: row["asked"].split("\n")[-1] for row in _form(leads=leads).rows}
    assert asked == {"01-01": "Status: whole activity", "01-02": "Status: whole activity", "02-01": "Status: our part"}


def test_decisions_about_an_activity_are_shown() -> None:
    decisions = "activity_id,day,body,kind,new_end,document,reason\n"
    decisions += "XKX-CRC-2019-01-01,2019-06-01,Government,extended,2020-12-31,Order 7,Late\n"
    decisions += "XKX-CRC-2019-02-01,2019-06-01,Government,extended,2022-06-30,Order 7,Late\n"
    decisions += "XKX-CRC-2019-02-01,2019-06-02,Government,cancelled,,Order 8,No money\n"
    windows = {row["activity_id"][-5:]: row["window"] for row in _form("2019-07-01", decisions=decisions).rows}
    assert windows == {
        "01-01": "2019–2020\nextended to 2020-12-31, by a decision of 2019-06-01; in the plan: 2019",
        "01-02": "2019–2023, continuous",
        "02-01": (
            "2019–2022\nextended to 2022-06-30, by a decision of 2019-06-01; in the plan: 2019–2020\n"
            "cancelled by a decision of 2019-06-02"
        ),
    }
    assert {row["decision"] for row in _form("2019-05-31", decisions=decisions).rows} == {None}


def test_units_and_half_years_are_chosen_from_lists(tmp_path: Path) -> None:
    form = _form("2019-12-20", "ru", head=HALVES + UNITS)
    sheet = _sheet(form, tmp_path)
    words = labels("columns", "ru")
    tops = {str(row[0].value).rstrip(" *"): row[1] for row in sheet.iter_rows(max_row=12)}
    codes = sheet.parent["npa"]
    offered = {}
    for name in ("reporting_unit", "time_period"):
        cells = [tops[words[name]], *_column(sheet, words[name]).values()]
        rules = [rule for rule in sheet.data_validations.dataValidation if cells[0].coordinate in rule.sqref]
        assert len(rules) == 1
        assert all(cell.coordinate in rules[0].sqref for cell in cells)
        offered[name] = [cell.value for (cell,) in codes[rules[0].formula1.removeprefix("npa!")]]
    assert offered["reporting_unit"] == ["Север", "South"]
    assert offered["time_period"][:3] == ["2019-S1", "2019-S2", "2020-S1"]
    assert {row["asked"].split("\n")[-1] for row in form.rows} == {"Статус: нашей части"}
    tops[words["reporting_unit"]].value, tops[words["reported_on"]].value = "Север", date(2020, 1, 10)
    _column(sheet, words["status"])["01-01"].value = "Выполняется"
    sheet.parent.save(tmp_path / "filled.xlsx")
    report = read_one(tmp_path / "filled.xlsx")
    (row,) = (cells for cells in cells_of(report) if cells[report.columns["status"]])
    assert [row[report.columns[name]] for name in ("reporting_unit", "time_period", "reported_on")] == [
        "Север", "2019-S2", "2020-01-10",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_translated_or_marked(language: str) -> None:
    translations = "id,language,text,column_name\nXKX-MOE,ru,Министерство,\nXKX-CRC-2019-01,ru,Законы.,\n"
    translations += "XKX-CRC-2019-01-01,ru,Пересмотреть законы.,\nXKX-CRC-2019-01-01,ru,Пересмотрены.,expected_result\n"
    translations += "XKX-PLAN,ru,Комиссия,form_sender\n"
    form = _form(language=language, head=YEARS + SENDER, translations=translations)
    shown = [form.agency["name"], *(form.rows[0][name] for name in ("measure", "activity_text", "expected_result"))]
    assert [*shown, form.agency["sender"]] == {
        "en": ["Ministry of Education", "1. Laws.", "Review the laws.", "Laws reviewed.", "The Commission"],
        "ru": ["Министерство", "1. Законы.", "Пересмотреть законы.", "Пересмотрены.", "Комиссия"],
        "tg": ["[en] Ministry of Education", "1. [en] Laws.", "[en] Review the laws.", "[en] Laws reviewed.",
               "[en] The Commission"],
    }[language]  # fmt: skip
    assert form.rows[1]["activity_text"] == ("" if language == "en" else "[en] ") + "Train the teachers."
    assert any("[en]" in note for note in form.notes()) == (language != "en")


# Geometry. A4 across is 841.9 × 595.3 points. One digit of Arial of 9 points is 7 pixels, 5.25 points, in Excel; in
# DejaVu Sans, which LibreOffice takes where it has no Arial, 5.72 points.
LONG = " ".join(["Take measures for the protection of children in accordance with the Convention"] * 5) + "."
LONG_ROWS = ROWS.replace("Build schools.", LONG).replace("Schools are built.", LONG[:150])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("head", [YEARS, HALVES + UNITS])
def test_letters_are_at_least_eight_points_on_paper(tmp_path: Path, language: str, head: str) -> None:
    sheet = _sheet(_form(language=language, rows=LONG_ROWS, head=head), tmp_path)
    for page in sheet.parent.worksheets[:2]:
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
        room = 841.9 - (page.page_margins.left + page.page_margins.right) * 72
        width = sum(page.column_dimensions[get_column_letter(n)].width for n in range(1, page.max_column + 1))
        sizes = {cell.font.sz for row in page.iter_rows() for cell in row if cell.value}
        assert width * 5.25 <= room  # nothing is scaled down
        assert min(sizes) * min(1, room / (width * 5.72)) >= 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_show_their_whole_texts(tmp_path: Path, language: str) -> None:
    sheet = _sheet(_form("2024-02-01", language, LONG_ROWS), tmp_path)
    merged = {str(area.coord).split(":")[0]: area for area in sheet.merged_cells.ranges}
    for page in sheet.parent.worksheets[:2]:
        for row in page.iter_rows():
            for cell in row:
                if not isinstance(cell.value, str) or cell.alignment.textRotation:
                    continue
                area = merged.get(cell.coordinate) if page is sheet else None
                columns = range(area.min_col, area.max_col + 1) if area else [cell.column]
                width = (
                    sum(page.column_dimensions[get_column_letter(n)].width - 5 / 7 for n in columns) * 9 / cell.font.sz
                )
                # The letters of a usual text are on average 0.84 digits wide in either font.
                needed = sum(len(textwrap.wrap(line, int(width / 0.84))) for line in cell.value.split("\n"))
                height = page.row_dimensions[cell.row].height or 15
                assert height >= needed * cell.font.sz * 1.28, (cell.coordinate, cell.value)


def test_no_page_is_empty_and_the_end_is_to_be_signed(tmp_path: Path) -> None:
    sheet = _sheet(_form(), tmp_path)
    last = [sheet.cell(row, 1).value for row in range(sheet.max_row - 2, sheet.max_row + 1)]
    assert last == ["Prepared by (name, position)", "Phone", "Signature"]
    blank = [row for row in range(8, sheet.max_row) if all(cell.value is None for cell in sheet[row])]
    assert sum(sheet.row_dimensions[row].height or 15 for row in blank) < (595.3 - 2 * 0.55 * 72) / 2  # half a page
    assert not any(cell.protection.locked for cell in (sheet.cell(sheet.max_row, 4), sheet.cell(sheet.max_row - 2, 4)))


def test_rows_grow_with_what_is_typed(tmp_path: Path) -> None:
    import zipfile

    _sheet(_form(), tmp_path)
    with zipfile.ZipFile(tmp_path / "form.xlsx") as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    rows = dict(re.findall(r'<row r="(\d+)"([^>]*)>', xml))
    form = read_one(tmp_path / "form.xlsx")
    assert form.heading_row
    first = form.heading_row + 1
    assert all('ht="' in rows[str(row)] and "customHeight" not in rows[str(row)] for row in range(first, first + 3))
    assert "customHeight" in rows["1"]  # a merged cell: spreadsheets do not measure it


def test_filled_in_form_is_read(tmp_path: Path) -> None:
    sheet = _sheet(_form(), tmp_path)
    tops = {str(row[0].value).rstrip(" *"): row[1] for row in sheet.iter_rows(max_row=12)}
    tops["Date of report"].value = date(2020, 1, 10)
    _column(sheet, "Status")["01-01"].value = "In progress"
    _column(sheet, "Status")["02-01"].value = "Completed"
    _column(sheet, "Date of report")["02-01"].value = date(2020, 1, 20)
    sheet.cell(sheet.max_row - 2, 4).value, sheet.cell(sheet.max_row - 1, 4).value = "A. Karimov", "+992 1"
    sheet.parent.save(tmp_path / "filled.xlsx")
    report = read_one(tmp_path / "filled.xlsx")
    names = ("activity_id", "time_period", "reported_on", "status")
    rows = [[cells[report.columns[name]] for name in names] for cells in cells_of(report)]
    assert [row for row in rows if row[3]] == [
        ["XKX-CRC-2019-01-01", "2019", "2020-01-10", "In progress"],
        ["XKX-CRC-2019-02-01", "2019", "2020-01-20", "Completed"],
    ]
    assert [row[1:] for row in rows if not row[3]] == [["", "", ""]] * (len(rows) - 2)
    assert report.notes == []


def test_a_text_too_long_for_any_row_is_whole_in_the_guide(tmp_path: Path) -> None:
    text = " ".join(f"word{number}" for number in range(1500))
    rows = ROWS.replace("Build schools.", text)
    sheet = _sheet(_form(rows=rows), tmp_path)
    cell = _column(sheet, "Activity as in the plan")["02-01"]
    assert text.startswith(cell.value.removesuffix(" …"))
    assert sheet.row_dimensions[cell.row].height <= 409
    guide = sheet.parent.worksheets[1]
    parts = [row[1].value for row in guide.iter_rows() if str(row[0].value).startswith("XKX-CRC-2019-02-01")]
    assert " ".join(parts[1:] if parts[0].startswith("The activity's code") else parts) == text
    assert len(parts) > 1
