"""Rows without number and period: the rest of a row that a page break cuts, or an activity under merged cells."""

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.inline_plan import FIRST_ROW, FOLDER, InlinePlan
from tests.support.same_plan import Frames, Read, same_plan
from transforms.plans.grammar.cells import begins_list, begins_sentence, is_finished, is_finished_list
from transforms.plans.lines.parsed import Cell, SourceActivity, SourceMeasure
from transforms.plans.lines.table import fill_down

FIRST = "1|Data (recommendation 1)|Build a database on children.|2019-2020|AOS, MOE|Database works."
OWN = "||Publish a yearbook on children.|||Yearbook published."
LAST = "2|School (recommendation 2)|Build schools.|2020|MOE|Schools built."
MERGED = f"{FIRST}\n{OWN}\n{LAST}"
FILL_DOWN = 'fill_down = ["period_text", "agencies"]'
CUT = "activity_id,continuation_text,reason\nXKX-CRC-2019-01-01,Publish a yearbook on children.,Page 2 goes on\n"
READER_S_COUNTS = {  # of MERGED, as a person counts them
    "measures": 2,
    "activities": 3,
    "recommendation_links": 2,
    "agency_links": 5,
    "activity_years": 5,
    "blank_periods": 0,
    "blank_results": 0,
}


# Rejected


def test_a_row_that_may_be_an_activity_is_refused_and_nothing_follows_from_it() -> None:
    (fault,) = InlinePlan(MERGED, expected=READER_S_COUNTS).faults()
    assert fault.startswith(f"{FOLDER}/plan.txt:{FIRST_ROW + 1}: ")
    assert f"the row of line {FIRST_ROW} is finished" in fault
    assert f"{FOLDER}/cuts.csv, below the heading activity_id,continuation_text,reason: XKX-CRC-2019-01-01,Pub" in fault
    assert ",Publish a yearbook on children.,<reason>." in fault
    assert f'{FOLDER}/plan.toml, [layout]: fill_down = ["period_text", "agencies"].' in fault


OWN_ROWS = {
    "agencies and a blank result": "||Publish a yearbook.||MOH|",
    "agencies and result": "||Publish a yearbook.||MOH|Published.",
    "a digit": "||3 yearbooks are published.|||12 copies each.",
    "a bracket and quotation marks": "||(Publish) a yearbook.|||“Yearbook” published.",
    "Russian": "||Издать сборник.|||Сборник издан.",
    "a bullet before a small letter": "||- publish a yearbook.|||• yearbook published.",
    "Georgian, which has no capitals": "||წიგნის გამოცემა.|||გამოცემულია.",
    "a number that is not the next": "||7. Publish a yearbook.|||Published.",
    "after a page break": "\nNo|Measure|Activity|Period|Agency|Result\n||Publish a yearbook.|||Published.",
    "with the rest of the measure's summary": "|(recommendation 1)|Publish a yearbook.|||Published.",
}  # fmt: skip


@pytest.mark.parametrize("row", OWN_ROWS.values(), ids=OWN_ROWS)
def test_rows_that_may_be_activities(row: str) -> None:
    first = FIRST.replace(" (recommendation 1)", "") if "(recommendation 1)" in row else FIRST
    (fault,) = InlinePlan(f"{first}\n{row}\n{LAST}", expected=READER_S_COUNTS).faults()
    assert "an activity of its own" in fault
    assert "cuts.csv" in fault
    assert "fill_down" in fault


@pytest.mark.parametrize(
    "end", [".", "!", "?", "…", "...", ".”", ". »", ".)", "?!", '."', ".“", ".*", ".¹", "।", "。", "։", "።", "؟"]
)
def test_every_end_of_a_sentence(end: str) -> None:
    rows = MERGED.replace("on children.|2019", f"on children{end}|2019").replace("works.", f"works{end}")
    assert len(InlinePlan(rows, expected=READER_S_COUNTS).faults()) == 1


