"""The state of a refused row: open, corrected by another row, withdrawn; and what is sent back."""

from pathlib import Path

import pytest

from tests.support.command import Run, npa
from tests.support.paths import AS_OF
from tests.support.publish import Publish, Report
from tests.support.report_lines import CONTINUOUS, GOOD, HEADINGS

_STATES = """SELECT source_file, source_row, state, corrected_by_file, corrected_by_row FROM rejected_row
             ORDER BY source_file, source_row"""
_BACK = f"source_file,source_sheet,source_row,{HEADINGS}"
BAD = GOOD.replace("in_progress", "well")
OTHER = "TJK-CRC-2018-01-02,TJK-MOES,2019,2020-01-20,{},,,,"


def _report(*lines: str) -> str:
    return "\n".join([HEADINGS, *lines])


def _back(*rows: tuple[int, str], file: str = "progress/first.csv") -> str:
    """Return a workbook of refused rows as CSV: the row that each is from, and its line."""
    return "\n".join([_BACK, *(f"{file},,{number},{line}" for number, line in rows)])


def test_a_row_that_is_corrected_and_sent_back_is_no_longer_open(publish: Publish) -> None:
    files = {"first.csv": _report(BAD, OTHER.format("?")), "back.csv": _back((2, GOOD), (3, OTHER.format("?")))}
    ask = publish(**files)
    assert ask(_STATES) == [
        ("progress/first.csv", 2, "corrected", "progress/back.csv", 2),
        ("progress/first.csv", 3, "open", None, None),
    ]
    assert ask("SELECT rows_accepted, rows_repeated, rows_rejected FROM dim_progress_file ORDER BY source_file") == [
        (1, 1, 0), (0, 0, 2),
    ]  # fmt: skip


def test_an_accepted_row_of_its_key_corrects_a_row(report: Report) -> None:
    """The key is activity, agency, year and day; in the same file, a correction comes after what it corrects."""
    other_day, later = OTHER.format("well"), OTHER.replace("01-20", "02-01")
    ask = report(
        **{
            "a.csv": _report(BAD, GOOD.replace("01-20", "01-21"), other_day, other_day.replace("01-20", "01-22")),
            "b.csv": _report(GOOD, other_day.replace("well", "in_progress").replace("01-20", "01-23")),
            "c.csv": _report(CONTINUOUS, CONTINUOUS.replace("delivered", "well"), CONTINUOUS.replace("OO", "MOES")),
            "d.csv": _report(later.format("!"), later.format("completed")),
        }
    )  # fmt: skip
    assert ask(_STATES) == [
        ("progress/a.csv", 2, "corrected", "progress/b.csv", 2),
        ("progress/a.csv", 4, "open", None, None),
        ("progress/a.csv", 5, "open", None, None),
        ("progress/c.csv", 3, "open", None, None),
        ("progress/c.csv", 4, "open", None, None),
        ("progress/d.csv", 2, "corrected", "progress/d.csv", 3),
    ]


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        (GOOD.replace("01-01,", "01-09,"), GOOD),  # the activity
        (GOOD.replace("TJK-MOES", ""), GOOD),  # the agency
        (GOOD.replace(",2019,", ",next,"), GOOD),  # the year
        (GOOD.replace("2020-01-20", "03/04/2020"), GOOD.replace("2020-01-20", "2020-04-03")),  # the day
        (GOOD.replace("40,,,", "40,,Two schools, one kindergarten,,"), GOOD.replace("40,,,", "40,,Two schools,")),
        (BAD, GOOD.replace("2020-01-20", "2020-02-01")),  # reported again on another day
    ],
)
def test_the_row_sent_back_may_correct_its_key(report: Report, bad: str, good: str) -> None:
    ask = report(**{"first.csv": _report(bad), "back.csv": _back((2, good))})
    assert ask(_STATES) == [("progress/first.csv", 2, "corrected", "progress/back.csv", 2)]


