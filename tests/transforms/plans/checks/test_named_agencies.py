"""Agencies that a text names, and its cell of agencies does not."""

import pytest

from tests.support.inline_plan import InlinePlan


def named(text: str, result: str = "Done.", **tables: str) -> list[tuple[str, str]]:
    """Return what is printed, and the message, of each agency flagged in a plan of one row."""
    row = f"1|Data (recommendation 1)|{text}|2019|AOS|{result}"
    plan = InlinePlan(row, tables={f"{name}.csv": content for name, content in tables.items()})
    return [(i["source_value"], i["message"]) for i in plan.issues("agency_only_in_text")]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Train the staff of MOE.", "MOE"),
        ("Train the MOEs and their staff, with MOE.", "MOEs"),
        ("Train the MOE's staff.", "MOE's"),
        ("Give the Ministry of education data.", "Ministry of education"),
        ("Give AOS the data.", None),
        ("Write a MOEX, and a moe.", None),
        ("Ask the Ministry of Educational Science.", None),
    ],
)
def test_abbreviations_plurals_and_full_names(text: str, printed: str | None) -> None:
    found = named(text)
    assert [value for value, _ in found] == ([printed] if printed else [])
    assert [message for _, message in named("Build it.", text)] == [message for _, message in found]
    is_inflected = bool(printed and printed.startswith("MOE") and printed != "MOE")
    named_as = f"“{printed}”, probably MOE" if is_inflected else "MOE"
    for _, message in found:
        assert message == (
            f"The text names {named_as} (Ministry of Education), which is not among the agencies of this activity."
        )


@pytest.mark.parametrize("agency_type", ["local_authority", "working_group", "collective"])
def test_names_that_many_bodies_bear_name_none(agency_type: str) -> None:
    agencies = f"abbreviation,agency_type,name,reason\nAOS,state_agency,,x\nMOE,{agency_type},,x\nMOH,ministry,,x\n"
    text = "Ask the Ministry of Education and the Ministry of Health."
    assert [value for value, _ in named(text, agencies=agencies)] == ["Ministry of Health"]
    assert [value for value, _ in named("Ask MOE.", agencies=agencies)] == ["MOE"]


def test_a_collective_may_include_the_agency() -> None:
    agencies = "abbreviation,agency_type,name,reason\nAOS,collective,,x\nMOE,ministry,,x\nMOH,ministry,,x\n"
    assert len(named("Ask MOE.")) == 1
    assert named("Ask MOE.", agencies=agencies) == []


def test_an_alias_of_one_word_names_none_and_a_second_print_is_not_told() -> None:
    aliases = "alias,abbreviation,reason\nschools,MOE,x\n"
    rows = "1|Data (recommendation 1)|1. Ask the schools.|2019|AOS|Done.\n||2. Ask.|2020|schools|x."
    assert InlinePlan(rows, tables={"aliases.csv": aliases}).issues("agency_only_in_text") == []
    twice = "1|Data (recommendation 1)|1. Ask MOE.|2019|AOS|Done.\n||2. Ask MOE.|2019|AOS|Done."
    case = "activity_id,duplicate_of,activity_text,reason\nXKX-CRC-2019-01-02,XKX-CRC-2019-01-01,Ask MOE.,x\n"
    for tables, count in (({}, 2), ({"duplicates.csv": case}, 1)):
        assert len(InlinePlan(twice, tables=tables).issues("agency_only_in_text")) == count


def test_an_alias_is_a_name_too() -> None:
    aliases = "alias,abbreviation,reason\nМОН,MOE,x\nSchool Board,MOE,x\n"
    both = "1|Data (recommendation 1)|1. Ask МОН.|2019|AOS|Done.\n||2. Ask the school board.|2020|МОН, School Board|x."
    plan = InlinePlan(both, tables={"aliases.csv": aliases})
    (issue,) = plan.issues("agency_only_in_text")
    assert (issue["source_value"], issue["activity_id"]) == ("МОН", "XKX-CRC-2019-01-01")


def test_an_alias_of_an_unknown_agency_is_refused_and_nothing_else() -> None:
    plan = InlinePlan("1|Data (recommendation 1)|Ask.|2019|AOS|Done.",
                      tables={"aliases.csv": "alias,abbreviation,reason\nMFA,MOFA,x\n"})  # fmt: skip
    assert any("neither the glossary nor" in fault for fault in plan.faults())


def test_letters_of_other_alphabets_that_resemble_those_of_a_name() -> None:
    assert named("Ask the Mınıstry of Education and the MINISTRY OF HEALTH.")[0][0] == "MINISTRY OF HEALTH"