def test_each_doubtful_row_is_refused_and_no_other_fault_follows() -> None:
    """Reject unnumbered rows between numbered ones, with agencies of their own, continuations, later cases."""
    rows = """
1|Data (recommendation 1)|1. Build a database.|2019|AOS|Works.
||Publish a yearbook on||MOE,|Yearbook
||children.||MOH|published.
||Print it in Braille.||AOS|Printed.
||2. Ask the children what they think of it.|2020|MOE|Asked.
||Ask the children what they think of it.|2020|MOE|Asked again.
"""
    tables = {
        "numbering.csv": "activity_id,number_in_source,reason\nXKX-CRC-2019-01-05,,x\n",
        "translations.csv": "id,language,text\nXKX-CRC-2019-01-05,ru,Спросить детей\n",
        "duplicates.csv": "activity_id,duplicate_of,activity_text,reason\n"
        "XKX-CRC-2019-01-05,XKX-CRC-2019-01-04,Ask the children what they think of it.,x\n",
    }
    faults = InlinePlan(rows, tables=tables, expected=READER_S_COUNTS).faults()
    assert [fault.split(": the row has neither")[0] for fault in faults] == [
        f"{FOLDER}/plan.txt:{FIRST_ROW + 1}",
        f"{FOLDER}/plan.txt:{FIRST_ROW + 3}",
    ]
    assert f"the row of line {FIRST_ROW} is" in faults[0]
    assert f"the row of line {FIRST_ROW + 1} is" in faults[1]
    assert "XKX-CRC-2019-01-01,Print it in Braille.,<reason>" in faults[1]  # of the activity, if both are pieces of it


def test_another_fault_is_reported_with_it() -> None:
    faults = InlinePlan(MERGED.replace("|2020|MOE|", "|2020|MOF|"), expected=READER_S_COUNTS).faults()
    assert len(faults) == 2
    assert 'unknown agency: "MOF"' in faults[1]


def test_a_doubtful_row_that_fills_a_blank_column_is_not_a_cut() -> None:
    (fault,) = InlinePlan(MERGED.replace("Database works.", ""), expected=READER_S_COUNTS).faults()
    assert "expected_result, of which nothing stands there" in fault
    assert "fill_down" in fault
    assert "cuts.csv" not in fault
    assert len(InlinePlan(MERGED.replace("Database works.", ""), layout=FILL_DOWN).activities()) == 3


def test_no_declared_case_is_at_fault_because_a_row_is_doubtful() -> None:
    """Declare a second print whose original is in the measure that is in doubt."""
    text = "Ask the children what they think of it."
    rows = f"""
1|Data (recommendation 1)|1. Build a database.|2019|AOS|Works.
||Publish a yearbook.|||Published.
||2. {text}|2020|MOE|Asked.
2|School (recommendation 2)|{text}|2020|MOE|Asked.
"""
    case = f"activity_id,duplicate_of,activity_text,reason\nXKX-CRC-2019-02-01,XKX-CRC-2019-01-03,{text},x\n"
    assert len(InlinePlan(rows, tables={"duplicates.csv": case}, expected=READER_S_COUNTS).faults()) == 1


# Declared


def test_the_same_words_in_another_activity_are_not_declared() -> None:
    rows = f"{MERGED}\n{OWN}"
    cut = CUT.replace("01-01,Publish", "02-01,Publish")
    (fault,) = InlinePlan(rows, tables={"cuts.csv": cut}, expected=READER_S_COUNTS).faults()
    assert fault.startswith(f"{FOLDER}/plan.txt:{FIRST_ROW + 1}: ")


def test_a_title_at_fault_makes_no_fault_of_a_declared_cut() -> None:
    layout = 'fill_down = []\n[[plan]]\ninstrument = "OPSC"\ntitle_phrase = "children"\n[plan.expected]\n'
    layout += "".join(f"{name} = {count}\n" for name, count in READER_S_COUNTS.items())
    faults = InlinePlan(MERGED, layout=layout, periods="", tables={"cuts.csv": CUT}, expected=READER_S_COUNTS).faults()
    assert any("title_phrase of 2 [[plan]]" in fault for fault in faults)
    assert not any("neither number nor period" in fault for fault in faults)


def test_a_declared_cut_is_joined() -> None:
    plan = InlinePlan(MERGED, tables={"cuts.csv": CUT})
    text = "Build a database on children. Publish a yearbook on children."
    assert plan.activities()[0] == ("01-01", text, "2019-2020", "AOS, MOE", "Database works. Yearbook published.")
    assert len(plan.activities()) == 2
    (issue,) = plan.issues("row_cut")
    assert (issue["line_number"], issue["action"]) == (FIRST_ROW + 1, "joined")
    assert issue["message"].endswith("Page 2 goes on")


