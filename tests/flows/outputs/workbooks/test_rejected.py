"""`npa rejected`: rejected rows, listed and as a workbook to send back."""

import json
import shutil
from datetime import time
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.command import npa
from tests.support.paths import AS_OF
from tests.support.publish import Publish
from tests.support.report_books import resave
from tests.support.report_lines import CONTINUOUS, GOOD, HEADINGS


def test_names_of_files_do_not_control_a_terminal(raw: Path) -> None:
    (raw / "progress" / "a\x1b[31m\nb.csv").write_text(f"{HEADINGS},Remarks\n{GOOD},fine\n", encoding="utf-8")
    (raw / "progress" / "c\x1b[31m.docx").touch()
    output = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF).stdout
    assert "\x1b" not in output
    assert "progress/a\\u001b[31m\\nb.csv row 1: These columns" in output
    assert "progress/c\\u001b[31m.docx: " in output


def test_rejected_as_a_workbook_to_send_back(example: Path, raw: Path, tmp_path: Path) -> None:
    """Mark faults in place, correct them and read the workbook again."""
    path = tmp_path / "back.xlsx"
    run = npa("rejected", "--warehouse", example, "--agency", "moes", "--output", path)
    assert run.stdout == f"1 rows refused: {path}\n", run.stderr
    book = load_workbook(path)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    at_fault = sheet.cell(2, headings.index("Percent complete") + 1)
    assert (at_fault.value, at_fault.comment is not None) == ("80", True)
    assert "Delivered, so the percentage is 100 or empty, not 80." in str(sheet.cell(2, len(headings)).value)
    at_fault.value = "100"
    book.save(raw / "progress" / "again.xlsx")
    output = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF).stdout
    assert "reports: 1 rows of 1 files read = 1 accepted" in output
    assert "comment" not in output  # they are ours


def test_each_fault_of_a_row_is_marked(publish: Publish, tmp_path: Path) -> None:
    publish(GOOD.replace(",40,", ",140,") + "ftp://x")
    run = npa("rejected", "--warehouse", tmp_path / "warehouse", "--output", tmp_path / "back.xlsx")
    assert run.returncode == 0, run.stderr
    sheet = load_workbook(tmp_path / "back.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2] if cell.comment] == ["140", "ftp://x"]


def test_the_same_rows_give_the_same_bytes_and_text_stays_text(publish: Publish, tmp_path: Path) -> None:
    publish(GOOD.replace(",40,", ",=1+1,"))
    for name in ("one.xlsx", "two.xlsx"):
        run = npa("rejected", "--warehouse", tmp_path / "warehouse", "--output", tmp_path / name)
        assert run.returncode == 0, run.stderr
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    book = load_workbook(tmp_path / "one.xlsx")
    assert book.properties.created is not None
    assert book.properties.created.time() == time()  # midnight of as_of, not the time of the command
    (cell,) = [cell for cell in book.worksheets[0][2] if cell.comment]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_rejected_lists(example: Path, warehouse: Path) -> None:
    assert len(json.loads(npa("rejected", "--warehouse", example, "--format", "json").stdout)) == 3
    assert npa("rejected", "--warehouse", warehouse, "--format", "csv").stdout.count("\n") == 1
    assert npa("rejected", "--warehouse", example, "--output", "x.csv").returncode == 2
    assert npa("rejected", "--warehouse", example, "--all", "--output", "x.xlsx").returncode == 2


def _first(*lines: str) -> str:
    return "\n".join([HEADINGS, *lines])


def _rejected(tmp_path: Path, *arguments: object) -> str:
    run = npa("rejected", "--warehouse", tmp_path / "warehouse", *arguments)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_round_trip_closes_what_was_put_right(raw: Path, publish: Publish, tmp_path: Path) -> None:
    """Send two refused rows back, put one right, and the other as well in the second round."""
    other = GOOD.replace("01-01,", "01-02,").replace("in_progress", "well")
    files = {"first.csv": _first(GOOD.replace(",40,", ",140,"), other.replace(",40,,,", ',40,,"Two\nschools",'))}
    publish(**files)
    for column, text, count in (("Percent complete", "50", 1), ("Status", "In progress", 0)):
        path = tmp_path / f"back {column}.xlsx"
        _rejected(tmp_path, "--output", path)
        book = load_workbook(path)
        sheet = book.worksheets[0]
        headings = [cell.value for cell in sheet[1]]
        sheet.cell(2, headings.index(column) + 1).value = text
        book.save(raw / "progress" / path.name)
        ask = publish(**files)
        assert ask("SELECT count(*) FROM rejected_row WHERE state = 'open'") == [(count,)]
        assert len(json.loads(_rejected(tmp_path, "--format", "json"))) == count
    assert ask("SELECT state, count(*) FROM rejected_row GROUP BY state") == [("corrected", 2)]
    assert ask("SELECT result_text FROM fact_progress ORDER BY activity_id") == [(None,), ("Two schools",)]
    listed = json.loads(_rejected(tmp_path, "--all", "--format", "json"))
    assert [row["corrected_by_file"] for row in listed] == [
        "progress/back Percent complete.xlsx", "progress/back Status.xlsx",
    ]  # fmt: skip
    totals = npa("status", "--warehouse", tmp_path / "warehouse").stdout
    assert "refused rows" not in totals
    checked = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF).stdout
    assert "2 of what was rejected is corrected or withdrawn" in checked
    assert "refused, and open:" not in checked


