"""Abbreviations that nobody explains."""

import pytest

from tests.support.inline_plan import InlinePlan


def unexplained(text: str) -> list[str]:
    """Return the abbreviations flagged in a plan with this activity."""
    rows = f"""
1|Data (recommendation 1)|1. {text}|2019|AOS|Done.
||2. Count the children.|2020|MOE|Counted.
"""
    issues = InlinePlan(rows).issues("abbreviation_unexplained")
    return sorted(i["source_value"] for i in issues if i["message_id"] == "abbreviation_unexplained")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Include CSOs and DPOs.", ["CSOs", "DPOs"]),
        ("Mention the OP II, and PWD.", ["OP II", "PWD"]),
        ("Use EMIS data; EMIS is old.", ["EMIS"]),
        ("Train MoHSP staff.", ["MoHSP"]),
        ("Разработать НПД и КДН.", ["КДН", "НПД"]),
        ("Support Early Childhood Development (ECD) and ECE.", ["ECE"]),
        ("Adopt the НПД (национальный план действий).", []),
        ("Ask the RT (Republic of Testland).", []),
        ("Разработать план (далее – НПД), утвердить НПД.", []),
        ("Open ECD centres. Early development (ECD) is new.", []),
        ("Ask AOS, the MOE and MOHs.", []),  # agencies of the glossary
        ("End stage III of World War II, XXI century, этап ІІ.", []),
        ("Fight HIV/AIDS with the UN; бороться с ВИЧ.", []),
        ("BUILD THE DATABASE OF CHILDREN.", []),
        ("Count ALL children.", ["ALL"]),
        ("Count ALL children, all of them.", []),
        ("Ask McKinsey, Mr. A. B. Smith, the iPhone and plan A.", []),
    ],
)
def test_what_is_an_abbreviation_and_what_explains_it(text: str, expected: list[str]) -> None:
    assert unexplained(text) == expected


def test_one_row_lists_all_lines_of_summaries_texts_and_results() -> None:
    rows = """
1|Law and the UNCRC (recommendation 1)|1. Read the UNCRC.|2019|AOS|The UNCRC is read.
||2. Ask.|2019|AOS|Asked.
2|Law (recommendation 2)|Adopt.|2020|MOE|By the UNCRC.
"""
    (issue,) = InlinePlan(rows).issues("abbreviation_unexplained")
    assert (issue["line_number"], issue["places"], issue["severity"]) == (5, 2, "info")
    assert issue["message"].endswith("“UNCRC”, which is in 2 rows (lines 5, 7).")


def test_the_print_is_that_of_the_first_line() -> None:
    rows = """
1|Law (recommendation 1)|Ask the CSOs.|2019|AOS|Asked.
2|A CSO (recommendation 2)|Ask a CSO.|2020|MOE|Asked.
"""
    (issue,) = InlinePlan(rows).issues("abbreviation_unexplained")
    assert (issue["line_number"], issue["places"], issue["source_value"]) == (5, 2, "CSOs")
    assert "“CSO”, which is in 2 rows (lines 5-6)" in issue["message"]


def test_one_that_a_text_explains_is_still_missing_in_the_glossary() -> None:
    rows = "1|Care (recommendation 1)|Support Early Childhood Development (ECD).|2019|AOS|Families have ECD services.\n"
    (issue,) = InlinePlan(rows).issues("abbreviation_unexplained")
    assert issue["message_id"] == "abbreviation_unexplained.in_text"
    assert issue["message"] == (
        "The glossary does not explain “ECD”, which is in 1 row (line 5); a text of the document does."
    )