def test_several_pieces_of_one_row_are_declared_each() -> None:
    rows = f"{FIRST}\n{OWN}\n||Print it.|||Printed.\n{LAST}"
    (fault,) = InlinePlan(rows, tables={"cuts.csv": CUT}, expected=READER_S_COUNTS).faults()
    assert "XKX-CRC-2019-01-01,Print it.,<reason>" in fault
    both = CUT + "XKX-CRC-2019-01-01,Print it.,Page 3\n"
    assert (
        InlinePlan(rows, tables={"cuts.csv": both})
        .activities()[0][1]
        .endswith("Publish a yearbook on children. Print it.")
    )


def test_a_cut_is_declared_among_merged_cells_too() -> None:
    rows = f"{FIRST}\n{OWN}\n||Print it.|||Printed.\n{LAST}"
    cut = CUT.replace("01-01,Publish a yearbook on children.", "01-02,Print it.")
    plan = InlinePlan(rows, layout=FILL_DOWN, tables={"cuts.csv": cut})
    assert [row[1] for row in plan.activities()] == [
        "Build a database on children.", "Publish a yearbook on children. Print it.", "Build schools.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        "XKX-CRC-2019-01-01,Publish a yearbook.,x",  # another text
        "XKX-CRC-2019-01-02,Publish a yearbook on children.,x",  # another activity
        "XKX-CRC-2019-02-01,Build schools.,x",  # a row that no page break cuts
    ],
)
def test_a_cut_that_matches_nothing_is_stale(row: str) -> None:
    declared = CUT.replace("Page 2", "Page two")
    (fault,) = InlinePlan(MERGED, tables={"cuts.csv": f"{declared}{row}\n"}).faults()
    assert "cuts.csv:" in fault
    assert "does not match the document (any more)" in fault


def test_a_cut_that_is_declared_twice_is_stale_once() -> None:
    (fault,) = InlinePlan(MERGED, tables={"cuts.csv": CUT + CUT.splitlines()[1] + "\n"}).faults()
    assert fault.startswith(f"{FOLDER}/cuts.csv:2: ")
    assert "declared again in line 3" in fault


def test_a_declaration_that_is_not_needed_but_true_is_valid() -> None:
    rows = MERGED.replace("Database works.", "Database")
    assert InlinePlan(rows, tables={"cuts.csv": CUT}).activities()[0][4] == "Database Yearbook published."


# Merged cells


def test_merged_cells_are_filled_down_and_each_column_is_an_issue() -> None:
    plan = InlinePlan(MERGED, layout=FILL_DOWN, expected=READER_S_COUNTS)
    assert plan.activities() == [
        ("01-01", "Build a database on children.", "2019-2020", "AOS, MOE", "Database works."),
        ("01-02", "Publish a yearbook on children.", "2019-2020", "AOS, MOE", "Yearbook published."),
        ("02-01", "Build schools.", "2020", "MOE", "Schools built."),
    ]
    issues = [
        (i["line_number"], i["activity_id"], i["column_name"], i["action"], i["places"])
        for i in plan.issues("cell_filled_down")
    ]
    line, activity = FIRST_ROW + 1, "XKX-CRC-2019-01-02"
    assert issues == [(line, activity, "agencies", "filled", 1), (line, activity, "period_text", "filled", 1)]
    assert plan.issues("row_cut") == []


def test_chains_of_merged_rows_and_what_a_page_break_cuts_of_them() -> None:
    """Join a later piece to printed text, never to a filled value; values come from the line that prints them."""
    rows = """
1|Data (recommendation 1)|1. Build a database.|2019|AOS,|It
||of children.||MOE|works.
||2. Publish a yearbook.|||Published.
||3. Print it.||MOH|Printed.
||4. Send copies||| Copies
||to schools.|||sent.
||5. Ask.|2020||Asked.
||6. Answer.|||Answered.
2|School (recommendation 2)|Build.||MOE|Built.
"""
    plan = InlinePlan(rows, layout=FILL_DOWN)
    assert plan.activities()[:-1] == [
        ("01-01", "Build a database. of children.", "2019", "AOS, MOE", "It works."),
        ("01-02", "Publish a yearbook.", "2019", "AOS, MOE", "Published."),
        ("01-03", "Print it.", "2019", "MOH", "Printed."),
        ("01-04", "Send copies to schools.", "2019", "MOH", "Copies sent."),
        ("01-05", "Ask.", "2020", "MOH", "Asked."),
        ("01-06", "Answer.", "2020", "MOH", "Answered."),
    ]
    blank = plan.activities()[-1]
    assert pd.isna(blank[2])  # the first row of a measure has no row above
    filled = {i["column_name"]: (i["places"], i["message"].split(". ")[0]) for i in plan.issues("cell_filled_down")}
    assert filled == {
        "agencies": (4, "XKX-CRC-2019: 4 cells of this column are blank (lines 7, 9, 11-12)"),
        "period_text": (4, "XKX-CRC-2019: 4 cells of this column are blank (lines 7-9, 12)"),
    }


