"""`npa rejected`: rejected rows, listed and as a workbook to send back."""

import json
import shutil
from datetime import time
from pathlib import Path

from tests.support.command import npa
from tests.support.paths import AS_OF, ROOT
from tests.support.publish import Publish
from tests.support.report_lines import GOOD, HEADINGS


def test_names_of_files_do_not_control_a_terminal(raw: Path) -> None:
    (raw / "progress" / "a\x1b[31m\nb.csv").write_text(f"{HEADINGS},Remarks\n{GOOD},fine\n", encoding="utf-8")
    (raw / "progress" / "c\x1b[31m.docx").touch()
    output = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF).stdout
    assert "\x1b" not in output
    assert "progress/a\\u001b[31m\\nb.csv row 1: These columns" in output
    assert "progress/c\\u001b[31m.docx: " in output


def test_rejected_as_a_workbook_to_send_back(example: Path, tmp_path: Path) -> None:
    """Mark faults in place, correct them and read the workbook again."""
    from openpyxl import load_workbook

    path = tmp_path / "back.xlsx"
    run = npa("rejected", "--warehouse", example, "--agency", "moes", "--output", path)
    assert run.stdout == f"1 rows refused: {path}\n", run.stderr
    book = load_workbook(path)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    at_fault = sheet.cell(2, headings.index("Percent complete") + 1)
    assert (at_fault.value, at_fault.comment is not None) == ("80", True)
    assert "Delivered" in str(sheet.cell(2, len(headings)).value)
    at_fault.value = "100"
    raw = Path(shutil.copytree(ROOT / "raw", tmp_path / "raw"))
    book.save(raw / "progress" / "again.xlsx")
    output = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF).stdout
    assert "reports: 1 rows of 1 files read = 1 accepted" in output
    assert "comment" not in output  # they are ours


def test_each_fault_of_a_row_is_marked(publish: Publish, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    publish(GOOD.replace(",40,", ",140,") + "ftp://x")
    run = npa("rejected", "--warehouse", tmp_path / "warehouse", "--output", tmp_path / "back.xlsx")
    assert run.returncode == 0, run.stderr
    sheet = load_workbook(tmp_path / "back.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2] if cell.comment] == ["140", "ftp://x"]


def test_the_same_rows_give_the_same_bytes_and_text_stays_text(publish: Publish, tmp_path: Path) -> None:
    from openpyxl import load_workbook

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
