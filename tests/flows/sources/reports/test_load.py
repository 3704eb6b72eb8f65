"""Reports as files in raw/progress: links, names, sheets, headings, files that change while they are read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.publish import Publish, Report
from tests.support.report_lines import GOOD, HEADINGS, REFUSED


def test_files_that_cannot_be_read_do_not_stop_the_night(report: Report, raw: Path) -> None:
    (raw / "progress" / "gone.csv").symlink_to("nowhere")
    ask = report(GOOD, **{
        "empty.csv": "", "no headings.csv": "a,b\n1,2\n", "letter.docx": "x",
        "old.xls": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        "broken.xlsx": b"PK\x03\x04 not a zip", os.fsdecode(b"no text \xff.xlsx"): b"",
        "weird 'name' %2e;\n.csv": "x", "~$lock.xlsx": "x", "README.md": "x",
    })  # fmt: skip
    assert ask("SELECT source_file, rule FROM rejected_row WHERE source_row IS NULL ORDER BY source_file") == [
        ("progress/broken.xlsx", "file_damaged"),
        ("progress/empty.csv", "file_empty"),
        ("progress/gone.csv", "file_unreadable"),
        ("progress/letter.docx", "file_of_another_kind"),
        ("progress/no headings.csv", "no_heading"),
        ("progress/no text \\udcff.xlsx", "file_empty"),
        ("progress/old.xls", "file_of_another_kind"),
        ("progress/weird 'name' %2e;\n.csv", "no_heading"),
    ]
    assert ask("SELECT count(*) FROM fact_progress") == [(1,)]


def test_workbooks_are_read_in_the_order_of_their_names(report: Report, tmp_path: Path) -> None:
    from openpyxl import Workbook

    csv_row, books = GOOD.replace("01-20", "01-25"), dict[str, bytes | str]()
    for number in range(4):
        book = Workbook()
        (sheet,) = book.worksheets
        sheet.append(HEADINGS.split(","))
        sheet.append([*GOOD.replace("01-20", f"01-{20 - number}").split(",")[:5], None, None, f"Work {number}"])
        book.save(tmp_path / "book.xlsx")
        books[f"{number:03d}.xlsx"] = (tmp_path / "book.xlsx").read_bytes()
    books["001.xlsx"], books["002.xlsx"], books["0021.csv"] = books["001.xlsx"][:900], b"", f"{HEADINGS}\n{csv_row}\n"
    ask = report(**books)
    assert ask("SELECT source_file, rows_accepted FROM dim_progress_file") == [
        ("progress/000.xlsx", 1), ("progress/0021.csv", 1), ("progress/003.xlsx", 1),
    ]  # fmt: skip
    assert ask("SELECT source_file, rule FROM rejected_row ORDER BY rejection_id") == [
        ("progress/001.xlsx", "file_damaged"), ("progress/002.xlsx", "file_empty"),
    ]  # fmt: skip


def test_large_and_small_files_are_read_alike(report: Report) -> None:
    """Check that files of any size, with any quotation marks, give the same rows, numbers and refusals."""
    lines = [
        GOOD.replace("2020-01-20", f"20{20 + n // 300}-{n % 12 + 1:02d}-{n % 25 + 1:02d}") for n in range(0, 600, 7)
    ]
    lines[20:20] = [
        lines[3],
        GOOD.replace("MOES", "XX"),
        ',,,,,"",,,',
        GOOD + '"https://x.tj/a,b"',
        REFUSED["status unknown"][0],
        HEADINGS,
    ]
    answers = []
    for filling in ("x", "x" * 100_000, "x" * 100_000 + ' ""quoted""'):
        long = [GOOD.replace("MOES", "MOJ").replace("01-20", f"01-{n}") for n in range(10, 24)]
        ask = report(*lines, *(line.replace(",,,", f',,"{filling}, and more",') for line in long))
        answers.append([
            ask("SELECT * EXCLUDE (result_text) FROM fact_progress ORDER BY ALL"),
            ask("SELECT source_row, rule, message, row_text FROM rejected_row ORDER BY source_row"),
            ask("SELECT * FROM dim_progress_file"),
        ])  # fmt: skip
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0][1]) == 2


def test_a_file_that_changes_while_it_is_read(raw: Path, tmp_path: Path) -> None:
    path = raw / "progress" / "report.csv"
    path.write_text(f"{HEADINGS}\n{GOOD}\n", encoding="utf-8")
    code = f"""
import sys, flows.sources.reports.load as reading
true = reading.read_report
def changing(path):
    found = true(path)
    path.write_text("other")
    return found
