"""Progress reports: what is accepted, repeated, rejected and blank; and that nothing is lost on the way."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from conftest import AS_OF, ROOT, Run, npa
from published_messages import check_messages

HEADINGS = "activity_id,agency_id,time_period,reported_on,status,percent_complete,completed_on,result_text,evidence_url"
GOOD = "TJK-CRC-2018-01-01,TJK-MOES,2019,2020-01-20,in_progress,40,,,"  # dated, 2018-2019
CONTINUOUS = "TJK-CRC-2018-06-01,TJK-OO,2019,2020-01-20,delivered,,,,"

Rows = list[tuple[object, ...]]
Publish = Callable[..., Callable[[str], Rows]]


@pytest.fixture
def publish(refresh: Run, raw: Path, tmp_path: Path) -> Publish:
    """Publish a release with the given lines, or files by name; answers SQL about it."""

    def run(*lines: str, **files: str | bytes) -> Callable[[str], Rows]:
        folder = raw / "progress"
        folder.mkdir(exist_ok=True)
        if lines:
            files |= {"report.csv": "\n".join([HEADINGS, *lines])}
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        done = refresh()
        assert done.returncode == 0, done.stderr
        check_messages(tmp_path / "warehouse" / "current" / "npa.duckdb")

        def ask(sql: str) -> Rows:
            with duckdb.connect(str(tmp_path / "warehouse" / "current" / "npa.duckdb"), read_only=True) as con:
                ((balanced,),) = con.execute("""
                    SELECT coalesce(sum(rows_accepted), 0) = (SELECT count(*) FROM fact_progress)
                       AND coalesce(sum(rows_rejected), 0) = (SELECT count(source_row) FROM rejected_row)
                    FROM dim_progress_file""").fetchall()
                assert balanced
                return con.execute(sql).fetchall()

        return ask

    return run


REFUSED = {
    "activity missing": (GOOD.replace("TJK-CRC-2018-01-01", ""), "activity_missing", "activity_id"),
    "activity unknown": (GOOD.replace("01-01", "01-09"), "activity_unknown", "activity_id"),
    "second print": ("TJK-OPAC-2018-09-02,TJK-MOFA,2019,2020-01-20,in_progress,,,,",
                     "activity_is_second_print", "activity_id"),
    "agency missing": (GOOD.replace("TJK-MOES", " "), "agency_missing", "agency_id"),
    "agency unknown": (GOOD.replace("MOES", "MOEX"), "agency_not_responsible", "agency_id"),
    "agency not responsible": (GOOD.replace("MOES", "OO"), "agency_not_responsible", "agency_id"),
    "year missing": (GOOD.replace(",2019,", ",,"), "year_missing", "time_period"),
    "year unreadable": (GOOD.replace(",2019,", ",last,"), "year_unreadable", "time_period"),
    "day missing": (GOOD.replace("2020-01-20", ""), "day_of_report_missing", "reported_on"),
    "day unreadable": (GOOD.replace("2020-01-20", "2020-02-30"), "day_of_report_unreadable", "reported_on"),
    "day of two conventions": (GOOD.replace("2020-01-20", "03/04/2020"), "day_of_report_unreadable", "reported_on"),
    "status missing": (GOOD.replace("in_progress", ""), "status_missing", "status"),
    "status unknown": (GOOD.replace("in_progress", "well"), "status_unreadable", "status"),
    "percentage of two meanings": (GOOD.replace(",40,", ",0.5,"), "percentage_unreadable", "percent_complete"),
    "percentage out of range": (GOOD.replace(",40,", ",140,"), "percentage_out_of_range", "percent_complete"),
    "completed at 40": (GOOD.replace("in_progress", "completed"), "percentage_against_status", "percent_complete"),
    "not started at 40": (GOOD.replace("in_progress", "not_started"), "percentage_against_status", "percent_complete"),
    "delivered but dated": (GOOD.replace("in_progress,40", "delivered,"), "delivered_but_dated", "status"),
    "before the plan": (GOOD.replace("2019,2020-01-20", "2017,2017-12-31"), "reported_before_plan", "reported_on"),
    "a year to come": (GOOD.replace(",2019,", ",2021,"), "year_after_report", "time_period"),
    "before the window": ("TJK-CRC-2018-11-01,TJK-MOJ,2018,2020-01-20,in_progress,,,,",
                          "year_before_window", "time_period"),
    "completed on without completed": (GOOD.replace("40,,", "40,2019-12-01,"),
                                       "day_of_completion_without_completed", "completed_on"),
    "completed after the report": (GOOD.replace("in_progress,40,", "completed,100,2020-01-21"),
                                   "completed_after_report", "completed_on"),
    "completed before the plan": (GOOD.replace("in_progress,40,", "completed,100,2017-01-21"),
                                  "completed_before_plan", "completed_on"),
    "evidence elsewhere": (GOOD + "javascript:alert(1)", "evidence_not_http", "evidence_url"),
    "too many cells": (GOOD + ",more", "too_many_cells", None),
}  # fmt: skip


def test_each_rule_refuses_its_line_and_no_other(publish: Publish) -> None:
    """All in one file: each line has its rule, its column and its cells; the good ones beside them count."""
    good = [GOOD.replace("2020-01-20", "2020-02-20"), CONTINUOUS]
    ask = publish(*(line for line, _, _ in REFUSED.values()), *good)
    found = ask("SELECT source_row, rule, column_name, message, row_text FROM rejected_row ORDER BY source_row")
    for name, row, (line, rule, column) in zip(REFUSED, found, REFUSED.values(), strict=True):
        assert row[1:3] == (rule, column), name
        assert row[0] == list(REFUSED).index(name) + 2
        assert str(row[3]).endswith((".", "?", "2020-04-03 or 2020-03-04")) or "write" in str(row[3]), row[3]
        cells = json.loads(str(row[4]))
        assert [cells[h] for h in HEADINGS.split(",")] == line.split(",")[:9]
    assert ask("SELECT count(*) FROM fact_progress") == [(2,)]
    assert ask("SELECT rows_read, rows_accepted, rows_rejected, rows_repeated, rows_blank FROM dim_progress_file") == [
        (len(REFUSED) + 2, 2, len(REFUSED), 0, 0)
    ]


def test_all_faults_of_a_line_are_told(publish: Publish) -> None:
    ask = publish("TJK-CRC-2018-01-01,TJK-OO,2019,2020-01-20,well,140,,,ftp://x")
    ((rule, message),) = ask("SELECT rule, message FROM rejected_row")
    assert rule == "agency_not_responsible"
    for words in ("not among the agencies", "TJK-MOES", "no status", "140", "ftp://x"):
        assert words in str(message)
    assert 'Cancelled. "ftp' in str(message)
    assert ask("SELECT column_name, columns_at_fault FROM rejected_row") == [
        ("agency_id", "agency_id, evidence_url, percent_complete, status")
    ]


def test_lines_that_differ_are_all_refused_and_those_that_agree_count_once(publish: Publish) -> None:
    other = GOOD.replace("TJK-MOES", "TJK-MOJ")
    ask = publish(
        GOOD, GOOD.replace("40", "41"), GOOD.replace("40", "0.5"),
        other, other.lower().replace("40", "40 %").replace("in_progress", "In progress"),
        **{"sub/beside.csv": f"{HEADINGS}\n{other}\n"},
    )  # fmt: skip
    assert ask("SELECT agency_id, source_row FROM fact_progress") == [("TJK-MOJ", 5)]
    assert ask("SELECT rule, source_row FROM rejected_row ORDER BY source_row") == [
        ("contradiction", 2), ("contradiction", 3), ("percentage_unreadable", 4)
    ]  # fmt: skip
    ((message,),) = ask("SELECT message FROM rejected_row WHERE source_row = 2")
    assert "report.csv row 2, progress/report.csv row 3" in str(message)
    assert ask("SELECT sum(rows_repeated) FROM dim_progress_file") == [(2,)]


def test_what_is_accepted(publish: Publish) -> None:
    ask = publish(
        'tjk-сrc-2018-01-01,ТJK-MOES,2019 г.,20.01.2020,Выполнено,"100,0",1 декабря 2019,  two  words ,https://x.tj/a',
        CONTINUOUS,
        ",,,,,,,,",
        GOOD.replace("MOES", "MOJ").replace("2020-01-20", "2030-01-20"),
    )
    assert ask("FROM fact_progress WHERE agency_id = 'TJK-MOES'")[0][:3] == ("TJK-CRC-2018-01-01", "TJK-MOES", "2019")
    assert ask("""SELECT reported_on::VARCHAR, effective_on::VARCHAR, status, percent_complete, completed_on::VARCHAR,
                         result_text, evidence_url FROM fact_progress WHERE agency_id = 'TJK-MOES'""") == [
        ("2020-01-20", "2019-12-01", "completed", 100.0, "2019-12-01", "two words", "https://x.tj/a")
    ]
    assert ask("SELECT effective_on::VARCHAR FROM fact_progress WHERE agency_id = 'TJK-OO'") == [("2019-12-31",)]
    issues = ask("""SELECT rule, column_name, line_number, source_value, published_value FROM quality_issue
                    WHERE source_file = 'progress/report.csv' ORDER BY issue_id""")
    assert issues == [
        ("look_alike_letters", "activity_id", 2, "tjk-сrc-2018-01-01", "TJK-CRC-2018-01-01"),
        ("look_alike_letters", "agency_id", 2, "ТJK-MOES", "TJK-MOES"),
        ("reported_after_as_of", "reported_on", 5, "2030-01-20", "2030-01-20"),
    ]
    assert ask("SELECT rows_blank FROM dim_progress_file") == [(1,)]
    assert ask("SELECT reported_status FROM activities WHERE activity_id = 'TJK-CRC-2018-01-01'") == [("completed",)]


def test_done_before_its_window_is_accepted_and_flagged(publish: Publish) -> None:
    ask = publish("TJK-CRC-2018-11-01,TJK-MOJ,2019,2019-02-01,completed,100,2018-06-01,,")
    assert ask("SELECT rule FROM quality_issue WHERE source_file IS NOT NULL") == [("done_before_window",)]


def test_files_that_cannot_be_read_do_not_stop_the_night(publish: Publish, raw: Path) -> None:
    (raw / "progress" / "gone.csv").symlink_to("nowhere")
    ask = publish(GOOD, **{
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


def test_a_corrected_file_takes_the_place_of_the_old_one(publish: Publish) -> None:
    assert publish(GOOD)("SELECT percent_complete FROM fact_progress") == [(40.0,)]
    assert publish(GOOD.replace("40", "60"))("SELECT percent_complete FROM fact_progress") == [(60.0,)]
    ask = publish(**{"later.csv": f"{HEADINGS}\n{GOOD.replace('40', '80').replace('01-20', '02-20')}\n"})
    assert ask("SELECT percent_complete FROM activities WHERE activity_id = 'TJK-CRC-2018-01-01'") == [(80.0,)]


def test_large_and_small_files_are_read_alike(publish: Publish) -> None:
    """From a certain size on DuckDB reads a CSV file itself: the same rows, numbers and refusals must come out."""
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
        ask = publish(*lines, *(line.replace(",,,", f',,"{filling}, and more",') for line in long))
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
true = reading.read_sheets
def changing(path):
    found = true(path)
    path.write_text("other")
    return found
reading.read_sheets = changing
from flows.cli import main
sys.exit(main(["refresh", "--runner", "direct", "--raw", {str(raw)!r}, "--warehouse", {str(tmp_path / "w")!r}]))
"""

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "changed while it was read" in done.stderr) == (3, True), done.stderr
    assert not (tmp_path / "w" / "current").exists()


