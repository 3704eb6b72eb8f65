"""Cells that could be misread, from the file to the release: what becomes of each, and what is reported."""

import io
import json
import unicodedata
from typing import Any

import openpyxl
import pytest

from tests.support.publish import Report, Rows
from tests.support.report_lines import CONTINUOUS, GOOD
from transforms.reports.vocabulary import COLUMNS, labels

# Activities of the agency TJK-MOES; all but the last are dated.
ACTIVITIES = ["01-01", "01-02", "02-01", "03-01", "03-02", "04-01", "05-01"]


def _line(activity: str = "01-01", **cells: str) -> str:
    """Return a line about an activity of TJK-MOES, as a CSV record with semicolons."""
    usual = {"activity_id": f"TJK-CRC-2018-{activity}", "agency_id": "TJK-MOES", "time_period": "2019"}
    usual |= {"reported_on": "2020-01-10", "status": "in_progress"}
    return ";".join((usual | cells).get(column, "") for column in COLUMNS)


def _file(*lines: str, headings: str = ";".join(COLUMNS)) -> str:
    return "\n".join([headings, *lines])


def _book(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in ([*COLUMNS], *rows):
        book.worksheets[0].append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


ISSUES = """SELECT rule, line_number, column_name, source_value, published_value FROM quality_issue
            WHERE source_file LIKE 'progress/%' ORDER BY issue_id"""


def test_a_column_of_fractions_in_a_workbook(report: Report) -> None:
    rows = [
        [*_line(activity).split(";")[:5], percent]
        for activity, percent in zip(ACTIVITIES, (0.25, 0.5, 1, 0), strict=False)
    ]
    ask = report(**{"r.xlsx": _book(*rows)})
    assert ask("SELECT percent_complete FROM fact_progress ORDER BY source_row") == [(25.0,), (50.0,), (100.0,), (0.0,)]
    assert ask(ISSUES) == [("percentages_as_shares", 1, "percent_complete", "0.25, 0.5, 1", "25 %, 50 %, 100 %")]


def test_the_columns_of_two_sheets_are_read_apart(report: Report) -> None:
    shares = _file(*(_line(a, percent_complete=p) for a, p in zip(ACTIVITIES, ("0,5", "0,25"), strict=False)))
    mixed = _file(*(_line(a, percent_complete=p) for a, p in zip(ACTIVITIES[2:], ("0.5", "1", "50"), strict=False)))
    ask = report(**{"a.csv": shares, "b.csv": mixed})
    assert ask("SELECT percent_complete FROM fact_progress ORDER BY ALL") == [(25.0,), (50.0,), (50.0,)]
    assert ask("SELECT source_row, rule FROM rejected_row ORDER BY 1") == [
        (2, "percentage_unreadable"), (3, "percentage_unreadable")
    ]  # fmt: skip


def test_an_order_of_days_that_another_row_decides_is_reported(report: Report) -> None:
    days = ["03/04/2019", "13/04/2019", "05/04/2019"]
    lines = [_line(a, reported_on=day, time_period="2018") for a, day in zip(ACTIVITIES, days, strict=False)]
    ask = report(**{"a.csv": _file(*lines), "b.csv": _file(_line("03-01", reported_on="2019-05-05"))})
    assert ask("SELECT reported_on::VARCHAR FROM fact_progress WHERE source_row = 2 AND time_period = '2018'") == [
        ("2019-04-03",)
    ]
    assert ask(ISSUES) == [("day_order_of_file", None, None, "03/04/2019, 05/04/2019", "2019-04-03, 2019-04-05")]
    ((message,),) = ask("SELECT message FROM quality_issue WHERE rule = 'day_order_of_file'")
    assert str(message).endswith("read as dd/mm/yyyy, because 13/04/2019 can be read only so.")


def test_what_is_written_into_empty_cells(report: Report) -> None:
    ask = report(**{"a.csv": _file(
        _line("01-01", percent_complete="-", evidence_url="нет"),
        _line("01-02", completed_on="—", result_text="…"),
        _line("02-01", percent_complete="н/д", completed_on="N/A", result_text="Маълумот нест"),
        _line("03-01", percent_complete="х", completed_on="Нет данных", result_text="нест."),
        _line("03-02", result_text="нет школы в селе"),
        _line("04-01", status="-"),
        _line("05-01", time_period="", reported_on="", status="", result_text="-"),
        _line("05-01", time_period="-", reported_on="х", status="нет", percent_complete="н.д.", evidence_url="___"),
        _line("05-01", completed_on="не завершено"),
    )})  # fmt: skip
    assert ask("""SELECT DISTINCT percent_complete, completed_on, result_text, evidence_url FROM fact_progress
                  ORDER BY result_text""") == [(None, None, "нет школы в селе", None), (None,) * 4]  # fmt: skip
    assert ask("SELECT source_row, rule FROM rejected_row ORDER BY 1") == [
        (7, "status_missing"), (10, "day_of_completion_unreadable")
    ]  # fmt: skip
    assert ask("SELECT rows_accepted, rows_blank FROM dim_progress_file") == [(5, 2)]
    assert ask(ISSUES) == []


def test_letters_of_two_characters(report: Report) -> None:
    headings = ";".join(labels("columns", "tg").values())
    lines = [
        _line("01-01", status="Дар ҷараён", result_text="Омӯзгорӣ: й, ё"),
        _line("01-01", status="Дар ҷараён", result_text=unicodedata.normalize("NFD", "Омӯзгорӣ: й, ё")),
        _line("01-02", status="Завершён"),
    ]
    text = unicodedata.normalize("NFD", _file(*lines, headings=headings)).replace(lines[1], lines[1])
    ask = report(**{"a.csv": text, "b.csv": _file(lines[0])})
    assert ask("SELECT DISTINCT status, result_text FROM fact_progress ORDER BY 1") == [
        ("completed", None), ("in_progress", "Омӯзгорӣ: й, ё")
    ]  # fmt: skip
    assert ask("SELECT sum(rows_repeated), sum(rows_rejected) FROM dim_progress_file") == [(2, 0)]


def _in_an_old_font(text: str) -> str:
    return text.translate(str.maketrans("ҶҲҚҒӮӢҷҳқғӯӣ", "ЉЊЌЃЎЇљњќѓўї"))


def test_old_tajik_fonts(report: Report) -> None:
    meant = "Ҷумҳурии Тоҷикистон: қонун қабул шуд"
    lines = [
        _line("01-01", status="Дар ҷараён", result_text=meant),
        _line("01-02", result_text="Украинада (Україна)"),
        _line("02-01", status="Иҷро шудааст"),
    ]
    headings = _in_an_old_font(";".join(labels("columns", "tg").values()))
    ask = report(**{"a.csv": _file(*map(_in_an_old_font, lines), headings=headings)})
    assert ask("SELECT status, result_text FROM fact_progress ORDER BY source_row") == [
        ("in_progress", meant), ("in_progress", "Украинада (Україна)"), ("completed", None)
    ]  # fmt: skip
    issues = ask(ISSUES)
    assert [issue[:3] for issue in issues] == [
        ("old_tajik_letters", 2, "result_text"), ("old_tajik_letters", 2, "status"),
        ("old_tajik_letters", 3, "result_text"), ("old_tajik_letters", 4, "status"), ("old_tajik_letters", 1, None),
    ]  # fmt: skip
    assert issues[0][3:] == (_in_an_old_font(meant), meant)
    assert ask("SELECT count(*) FROM rejected_row") == [(0,)]
    decomposed = unicodedata.normalize("NFD", _file(*map(_in_an_old_font, lines[:1]), headings=headings))
    ask = report(**{"a.csv": _file(*map(_in_an_old_font, lines), headings=headings), "b.csv": decomposed})
    assert ask("SELECT sum(rows_repeated), sum(rows_rejected) FROM dim_progress_file") == [(1, 0)]


DAMAGED = {
    "time_period": "?????", "reported_on": "########", "status": "Ð’Ñ‹Ð¿Ð¾Ð»Ð½ÐµÐ½Ð¾", "percent_complete": "#ДЕЛ/0!",
    "completed_on": "#ЗНАЧ!", "evidence_url": "#N/A", "activity_id": "#ССЫЛКА!", "agency_id": "????",
    "result_text": "#BEZUG!",
}  # fmt: skip


@pytest.mark.parametrize(("column", "text"), DAMAGED.items())
def test_damaged_cells_are_rejected_with_that_reason(report: Report, column: str, text: str) -> None:
    ask = report(**{"a.csv": _file(_line(**{column: text}))})
    expected = "cell_with_error" if text.startswith("#") else "cell_damaged"
    ((rule, at_fault, message, arguments),) = ask("SELECT rule, columns_at_fault, message, arguments FROM rejected_row")
    assert (rule, at_fault) == (expected, column)
    assert text in str(message)
    assert len(json.loads(str(arguments))) == 1


def test_damaged_results_are_published_and_reported(report: Report) -> None:
    results = [
        "?????? ??? ????",
        "То?икистон",
        "Ð—Ð°ÐºÐ¾Ð½ Ð¿Ñ€Ð¸Ð½ÑÑ‚",
        "Çàêîí ïðèíÿò",
        "20 ш\ufffdкол",
        "Что сделано?",
    ]
    ask = report(**{"a.csv": _file(*(_line(a, result_text=r) for a, r in zip(ACTIVITIES, results, strict=False)))})
    assert [text for (text,) in ask("SELECT result_text FROM fact_progress ORDER BY source_row")] == results
    assert [issue[:3] for issue in ask(ISSUES)] == [("result_damaged", row, "result_text") for row in range(2, 7)]
    assert ask("SELECT count(*) FROM quality_issue WHERE message LIKE '%may say \"Закон принят\"%'") == [(1,)]


def test_words_of_completion_on_a_continuous_activity(report: Report) -> None:
    def line(agency: str, status: str, completed_on: str = "") -> str:
        return CONTINUOUS.replace("TJK-OO", agency).replace("delivered,,", f"{status},,{completed_on}")

    (agencies,) = zip(*_agencies(report), strict=True)
    ask = report(
        line(str(agencies[0]), "Исполнено"), line(str(agencies[1]), "Завершено", "2019-12-20"),
        line(str(agencies[2]), "Выполнено", "2019-12-20"), GOOD.replace("in_progress,40", "Исполнено,"),
    )  # fmt: skip
    assert ask("SELECT status FROM fact_progress ORDER BY source_row") == [
        ("delivered",),
        ("completed",),
        ("completed",),
    ]
    assert ask(ISSUES) == [("status_on_continuous", 2, "status", "Исполнено", "delivered")]
    ((rule, message),) = ask("SELECT rule, message FROM rejected_row")
    assert rule == "day_of_completion_without_completed"
    assert "leave the day empty, or write completed" in str(message)


def _agencies(report: Report) -> Rows:
    ask = report(CONTINUOUS)
    return ask(
        "SELECT agency_id FROM bridge_activity_agency WHERE activity_id = 'TJK-CRC-2018-06-01' ORDER BY position"
    )


def test_the_remedy_of_each_sentence_works(report: Report) -> None:
    lines = [
        _line("01-01", percent_complete="1 %"), _line("01-02", percent_complete="0.5 %"),
        _line("02-01", status="Completed", percent_complete="100 %"),
            _line("03-01", status="Cancelled", result_text="Another programme has taken its place."),
    ]  # fmt: skip
    continuous = CONTINUOUS.replace("delivered,,", "completed,,2019-12-20")
    ask = report(continuous, **{"a.csv": _file(*lines)})
    assert ask("SELECT count(*) FROM rejected_row") == [(0,)]
    assert ask("SELECT status FROM fact_progress WHERE agency_id = 'TJK-OO'") == [("completed",)]
