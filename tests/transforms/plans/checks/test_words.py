"""Words that are probably misprinted: those that a reader would stop at, and no others."""

import re
from collections import Counter

import duckdb
import pytest

from tests.support.inline_plan import FIRST_ROW, InlinePlan
from transforms.plans.checks.printed_texts import PrintedText
from transforms.plans.checks.words import misprints


def texts(*rows: str) -> list[PrintedText]:
    """Return one text a row."""
    return [PrintedText("XKX-CRC-2019", line, None, "summary", row) for line, row in enumerate(rows, 1)]


def found(frequent: str, *rare: str) -> list[tuple[str, str, int]]:
    """Return the misprints found where a word is in three rows and others are in one each."""
    return [(word, similar, rows) for _, word, similar, rows in misprints(texts(*[frequent] * 3, *rare))]


@pytest.mark.parametrize(
    ("frequent", "misprint"),
    [
        ("implementation", "implemantation"),
        ("implementation", "Implemntation"),
        ("implementation", "implemmentation"),
        ("implementation", "implemetnation"),
        ("children", "chidlren"),
        ("children", "childrne"),  # exchanged letters are no ending
        ("образования", "обрзования"),
        ("Образования", "обарзования"),
        ("ребёнка-инвалидности", "ребенка-инвадидности"),
        ("мактабҳои миёна", "мактбаҳои"),
        ("билим берүүнү өнүктүрүү", "өнкүтүрүү"),
    ],
)
def test_one_letter_in_a_word_is_found(frequent: str, misprint: str) -> None:
    ((word, _, rows),) = found(frequent, misprint)
    assert (misprint.endswith(word), rows) == (True, 3)


@pytest.mark.parametrize(
    ("frequent", "other"),
    [
        ("enact", "enacted"),
        ("recommendation", "recommendations"),
        ("implemented", "implementer"),
        ("migration", "emigration"),
        ("выходит", "входит"),
        ("является", "являются"),
        ("образование", "образовании"),
        ("министерство", "министерству"),
        ("балдарга", "балдарда"),
        ("ребёнок", "ребенок"),
        ("case", "care"),
        ("MOHSPP", "MOHSP"),
        ("children", "child"),
    ],
)
def test_other_forms_and_other_words_are_not(frequent: str, other: str) -> None:
    assert found(frequent, other) == []


def test_a_word_with_relatives_is_not() -> None:
    assert found("presenting", "preventing") == [("preventing", "presenting", 3)]
    assert found("presenting", "preventing", "prevent") == []


def test_a_word_printed_twice_or_like_a_rare_one_is_not() -> None:
    assert found("children", "chidlren", "chidlren") == []
    assert list(misprints(texts("children", "children", "chidlren"))) == []
    assert list(misprints(texts("children, children, children", "children", "chidlren"))) == []  # in two rows


@pytest.mark.parametrize(("often", "seldom"), [("preventing", "presenting"), ("presenting", "preventing")])
def test_of_two_similar_words_the_more_frequent_one_is_named(often: str, seldom: str) -> None:
    rows = texts(*[seldom] * 3, *[often] * 4, "prexenting")
    assert [(word, similar, n) for _, word, similar, n in misprints(rows)] == [("prexenting", often, 4)]


def test_the_real_plan_has_none_and_nearly_every_misprint_put_in_is_found(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("SELECT concat_ws(' ', activity_text, expected_result) FROM dim_activity").fetchall()
    real = [row for (row,) in rows]
    assert list(misprints(texts(*real))) == []
    in_rows = Counter(word for row in real for word in {word.casefold() for word in re.findall(r"\w+", row)})
    frequent = [word for word, n in in_rows.items() if n > 3 and len(word) >= 8]
    missed = []
    for word in frequent:
        misprint = word[:3] + word[4] + word[3] + word[5:] if word[3] != word[4] else word[:3] + word[4:]
        at = next(n for n, row in enumerate(real) if word in row.casefold())
        changed = [*real[:at], real[at].casefold().replace(word, misprint, 1), *real[at + 1 :]]
        if [m[1] for m in misprints(texts(*changed))] != [misprint]:
            missed.append(misprint)
    assert len(frequent) > 50
    assert len(missed) <= len(frequent) / 10, missed


def test_it_is_published_as_printed() -> None:
    rows = "\n".join(f"{n}|Data (recommendation {n})|Adopt legislation {n}.|2019|AOS|Adopted." for n in (1, 2, 3))
    plan = InlinePlan(f"{rows}\n4|Law (recommendation 4)|Legilsation is read.|2019|AOS|Read.")
    (issue,) = plan.issues("probable_misprint")
    assert (issue["line_number"], issue["column_name"]) == (FIRST_ROW + 3, "activity_text")
    assert (issue["source_value"], issue["published_value"]) == ("Legilsation", "Legilsation")
    assert issue["message"] == "“Legilsation” is printed here only, and “legislation” in 3 rows: probably a misprint."


RESULTS = """
1|Data (recommendation 1)|1. Build it.|2019|AOS|Built.
||2. Ask.|2019|AOS|{second}
||3. Print.|2020|AOS|{third}
"""


@pytest.mark.parametrize(
    ("second", "third", "lines"),
    [("Asked", "Printed.", "line 6"), ("Asked.", "Printed.", None), ("Asked", "Printed", None), ("Asked.”", "", None)],
)
def test_a_result_without_a_full_stop_where_most_have_one(second: str, third: str, lines: str | None) -> None:
    messages = [i["message"] for i in InlinePlan(RESULTS.format(second=second, third=third)).issues(
        "result_without_full_stop")]  # fmt: skip
    assert [lines in message for message in messages] == ([True] if lines else [])