def test_a_report_that_was_written_over_another_row_corrects_nothing(report: Report) -> None:
    ask = report(**{"first.csv": _report(BAD), "back.csv": _back((2, OTHER.format("completed")))})
    assert ask(_STATES) == [("progress/first.csv", 2, "open", None, None)]
    assert ask("SELECT activity_id FROM fact_progress") == [("TJK-CRC-2018-01-02",)]


def test_a_correction_that_is_refused_is_open_in_place_of_the_first(report: Report) -> None:
    files = {"first.csv": _report(BAD), "back.csv": _back((2, GOOD.replace(",40,", ",140,")))}
    ask = report(**files)
    assert ask(_STATES) == [
        ("progress/back.csv", 2, "open", None, None), ("progress/first.csv", 2, "corrected", "progress/back.csv", 2),
    ]  # fmt: skip
    ask = report(**files, **{"back 2.csv": _back((2, GOOD), file="progress/back.csv")})
    assert ask("SELECT DISTINCT state FROM rejected_row") == [("corrected",)]
    assert ask("SELECT source_file FROM fact_progress") == [("progress/back 2.csv",)]


def test_an_emptied_row_corrects_nothing(report: Report) -> None:
    ask = report(**{"first.csv": _report(BAD), "back.csv": _back((2, "TJK-CRC-2018-01-01,TJK-MOES,,,,,,,"))})
    assert ask(_STATES) == [("progress/first.csv", 2, "open", None, None)]


def test_rows_without_their_first_file_are_judged_by_themselves(report: Report) -> None:
    ask = report(**{"back.csv": _back((2, BAD), (3, OTHER.format("completed")))})
    assert ask(_STATES) == [("progress/back.csv", 2, "open", None, None)]
    assert ask("SELECT count(*) FROM fact_progress") == [(1,)]


def test_rows_that_name_one_another_in_a_circle_are_judged_by_themselves(report: Report) -> None:
    one, other = _back((2, BAD), file="progress/other.csv"), _back((2, BAD + "Order"), file="progress/one.csv")
    itself = _back((2, OTHER.format("well")), file="progress/itself.csv")
    ask = report(**{"one.csv": one, "other.csv": other, "itself.csv": itself})
    assert [row[:3] for row in ask(_STATES)] == [
        ("progress/itself.csv", 2, "open"), ("progress/one.csv", 2, "open"), ("progress/other.csv", 2, "open"),
    ]  # fmt: skip


def test_a_contradiction_is_solved_by_the_row_that_was_changed(report: Report) -> None:
    """The other row comes back as it was, and counts where it was."""
    first, second = GOOD, GOOD.replace(",40,", ",50,")
    files = {"first.csv": _report(first, second)}
    assert [row[2] for row in report(**files)(_STATES)] == ["open", "open"]
    ask = report(**files, **{"back.csv": _back((2, first), (3, first))})
    assert ask(_STATES) == [("progress/first.csv", 3, "corrected", "progress/back.csv", 3)]
    assert ask("SELECT percent_complete FROM fact_progress") == [(40.0,)]
    ask = report(**files, **{"back.csv": _back((2, first), (3, second.replace("01-20", "01-25")))})
    assert ask("SELECT reported_on::VARCHAR, percent_complete FROM fact_progress ORDER BY 1") == [
        ("2020-01-20", 40.0), ("2020-01-25", 50.0),
    ]  # fmt: skip


def test_what_is_unchanged_is_read_as_it_was_there(report: Report) -> None:
    """Read 03/04/2020 and 0.5 as the other rows of their file tell."""
    day, share = GOOD.replace("2020-01-20", "03/04/2020"), OTHER.format("well").replace(",well,,", ",well,0.5,")
    rows = [day.replace("in_progress", "well"), share, GOOD.replace("01-01", "02-01").replace(",40,", ",0.25,")]
    first = _report(*rows, GOOD.replace("2020-01-20", "31/12/2019").replace(",40,", ",1,"))
    first = first.replace(",40,", ",,")
    back = _back((2, day.replace(",40,", ",,")), (3, share.replace("well", "in_progress")))
    ask = report(**{"first.csv": first, "back.csv": back})
    assert ask("SELECT DISTINCT state FROM rejected_row") == [("corrected",)]
    assert ask("""SELECT reported_on::VARCHAR, percent_complete FROM fact_progress WHERE source_file LIKE '%back%'
                  ORDER BY source_row""") == [("2020-04-03", None), ("2020-01-20", 50.0)]


