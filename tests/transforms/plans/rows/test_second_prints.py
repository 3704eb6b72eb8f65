"""Rows that look printed twice: one row, two activities, or nothing to decide."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.inline_plan import FIRST_ROW, FOLDER, InlinePlan
from transforms.plans.rows.scope import PrintedRow
from transforms.plans.rows.second_prints import is_same_text, second_prints

SIX = "Train the teachers of primary schools."  # six words
FIVE = "Train teachers of primary schools."
TWO_ROWS = """
1|Bodies (recommendation 1)|1. {first}|2019|AOS, MOE|Done.
||2. {second}|{period}|{agencies}|Done.
"""
DISTINCT = "activity_id,distinct_from,activity_text,reason\n"
TWICE = "activity_id,duplicate_of,activity_text,reason\n"
FIRST, SECOND = "XKX-CRC-2019-01-01", "XKX-CRC-2019-01-02"


def plan(
    first: str = SIX,
    second: str = SIX.replace("primary", "secondary"),
    period: str = "2019",
    agencies: str = "MOE, AOS",
    **tables: str,
) -> InlinePlan:
    """Return a plan with two activities of one measure, similar ones unless the caller says otherwise."""
    rows = TWO_ROWS.format(first=first, second=second, period=period, agencies=agencies)
    return InlinePlan(rows, tables={f"{name}.csv": text for name, text in tables.items()})


def test_short_texts_are_two_activities() -> None:
    short = plan("Establish a council.", "Establish a fund.", "2022", "MOE")
    assert [row[1] for row in short.activities()] == ["Establish a council.", "Establish a fund."]


def test_an_undeclared_pair_is_refused_with_both_remedies() -> None:
    (fault,) = plan().faults()
    line = f"{SECOND},{FIRST},Train the teachers of secondary schools.,<reason>."
    assert fault.startswith(f"{FOLDER}/plan.txt:{FIRST_ROW + 1}: activity {SECOND} says what {FIRST} says (line 5)")
    assert (
        f"one row printed twice, add to {FOLDER}/duplicates.csv, below the heading activity_id,duplicate_of," in fault
    )
    assert f"two activities, add to {FOLDER}/distinct.csv, below the heading activity_id,distinct_from," in fault
    assert fault.count(f"activity_text,reason: {line}") == 2


def test_the_lines_offered_can_be_pasted() -> None:
    text = 'Train "teachers", parents and children in schools.'
    (fault,) = plan(text, text).faults()
    offered = fault.split("activity_text,reason: ")[2].removesuffix(".")
    assert offered == f'{SECOND},{FIRST},"Train ""teachers"", parents and children in schools.",<reason>'
    (unreasoned,) = plan(text, text, distinct=f"{DISTINCT}{offered}\n").faults()
    assert "write the reason in place of the words in angle brackets" in unreasoned
    offered = offered.replace("<reason>", "Two rows of the printed plan.")
    assert plan(text, text, distinct=f"{DISTINCT}{offered}\n").faults() == []
    assert plan(text, text, duplicates=f"{TWICE}{offered}\n").faults() == []


def test_under_two_measures_too() -> None:
    rows = f"""
