"""What a sheet does not say by the text of its cells: hidden sheets, closing lines, files that are not here yet."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import npa
from tests.support.paths import AS_OF
from tests.support.publish import Report
from tests.support.report_books import make_book
from tests.support.report_lines import GOOD, HEADINGS

_CELLS = GOOD.split(",")
_ISSUES = "SELECT source_file, rule, line_number, message FROM quality_issue WHERE source_file LIKE 'progress/%'"


def test_a_hidden_sheet_is_no_report_and_is_reported(report: Report) -> None:
    def add_hidden(sheet: Any) -> None:
        book = sheet.parent
        for name, rows in {"old": [HEADINGS.split(","), _CELLS], "list": [["in_progress"], ["completed"]]}.items():
            hidden = book.create_sheet(name)
            hidden.sheet_state = "veryHidden" if name == "old" else "hidden"
            for row in rows:
                hidden.append(row)

    ask = report(**{"r.xlsx": make_book(HEADINGS.split(","), _CELLS, change=add_hidden)})
    assert ask("SELECT source_sheet FROM fact_progress") == [("Sheet",)]
    ((path, rule, line, message),) = ask(_ISSUES)
    assert (path, rule, line) == ("progress/r.xlsx", "report_sheet_hidden", None)
    assert "“old”" in str(message)


def test_a_report_on_hidden_sheets_only_is_refused(report: Report) -> None:
    def hide(sheet: Any) -> None:
        sheet.parent.create_sheet("empty").append(["x"])
        sheet.sheet_state = "hidden"

    ask = report(GOOD, **{"r.xlsx": make_book(HEADINGS.split(","), _CELLS, change=hide)})
    ((rule, message),) = ask("SELECT rule, message FROM rejected_row")
    assert rule == "no_heading"
    assert "unhide “Sheet”" in str(message)


def test_totals_and_signatures_are_blank_lines(report: Report) -> None:
    closing = [
        "Итого,,,,,40,,,",
        "ВСЕГО по министерству:,,,,,,,12 мероприятий,",
        ",,Руководитель,,,,,А. Каримов,",
        "Исп. Саидова Н.,тел. 227-00-00,,,,,,,",
        "______________ (подпись),,,,,,,,",
        ",,,,«___» ________ 2020 г.,,,,",
        "Ҳамагӣ,,,,,,,3,",
        "Сардори раёсат,,,,,,,Раҳимов,",
        "Total,,,,,40,,,",
        "М.П.,,,,,,,,",
    ]
    ask = report(*closing, GOOD)
    assert ask("SELECT source_row, row_text FROM rejected_row") == []
    assert ask("SELECT rows_accepted, rows_blank, rows_rejected FROM dim_progress_file") == [(1, len(closing), 0)]


def test_lines_that_a_person_filled_in_are_never_blank(report: Report) -> None:
    filled = [
        "Министерство образования,TJK-MOES,2019,2020-01-20,,,,,",  # a ministry is no minister
        ",TJK-MOES,2019,2020-01-20,in_progress,40,,Итого 5 школ,",
        "Итого,TJK-MOES,2019,2020-01-20,in_progress,40,,,",
        GOOD.replace(",40,,", ",40,,Директор школы ___").replace("TJK-MOES", "TJK-OO"),
    ]
    ask = report(*filled)
    assert ask("SELECT source_row FROM rejected_row ORDER BY 1") == [(2,), (3,), (4,), (5,)]


def test_evidence_in_words_is_kept_as_it_is(report: Report) -> None:
    words = ["Приказ № 12 от 10.01.2020; приложен", "example.org/decree.pdf", "Order: 12"]
    lines = [f"{GOOD.replace('01-20', f'01-{day}')[:-1]},{text}" for day, text in enumerate(words, 11)]
    ask = report(*lines, GOOD + "https://example.org/a")
    assert ask("SELECT evidence_url, evidence_text FROM fact_progress ORDER BY reported_on") == [
        *((None, text) for text in words), ("https://example.org/a", None),
    ]  # fmt: skip


def test_addresses_of_other_kinds_are_refused(report: Report) -> None:
    addresses = ["file:///D:/a.pdf", "mailto:a@example.org", r"C:\a.pdf", "javascript:alert(1)", "ftp://example.org",
                 "=DISPIMG(1)", "https://a.tj Приказ 12"]  # fmt: skip
    lines = [f"{GOOD.replace('01-20', f'01-{day}')}{address}" for day, address in enumerate(addresses, 11)]
    ask = report(GOOD, *lines)
    assert ask("SELECT rule, count(*) FROM rejected_row GROUP BY rule") == [("evidence_not_http", len(addresses))]


def test_files_that_are_not_here_yet_are_reported(report: Report) -> None:
    names = [".r.xlsx.icloud", "r.xlsx.nextcloud", "sub/r.csv.crdownload", "r.part"]
    ask = report(GOOD, **dict.fromkeys(names, "bplist00"))
    rejected = ask("SELECT source_file, rule FROM rejected_row ORDER BY 1")
    assert rejected == [(f"progress/{name}", "file_unreadable") for name in sorted(names)]
    assert ask("SELECT DISTINCT message LIKE '%not here yet%' FROM rejected_row") == [(True,)]


@pytest.mark.parametrize("name", ["plans/tjk-npa-2018/.cuts.csv.icloud", "statistics/births/.births.csv.icloud"])
def test_a_placeholder_among_plans_and_data_sets_is_refused(raw: Path, name: str) -> None:
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"bplist00")
    ran = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF)
    assert ran.returncode in (1, 3)
    assert f"{name}: " in ran.stderr
    assert "not here yet" in ran.stderr


def _book(change: Callable[[Any], None], *texts: str) -> bytes:
    """Return a workbook of reports, one day each, with these texts as evidence."""
    rows = [[*GOOD.replace("01-20", f"01-{day}").split(",")[:8], text] for day, text in enumerate(texts, 11)]
    return make_book(HEADINGS.split(","), *rows, change=change)


def test_hidden_rows_columns_and_comments_are_read_and_reported(report: Report) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    def change(sheet: Any) -> None:
        for row in (2, 4, 5):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["F"].hidden = True
        sheet["H3"] = "Work"
        sheet["H3"].font = Font(strike=True)
        sheet["H3"].comment = Comment("not sure", "somebody")

    ask = report(**{"r.xlsx": _book(change, "a", "b", "c", "d")})
    assert ask("SELECT count(*) FROM fact_progress") == [(4,)]
    issues = {rule: (line, message) for _, rule, line, message in ask(_ISSUES)}
    assert issues.keys() == {"report_rows_hidden", "report_columns_hidden", "cells_struck_out", "cells_with_comment"}
    assert issues["report_rows_hidden"][0] == 2
    assert "Rows 2, 4–5 of the sheet “Sheet” are hidden" in str(issues["report_rows_hidden"][1])
    assert "Column F of the sheet" in str(issues["report_columns_hidden"][1])
    assert "H3 (“not sure”)" in str(issues["cells_with_comment"][1])


def test_a_link_gives_the_address_of_its_cell(report: Report) -> None:
    address = "https://example.org/decree.pdf"

    def link(sheet: Any) -> None:
        sheet["I2"].hyperlink = address
        sheet["I4"].hyperlink = "https://example.org/another"
        sheet["I5"].hyperlink = "file:///D:/decree.pdf"

    formula = f'=HYPERLINK("{address}","Decree 12")'
    ask = report(**{"r.xlsx": _book(link, "Decree 12", formula, "https://example.org/shown", "Decree 12", "Decree 12")})
    assert ask("SELECT evidence_url, evidence_text FROM fact_progress ORDER BY reported_on") == [
        (address, "Decree 12"), (address, None), ("https://example.org/shown", None), (None, "Decree 12"),
    ]  # fmt: skip
    assert ask("SELECT rule, source_row FROM rejected_row") == [("evidence_not_http", 5)]