def test_check_tells_what_refresh_finds(raw: Path) -> None:
    text = f"{HEADINGS}\n{GOOD}\n{REFUSED['status unknown'][0]}\n"
    (raw / "progress" / "report.csv").write_text(text, encoding="utf-8")
    told = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF)
    assert told.returncode == 0, told.stderr
    assert "reports: 2 rows of 1 files read = 1 accepted + 0 repeated + 1 rejected + 0 blank" in told.stdout
    assert 'progress/report.csv row 3: "well" is no status' in told.stdout


# Status, refusals, example


def test_names_of_files_give_a_terminal_no_orders(raw: Path) -> None:
    (raw / "progress" / "a\x1b[31m\nb.csv").write_text(f"{HEADINGS},Remarks\n{GOOD},fine\n", encoding="utf-8")
    (raw / "progress" / "c\x1b[31m.docx").touch()
    found = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF).stdout
    assert "\x1b" not in found
    assert "progress/a\\x1b[31m\\nb.csv row 1: These columns" in found
    assert "progress/c\\x1b[31m.docx: " in found


def test_status_says_first_that_nothing_is_known(warehouse: Path) -> None:
    told = npa("status", "--warehouse", warehouse).stdout
    assert told.splitlines()[:2] == [
        f"128 activities, 62 of them dated, as of {AS_OF}",
        "No reports received: nothing is known to be done, and what is called overdue may well have been done.",
    ]
    assert "overdue 62, of which nothing is reported on 62" in told
    assert "\033" not in told
    in_2018 = npa("status", "--warehouse", warehouse, "--as-of", "2018-12-01", "--plan", "tjk-opsc-2018").stdout
    assert "Due within 90 days (1)" in in_2018 or "Due within 90 days" in in_2018
    assert "TJK-OPSC-2018-01-01" in in_2018