def test_a_filled_cell_is_a_copy() -> None:
    """Add a piece to one of two rows only."""
    rows = [SourceActivity(n, n, {}) for n in (1, 2, 3)]
    rows[0].cells["period_text"] = Cell([(1, "2019")])
    fill_down([SourceMeasure(1, 1, Cell([]), rows)], ["period_text"])
    assert [row.filled_from.get("period_text") for row in rows] == [None, rows[0], rows[0]]
    rows[1].cells["period_text"].pieces.append((4, "- 2020"))
    assert [row.text("period_text") for row in rows] == ["2019", "2019 - 2020", "2019"]


@pytest.mark.parametrize(("columns", "period"), [('"agencies"', None), ('"period_text"', "2019-2020")])
def test_only_the_columns_named_are_filled(columns: str, period: str | None) -> None:
    rows = MERGED.replace(OWN, "||Publish a yearbook on children.||MOH|Yearbook published." if period else OWN)
    plan = InlinePlan(rows, layout=f"fill_down = [{columns}]")
    row = plan.activities()[1]
    assert (None if pd.isna(row[2]) else row[2], row[3]) == (period, "MOH" if period else "AOS, MOE")
    assert [i["column_name"] for i in plan.issues("cell_filled_down")] == ["period_text" if period else "agencies"]


def test_a_blank_agency_says_how_merged_cells_are_declared() -> None:
    rows = MERGED.replace("||Publish", "||2. Publish").replace("Build a d", "1. Build a d")
    (fault,) = (f for f in InlinePlan(rows).faults() if "counts" not in f)
    assert "has no agency" in fault
    assert "fill_down" in fault


def test_among_merged_cells_a_measure_numbers_all_its_activities_or_no_activity() -> None:
    rows = MERGED.replace("Publish", "2. Publish")
    (fault,) = InlinePlan(rows, layout=FILL_DOWN, expected=READER_S_COUNTS).faults()
    assert "prints no number, but the layout asks for 1" in fault
    assert InlinePlan(rows.replace("Build a", "1. Build a"), layout=FILL_DOWN, expected=READER_S_COUNTS).faults() == []


def test_a_correction_of_a_merged_cell_holds_for_every_row_that_it_fills() -> None:
    correction = "id,column_name,old_value,new_value,reason\nXKX-CRC-2019-01-01,period_text,2019-2020,2019-2021,x\n"
    tables = {"corrections.csv": correction}
    plan = InlinePlan(MERGED, layout=FILL_DOWN, tables=tables)
    assert [row[2] for row in plan.activities()] == ["2019-2021", "2019-2021", "2020"]
    (issue,) = plan.issues("corrected")
    assert (issue["activity_id"][-5:], issue["places"]) == ("01-01", 2)
    tables["corrections.csv"] += "XKX-CRC-2019-01-02,period_text,2019-2020,2022,x\n"
    plan = InlinePlan(MERGED, layout=FILL_DOWN, tables=tables)
    assert [row[2] for row in plan.activities()] == ["2019-2021", "2022", "2020"]


def test_columns_that_cannot_be_filled_are_refused() -> None:
    (fault, *_) = InlinePlan(MERGED, layout='fill_down = ["expected_result"]', expected=READER_S_COUNTS).faults()
    assert "layout.fill_down" in fault


# Page breaks without merged cells

CONTINUATIONS = {
    "two sentences in one cell": ("", "||Publish a yearbook on children.|||"),
    "in the middle of the text": ("", "||of the country. Publish a yearbook.|||Yearbook published."),
    "in the middle of the result": ("", "||Publish a yearbook.|||since 2019."),
    "after an unfinished text": ("on children.|on children|", "||Publish a yearbook.|||Yearbook published."),
    "after an unfinished result": ("works.|works|", "||Publish a yearbook.|||Yearbook published."),
    "after a comma between agencies": ("AOS, MOE|AOS,|", "||Publish a yearbook.||MOE|Yearbook published."),
    "after a conjunction between agencies": ("AOS, MOE|AOS and|", "||Publish.||MOE|Published."),
    "a comma before an agency": ("AOS, MOE|AOS|", "||Publish a yearbook.||, MOE|Yearbook published."),
    "a conjunction before an agency": ("AOS, MOE|AOS|", "||Publish a yearbook.||and MOE|Yearbook published."),
    "only agencies and result": ("AOS, MOE|AOS,|", "||||MOE|Yearbook published."),
    "a list with small letters": ("", "||b) publish a yearbook.|||Yearbook published."),
    "the rest of a period": ("2019-2020|2019-|", "||Publish a yearbook.|2020||Yearbook published."),
    "a number cut off its text": ("Build a database on children.|1.|", "||Build a database.|||Yearbook published."),
}