def test_a_status_that_is_not_changed_means_what_it_meant(raw: Path, publish: Publish, tmp_path: Path) -> None:
    """“Completed” of a continuous activity is delivered, but what is chosen from the list of the workbook ends it."""
    done = CONTINUOUS.replace("delivered,", "Completed,140")
    files = {"first.csv": _first(done, done.replace("06-01", "06-02").replace("Completed,140", "well,"))}
    publish(**files)
    _rejected(tmp_path, "--output", tmp_path / "back.xlsx")
    book = load_workbook(tmp_path / "back.xlsx")
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    sheet.cell(2, headings.index("Percent complete") + 1).value = "100"
    sheet.cell(3, headings.index("Status") + 1).value = "Completed"
    book.save(raw / "progress" / "back.xlsx")
    ask = publish(**files)
    assert ask("SELECT status FROM fact_progress ORDER BY activity_id") == [("delivered",), ("completed",)]


_RUSSIAN = {
    "activity_id": "Код мероприятия", "agency_id": "Код ведомства", "time_period": "Отчётный год",
    "reported_on": "Дата отчёта", "status": "Статус", "percent_complete": "Процент выполнения",
    "completed_on": "Дата завершения", "result_text": "Достигнутый результат", "evidence_url": "Подтверждение",
}  # fmt: skip


def test_a_folder_gets_a_workbook_for_each_agency_in_its_language(publish: Publish, tmp_path: Path) -> None:
    russian = HEADINGS
    for name, label in _RUSSIAN.items():
        russian = russian.replace(name, label)
    files = {
        "en.csv": _first(GOOD.replace("in_progress", "well"), GOOD.replace("TJK-MOES", "")),
        "ru.csv": f"{russian}\n{CONTINUOUS.replace('delivered', 'well')}",
        "minutes.docx": "minutes",
    }
    publish(**files)
    folder = tmp_path / "back"
    output = _rejected(tmp_path, "--output", folder)
    names = ["TJK-MOES.xlsx", "TJK-OO.xlsx", "no-agency.xlsx"]
    assert [line.rpartition("/")[2] for line in output.splitlines()] == names
    assert sorted(path.name for path in folder.iterdir()) == names
    sheet = load_workbook(folder / "TJK-OO.xlsx").worksheets[0]
    cells = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert str(cells["Мероприятие по плану"].value).startswith("[en] Allocate the necessary")
    fault = cells["что неверно и что сделать"].value
    assert str(fault).startswith("«well» – не статус")
    assert [cell.comment.text for cell in sheet[2] if cell.comment] == [fault]
    assert cells["Статус"].comment
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert "Выполнено" in lists[cells["Статус"].coordinate]
    assert "TJK-OO" in lists[cells["Код ведомства"].coordinate]
    english = load_workbook(folder / "TJK-MOES.xlsx").worksheets[0]
    assert english["A1"].value == "source_file"
    output = _rejected(tmp_path, "--output", folder, "--agency", "MOES", "--language", "tg")
    assert "1 rows refused" in output
    assert load_workbook(folder / "TJK-MOES.xlsx").worksheets[0]["A1"].value == "Файли аслӣ"