def test_status_formats_and_questions(example: Path) -> None:
    rows = json.loads(npa("status", "--warehouse", example, "--agency", "aos", "--format", "json").stdout)
    kinds = [row["attention"] for row in rows]
    assert kinds == sorted(kinds, key=["overdue", "due within 90 days", "not reported for a year"].index)
    assert all("AOS" in row["agencies"] for row in rows)
    assert npa("status", "--warehouse", example, "--format", "csv").stdout.startswith("attention,activity_id,")
    for wrong, words in ((["--agency", "MOEZ"], "nearest known agency is TJK-MO"), (["--plan", "X"], "TJK-CRC-2018")):
        asked = npa("status", "--warehouse", example, *wrong)
        assert (asked.returncode, words in asked.stderr) == (1, True), asked.stderr


def test_rejected_as_a_workbook_to_send_back(example: Path, tmp_path: Path) -> None:
    """Faults marked in place; put right, it comes in again."""
    from openpyxl import load_workbook

    path = tmp_path / "back.xlsx"
    told = npa("rejected", "--warehouse", example, "--agency", "moes", "--output", path)
    assert told.stdout == f"1 rows refused: {path}\n", told.stderr
    book = load_workbook(path)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    at_fault = sheet.cell(2, headings.index("Percent complete") + 1)
    assert (at_fault.value, at_fault.comment is not None) == ("80", True)
    assert "delivered" in str(sheet.cell(2, len(headings)).value)
    at_fault.value = "100"
    raw = Path(shutil.copytree(ROOT / "raw", tmp_path / "raw"))
    book.save(raw / "progress" / "again.xlsx")
    found = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF).stdout
    assert "reports: 1 rows of 1 files read = 1 accepted" in found