def _withdraw(raw: Path, *rows: str) -> None:
    (raw / "withdrawn.csv").write_text("\n".join(["file,sheet,row,reason", *rows]) + "\n", encoding="utf-8")


def test_a_withdrawn_row_is_no_longer_open(raw: Path, report: Report) -> None:
    _withdraw(raw, "progress/first.csv,,2,Sent by mistake", "progress/minutes.docx,,,These are minutes")
    ask = report(**{"first.csv": _report(BAD, OTHER.format("?")), "minutes.docx": "minutes"})
    assert ask("SELECT source_row, state, withdrawn_reason FROM rejected_row ORDER BY source_file, source_row") == [
        (2, "withdrawn", "Sent by mistake"), (3, "open", None), (None, "withdrawn", "These are minutes"),
    ]  # fmt: skip


def test_all_of_a_file_may_be_withdrawn(raw: Path, report: Report) -> None:
    _withdraw(raw, "progress/first.csv,,,A new report came")
    ask = report(**{"first.csv": _report(GOOD, OTHER.format("?"), OTHER.format("!").replace("01-20", "01-21"))})
    assert ask("SELECT DISTINCT state FROM rejected_row") == [("withdrawn",)]
    assert ask("SELECT count(*) FROM fact_progress") == [(1,)]


def test_what_is_withdrawn_contradicts_nothing(raw: Path, report: Report) -> None:
    _withdraw(raw, "progress/first.csv,,3,A slip of the pen")
    ask = report(**{"first.csv": _report(GOOD, GOOD.replace(",40,", ",50,"))})
    assert ask("SELECT source_row, rule, state FROM rejected_row") == [(3, "contradiction", "withdrawn")]
    assert ask("SELECT source_row, percent_complete FROM fact_progress") == [(2, 40.0)]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["progress/first.csv,,3,no such row"], "withdrawn.csv:2: no row is refused there (any more)"),
        (["progress/first.csv,,4,it is accepted"], "withdrawn.csv:2: no row is refused there (any more)"),
        (["progress/other.csv,,,no such file"], "withdrawn.csv:2: no row is refused there (any more)"),
        (["progress/first.csv,Sheet,2,no such sheet"], "withdrawn.csv:2: no row is refused there (any more)"),
        (["progress/first.csv,,2,a", "progress/first.csv,,2,b"], "the row is withdrawn in line 2 already"),
        (["progress/first.csv,,2,"], "reason: it is blank"),
        ([",,2,a"], "file: it is blank"),
        (["progress/first.csv,,two,a"], "row: it is not the number of a row"),
        (["progress/first.csv,,0,a"], "row: it is not the number of a row"),
        (["progress/first.csv;;2;a"], "the row has 1 cells, not 4"),
    ],
)
def test_withdrawals_that_are_wrong_are_refused(raw: Path, refresh: Run, lines: list[str], said: str) -> None:
    _withdraw(raw, *lines)
    (raw / "progress").mkdir(exist_ok=True)
    (raw / "progress" / "first.csv").write_text(_report(BAD, "", GOOD.replace("01-20", "01-21")), encoding="utf-8")
    done = refresh()
    assert done.returncode == 1
    assert said in done.stderr
    checked = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF)
    assert checked.returncode == 1
    assert said in checked.stderr


