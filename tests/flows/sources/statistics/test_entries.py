"""Entries of dataset.toml that match nothing, columns that vanished, a retrieved_on that is still to come."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.command import Run
from tests.support.one_data_set import HEAD, PLAIN, Load, Loaded

ROW = "SI_POV_NAHC,TJ,2019,1\n"
SEXED = "SERIES,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE\n"
TOML = "statistics/test/dataset.toml"


def unused(loaded: Loaded) -> dict[str, str]:
    """Return the entries that match nothing, by section."""
    assert not loaded.faults
    issues = [issue for issue in loaded.statistics.issues if issue["rule"] == "dataset_entry_unused"]
    assert {issue["source_file"] for issue in issues} <= {TOML}
    return {issue["arguments"]["section"]: issue["arguments"]["entries"] for issue in issues}


@pytest.mark.parametrize(
    ("toml", "section", "entries"),
    [
        ('repeats_differ_in = ["NOTE"]\n', "repeats_differ_in", '"NOTE"'),
        ('[concepts]\nNOTE = ""\nUNIT = "unit_measure"\n', "concepts", '"NOTE", "UNIT"'),
        ('[codes.ref_area]\nTJ-old = "TJ"\n"" = "TJ"\n', "codes.ref_area", '"TJ-old", ""'),
        ('[codes.sex]\nmen = "M"\n', "codes.sex", '"men"'),  # of a column that the file does not have
        ('[codes.time_period]\n"2019 г." = "2019"\n', "codes.time_period", '"2019 г."'),
        ('[series]\nA = "SI_POV_NAHC"\n', "series", '"A"'),
        ('[marks]\n".." = "O"\n"(#)" = "U"\n', "marks", '"..", "(#)"'),
        ('[marks]\n"" = "O"\n', "marks", '""'),
        ('[keep]\nref_area = ["TJ", "UZ"]\n', "keep.ref_area", '"UZ"'),
        ('[define.age]\nY17 = "17 years old"\n', "define.age", '"Y17"'),
        ('[define.ref_area]\nZZ = { name = "Z" }\nZZ-1 = { name = "Z1", parent_ref_area = "ZZ" }\n', "define.ref_area",
         '"ZZ-1"'),
        ('[define.unit_measure]\nX = "x"\nY = "y"\n[define.statistic_id]\nA = { name = "a", unit_measure = "Y" }\n',
         "define.unit_measure", '"X"'),
    ],
)  # fmt: skip
def test_an_entry_that_matches_nothing_is_reported(load: Load, toml: str, section: str, entries: str) -> None:
    assert unused(load(toml, a=PLAIN + ROW)).get(section) == entries


def test_entries_that_match_are_not_reported(load: Load) -> None:
    toml = """repeats_differ_in = ["NOTE"]