def test_each_fault_of_a_row_is_marked(publish: Publish, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    publish(GOOD.replace(",40,", ",140,") + "ftp://x")
    told = npa("rejected", "--warehouse", tmp_path / "warehouse", "--output", tmp_path / "back.xlsx")
    assert told.returncode == 0, told.stderr
    sheet = load_workbook(tmp_path / "back.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2] if cell.comment] == ["140", "ftp://x"]


def test_rejected_lists(example: Path, warehouse: Path) -> None:
    assert len(json.loads(npa("rejected", "--warehouse", example, "--format", "json").stdout)) == 3
    assert npa("rejected", "--warehouse", warehouse, "--format", "csv").stdout.count("\n") == 1
    assert npa("rejected", "--warehouse", example, "--output", "x.csv").returncode == 2


def test_the_example_says_that_it_is_invented(example: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(example / "current" / "npa.duckdb"), read_only=True) as con:
        files = {row[0] for row in con.execute("SELECT source_file FROM fact_progress").fetchall()}
    assert len(files) == 3
    assert all("invented" in name for name in files)
    refused = npa("refresh", "--runner", "direct", "--raw", ROOT / "examples", "--warehouse", tmp_path / "real")
    assert refused.returncode == 1
    assert "the sources are invented" in refused.stderr
    assert [path.name for path in (ROOT / "raw" / "progress").iterdir()] == ["README.md"]


def test_a_million_rows_are_not_needed_to_see_the_same_bytes(raw: Path, tmp_path: Path) -> None:
    """Two refreshes of one set of reports give the same Parquet, whatever the number of threads."""
    shutil.copytree(ROOT / "examples" / "progress", raw / "progress", dirs_exist_ok=True)
    found = []
    for name, environment in (("one", {"OMP_NUM_THREADS": "1", "TZ": "Asia/Tokyo"}), ("two", {"PYTHONHASHSEED": "3"})):
        given = ["--raw", raw, "--warehouse", tmp_path / name, "--as-of", AS_OF, "--runner", "direct"]
        assert npa("refresh", *given, env=environment).returncode == 0
        parquet = tmp_path / name / "current" / "parquet"
        found.append({p.name: p.read_bytes() for p in parquet.iterdir() if p.name != "release.parquet"})
    assert found[0] == found[1]


# What a hostile monitoring officer found


def test_addresses(publish: Publish) -> None:
    """A scheme in capitals is one; an address that no browser opens is refused; a blank that one cannot see is none."""
    ask = publish(GOOD + "HTTPS://example.org/x", CONTINUOUS.replace("OO", "LA") + "http://[::1", CONTINUOUS + "\u00a0")
    assert ask("SELECT evidence_url FROM fact_progress ORDER BY 1") == [("HTTPS://example.org/x",), (None,)]
    assert ask("SELECT rule FROM rejected_row") == [("evidence_not_http",)]


def test_a_file_whose_name_is_a_pattern(publish: Publish) -> None:
    """DuckDB would read the files that the pattern fits, under the name of one."""
    long = [GOOD.replace("01-20", f"01-{n}").replace(",,,", f',,"{n}{"x" * 100_000}",') for n in range(10, 24)]
    other = [line.replace("MOES", "MOJ") for line in long]
    ask = publish(**{name: "\n".join([HEADINGS, *lines]) for name, lines in (("a*.csv", long), ("ab.csv", other))})
    assert ask("SELECT DISTINCT source_file, agency_id FROM fact_progress ORDER BY 1") == [
        ("progress/a*.csv", "TJK-MOES"),
        ("progress/ab.csv", "TJK-MOJ"),
    ]


def test_many_contradictions_are_told_in_short(publish: Publish) -> None:
    ask = publish(*(GOOD.replace(",40,", f",{n / 100},") for n in range(100, 2100)))
    assert ask("SELECT count(*), max(length(message)) < 500 FROM rejected_row") == [(2000, True)]
    assert "and 1995 more" in str(ask("SELECT message FROM rejected_row LIMIT 1"))


def test_codes_beside_texts(publish: Publish) -> None:
    """The label of the form outweighs a looser word over the text."""
    headings = "Мероприятие;Код мероприятия;Код ведомства;Ведомство;Отчётный год;Дата отчёта;Статус;Note;Note"
    lines = ["Review;TJK-CRC-2018-01-01;TJK-MOES;Ministry;2019;2020-01-20;в процессе;one;two",
             "Review;TJK-CRC-2018-01-01;TJK-MOES;Ministry;2019;2020-01-21;well;one;two"]  # fmt: skip
    ask = publish(**{"x.csv": "\n".join([headings, *lines])})
    assert ask("SELECT activity_id, agency_id FROM fact_progress") == [("TJK-CRC-2018-01-01", "TJK-MOES")]
    ((text,),) = ask("SELECT row_text FROM rejected_row")
    assert [json.loads(str(text))[name] for name in ("Note", "Note (column 9)")] == ["one", "two"]


def test_what_is_no_file_is_told(publish: Publish, raw: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (raw / "progress" / "share").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(raw / "progress" / "pipe.csv")
    ask = publish(GOOD)
    assert ask("SELECT source_file, rule FROM rejected_row ORDER BY 1") == [
        ("progress/pipe.csv", "file_unreadable"),
        ("progress/share", "file_unreadable"),
    ]
    remedies = [
        str(message).split(". ")[-1] for (message,) in ask("SELECT message FROM rejected_row ORDER BY source_file")
    ]
    assert remedies == ["Put a file there that can be, or take it away.", "Put the files themselves there."]


def test_a_link_that_leads_out_of_raw_is_not_followed(publish: Publish, raw: Path, tmp_path: Path) -> None:
    """Its rows would be published as refused, whoever they belong to; a link to another report is one."""
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
    found = ask("SELECT source_file, rows_accepted + rows_repeated FROM dim_progress_file ORDER BY 1")
    assert found == [("progress/below/own.csv", 1), ("progress/inside.csv", 1)]
    assert b"s3cret" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*.duckdb"))


def test_a_folder_that_becomes_a_link_while_it_is_listed(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is opened by its path may be elsewhere by then."""
    from flows.sources.files import read_inputs

    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "own.csv").write_text(f"{HEADINGS}\n{GOOD},s3cret\n", encoding="utf-8")
    (raw / "progress" / "below").symlink_to(tmp_path / "private")
    walk = os.walk
    monkeypatch.setattr(os, "walk", lambda top, **given: walk(top, followlinks=True, **given))
    found = read_inputs(raw).reports["progress/below/own.csv"]
    assert (found.sha256, "leads out" in str(found.fault)) == ("", True)


def test_cells_merged_over_columns_invent_nothing(publish: Publish, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADINGS.split(","))
    sheet.append(["TJK-CRC-2018-01-01", "TJK-MOES", 2019, "2020-01-20", "completed", 100, "2019-12-20"])
    sheet.append(["Measure 2: a heading over the table"])
    sheet.merge_cells("G2:I2")
    sheet.merge_cells("A3:I3")
    book.save(tmp_path / "merged.xlsx")
    ask = publish(**{"merged.xlsx": (tmp_path / "merged.xlsx").read_bytes()})
    assert ask("SELECT completed_on::VARCHAR, result_text, evidence_url FROM fact_progress") == [
        ("2019-12-20", None, None)
    ]
    assert ask("SELECT rows_accepted, rows_blank, rows_rejected FROM dim_progress_file") == [(1, 1, 0)]


def test_characters_that_cannot_be_seen_are_told(publish: Publish) -> None:
    ask = publish(
        GOOD.replace("40,,", "40,,\u200fTwo\u200d\xa0\t schools"),
        GOOD.replace("01-20", "01-21").replace("40,,", "40,,Ҳисобот — é"),
    )
    assert ask("SELECT result_text FROM fact_progress ORDER BY 1") == [("Two schools",), ("Ҳисобот — é",)]
    assert ask("SELECT rule, line_number, published_value FROM quality_issue WHERE column_name = 'result_text'") == [
        ("invisible_characters", 2, "Two schools")
    ]


def test_columns_that_nobody_reads_are_told(publish: Publish) -> None:
    headings = HEADINGS.replace("evidence_url", "evidence link").replace("completed_on", "Expected result") + ",empty"
    ask = publish(**{"a.csv": f"Report,,\n{headings}\n{GOOD.replace('40,,', '40,laws,')}https://x.tj,\n"})
    assert ask("SELECT count(*) FROM fact_progress WHERE evidence_url IS NULL") == [(1,)]
    assert ask("SELECT source_file, line_number, message FROM quality_issue WHERE rule = 'columns_not_read'") == [
        (
            "progress/a.csv",
            2,
            "These columns are none of a report and were not read: “evidence link”. Is one of them misspelt?",
        )
    ]


def test_sheets_beside_a_report_are_left_alone(publish: Publish, tmp_path: Path) -> None:
    """A copy of the plan, our guide without the hidden sheet; what was sent back has columns of its own."""
    from openpyxl import Workbook

    book = Workbook()
    (sheet,) = book.worksheets
    sheet.append([*HEADINGS.split(","), "source_row", "what is wrong, and what to do"])
    sheet.append([*GOOD.split(","), 7, "Nothing."])
    book.create_sheet("Plan").append(["1", "TJK-CRC-2018-01-01", "Laws are reviewed", "completed by 2019"])
    book.create_sheet("Guide").append(["Activity ID", "The id of the activity", "TJK-CRC-2018-01-01"])
    book.save(tmp_path / "a.xlsx")
    ask = publish(**{"a.xlsx": (tmp_path / "a.xlsx").read_bytes()})
    assert ask("SELECT * FROM rejected_row") == []
    assert ask("SELECT * FROM quality_issue WHERE rule = 'columns_not_read'") == []
    assert ask("SELECT count(*) FROM dim_progress_file") == [(3,)]


def test_issues_about_sheets_alike_have_one_order(publish: Publish, tmp_path: Path) -> None:
    """The same input is the same bytes: two sheets may differ by their names alone."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name in "cab":
        sheet = book.create_sheet(name)
        sheet.append([*HEADINGS.split(","), "Remarks"])
        sheet.append([*GOOD.split(","), "fine"])
    book.save(tmp_path / "a.xlsx")
    ask = publish(**{"a.xlsx": (tmp_path / "a.xlsx").read_bytes()})
    told = ask("SELECT message FROM quality_issue WHERE rule = 'columns_not_read' ORDER BY issue_id")
    assert [str(message).split("“")[1][0] for (message,) in told] == ["a", "b", "c"]


def test_reports_without_headings_are_told(publish: Publish, tmp_path: Path) -> None:
    """Page 2 of a table; other sheets may say what they like."""
    from openpyxl import Workbook

    book = Workbook()
    (first,) = book.worksheets
    first.append(HEADINGS.split(","))
    first.append(GOOD.split(","))
    book.create_sheet("page 2").append(GOOD.replace("TJK-CRC", "tjk-crc").split(","))
    book.create_sheet("list").append(["TJK-CRC-2018-01-01", "Laws"])
    book.save(tmp_path / "pages.xlsx")
    ask = publish(**{"pages.xlsx": (tmp_path / "pages.xlsx").read_bytes()})
    ((sheet, rule, message),) = ask("SELECT source_sheet, rule, message FROM rejected_row")
    assert (sheet, rule) == ("page 2", "no_heading")
    assert str(message).startswith("The sheet “page 2” names activities, but has no row of headings")
    assert ask("SELECT source_sheet, rows_accepted FROM dim_progress_file ORDER BY 1") == [
        ("Sheet", 1), ("list", 0), ("page 2", 0),
    ]  # fmt: skip


def test_each_sheet_with_incomplete_headings_is_told(publish: Publish, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for lacking in ("time_period", "status"):
        book.create_sheet(f"no {lacking}").append([name for name in HEADINGS.split(",") if name != lacking])
    book.save(tmp_path / "two.xlsx")
    ask = publish(**{"two.xlsx": (tmp_path / "two.xlsx").read_bytes()})
    assert ask("SELECT source_sheet, rule FROM rejected_row ORDER BY 1") == [
        ("no status", "heading_incomplete"), ("no time_period", "heading_incomplete"),
    ]  # fmt: skip


def test_a_comma_inside_a_number_moves_no_cell(publish: Publish) -> None:
    """Blank cells beyond the headings are usual, and between semicolons nothing can have moved."""
    headings = HEADINGS.replace(",completed_on", "").replace(",evidence_url", "")
    line = "TJK-CRC-2018-01-01,TJK-MOES,2019,2020-01-{},in_progress,{}\n"
    moved = "\n".join([headings, *(line.format(*cells).strip() for cells in ((20, "45,5,"), (21, "46,done,")))])
    ask = publish(**{"a.csv": moved, "b.csv": f"{headings}\n{line.format(22, '47,5,')}".replace(",", ";")})
    assert ask("SELECT rule, source_row FROM rejected_row") == [("too_many_cells", 2)]
    assert ask("SELECT percent_complete, result_text FROM fact_progress ORDER BY 1") == [(46.0, "done"), (47.0, "5")]


def test_what_is_blank(publish: Publish) -> None:
    """Ids that a form has printed, and headings within the table; not a report that stands in one cell."""
    blank = [
        "TJK-CRC-2018-01-01,TJK-MOES",
        "TJK-CRC-2018-99-01,TJK-MOES",
        "tjk-crc-2018-01 -01,",
        ",TJK-MOES",
        "Section 2: laws,",
        "Measure 2,The ministry of education",
        'TJK-CRC-2018-01-01,"TJK-MOES, TJK-MOJ"',
        "Measure TJK-CRC-2018-05: Education,",
        "TJK-CRC-2018-01-02 Train teachers,",
    ]
    told = [
        '"TJK-CRC-2018-01-01,TJK-MOES,2019,2020-01-20,completed"',
        "TJK-CRC-2018-01-01 — completed on 05.05.2019,",
        "TJK-CRC-2018-01-01,TJK-MOES 2019 completed",
        'TJK-CRC-2018-01-01,"Completed, 100 %, May 2019"',
    ]
    ask = publish(**{"a.csv": "\n".join([HEADINGS, *blank, *told]) + "\n"})
    assert ask("SELECT rows_blank, rows_rejected FROM dim_progress_file") == [(len(blank), len(told))]


def test_far_days_do_not_run_into_one_another(publish: Publish) -> None:
    line = GOOD.replace("MOES", "MOJ")
    ask = publish(line.replace("2019,2020-01-20", "2018,2292-10-20"), line.replace("2020-01-20", "2019-01-05"))
    assert ask("SELECT count(*) FROM fact_progress") == [(2,)]


def test_status_of_one_agency_counts_its_own(publish: Publish, tmp_path: Path) -> None:
    publish(GOOD, REFUSED["status unknown"][0])
    told = npa("status", "--warehouse", tmp_path / "warehouse", "--agency", "COYS").stdout
    assert "No reports received" in told
    assert "refused" not in told
    early = npa("status", "--warehouse", tmp_path / "warehouse", "--as-of", "2018-03-01").stdout
    assert "Not reported for a year" not in early


def test_reports_stand_under_their_keys_and_in_their_order(publish: Publish, tmp_path: Path) -> None:
    """The primary key is made after the rows, and Parquet takes their order over."""
    days = [f"20{year}-01-{day:02d}" for year in (22, 20, 21) for day in range(28, 0, -1)]
    ask = publish(*(GOOD.replace("2020-01-20", day) for day in days), CONTINUOUS)
    key = "(activity_id, agency_id, time_period, reported_on)"
    keys = "constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY')"
    found = ask(f"SELECT constraint_text FROM duckdb_constraints() WHERE table_name = 'fact_progress' AND {keys}")
    assert sorted(text.replace("main.", "") for (text,) in found) == [  # type: ignore[attr-defined]
        "FOREIGN KEY (activity_id, agency_id) REFERENCES bridge_activity_agency(activity_id, agency_id)",
        "FOREIGN KEY (time_period) REFERENCES dim_time_period(time_period)",
        f"PRIMARY KEY{key}",
    ]
    release = tmp_path / "warehouse" / "current"
    with duckdb.connect() as con:
        stored = con.execute(f"SELECT {key} FROM '{release / 'parquet' / 'fact_progress.parquet'}'").fetchall()
    assert len(stored) == len(days) + 1
    assert stored == sorted(stored)
    copy = shutil.copy(release / "npa.duckdb", tmp_path / "copy.duckdb")
    with duckdb.connect(str(copy)) as con:
        for column, value in (("source_row", "7"), ("agency_id", "'TJK-OO'"), ("time_period", "'1999'")):
            with pytest.raises(duckdb.ConstraintException):
                con.execute(f"INSERT INTO fact_progress SELECT * REPLACE ({value} AS {column}) FROM fact_progress "
                            "WHERE activity_id = 'TJK-CRC-2018-01-01' LIMIT 1")  # fmt: skip