def test_a_file_that_is_sent_twice_is_refused_once(report: Report) -> None:
    """Its copy is a repetition, whatever is wrong; what is corrected is corrected in both."""
    unknown = GOOD.replace("01-01,", "01-09,")
    text = _report(
        BAD,
        OTHER.format("?"),
        unknown,
        GOOD.replace("01-01,", "02-01,"),
        GOOD.replace("01-01,", "02-01,").replace(",40,", ",50,"),
    )
    files = {"first.csv": text, "second.csv": text}
    ask = report(**files)
    assert [row[:3] for row in ask(_STATES)] == [("progress/first.csv", row, "open") for row in (2, 3, 4, 5, 6)]
    assert ask("SELECT rows_repeated, rows_rejected FROM dim_progress_file ORDER BY source_file") == [(0, 5), (5, 0)]
    corrected = GOOD.replace("01-01,", "02-01,").replace("01-20", "01-25")
    for file in files:  # the correction of a copy is one of the row that it repeats
        ask = report(**files, **{"third.csv": _back((2, GOOD), (6, corrected), file=f"progress/{file}")})
        assert [row[1:3] for row in ask(_STATES)] == [(2, "corrected"), (3, "open"), (4, "open"), (6, "corrected")]
        assert ask("SELECT reported_on::VARCHAR, percent_complete FROM fact_progress ORDER BY ALL") == [
            ("2020-01-20", 40.0), ("2020-01-20", 40.0), ("2020-01-25", 40.0),
        ]  # fmt: skip


def test_a_workbook_sent_back_twice_is_open_once(report: Report) -> None:
    wrong = _back((2, BAD.replace("well", "good")), (3, OTHER.format("?")))
    ask = report(**{"first.csv": _report(BAD, OTHER.format("?")), "back.csv": wrong, "back copy.csv": wrong})
    assert ask(_STATES) == [
        ("progress/back copy.csv", 2, "open", None, None),
        ("progress/first.csv", 2, "corrected", "progress/back copy.csv", 2),
        ("progress/first.csv", 3, "open", None, None),
    ]


def test_a_first_file_that_was_renamed_is_found_by_its_words(report: Report) -> None:
    """Of a row whose key is at fault nobody knows: another row may say the same."""
    unknown = GOOD.replace("01-01,", "01-09,")
    ask = report(
        **{"renamed.csv": _report(BAD, unknown), "back.csv": _back((2, BAD), (3, unknown), file="progress/first.csv")}
    )
    assert [row[:3] for row in ask(_STATES)] == [
        ("progress/back.csv", 2, "open"), ("progress/back.csv", 3, "open"), ("progress/renamed.csv", 3, "open"),
    ]  # fmt: skip


def test_rows_of_one_file_and_rows_of_unknown_agencies_are_each_refused(report: Report) -> None:
    nobody = ",,2019,2020-01-20,well,,,,"
    ask = report(**{"a.csv": _report(BAD, BAD, nobody), "b.csv": _report(OTHER.format("?"), nobody)})
    assert [row[:2] for row in ask(_STATES)] == [
        ("progress/a.csv", 2), ("progress/a.csv", 3), ("progress/a.csv", 4),
        ("progress/b.csv", 2), ("progress/b.csv", 3),
    ]  # fmt: skip


def test_what_was_withdrawn_does_not_come_back_in_a_copy(raw: Path, report: Report) -> None:
    _withdraw(raw, "progress/second.csv,,2,Sent by mistake")
    ask = report(**{"first.csv": _report(BAD), "second.csv": _report(BAD), "third.csv": _report(BAD)})
    assert [row[:3] for row in ask(_STATES)] == [("progress/second.csv", 2, "withdrawn")]
    _withdraw(raw, "progress/second.csv,,2,Sent by mistake", "progress/first.csv,,,Sent by mistake")
    ask = report(**{"first.csv": _report(BAD), "second.csv": _report(BAD)})
    assert [row[:3] for row in ask(_STATES)] == [
        ("progress/first.csv", 2, "withdrawn"), ("progress/second.csv", 2, "withdrawn"),
    ]  # fmt: skip


def test_a_refused_row_with_an_abbreviation_is_sent_to_that_agency(report: Report) -> None:
    """The row is refused all the same, with the id to write."""
    ask = report(**{"a.csv": _report(GOOD.replace("TJK-MOES", "moes"), GOOD.replace("TJK-MOES", "Minobr"))})
    assert ask("SELECT source_row, agency_id, rule FROM rejected_row ORDER BY source_row") == [
        (2, "TJK-MOES", "agency_not_responsible"), (3, None, "agency_not_responsible"),
    ]  # fmt: skip
