"""The real plan, compared with the printed text: every value, with a second, naive reading."""

import os
import re

import duckdb
import pytest

from tests.support.paths import GOLDEN, ROOT
from tests.support.same_plan import Frames


def test_text_is_unchanged_since_receipt(lines: list[str]) -> None:
    shared = ROOT.parent / "shared" / "plan" / "national-plan-of-action-2018-2022.txt"
    if shared.exists():
        assert "\n".join(lines) == shared.read_bytes().decode()
    assert len(lines) == 214


def test_counts(con: duckdb.DuckDBPyConnection) -> None:
    counts = con.execute("""
        SELECT (SELECT count(*) FROM dim_plan), (SELECT count(*) FROM dim_measure), (SELECT count(*) FROM dim_activity),
               (SELECT count(*) FROM dim_agency WHERE in_glossary), (SELECT count(*) FROM source_line)""").fetchone()
    assert counts == (3, 56, 129, 34, 214)


@pytest.mark.parametrize("name", ["activities", "measures", "agencies", "judgements"])
def test_golden(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Compare the tables as text that a reviewer can read next to the plan; UPDATE_GOLDEN=1 writes it again."""
    text = _GOLDEN[name](con)
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def _activities(con: duckdb.DuckDBPyConnection) -> str:
    rows = con.execute("""
        SELECT activity_id, line_first, line_last, coalesce(number_in_source::VARCHAR, '-'), coalesce(period_text, '-'),
               schedule_kind, timeframe, window_start, window_end, window_source, coalesce(duplicate_of, '-'),
               agencies, activity_text, coalesce(expected_result, '-')
        FROM activities ORDER BY activity_id""").fetchall()
    return "".join(
        f"{i}  lines {a}-{b}  number {n}  period {p}  {k}  {t}  {s} to {e} {w}  duplicate of {d}\n"
        f"    who:    {', '.join(g)}\n    what:   {x}\n    result: {r}\n"
        for i, a, b, n, p, k, t, s, e, w, d, g, x, r in rows
    )


def _measures(con: duckdb.DuckDBPyConnection) -> str:
    rows = con.execute("""
        SELECT measure_id, summary, recommendations_text,
               list(recommendation_id ORDER BY recommendation_id)
        FROM dim_measure JOIN bridge_measure_recommendation USING (measure_id)
        GROUP BY ALL ORDER BY measure_id""").fetchall()
    return "".join(f"{m}  {s}\n    {t}: {', '.join(r)}\n" for m, s, t, r in rows)


def _agencies(con: duckdb.DuckDBPyConnection) -> str:
    rows = con.execute("""
        SELECT agency_id, agency_type, in_glossary, is_collective, name,
               list(alias ORDER BY alias) FILTER (WHERE alias IS NOT NULL)
        FROM dim_agency LEFT JOIN dim_agency_alias USING (agency_id) GROUP BY ALL ORDER BY agency_id""").fetchall()
    return "".join(
        f"{i}  {t}{'' if g else '  not in the glossary'}{'  collective' if c else ''}\n    {n}\n"
        + "".join(f"    also: {alias}\n" for alias in a or [])
        for i, t, g, c, n, a in rows
    )


def _judgements(con: duckdb.DuckDBPyConnection) -> str:
    rows = con.execute("""
        SELECT line_number, rule, severity, action, coalesce(activity_id, '-'), coalesce(column_name, '-'),
               coalesce(source_value, '-'), coalesce(published_value, '-'), message
        FROM quality_issue WHERE document_id IS NOT NULL ORDER BY issue_id""").fetchall()
    return "".join(
        f"line {n}: {r} ({s}, {a}) {i} {c}\n    printed:   {v}\n    published: {p}\n    {m}\n"
        for n, r, s, a, i, c, v, p, m in rows
    )


_GOLDEN = {"activities": _activities, "measures": _measures, "agencies": _agencies, "judgements": _judgements}


def _read_naively(lines: list[str]) -> list[list[str]]:
    """Return rows as a person copies them into a sheet: the one row cut in two is put together by hand."""
    rows: list[list[str]] = []
    plan = 0
    for line in lines:
        plan += line == "NATIONAL PLAN OF ACTION"
        cells = line.split("\t")
        if len(cells) != 6 or cells[0] == "#" or cells[1] == "2":
            continue
        if cells[2] == "to families":
            rows[-1][3] += " to families"
            rows[-1][5] += " MEDT, CWFA, COYS, LA"
            continue
        number = cells[0].rstrip(".") or rows[-1][1]
        rows.append([str(plan), number, *(" ".join(c.split()) for c in cells[1:])])
    return rows


def test_every_value_by_a_second_reading(con: duckdb.DuckDBPyConnection, lines: list[str]) -> None:
    published = con.execute("""
        SELECT a.instrument, a.measure_number, a.measure_summary, m.recommendations_text, a.number_in_source,
               a.activity_text, a.period_text, t.tokens, a.expected_result
        FROM activities a
        JOIN dim_measure m USING (measure_id)
        JOIN (SELECT activity_id, list(token ORDER BY position) AS tokens
              FROM bridge_activity_agency GROUP BY ALL) t USING (activity_id)
        ORDER BY CASE a.instrument WHEN 'CRC' THEN 1 WHEN 'OPSC' THEN 2 ELSE 3 END, a.activity_id""").fetchall()
    rows = _read_naively(lines)
    assert len(rows) == len(published) == 129
    for row, (instrument, measure, summary, bracket, number, text, period, tokens, result) in zip(
        rows, published, strict=True
    ):
        plan, measure_printed, summary_printed, text_printed, period_printed, agencies, result_printed = row
        assert (plan, measure_printed) == (str(["CRC", "OPSC", "OPAC"].index(instrument) + 1), str(measure))
        assert not summary_printed or summary_printed == f"{summary} ({bracket})"
        assert text_printed == (f"{number}. {text}" if number else text)
        assert (period_printed or None, result_printed or None) == (period, result)
        assert tokens == list(dict.fromkeys(agencies.split(", ")))


def test_windows_by_a_second_reading(real: Frames) -> None:
    for row in real["dim_activity"].to_dict("records"):
        years = re.findall(r"\d{4}", row["period_text"] if isinstance(row["period_text"], str) else "")
        first, *_, last = years * 2 or ["2018", "2022"]
        assert (f"{row['window_start']:%F}", f"{row['window_end']:%F}") == (f"{first}-01-01", f"{last}-12-31")


def test_source_is_published_line_by_line(con: duckdb.DuckDBPyConnection, lines: list[str]) -> None:
    rows = con.execute("SELECT coalesce(text, '') FROM source_line ORDER BY line_number").fetchall()
    assert [text for (text,) in rows] == lines


def test_missing_values_are_null_never_empty(con: duckdb.DuckDBPyConnection) -> None:
    text = con.execute("""SELECT table_name, column_name FROM duckdb_columns()
                          WHERE data_type = 'VARCHAR' AND schema_name = 'main' AND NOT internal""").fetchall()
    assert len(text) > 100
    for table, column in text:
        assert con.execute(f"SELECT count(*) FROM {table} WHERE {column} = ''").fetchone() == (0,), (table, column)
