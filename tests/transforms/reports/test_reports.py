"""Progress reports: what is accepted, repeated, rejected and blank; no line is lost."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.support.command import npa
from tests.support.paths import AS_OF, ROOT
from tests.support.publish import Publish, Report
from tests.support.report_lines import CONTINUOUS, GOOD, HEADINGS, REFUSED


def test_each_rule_refuses_its_line_and_no_other(publish: Publish) -> None:
    """Put all lines in one file: each has its rule, its column and its cells; the good ones next to them count."""
    good = [GOOD.replace("2020-01-20", "2020-02-20"), CONTINUOUS]
    ask = publish(*(line for line, _, _ in REFUSED.values()), *good)
    rejected = ask("SELECT source_row, rule, column_name, message, row_text FROM rejected_row ORDER BY source_row")
    for name, row, (line, rule, column) in zip(REFUSED, rejected, REFUSED.values(), strict=True):
        assert row[1:3] == (rule, column), name
        assert row[0] == list(REFUSED).index(name) + 2
        assert str(row[3]).endswith((".", "?", "2020-04-03 or 2020-03-04")) or "write" in str(row[3]), row[3]
        cells = json.loads(str(row[4]))
        assert [cells[h] for h in HEADINGS.split(",")] == line.split(",")[:9]
    assert ask("SELECT count(*) FROM fact_progress") == [(2,)]
    assert ask("SELECT rows_read, rows_accepted, rows_rejected, rows_repeated, rows_blank FROM dim_progress_file") == [
        (len(REFUSED) + 2, 2, len(REFUSED), 0, 0)
    ]


def test_all_faults_of_a_line_are_reported(report: Report) -> None:
    ask = report("TJK-CRC-2018-01-01,TJK-OO,2019,2020-01-20,well,140,,,ftp://x")
    ((rule, message),) = ask("SELECT rule, message FROM rejected_row")
    assert rule == "agency_not_responsible"
    for words in ("not among the agencies", "TJK-MOES", "no status", "140", "ftp://x"):
        assert words in str(message)
    assert 'Cancelled. "ftp' in str(message)
    assert ask("SELECT column_name, columns_at_fault FROM rejected_row") == [
        ("agency_id", "agency_id, evidence_url, percent_complete, status")
    ]


def test_lines_that_differ_are_all_refused_and_those_that_agree_count_once(report: Report) -> None:
    other = GOOD.replace("TJK-MOES", "TJK-MOJ")
    ask = report(
        GOOD, GOOD.replace("40", "41"), GOOD.replace("40", "0.5"),
        other, other.lower().replace("40", "40 %").replace("in_progress", "In progress"),
        **{"sub/beside.csv": f"{HEADINGS}\n{other}\n"},
    )  # fmt: skip
    assert ask("SELECT agency_id, source_row FROM fact_progress") == [("TJK-MOJ", 5)]
    assert ask("SELECT rule, source_row FROM rejected_row ORDER BY source_row") == [
        ("contradiction", 2), ("contradiction", 3), ("percentage_unreadable", 4)
    ]  # fmt: skip
    ((message,),) = ask("SELECT message FROM rejected_row WHERE source_row = 2")
    assert "report.csv:2, progress/report.csv:3" in str(message)
    assert ask("SELECT sum(rows_repeated) FROM dim_progress_file") == [(2,)]


def test_what_is_accepted(report: Report) -> None:
    ask = report(
        'tjk-сrc-2018-01-01,ТJK-MOES,2019 г.,20.01.2020,Выполнено,"100,0",1 декабря 2019,  two  words ,https://x.tj/a',
        CONTINUOUS,
        ",,,,,,,,",
        GOOD.replace("MOES", "MOJ").replace("2020-01-20", "2030-01-20"),
    )
    assert ask("FROM fact_progress WHERE agency_id = 'TJK-MOES'")[0][:4] == (
        "TJK-CRC-2018-01-01", "TJK-MOES", "_T", "2019"
    )  # fmt: skip
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


def test_done_before_its_window_is_accepted_and_flagged(report: Report) -> None:
    ask = report("TJK-CRC-2018-11-01,TJK-MOJ,2019,2019-02-01,completed,100,2018-06-01,,")
    assert ask("SELECT rule FROM quality_issue WHERE source_file IS NOT NULL") == [("done_before_window",)]


def test_a_corrected_file_takes_the_place_of_the_old_one(publish: Publish) -> None:
    assert publish(GOOD)("SELECT percent_complete FROM fact_progress") == [(40.0,)]
    later = f"{HEADINGS}\n{GOOD.replace('40', '80').replace('01-20', '02-20')}\n"
    ask = publish(GOOD.replace("40", "60"), **{"later.csv": later})
    assert ask("SELECT percent_complete FROM fact_progress ORDER BY 1") == [(60.0,), (80.0,)]
    assert ask("SELECT percent_complete FROM activities WHERE activity_id = 'TJK-CRC-2018-01-01'") == [(80.0,)]


def test_check_reports_what_refresh_finds(raw: Path) -> None:
    text = f"{HEADINGS}\n{GOOD}\n{REFUSED['status unknown'][0]}\n"
    (raw / "progress" / "report.csv").write_text(text, encoding="utf-8")
    run = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF)
    assert run.returncode == 0, run.stderr
    assert "reports: 2 rows of 1 files read = 1 accepted + 0 repeated + 1 rejected + 0 blank" in run.stdout
    assert 'progress/report.csv row 3: "well" is no status' in run.stdout


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
    """Refresh one set of reports twice and expect the same Parquet, whatever the threads and the order of sets."""
    shutil.copytree(ROOT / "examples" / "progress", raw / "progress", dirs_exist_ok=True)
    releases = []
    one = {"OMP_NUM_THREADS": "1", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "4"}
    for name, environment in (("one", one), ("two", {})):
        options = ["--raw", raw, "--warehouse", tmp_path / name, "--as-of", AS_OF, "--runner", "direct"]
        assert npa("refresh", *options, env=environment).returncode == 0
        parquet = tmp_path / name / "current" / "parquet"
        releases.append({p.name: p.read_bytes() for p in parquet.iterdir() if p.name != "release.parquet"})
    assert releases[0] == releases[1]


def test_addresses(report: Report) -> None:
    """Accept a scheme in capitals, reject an address that no browser opens, and ignore an invisible blank."""
    ask = report(GOOD + "HTTPS://example.org/x", CONTINUOUS.replace("OO", "LA") + "http://[::1", CONTINUOUS + "\u00a0")
    assert ask("SELECT evidence_url FROM fact_progress ORDER BY 1") == [("HTTPS://example.org/x",), (None,)]
    assert ask("SELECT rule FROM rejected_row") == [("evidence_not_http",)]


def test_many_contradictions_are_reported_in_short(report: Report) -> None:
    ask = report(*(GOOD.replace(",40,", f",{n / 100},") for n in range(100, 2100)))
    assert ask("SELECT count(*), max(length(message)) < 500 FROM rejected_row") == [(2000, True)]
    assert "and 1995 more" in str(ask("SELECT message FROM rejected_row LIMIT 1"))


def test_codes_next_to_texts(report: Report) -> None:
    """Prefer the label of the form to a looser word over the text."""
    headings = "Мероприятие;Код мероприятия;Код ведомства;Ведомство;Отчётный год;Дата отчёта;Статус;Note;Note"
    lines = ["Review;TJK-CRC-2018-01-01;TJK-MOES;Ministry;2019;2020-01-20;в процессе;one;two",
             "Review;TJK-CRC-2018-01-01;TJK-MOES;Ministry;2019;2020-01-21;well;one;two"]  # fmt: skip
    ask = report(**{"x.csv": "\n".join([headings, *lines])})
    assert ask("SELECT activity_id, agency_id FROM fact_progress") == [("TJK-CRC-2018-01-01", "TJK-MOES")]
    ((text,),) = ask("SELECT row_text FROM rejected_row")
    assert [json.loads(str(text))[name] for name in ("Note", "Note (column 9)")] == ["one", "two"]


def test_characters_that_cannot_be_seen_are_reported(report: Report) -> None:
    ask = report(
        GOOD.replace("40,,", "40,,\u200fTwo\u200d\xa0\t schools"),
        GOOD.replace("01-20", "01-21").replace("40,,", "40,,Ҳисобот — é"),
    )
    assert ask("SELECT result_text FROM fact_progress ORDER BY 1") == [("Two schools",), ("Ҳисобот — é",)]
    assert ask("SELECT rule, line_number, published_value FROM quality_issue WHERE column_name = 'result_text'") == [
        ("invisible_characters", 2, "Two schools")
    ]


def test_what_is_blank(report: Report) -> None:
    """Treat as blank ids that a form has printed, and headings within the table; not a report that is in one cell."""
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
    reported = [
        '"TJK-CRC-2018-01-01,TJK-MOES,2019,2020-01-20,completed"',
        "TJK-CRC-2018-01-01 — completed on 05.05.2019,",
        "TJK-CRC-2018-01-01,TJK-MOES 2019 completed",
        'TJK-CRC-2018-01-01,"Completed, 100 %, May 2019"',
    ]
    ask = report(**{"a.csv": "\n".join([HEADINGS, *blank, *reported]) + "\n"})
    assert ask("SELECT rows_blank, rows_rejected FROM dim_progress_file") == [(len(blank), len(reported))]


def test_distant_days_are_not_confused(report: Report) -> None:
    line = GOOD.replace("MOES", "MOJ")
    ask = report(line.replace("2019,2020-01-20", "2018,2292-10-20"), line.replace("2020-01-20", "2019-01-05"))
    assert ask("SELECT count(*) FROM fact_progress") == [(2,)]


def test_reports_have_their_keys_and_their_order(publish: Publish, tmp_path: Path) -> None:
    """Make the primary key after the rows; Parquet takes their order."""
    days = [f"20{year}-01-{day:02d}" for year in (22, 20, 21) for day in range(28, 0, -1)]
    ask = publish(*(GOOD.replace("2020-01-20", day) for day in days), CONTINUOUS)
    key = "(activity_id, agency_id, reporting_unit, time_period, reported_on)"
    keys = "constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY')"
    constraints = ask(f"SELECT constraint_text FROM duckdb_constraints() WHERE table_name = 'fact_progress' AND {keys}")
    assert sorted(text.replace("main.", "") for (text,) in constraints) == [  # type: ignore[attr-defined]
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


def test_a_claim_of_cancellation_is_listed_until_it_is_taken_back_or_decided(publish: Publish, raw: Path) -> None:
    claims = [GOOD.replace("in_progress,40,,,", "cancelled,,,No funds.,").replace("01-01", f"01-0{n}") for n in (1, 2)]
    claims.append(CONTINUOUS.replace("delivered,,,,", "cancelled,,,No funds.,"))
    taken_back = claims[1].replace("2020-01-20,cancelled", "2020-02-20,in_progress")
    table = (
        "activity_id,day,body,kind,new_end,document,reason\nTJK-CRC-2018-06-01,2020-03-01,Government,cancelled,,x,x\n"
    )
    (raw / "plans" / "tjk-npa-2018" / "decisions.csv").write_text(table, encoding="utf-8")
    ask = publish(*claims, taken_back)
    assert ask("SELECT activity_id, source_value FROM quality_issue WHERE rule = 'cancellation_claimed'") == [
        ("TJK-CRC-2018-01-01", "No funds.")
    ]
    states = ask("""
        SELECT activity_id, reported_status, cancellation_claims FROM activities
        WHERE last_reported_on IS NOT NULL ORDER BY activity_id""")
    assert states == [
        ("TJK-CRC-2018-01-01", "no_evidence", 1), ("TJK-CRC-2018-01-02", "in_progress", 0),
        ("TJK-CRC-2018-06-01", "cancelled", 0),
    ]  # fmt: skip