@pytest.mark.slow
def test_a_translated_workbook_comes_back(raw: Path, publish: Publish, tmp_path: Path) -> None:
    files = {"first.csv": _first(GOOD.replace("in_progress", "well"))}
    for language, status in (("ru", "Выполняется"), ("tg", "Дар ҷараён")):
        publish(**files)
        path = tmp_path / f"{language}.xlsx"
        _rejected(tmp_path, "--output", path, "--language", language)
        book = load_workbook(path)
        (place,) = (cell.coordinate for cell in book.worksheets[0][2] if cell.comment)
        book.worksheets[0][place] = status
        book.save(raw / "progress" / "back.xlsx")
        ask = publish(**files)
        assert ask("SELECT state, corrected_by_row FROM rejected_row") == [("corrected", 2)]
        assert (
            ask("""SELECT rule FROM quality_issue WHERE source_file LIKE 'progress/%'
                      AND rule <> 'source_removed'""")
            == []
        )
        (raw / "progress" / "back.xlsx").unlink()
        (raw / "progress" / "removed.toml").write_text(
            '[[removed]]\nwhat = "back.xlsx"\nwhen = 2026-11-30\nwhy = "a test"\n', encoding="utf-8"
        )


@pytest.mark.libreoffice
def test_rows_that_another_program_saved_are_still_unchanged(raw: Path, publish: Publish, tmp_path: Path) -> None:
    bad = GOOD.replace("in_progress,40,,", 'well,"40,5",,"=Two  schools\n№ 3"')
    files = {"first.csv": _first(bad, CONTINUOUS.replace("delivered,", "well,0.50"))}
    publish(**files)
    _rejected(tmp_path, "--output", tmp_path / "back.xlsx", "--language", "ru")
    resave(tmp_path / "back.xlsx")
    for suffix in ("xlsx", "ods"):
        shutil.copy(tmp_path / "resaved" / f"back.{suffix}", raw / "progress")
    ask = publish(**files)
    assert ask("SELECT source_file, state, count(*) FROM rejected_row GROUP BY ALL") == [
        ("progress/first.csv", "open", 2)
    ]
    assert ask("SELECT sum(rows_repeated)::INTEGER FROM dim_progress_file") == [(4,)]


def test_nothing_open_writes_no_folder(publish: Publish, tmp_path: Path) -> None:
    publish(GOOD)
    assert _rejected(tmp_path, "--output", tmp_path / "back") == "no refused row is open: nothing was written\n"
    assert not (tmp_path / "back").exists()


def test_the_longest_text_of_the_plan_is_shown_whole(publish: Publish, tmp_path: Path) -> None:
    """A row can be 409 points high; the texts share the page by their lengths, so that none needs as much."""
    long = "TJK-CRC-2018-05-02,TJK-AOS,2018,2020-01-20,well,,,,"
    ask = publish(long, long.replace("AOS", "MOES").replace("well", "Снято с контроля"))
    (longest,) = ask("SELECT max(length(activity_text)) FROM dim_activity WHERE activity_id = 'TJK-CRC-2018-05-02'")
    assert int(str(longest[0])) > 350
    npa("rejected", "--warehouse", tmp_path / "warehouse", "--language", "ru", "--output", tmp_path / "back.xlsx")
    sheet = load_workbook(tmp_path / "back.xlsx").worksheets[0]
    heights = [sheet.row_dimensions[row].height for row in (2, 3)]
    assert max(heights) < 330, heights