@pytest.mark.parametrize("name", CONTINUATIONS)
def test_page_breaks_inside_sentences_are_joined(name: str) -> None:
    change, row = CONTINUATIONS[name]
    old, new, *_ = [*change.split("|"), ""]
    first = FIRST.replace(old, new, 1) if change else FIRST
    assert first != FIRST or not change
    tables = {"numbering.csv": "activity_id,number_in_source,reason\nXKX-CRC-2019-01-01,1,x\n"} if new == "1." else {}
    aliases = "alias,abbreviation,reason\nAOS and MOE,AOS,x\n" if "conjunction" in name else None
    plan = InlinePlan(f"{first}\n{row}\n{LAST}", tables=tables | ({"aliases.csv": aliases} if aliases else {}))
    activities = plan.activities()
    cells, added = first.split("|")[2:], row.split("|")[2:]
    joined = [" ".join(filter(None, pair)) for pair in zip(cells, added, strict=True)]
    assert len(activities) == 2
    assert activities[0][1].endswith(added[0])
    assert activities[0][4] == joined[3]
    assert plan.read()["source_line"]["role"].tolist().count("continuation") == 1
    assert plan.issues("row_cut") == []  # the role of the line says it


@pytest.mark.property
def test_any_real_row_cut_inside_its_sentences_is_the_same_plan(read: Read, real: Frames, lines: list[str]) -> None:
    """Cut any cell except the number, at least one of them where no sentence ends."""
    rows = [at for at, line in enumerate(lines) if line.count("\t") == 5 and not line.startswith(("#", "1\t2"))]
    rows = [at for at in rows if lines[at].split("\t")[2] != "to families"]  # the one continuation

    @given(st.data())
    @settings(max_examples=examples(60))
    def cut(data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(rows))
        first, second = [], []
        for cell in lines[number].split("\t"):
            words = cell.split(" ")
            inside = [at for at, (a, b) in enumerate(pairwise(words), 1) if not is_finished(a) and not b[:1].isupper()]
            at = data.draw(st.sampled_from([*inside, len(words)]))
            first.append(" ".join(words[:at]))
            second.append(" ".join(words[at:]))
        pieces = ["\t".join(first), "", *(["\t".join(second)] if any(second) else [])]
        same_plan(real, read("\n".join([*lines[:number], *pieces, *lines[number + 1 :]])))

    cut()


# Sentences

_LETTERS = st.text(st.characters(categories=["L"]), min_size=1, max_size=10)


@given(_LETTERS, st.sampled_from(".!?…"), st.text("\"'»”)] ", max_size=3))
def test_finished_sentences(words: str, stop: str, closing: str) -> None:
    assert is_finished(words + stop + closing)
    assert not is_finished(words + closing)
    assert not is_finished(f"{words}{stop} {words}")


@given(st.text("«“( ", max_size=2), st.characters(categories=["Lu", "Lt", "Nd"]), _LETTERS)
def test_beginnings_of_sentences(opening: str, first: str, words: str) -> None:
    assert begins_sentence(opening + first + words)
    small = first.lower()
    assert begins_sentence(opening + small + words) == (small.title() == small or not small[0].islower())


@pytest.mark.parametrize("text", ["MOE,", "MOE;", "MOE-", "MOE –", "MOE —", "MOE and", "MOE AND", "МОН и"])
def test_lists_that_are_not_finished(text: str) -> None:
    assert not is_finished_list(text, ["and", "и"])
    assert is_finished_list(f"{text} MOH", ["and", "и"])


@pytest.mark.parametrize("piece", [", MOE", "; MOE", "and MOE", "And MOE", "И МОН", "and", "other ministries"])
def test_lists_that_go_on(piece: str) -> None:
    assert not begins_list(piece, ["and", "и"])


@pytest.mark.parametrize("piece", ["MOE", "Andijan office", "Иные органы", "12 schools", "MOE and MOH"])
def test_lists_that_begin(piece: str) -> None:
    assert begins_list(piece, ["and", "и"])