1|Bodies (recommendation 1)|{SIX}|2019–2020|AOS|Done.
2|More (recommendation 2)|{SIX}|2019- 2020|AOS|Done.
"""
    (fault,) = InlinePlan(rows).faults()
    assert "activity XKX-CRC-2019-02-01 says what XKX-CRC-2019-01-01 says" in fault


@pytest.mark.parametrize(
    "two",
    [
        plan(FIVE, FIVE),
        plan(SIX, FIVE),
        plan(period="2020"),
        plan(period="regularly"),
        plan(agencies="AOS"),
        plan(agencies="AOS, MOE, MOH"),
        plan(second="Train the doctors of secondary schools."),
    ],
    ids=["five words", "six and five", "period", "no years", "fewer agencies", "more agencies", "two words"],
)
def test_what_is_not_taken_for_a_second_print(two: InlinePlan) -> None:
    assert len(two.activities()) == 2


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=9), st.integers(0, 8), st.booleans())
def test_six_words_are_the_boundary(words: list[str], at: int, is_same_period: bool) -> None:
    changed = [*words[: at % len(words)], "x", *words[at % len(words) + 1 :]]
    rows = [
        PrintedRow("A", 1, " ".join(words), (2019, 2019), frozenset("M")),
        PrintedRow("B", 2, " ".join(changed), (2019, 2019) if is_same_period else "2019", frozenset("M")),
    ]
    assert list(second_prints(rows)) == ([tuple(rows)] if len(words) >= 6 and is_same_period else [])


@pytest.mark.parametrize(
    "row",
    [f"{SECOND},{FIRST},Train the teachers of secondary schools.,Two kinds of schools",
     f"{FIRST},{SECOND},{SIX},Two kinds of schools"],
)  # fmt: skip
def test_a_pair_declared_two_activities_in_either_order(row: str) -> None:
    two = plan(distinct=f"{DISTINCT}{row}\n")
    assert len(two.activities()) == 2
    assert two.read()["dim_activity"]["duplicate_of"].isna().all()
    (issue,) = two.issues("similar_rows_kept")
    assert (issue["line_number"], issue["activity_id"], issue["action"]) == (FIRST_ROW + 1, SECOND, "kept")
    assert f"{FIRST} (line {FIRST_ROW})" in issue["message"]
    assert issue["message"].endswith("Two kinds of schools")


def test_three_similar_rows_are_declared_pair_by_pair() -> None:
    rows = "\n".join(f"{'1|Bodies (recommendation 1)' if n == 1 else '|'}|{n}. {SIX}|2019|AOS|Done." for n in (1, 2, 3))
    third = SECOND[:-1] + "3"
    assert len(InlinePlan(rows).faults()) == 3
    cases = {"distinct.csv": f"{DISTINCT}{SECOND},{FIRST},{SIX},x\n"}
    assert len(InlinePlan(rows, tables=cases).faults()) == 2
    cases["duplicates.csv"] = f"{TWICE}{third},{SECOND},{SIX},x\n"
    assert InlinePlan(rows, tables=cases).faults() == []


def distinct(*pairs: tuple[str, str], text: str = SIX) -> str:
    """Return distinct.csv."""
    return DISTINCT + "".join(f"{first_id},{second_id},{text},x\n" for first_id, second_id in pairs)


ONE_ROW = f"{TWICE}{SECOND},{FIRST},{SIX},x\n"
NOT_SIMILAR = "do not seem to be one row printed twice (any more)"
STALE = {
    "another text": (plan(distinct=distinct((SECOND, FIRST))),
                     [f"the case of {FIRST} does not match the document (any more), which prints",
                      f"activity {SECOND} says what"]),
    "another period": (plan(period="2020", distinct=distinct((FIRST, SECOND))), [NOT_SIMILAR]),
    "short texts": (plan(FIVE, FIVE, distinct=distinct((FIRST, SECOND), text=FIVE)), [NOT_SIMILAR]),
    "an activity that is not there": (plan(FIVE, distinct=distinct((FIRST, f"{SECOND}9"), text=FIVE)), [NOT_SIMILAR]),
    "itself": (plan(FIVE, distinct=distinct((FIRST, FIRST), text=FIVE)), [NOT_SIMILAR]),
    "both orders": (plan(SIX, SIX, distinct=distinct((FIRST, SECOND), (SECOND, FIRST))), ["declared again in line 3"]),
    "a second print too": (plan(SIX, SIX, distinct=distinct((SECOND, FIRST)), duplicates=ONE_ROW),
                           ["declared one row printed twice too, in duplicates.csv"]),
    "a second print too, the other way round": (plan(SIX, SIX, distinct=distinct((FIRST, SECOND)), duplicates=ONE_ROW),
                                                ["declared one row printed twice too, in duplicates.csv"]),
}  # fmt: skip


@pytest.mark.parametrize("name", STALE)
def test_cases_that_match_nothing_are_refused(name: str) -> None:
    two, expected = STALE[name]
    faults = two.faults()
    assert len(faults) == len(expected)
    for fault, words in zip(faults, expected, strict=True):
        assert words in fault
    assert f"{FOLDER}/distinct.csv:" in faults[0]


def test_short_texts_may_still_be_declared_second_prints() -> None:
    case = f"{TWICE}{SECOND},{FIRST},Establish the council.,x\n"
    two = plan("Establish a council.", "Establish the council.", duplicates=case)
    assert two.read()["dim_activity"]["duplicate_of"].tolist()[1] == FIRST


# One text in several activities

TEXT_TWICE = f"""
1|Bodies (recommendation 1)|1. {SIX}|2019|AOS|Done.
||2. {FIVE}|2019|AOS|Done.
2|More (recommendation 2)|1. {{second}}|{{period}}|{{agencies}}|Done.
||2. {FIVE}|2020|MOE|Done.
"""


@pytest.mark.parametrize(
    ("second", "period", "agencies", "places"),
    [
        (SIX, "2020", "AOS", 2),
        (SIX.upper(), "2019", "MOE", 2),
        (SIX.replace("the ", ""), "2020", "AOS", 0),
        (SIX.replace("the", "all"), "2020", "AOS", 0),
    ],
)
def test_a_text_under_two_measures_is_one_row(second: str, period: str, agencies: str, places: int) -> None:
    issues = InlinePlan(TEXT_TWICE.format(second=second, period=period, agencies=agencies)).issues(
        "activity_text_repeated"
    )
    assert [(i["line_number"], i["places"]) for i in issues] == ([(FIRST_ROW, places)] if places else [])
    for issue in issues:
        assert f"lines {FIRST_ROW}, {FIRST_ROW + 2}," in issue["message"]


def test_a_declared_pair_is_not_told_again() -> None:
    same = f"{SECOND},{FIRST},{SIX},x\n"
    assert plan(SIX, SIX, duplicates=f"{TWICE}{same}").issues("activity_text_repeated") == []
    two = plan(SIX, SIX, distinct=f"{DISTINCT}{same}")
    assert [len(two.issues(rule)) for rule in ("activity_text_repeated", "similar_rows_kept")] == [0, 1]


def test_the_number_of_a_second_print_is_told_by_that() -> None:
    rows = TWO_ROWS.replace("2. {second}", "{second}").format(first=SIX, second=SIX, period="2019", agencies="AOS, MOE")
    tables = {"duplicates.csv": f"{TWICE}{SECOND},{FIRST},{SIX},x\n"}
    tables["numbering.csv"] = f"activity_id,number_in_source,reason\n{SECOND},,x\n"
    two = InlinePlan(rows, tables=tables)
    assert [len(two.issues(rule)) for rule in ("row_printed_twice", "numbering_exception")] == [1, 0]


_TEXTS = st.lists(st.sampled_from("abcd"), min_size=5, max_size=8).map(" ".join)


@given(st.lists(st.tuples(_TEXTS, st.sampled_from(["2019", "2020"])), max_size=6))
def test_every_pair_of_texts_of_one_period_is_compared(printed: list[tuple[str, str]]) -> None:
    rows = [PrintedRow(str(n), n, text, period, frozenset("M")) for n, (text, period) in enumerate(printed)]
    telling = [row for row in rows if len(row.activity_text.split()) >= 6]
    pairs = [
        (first, second)
        for first, second in combinations(telling, 2)
        if first.period == second.period and is_same_text(first.activity_text, second.activity_text)
    ]
    assert list(second_prints(rows)) == pairs


@pytest.mark.parametrize(
    ("rule", "period", "result"),
    [("result_blank", "2019", ""), ("period_blank", "", "Done."), ("period_without_years", "regularly", "Done.")],
)
def test_what_is_blank_is_not_counted_a_second_time(rule: str, period: str, result: str) -> None:
    rows = f"""
1|Bodies (recommendation 1)|1. {SIX}|{period}|AOS|{result}
||2. {SIX}|{period}|AOS|{result}
||3. Print.|{period}|AOS|{result}
"""
    (issue,) = InlinePlan(rows, tables={"duplicates.csv": ONE_ROW}).issues(rule)
    assert (issue["places"], issue["line_number"]) == (2, FIRST_ROW)
    assert "2 activities" in issue["message"]
