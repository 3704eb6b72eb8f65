"""Properties of the parsers: what is printed is read as what was meant, and what means nothing is not read."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.errors import InputProblem
from transforms.plans.grammar.cells import UnreadableNumbers, read_numbers, split_entry, split_number, split_summary
from transforms.plans.grammar.periods import Period, PeriodWords, read_approval, read_period, read_years
from transforms.plans.rows.second_prints import is_same_text
from transforms.text.lines import decode, fold, split

YEARS = st.integers(1900, 2199)
WORDS = PeriodWords({"regularly": "recurring", "until the issue addressed": "until_resolved"}, ("гг.", "г."))
LEAD = ["recommendation", "recommendations", "rec."]
TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=40)


@given(YEARS, YEARS, st.sampled_from(["-", " -", "- ", " - ", "–", " – ", "—"]), st.sampled_from(["", " гг."]))
def test_periods_of_years(first: int, last: int, dash: str, word: str) -> None:
    assert read_period(f"{first}{dash}{last}{word}", WORDS) == Period("year_range", (first, last))
    assert read_period(f"{first}{word}", WORDS) == Period("single_year", (first, first))


@given(TEXT)
def test_a_period_is_a_rule_or_nothing(text: str) -> None:
    period = read_period(fold(text), WORDS)
    assert period is None or period.years or fold(text).casefold() in {"", *WORDS.phrases}


_ITEMS = st.lists(st.tuples(st.integers(1, 99), st.integers(0, 5)), min_size=1, max_size=6)


@given(_ITEMS, st.sampled_from([", ", ",", " and "]), st.sampled_from(["-", " - ", "–"]), st.sampled_from(LEAD))
def test_recommendation_numbers(items: list[tuple[int, int]], separator: str, dash: str, lead: str) -> None:
    printed = separator.join(f"{n}{dash}{n + added}" if added else str(n) for n, added in items)
    parts = split_summary(f"State (of the) funding ({lead.title()} {printed})", LEAD)
    assert parts
    assert parts[0] == "State (of the) funding"
    meant = [number for n, added in items for number in range(n, n + added + 1)]
    assert read_numbers(parts[1], LEAD, ["and"]) == meant


@given(st.text("0123456789-, and", max_size=12))
def test_numbers_are_read_whole_or_not_at_all(text: str) -> None:
    try:
        numbers = read_numbers(f"recommendations {text}", LEAD, ["and"])
    except UnreadableNumbers:
        return
    printed = {int(n) for n in text.replace("-", " ").replace(",", " ").replace("and", " ").split()}
    assert printed <= set(numbers)
    assert all(number > 0 for number in numbers)


@given(
    st.integers(1, 99), TEXT.map(fold).filter(lambda t: t and not t[0].isdigit()), st.sampled_from([". ", ") ", "."])
)
def test_numbers_of_activities(number: int, text: str, mark: str) -> None:
    assert split_number(f"{number}{mark}{text}") == (number, text)


@given(st.from_regex(r"[A-Z]{2,8}(-[A-Z]{2,4})?", fullmatch=True), st.sampled_from(["- ", " - ", " – "]))
def test_glossary_entries(abbreviation: str, dash: str) -> None:
    assert split_entry(f"{abbreviation}{dash}Agency on Well-being") == (abbreviation, "Agency on Well-being")
    assert split_entry(f"the agency{dash}of something") is None


@given(
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    TEXT.map(fold).filter(lambda t: t.replace(" ", "").isalpha()),
    st.sets(st.integers(1, 10)),
)
def test_approval(day: date, name: str, cuts: set[int]) -> None:
    """Put line breaks and page breaks between any two words."""
    words = ["Chairman", "of the", "Commission", "_____", *name.split(" "), '"', f"{day:%d}", '"', f"{day:%m}", "_____"]
    words.append(f"{day:%Y}")
    starts = [0, *sorted(c for c in cuts if c < len(words)), len(words)]
    lines = [(n, " ".join(words[a:b])) for n, (a, b) in enumerate(pairwise(starts), 4)]
    assert read_approval(lines) == (day, f"Chairman of the Commission, {name}")


@pytest.mark.parametrize(
    "text",
    [
        "Chairman _____ _ 19 04 2018",
        "_____ First Last 19 04 2018",
        "Chairman _____ First Last",
        "Chairman _____ First Last 19 04 0018",
        "Chairman _____ First Last 31 02 2018",
        "Chairman _____ First 1 2 2018 Last 3 4 2018",
        "Chairman First Last 19 04 2018",
    ],
)
def test_an_approval_that_does_not_say(text: str) -> None:
    with pytest.raises(InputProblem) as raised:
        read_approval([(4, text)])
    assert raised.value.line == 4


@given(st.integers(1900, 2179), st.integers(0, 20), st.sampled_from(["-", "–", " – "]))
def test_years_of_a_title(first: int, added: int, dash: str) -> None:
    title = f"PLAN on 12 points for {first}{dash}{first + added}"
    assert read_years(title) == (first, first + added)
    assert read_years(f"{title} years") == (first, first + added)
    assert read_years(f"{title}, revising that of 2001-2002") is None
    assert read_years("PLAN for 2018") is None


@given(st.lists(TEXT.map(lambda t: t.replace("\r", "")), min_size=1), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_lines(lines: list[str], end: str, bom: bool) -> None:
    data = ("\ufeff" * bom + end.join([*lines, "x"])).encode()
    text, problems = decode(data, "utf-8", "x")
    assert problems == []
    assert split(text, "x")[0] == [*lines, "x"]


@given(st.lists(st.sampled_from("abcdefgh"), min_size=3, max_size=8), st.integers(0, 7), st.sampled_from("xyz"))
def test_second_prints_differ_in_a_word_at_most(words: list[str], at: int, other: str) -> None:
    at = at % len(words)
    text = " ".join(words)
    assert is_same_text(text, " ".join([*words[:at], *words[at + 1 :]]))
    assert is_same_text(text, " ".join([*words[:at], other, *words[at:]]))
    assert is_same_text(text, " ".join([*words[:at], other, *words[at + 1 :]]).upper())
    assert not is_same_text(text, " ".join([*words[:at], other, other, *words[at:]]))