reading.read_report = changing
from flows.cli import main
sys.exit(main(["refresh", "--runner", "direct", "--raw", {str(raw)!r}, "--warehouse", {str(tmp_path / "w")!r}]))
"""

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "changed while it was read" in done.stderr) == (3, True), done.stderr
    assert not (tmp_path / "w" / "current").exists()


def test_a_file_whose_name_is_a_pattern(report: Report) -> None:
    """Read one file: DuckDB would read all files that match the pattern, under the name of one."""
    long = [GOOD.replace("01-20", f"01-{n}").replace(",,,", f',,"{n}{"x" * 100_000}",') for n in range(10, 24)]
    other = [line.replace("MOES", "MOJ") for line in long]
    ask = report(**{name: "\n".join([HEADINGS, *lines]) for name, lines in (("a*.csv", long), ("ab.csv", other))})
    assert ask("SELECT DISTINCT source_file, agency_id FROM fact_progress ORDER BY 1") == [
        ("progress/a*.csv", "TJK-MOES"),
        ("progress/ab.csv", "TJK-MOJ"),
    ]


def test_links_and_pipes_instead_of_files_are_reported(report: Report, raw: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (raw / "progress" / "share").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(raw / "progress" / "pipe.csv")
    ask = report(GOOD)
    assert ask("SELECT source_file, rule FROM rejected_row ORDER BY 1") == [
        ("progress/pipe.csv", "file_unreadable"),
        ("progress/share", "file_unreadable"),
    ]
    remedies = [
        str(message).split(". ")[-1] for (message,) in ask("SELECT message FROM rejected_row ORDER BY source_file")
    ]
    assert remedies == ["Put a file there that can be, or take it away.", "Put the files themselves there."]


def test_a_link_that_leads_out_of_raw_is_not_followed(publish: Publish, raw: Path, tmp_path: Path) -> None:
    """Reject the file, whose rows would be published, whoever owns them; a link to another report is a report."""
    secret, progress = tmp_path / "secret.csv", raw / "progress"
    secret.write_text(f"{HEADINGS}\n{REFUSED['status unknown'][0]},s3cret\n", encoding="utf-8")
    (progress / "plain.csv").symlink_to(secret)
    (progress / "relative.csv").symlink_to("../../secret.csv")
    (progress / "chain.csv").symlink_to("plain.csv")
    (progress / "loop.csv").symlink_to("loop.csv")
    (progress / "below").mkdir()
    (progress / "below" / "deep.csv").symlink_to("../../../secret.csv")
    (progress / "inside.csv").symlink_to("below/own.csv")
    ask = publish(**{"below/own.csv": f"{HEADINGS}\n{GOOD}\n"})
    refused = ask("SELECT source_file, rule, row_text, message LIKE '%leads out%' FROM rejected_row ORDER BY 1")
    names = ["below/deep", "chain", "loop", "plain", "relative"]
    assert refused == [(f"progress/{name}.csv", "file_unreadable", None, name != "loop") for name in names]
    files = ask("SELECT source_file, rows_accepted + rows_repeated FROM dim_progress_file ORDER BY 1")
    assert files == [("progress/below/own.csv", 1), ("progress/inside.csv", 1)]
    assert b"s3cret" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*.duckdb"))


def test_a_folder_that_becomes_a_link_while_it_is_listed(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replace the folder: what is opened by its path may be elsewhere by then."""
    from flows.sources.files import read_inputs

    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "own.csv").write_text(f"{HEADINGS}\n{GOOD},s3cret\n", encoding="utf-8")
    (raw / "progress" / "below").symlink_to(tmp_path / "private")
    walk = os.walk
    monkeypatch.setattr(os, "walk", lambda top, **options: walk(top, followlinks=True, **options))
    report = read_inputs(raw).reports["progress/below/own.csv"]
    assert (report.sha256, "leads out" in str(report.fault)) == ("", True)


def test_cells_merged_over_columns_invent_nothing(report: Report, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADINGS.split(","))
    sheet.append(["TJK-CRC-2018-01-01", "TJK-MOES", 2019, "2020-01-20", "completed", 100, "2019-12-20"])
    sheet.append(["Measure 2: a heading over the table"])
    sheet.merge_cells("G2:I2")
    sheet.merge_cells("A3:I3")
    book.save(tmp_path / "merged.xlsx")
    ask = report(**{"merged.xlsx": (tmp_path / "merged.xlsx").read_bytes()})
    assert ask("SELECT completed_on::VARCHAR, result_text, evidence_url FROM fact_progress") == [
        ("2019-12-20", None, None)
    ]
    assert ask("SELECT rows_accepted, rows_blank, rows_rejected FROM dim_progress_file") == [(1, 1, 0)]