own_codes = ["sex"]
[concepts]
NOTE = ""
Kind = "other_breakdown"
[codes.sex]
men = "M"
"old  men" = "M"
[codes.Kind]
"" = "_T"
x = "y"
[codes.time_period]
"2019 г." = "2019"
[series]
A = "OWN"
[define.statistic_id]
OWN = "own"
[define.sex]
X = "other"
[keep]
ref_area = ["TJ"]
[marks]
"-9" = "M"
"" = "O"
".." = "O"
"""
    rows = "A,TJ,men,2019 г.,-9,n,x\nA,UZ,old  men,2018,..,,\nA,UZ,X,2018,,,\nA,762,F,2018,5,,\n"  # of UZ not kept
    assert unused(load(toml, a="SERIES,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE,NOTE,Kind\n" + rows)) == {}


def test_a_number_that_is_a_mark_is_reported(load: Load) -> None:
    toml = '[marks]\n"0.0" = "O"\n"-99" = "M"\n".." = "O"\n"7" = "O"\n[keep]\nref_area = ["TJ"]\n'
    rows = "".join(
        f"SI_POV_NAHC,TJ,{year},{value}\n" for year, value in enumerate(("0.0", " 0.0", "-99", "..", "0"), 2015)
    )
    loaded = load(toml, a=PLAIN + rows + "SI_POV_NAHC,UZ,2019,0.0\n")
    assert [value for _, value in sorted(loaded.rows("time_period, obs_value"))] == [None, None, None, None, 0]
    notes = [issue for issue in loaded.statistics.issues if issue["rule"] == "number_marked"]
    assert [note["arguments"] for note in notes] == [
        {"n": 1, "text": "-99", "status": "M"},
        {"n": 2, "text": "0.0", "status": "O"},
    ]


def test_an_entry_that_matches_in_one_of_several_files_matches(load: Load) -> None:
    toml = '[concepts]\nNOTE = ""\n[codes.ref_area]\nA = "TJ-KT"\nB = "TJ-SU"\n'
    b = PLAIN.strip() + ",NOTE\nSI_POV_NAHC,B,2019,1,x\n"
    assert unused(load(toml, a=PLAIN + "SI_POV_NAHC,A,2019,1\n", b=b)) == {}


TABLE = """[layout]
labels = { A = "" }
notes = ["Notes", "Gone"]
[layout.groups]
"" = ""
"By sex" = "SEX"
"By age" = "AGE"
[layout.sections]
Births = "SERIES"
Deaths = "SERIES"
[layout.nested]
Men = "Kind"
Women = "Kind"
[concepts]
Kind = "other_breakdown"
[series]
Births = "SI_POV_NAHC"
[constants]
ref_area = "TJ"
[marks]
"(#)" = "U"
"#*" = "P"
"""


def test_headings_notes_and_marks_of_a_table_are_reported_too(load: Load) -> None:
    loaded = load(TABLE, a="Items,2018\nBirths,\nBy  sex,\nF,1\nM,(2)\nNotes,\nMen,3\n")
    assert unused(loaded) == {
        "layout.groups": '"By age"',
        "layout.notes": '"Gone"', "layout.sections": '"Deaths"', "layout.nested": '"Women"',
        "marks": '"#*"',
    }  # fmt: skip


def test_a_breakdown_that_no_file_has_any_more_is_refused(load: Load) -> None:
    toml = '[concepts]\nSex = "sex"\nKind = "other_breakdown"\n'
    faults = load(toml, a=PLAIN + ROW).faults
    assert (
        f'{TOML}: [concepts] makes a breakdown of a column that no file has: the rows would be its total: "Sex"'
        in faults
    )
    assert '"Kind"' in faults
    assert load("", a=PLAIN + ROW).counts == (1, 1, 0, 0)  # the remedy


def test_a_breakdown_that_one_file_of_a_series_lacks_is_reported(load: Load) -> None:
    def missing(toml: str, **files: str) -> list[tuple[str, Any]]:
        loaded = load(toml, **files)
        assert not loaded.faults
        issues = [issue for issue in loaded.statistics.issues if issue["rule"] == "breakdown_missing"]
        return [(issue["source_file"], issue["arguments"]) for issue in issues]

    sexed = SEXED + "SI_POV_NAHC,TJ,M,2019,1\n"
    files = {"a": sexed, "b": PLAIN + "SI_POV_NAHC,TJ,2020,1\n", "c": PLAIN + "SI_POV_NAHC,TJ,2021,1\n"}
    assert missing("", **files) == [("statistics/test/b.csv", {"n": 2, "column": "sex"})]
    assert missing('[constants]\nsex = "F"\n', **files) == []
    assert missing('[codes.sex]\n"" = "_T"\n', **files) == []
    assert missing("", a=sexed, b=PLAIN + "SH_DYN_MORT,TJ,2020,1\n") == []  # another series has breakdowns of its own


def test_a_day_of_retrieval_that_is_still_to_come_is_reported(raw: Path, refresh: Run, tmp_path: Path) -> None:
    ahead = {"a": -1, "b": 0, "c": 3, "d": 20_000}
    days = {name: f"{(datetime.now(UTC) + timedelta(days=number)):%Y-%m-%d}" for name, number in ahead.items()}
    for name, day in days.items():
        folder = raw / "statistics" / name
        (folder / "inside").mkdir(parents=True)
        head = HEAD.replace("2026-01-01", day).replace("*.csv", "inside/*.csv").replace("TEST", name.upper())
        (folder / "dataset.toml").write_text(head, encoding="utf-8")
        (folder / "inside" / "a.csv").write_text(PLAIN + ROW, encoding="utf-8")
    assert refresh().returncode == 0
    with duckdb.connect(tmp_path / "warehouse" / "current" / "npa.duckdb", read_only=True) as con:
        issues = con.execute(
            "SELECT source_file, source_value FROM quality_issue WHERE rule = 'retrieved_in_future' ORDER BY ALL"
        ).fetchall()
    assert issues == [(f"statistics/{name}/dataset.toml", days[name]) for name in "cd"]
