"""The forms that agencies report in: their agency, content, cells to fill in, and refusals; LibreOffice."""

import re
import shutil
import subprocess
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from flows.outputs.connection import UnknownAgency
from flows.outputs.workbooks.report_form import NoForm, write_forms
from flows.releases.warehouse import Warehouse
from schemas.enumerations import PROGRESS_STATUSES
from transforms.errors import WarehouseFault, WrongUsage
from transforms.reports.vocabulary import COLUMNS, LANGUAGES, REQUIRED, labels, meanings, plain

AGENCY = "TJK-MOJ"  # takes part in a row that the plan prints twice
EXTRA = ("measure", "activity_text", "expected_result", "window", "last_report", "asked")
FILLED_IN = [column for column in COLUMNS[2:] if column != "reporting_unit"]
SPARE = 10
SIGNED = 4  # rows at the end: a blank one, and who signs
SOFFICE = shutil.which("soffice")


def _opened(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def _headings(sheet: Worksheet, language: str = "en") -> tuple[int, dict[str, int]]:
    """Return the row of the headings and the column of each, found as the importer finds them."""
    known = meanings("columns") | {plain(labels("form", language)[key]): key for key in EXTRA}
    for cells in sheet.iter_rows():
        columns = {known[plain(str(c.value))]: int(c.column or 0) for c in cells if plain(str(c.value)) in known}
        if set(REQUIRED) <= set(columns):
            return int(cells[0].row or 0), columns
    raise AssertionError("no heading row")


def _validations(sheet: Worksheet, row: int, column: int) -> list[Any]:
    return [v for v in sheet.data_validations.dataValidation if sheet.cell(row, column).coordinate in v.sqref]


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def house(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Return a copy of the warehouse: one process opens one file in one way only, and `con` has opened the original."""
    folder = tmp_path_factory.mktemp("house") / "warehouse"
    return Warehouse(Path(shutil.copytree(warehouse, folder, symlinks=True)))


@pytest.fixture(scope="module")
def form(house: Warehouse, language: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    assert write_forms(house, "moj", None, language, path) == [path]
    return path


@pytest.fixture(scope="module")
def report(form: Path) -> Worksheet:
    sheet: Worksheet = _opened(form).worksheets[0]
    return sheet


@pytest.fixture
def changed(warehouse: Path, tmp_path: Path) -> tuple[Warehouse, Path]:
    """Return a copy of the warehouse, and its database, that a test may change."""
    root = Path(shutil.copytree(warehouse, tmp_path / "changed", symlinks=True))
    return Warehouse(root), root / "current" / "npa.duckdb"


_ASKED = """
SELECT a.activity_id, b.agency_id, concat(a.measure_number, '. ', $1, a.measure_summary), $1 || a.activity_text,
       $1 || a.expected_result
FROM activities AS a JOIN bridge_activity_agency AS b USING (activity_id)
WHERE b.agency_id = $2 AND a.duplicate_of IS NULL ORDER BY a.activity_id"""


def test_holds_each_activity_of_the_agency_once(
    report: Worksheet, language: str, con: duckdb.DuckDBPyConnection
) -> None:
    top, columns = _headings(report, language)
    assert list(columns) == ["activity_id", "agency_id", *EXTRA, *FILLED_IN]
    expected = con.execute(_ASKED, ["" if language == "en" else "[en] ", AGENCY]).fetchall()
    assert "TJK-OPAC-2018-09-01" in {row[0] for row in expected}
    shown = [row[:5] for row in report.iter_rows(top + 1, report.max_row - SIGNED, values_only=True)]
    assert shown == expected + [(None,) * 5] * SPARE


def test_only_reports_can_be_filled_in(report: Worksheet, language: str) -> None:
    top, columns = _headings(report, language)
    last = report.max_row - SIGNED
    assert report.protection.sheet
    assert not report.protection.password
    for row in range(top, last + 1):
        free = {key for key, column in columns.items() if not report.cell(row, column).protection.locked}
        given = set() if row > last - SPARE else {"activity_id", "agency_id"}
        assert free == (set() if row == top else {"activity_id", "agency_id", *FILLED_IN} - given)
    above = {cell.coordinate for row in report.iter_rows(1, top - 1) for cell in row if not cell.protection.locked}
    assert above == {f"{column}{row}" for column in "BC" for row in (top - 2, top - 1)}
    for key in ("reported_on", "completed_on"):
        assert {report.cell(row, columns[key]).number_format for row in (top + 1, last)} == {"yyyy-mm-dd"}
    assert "%" not in report.cell(top + 1, columns["percent_complete"]).number_format


def test_refuses_what_the_importer_would(report: Worksheet, language: str, con: duckdb.DuckDBPyConnection) -> None:
    top, columns = _headings(report, language)
    assert report.parent
    codes = report.parent["npa"]
    continuous = {
        row[0] for row in con.execute("SELECT activity_id FROM activities WHERE timeframe = 'continuous'").fetchall()
    }
    limits: dict[str, tuple[str | None, ...]] = {
        "time_period": ("whole", "2018", "2027"),
        "percent_complete": ("decimal", "0", "100"),
    }
    limits["reported_on"] = limits["completed_on"] = ("date", "DATE(2018,1,1)", None)
    last = report.max_row - SIGNED
    for row in range(top + 1, last + 1):
        for key, expected in limits.items():
            (validation,) = _validations(report, row, columns[key])
            assert (validation.type, validation.formula1, validation.formula2) == expected
        (validation,) = _validations(report, row, columns["status"])
        offered = [cell.value for (cell,) in codes[validation.formula1.removeprefix("npa!")]]
        assert all(meanings("statuses")[plain(text)] for text in offered)
        missing = set(PROGRESS_STATUSES) - {meanings("statuses")[plain(text)] for text in offered}
        activity = report.cell(row, columns["activity_id"]).value
        assert missing == (set() if activity is None or activity in continuous else {"delivered"})
    (ids,) = _validations(report, last, columns["activity_id"])
    assert ids.formula1 == f"$A${top + 1}:$A${last - SPARE}"
    for row, key in ((top - 2, "time_period"), (top - 1, "reported_on")):
        (validation,) = _validations(report, row, 2)
        assert (validation.type, validation.formula1, validation.formula2) == limits[key]


def test_texts_are_within_the_limits_of_excel(form: Path) -> None:
    for sheet in _opened(form):
        assert len(sheet.title) <= 31
        for validation in sheet.data_validations.dataValidation:
            assert validation.allowBlank
            assert validation.showErrorMessage
            assert validation.showInputMessage
            for text, most in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255), ("error", 255)):
                assert 0 < len(getattr(validation, text)) <= most


def test_prints_on_a4_landscape(form: Path, language: str) -> None:
    book = _opened(form)
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert "&P" in sheet.oddFooter.center.text.replace("&[Page]", "&P")
    sheet = book.worksheets[0]
    top, _ = _headings(sheet, language)
    assert sheet.freeze_panes == f"B{top + 1}"
    assert sheet.print_title_rows == f"${top}:${top}"


def test_guide_explains_each_column_and_status_and_is_not_a_form(form: Path, language: str) -> None:
    guide, codes = _opened(form).worksheets[1:]
    explained = {row[0]: row[1:] for row in guide.iter_rows(values_only=True)}
    words = [label for key, label in labels("columns", language).items() if key != "reporting_unit"]
    words += labels("statuses", language).values()
    words += [labels("form", language)[key] for key in EXTRA]
    assert [word for word in words if not all(explained.get(word, [None]))] == []
    for sheet in (guide, codes):
        with pytest.raises(AssertionError, match="no heading row"):
            _headings(sheet, language)


def test_names_its_release(form: Path, language: str, warehouse: Path) -> None:
    book = _opened(form)
    assert book["npa"].sheet_state == "hidden"
    facts = {key: value for key, value in book["npa"].iter_rows(values_only=True) if key not in PROGRESS_STATUSES}
    assert facts == {
        "agency_id": AGENCY,
        "plan_ids": "TJK-CRC-2018,TJK-OPAC-2018,TJK-OPSC-2018",
        "release_id": (warehouse / "current").resolve().name,
        "as_of": "2026-11-24",
        "language": language,
    }
    assert book.properties.created == book.properties.modified == datetime(2026, 11, 24)  # noqa: DTZ001
    title = book.worksheets[0]["A1"].value
    assert "Ministry of Justice" in title
    assert "2018–2022" in title


def test_every_language_has_every_text() -> None:
    assert len({tuple(labels("form", language)) for language in LANGUAGES}) == 1
    headings = {plain(labels("form", language)[key]) for language in LANGUAGES for key in EXTRA}
    assert len(headings) == len(EXTRA) * len(LANGUAGES)
    assert headings.isdisjoint(meanings("columns"))


def test_the_same_release_gives_the_same_bytes(house: Warehouse, form: Path, language: str, tmp_path: Path) -> None:
    write_forms(house, AGENCY, None, language, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == form.read_bytes()


def test_agency_with_continuous_activities_only(changed: tuple[Warehouse, Path], tmp_path: Path) -> None:
    """Write no empty rule: Excel repairs a workbook that has a rule for no cell."""
    warehouse, database = changed
    with duckdb.connect(str(database)) as con:
        con.execute("ALTER VIEW activities RENAME TO before")
        con.execute("CREATE VIEW activities AS SELECT * REPLACE ('continuous' AS timeframe) FROM before")
    write_forms(warehouse, "DCA", None, "en", tmp_path / "form.xlsx")
    with zipfile.ZipFile(tmp_path / "form.xlsx") as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert b'sqref=""' not in xml
    assert xml.count(b"<dataValidation ") == 7


def test_translated_text_that_a_spreadsheet_would_run(changed: tuple[Warehouse, Path], tmp_path: Path) -> None:
    warehouse, database = changed
    with duckdb.connect(str(database)) as con:
        con.execute(
            "INSERT INTO dim_translation VALUES "
            "('TJK-CRC-2018-16-01', 'activity_text', 'ru', '=HYPERLINK(\"http://x\")'), "
            "('TJK-CRC-2018-16', 'summary', 'ru', 'Насилие\x07'), ('TJK-CRC-2018-16-04', 'activity_text', 'ru', '#N/A')"
        )
    write_forms(warehouse, "DCA", None, "ru", tmp_path / "ru.xlsx")
    sheet = _opened(tmp_path / "ru.xlsx").worksheets[0]
    top, _ = _headings(sheet, "ru")
    cell = sheet[f"D{top + 1}"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ('=HYPERLINK("http://x")', "s", True)
    assert sheet[f"D{top + 2}"].value == "#N/A"
    assert sheet[f"C{top + 1}"].value == "16. Насилие "
    with zipfile.ZipFile(tmp_path / "ru.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    write_forms(warehouse, "DCA", None, "tg", tmp_path / "tg.xlsx")
    sheet = _opened(tmp_path / "tg.xlsx").worksheets[0]
    assert sheet[f"D{_headings(sheet, 'tg')[0] + 1}"].value.startswith("[en] Carry out advocacy")


def test_shows_the_agencys_own_last_report(changed: tuple[Warehouse, Path], tmp_path: Path) -> None:
    warehouse, database = changed
    reports = [
        ("TJK-DCA", 2019, "2021-03-01", "completed", None),
        ("TJK-DCA", 2020, "2021-01-15", "in_progress", 40),
        ("TJK-DCA", 2020, "2021-02-15", "suspended", 12.5),
        ("TJK-MOIA", 2021, "2021-12-15", "completed", 100),
    ]
    with duckdb.connect(str(database)) as con:
        for agency, year, day, status, percent in reports:
            con.execute(
                "INSERT INTO fact_progress (activity_id, agency_id, reporting_unit, time_period, reported_on, "
                "effective_on, status, percent_complete, source_file, source_row) "
                "VALUES ('TJK-CRC-2018-16-01', $1, '_T', $2, $3, $3, $4, $5, 'x', 1)",
                [agency, str(year), day, status, percent],
            )
    shown = {}
    for as_of in (None, date(2021, 2, 14), date(2021, 1, 14)):
        write_forms(warehouse, "TJK-DCA", as_of, "en", tmp_path / "form.xlsx")
        sheet = _opened(tmp_path / "form.xlsx").worksheets[0]
        top, columns = _headings(sheet)
        assert sheet.max_row == top + 4 + SPARE + SIGNED
        shown[as_of] = sheet.cell(top + 1, columns["last_report"]).value
    assert list(shown.values()) == [
        "2020: Suspended, 12.5 % (reported 2021-02-15)",
        "2020: In progress, 40 % (reported 2021-01-15)",
        None,
    ]


def test_all_writes_a_form_for_each_agency_with_work(
    house: Warehouse, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    folder = tmp_path / "made" / "forms"
    paths = write_forms(house, None, None, "en", folder)
    agencies = con.execute(
        "SELECT DISTINCT agency_id FROM responsibilities WHERE NOT is_collective ORDER BY ALL"
    ).fetchall()
    assert paths == [folder / f"{agency_id}.xlsx" for (agency_id,) in agencies]
    assert sorted(folder.iterdir()) == paths


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("MOESS", "TJK-MOES"),
        ("ministry of cultur", "TJK-MOC"),
        ("XYZQ", "no agency"),
        ("", "no agency"),
        ("TJK-IGUPRT", "no activity"),
        ("other-ministries", "no single body"),
    ],
)
def test_agency_that_gets_no_form(house: Warehouse, tmp_path: Path, query: str, expected: str) -> None:
    with pytest.raises((NoForm, UnknownAgency), match=expected) as refusal:
        write_forms(house, query, None, "en", tmp_path / "form.xlsx")
    assert refusal.value.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_abbreviation_of_two_countries(changed: tuple[Warehouse, Path], tmp_path: Path) -> None:
    warehouse, database = changed
    with duckdb.connect(str(database)) as con:
        con.execute("INSERT INTO dim_agency SELECT * REPLACE ('KGZ-MOJ' AS agency_id, 'KGZ' AS country_code) "
                    "FROM dim_agency WHERE agency_id = 'TJK-MOJ'")  # fmt: skip
    with pytest.raises((NoForm, UnknownAgency), match="KGZ-MOJ, TJK-MOJ"):
        write_forms(warehouse, "moj", None, "en", tmp_path / "form.xlsx")
    write_forms(warehouse, "tjk-moj", None, "en", tmp_path / "form.xlsx")


def test_place_that_cannot_be_written(house: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "file").write_text("mine")
    for path in (tmp_path / "missing" / "form.xlsx", tmp_path / "folder.xlsx", tmp_path / "file" / "form.xlsx"):
        with pytest.raises(WarehouseFault, match="cannot be written"):
            write_forms(house, "MOC", None, "en", path)
    with pytest.raises(WarehouseFault, match="cannot be written"):
        write_forms(house, None, None, "en", tmp_path / "file")
    with pytest.raises(WrongUsage, match=r"\.xlsx"):
        write_forms(house, "MOC", None, "en", tmp_path / "form.ods")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.xlsx"]


def test_form_that_fails_leaves_the_old_one(house: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    old = tmp_path / "form.xlsx"
    old.write_text("old")
    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(WarehouseFault, match="No space left"):
        write_forms(house, "MOC", None, "en", old)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("form.xlsx", "old")]


# LibreOffice: the form opens, and its values stay the same.


@pytest.fixture(scope="module")
def converted(form: Path) -> Path:
    """Return the form saved by LibreOffice as .xlsx, .ods and .pdf."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed: no soffice on the PATH")
    folder = form.parent / "converted"
    for suffix in ("xlsx", "ods", "pdf"):
        profile = f"-env:UserInstallation={(form.parent / 'profile').as_uri()}"
        done = subprocess.run(
            [SOFFICE, "--headless", profile, "--convert-to", suffix, "--outdir", folder, form],
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "Error" not in done.stdout + done.stderr
        assert (folder / f"form.{suffix}").is_file(), done.stderr
    return folder


def _values(sheet: Worksheet) -> list[tuple[Any, ...]]:
    return [row for row in sheet.iter_rows(max_col=15, values_only=True) if any(value is not None for value in row)]


@pytest.mark.libreoffice
def test_libreoffice_keeps_values_and_locks(form: Path, converted: Path, language: str) -> None:
    before, again = _opened(form), _opened(converted / "form.xlsx")
    assert [sheet.sheet_state for sheet in again] == ["visible", "visible", "hidden"]
    for sheet, after in zip(before, again, strict=True):
        assert _values(sheet) == _values(after)
        assert after.protection.sheet
    top, columns = _headings(again.worksheets[0], language)
    for row in (top + 1, before.worksheets[0].max_row - SIGNED):
        assert again.worksheets[0].cell(row, columns["measure"]).protection.locked
        assert not again.worksheets[0].cell(row, columns["status"]).protection.locked
        for key in FILLED_IN[:-2]:
            assert len(_validations(again.worksheets[0], row, columns[key])) == 1


@pytest.mark.libreoffice
def test_libreoffice_keeps_values_in_ods(report: Worksheet, converted: Path) -> None:
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(str(converted / "form.ods")).get_sheet_by_index(0).to_python()
    values = [tuple(value if value != "" else None for value in row[:15]) for row in rows]
    assert [row for row in values if any(row)] == _values(report)


@pytest.mark.libreoffice
def test_libreoffice_prints_a4_landscape(converted: Path) -> None:
    pages = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", (converted / "form.pdf").read_bytes())
    assert len(pages) > 2
    assert {(round(float(width)), round(float(height))) for width, height in pages} == {(842, 595)}


@pytest.mark.libreoffice
def test_libreoffice_prints_letters_of_eight_points(converted: Path) -> None:
    streams = re.findall(rb"stream\r?\n(.*?)endstream", (converted / "form.pdf").read_bytes(), re.DOTALL)
    pages = [zlib.decompress(stream) for stream in streams if stream[:1] == b"x"]
    sizes = [float(size) for page in pages for size in re.findall(rb"/F\d+ ([\d.]+) Tf", page)]
    assert len(sizes) > 100
    assert min(sizes) >= 8