def test_columns_that_nobody_reads_are_reported(report: Report) -> None:
    headings = HEADINGS.replace("evidence_url", "evidence link").replace("completed_on", "Expected result") + ",empty"
    ask = report(**{"a.csv": f"Report,,\n{headings}\n{GOOD.replace('40,,', '40,laws,')}https://x.tj,\n"})
    assert ask("SELECT count(*) FROM fact_progress WHERE evidence_url IS NULL") == [(1,)]
    assert ask("SELECT source_file, line_number, message FROM quality_issue WHERE rule = 'columns_not_read'") == [
        (
            "progress/a.csv",
            2,
            "These columns are none of a report and were not read: “evidence link”. Is one of them misspelt?",
        )
    ]


def test_sheets_next_to_a_report_are_ignored(report: Report, tmp_path: Path) -> None:
    """Add a copy of the plan and our guide without the hidden sheet; a workbook sent back has its own columns."""
    from openpyxl import Workbook

    book = Workbook()
    (sheet,) = book.worksheets
    sheet.append([*HEADINGS.split(","), "source_row", "what is wrong, and what to do"])
    sheet.append([*GOOD.split(","), 7, "Nothing."])
    book.create_sheet("Plan").append(["1", "TJK-CRC-2018-01-01", "Laws are reviewed", "completed by 2019"])
    book.create_sheet("Guide").append(["Activity ID", "The id of the activity", "TJK-CRC-2018-01-01"])
    book.save(tmp_path / "a.xlsx")
    ask = report(**{"a.xlsx": (tmp_path / "a.xlsx").read_bytes()})
    assert ask("SELECT * FROM rejected_row") == []
    assert ask("SELECT * FROM quality_issue WHERE rule = 'columns_not_read'") == []
    assert ask("SELECT count(*) FROM dim_progress_file") == [(3,)]


def test_issues_about_equal_sheets_have_one_order(report: Report, tmp_path: Path) -> None:
    """Give the same input twice: two sheets may differ only in their names."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name in "cab":
        sheet = book.create_sheet(name)
        sheet.append([*HEADINGS.split(","), "Remarks"])
        sheet.append([*GOOD.split(","), "fine"])
    book.save(tmp_path / "a.xlsx")
    ask = report(**{"a.xlsx": (tmp_path / "a.xlsx").read_bytes()})
    messages = ask("SELECT message FROM quality_issue WHERE rule = 'columns_not_read' ORDER BY issue_id")
    assert [str(message).split("“")[1][0] for (message,) in messages] == ["a", "b", "c"]


def test_reports_without_headings_are_reported(report: Report, tmp_path: Path) -> None:
    """Read page 2 of a table; other sheets may have any text."""
    from openpyxl import Workbook

    book = Workbook()
    (first,) = book.worksheets
    first.append(HEADINGS.split(","))
    first.append(GOOD.split(","))
    book.create_sheet("page 2").append(GOOD.replace("TJK-CRC", "tjk-crc").split(","))
    book.create_sheet("list").append(["TJK-CRC-2018-01-01", "Laws"])
    book.save(tmp_path / "pages.xlsx")
    ask = report(**{"pages.xlsx": (tmp_path / "pages.xlsx").read_bytes()})
    ((sheet, rule, message),) = ask("SELECT source_sheet, rule, message FROM rejected_row")
    assert (sheet, rule) == ("page 2", "no_heading")
    assert str(message).startswith("The sheet “page 2” names activities, but has no row of headings")
    assert ask("SELECT source_sheet, rows_accepted FROM dim_progress_file ORDER BY 1") == [
        ("Sheet", 1), ("list", 0), ("page 2", 0),
    ]  # fmt: skip


def test_each_sheet_with_incomplete_headings_is_reported(report: Report, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for lacking in ("time_period", "status"):
        book.create_sheet(f"no {lacking}").append([name for name in HEADINGS.split(",") if name != lacking])
    book.save(tmp_path / "two.xlsx")
    ask = report(**{"two.xlsx": (tmp_path / "two.xlsx").read_bytes()})
    assert ask("SELECT source_sheet, rule FROM rejected_row ORDER BY 1") == [
        ("no status", "heading_incomplete"), ("no time_period", "heading_incomplete"),
    ]  # fmt: skip


def test_a_comma_inside_a_number_moves_no_cell(report: Report) -> None:
    """Allow blank cells beyond the headings, which are usual; between semicolons nothing can have moved."""
    headings = HEADINGS.replace(",completed_on", "").replace(",evidence_url", "")
    line = "TJK-CRC-2018-01-01,TJK-MOES,2019,2020-01-{},in_progress,{}\n"
    moved = "\n".join([headings, *(line.format(*cells).strip() for cells in ((20, "45,5,"), (21, "46,done,")))])
    ask = report(**{"a.csv": moved, "b.csv": f"{headings}\n{line.format(22, '47,5,')}".replace(",", ";")})
    assert ask("SELECT rule, source_row FROM rejected_row") == [("too_many_cells", 2)]
    assert ask("SELECT percent_complete, result_text FROM fact_progress ORDER BY 1") == [(46.0, "done"), (47.0, "5")]
