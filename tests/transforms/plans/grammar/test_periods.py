"""Phrases of plan.toml, [periods]: none has a year or a date, and one that matches nothing is reported."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.inline_plan import FOLDER, InlinePlan
from transforms.plans.grammar.periods import holds_date
from transforms.reports.vocabulary import meanings

ROWS = "1|Data (recommendation 1)|Build a database.|{period}|AOS|Works."
YEARS = [
    "19-20 гг.", "до конца 19 г.", "end of '20", "FY19", "by the 1st of the month of May",
    "by 2020", "2018", "2018/19", "2018-2020", "2018–2020", "Q1 2019", "до 2020 г.", "2019год", "по2019", "1900",
    "2199", "every year up to 2150", "٢٠١٩", "२०१९", "２０１９", "strategy 2030",
]  # fmt: skip
NUMERIC = [
    "01.09", "1.09", "до 01.09", "31.12.", "1.9.", "01. 09", "01 . 09", "01.09–31.12", "1/9/2019", "1/9/19", "01.09.19",
    "1-9-19", "2018-09-01", "01/09", "1/09", "31/12", "12/31", "ежегодно до 25.01", "０１.０９", "٠١.٠٩",
]  # fmt: skip
DAYS = [
    "31 December", "December 31", "by December 31 every year", "December 31st", "31st of December",
    "the 1st day of September", "annually, 30 June", "31 Dec.", "Dec. 31", "31-Dec", "1 sept", "Sep. 1", "May 5",
    "every 5 May", "31\u00a0December",
    "до 1 сентября", "До 1-го января", "1 сентябрь", "сентября 1", "1 сент.", "31 дек.", "«31» декабря",
    "1–15 сентября",
    "30 июнем", "до 9 мая", "1 мартом", "31 числа декабря", "１ сентября", "1 янв", "28 фев", "5 авг.", "7 ноя",
    "1 майи", "31-уми декабр", "то 31-уми моҳи декабр", "то 31 декабри ҳар сол", "1 январи", "1 июли", "21 марти",
]  # fmt: skip
NO_DATES = [
    "regularly", "permanently", "every 2 years", "3 times a year", "2 раза в год", "1 раз в квартал", "within 30 days",
    "1-2 раза в год", "2–3 times a year", "24/7", "every 1.5 years", "2,5 года", "1/2 of the year", "раз в 5 лет",
    "10 000 copies", "12019", "20190", "1899", "2200", "999", "9:30", "per clause 4.1.2", "per article 3.2",
    "10% a year",
    "in September", "ежегодно в сентябре", "in the first quarter", "to the end of May", "до конца декабря",
    "с мая 2 раза в год", "in May 2 times", "до 25 числа каждого месяца", "quarterly, by day 25", "30 дней, в мае",
    "within 60 days, may be prolonged", "4 marches", "5 decades", "на 2 марки", "3 майских праздника",
    "ду маротиба дар як сол",
    "соле 2 маротиба", "32 December", "0 мая",
]  # fmt: skip


@pytest.mark.parametrize("phrase", YEARS + NUMERIC + DAYS)
def test_phrases_with_a_year_or_a_date(phrase: str) -> None:
    assert holds_date(phrase)
    assert holds_date(f"({phrase.upper()}),")


@pytest.mark.parametrize("phrase", NO_DATES)
def test_phrases_without(phrase: str) -> None:
    assert not holds_date(phrase)


_MONTHS = [(label, int(code)) for label, code in meanings("months").items() if not label.isdecimal()]


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(_MONTHS), st.text("абвgh ", max_size=5))
def test_every_day_in_every_form(day: date, month: tuple[str, int], words: str) -> None:
    """Try the months of report forms too."""
    label = month[0]
    for text in (
        f"{day:%Y}", f"{day:%d.%m}", f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", f"{day.day}/{day.month}/{day.year}",
        f"{day:%d.%m.%y}", f"{day.day} {label}", f"{label} {day.day}", f"{day.day}. {label.title()}",
        f"{label}, {day.day}",
    ):  # fmt: skip
        assert holds_date(f"{words} {text}, {words}")


@given(st.integers(0, 999), st.sampled_from(["times a year", "раза в год", "days", "дней", "маротиба", "%", "schools"]))
def test_small_numbers_are_no_dates(number: int, counted: str) -> None:
    assert not holds_date(f"every {number} {counted}")


@given(st.integers(1900, 2199), st.integers(0, 9), st.booleans())
def test_digits_within_a_longer_number_are_not_a_year(year: int, digit: int, is_before: bool) -> None:
    assert not holds_date(f"{digit}{year} schools" if is_before else f"{year}{digit} schools")


def test_all_phrases_with_a_date_are_refused_at_once() -> None:
    phrases = ["by 2020", "до 1 сентября", "regularly", "Annually by 31.12"]
    periods = "\n".join(f'"{phrase}" = "recurring"' for phrase in phrases) + '\n"soon" = "sometimes"'
    faults = InlinePlan(ROWS.format(period="regularly"), periods=periods).faults()
    assert len(faults) == 4
    dated = [fault for fault in faults if "the phrase holds a year or a date" in fault]
    for fault, phrase in zip(dated, ["Annually by 31.12", "by 2020", "до 1 сентября"], strict=True):
        assert fault.startswith(f'{FOLDER}/plan.toml: periods: the phrase holds a year or a date: "{phrase}". ')
        assert "such as 2018 or 2018-2020" in fault
        assert "correct the cell in corrections.csv" in fault


def test_phrases_that_match_no_period_are_reported() -> None:
    periods = '"regularly" = "recurring"\n"Until  Done" = "until_resolved"\n"as set" = "by_procedure"'
    plan = InlinePlan(ROWS.format(period="Regularly"), periods=periods)
    issues = plan.issues("period_phrase_unused")
    assert [issue["source_value"] for issue in issues] == ["Until Done", "as set"]
    for issue in issues:
        assert (issue["action"], issue["severity"], issue["column_name"]) == ("flagged", "info", "period_text")
        assert pd.isna(issue["line_number"])


@pytest.mark.parametrize(
    ("printed", "phrase", "layout"),
    [
        ("2–3 раза в год", "2–3 раза в год", ""),
        ("2- 3 times", "2- 3 times", ""),
        ("2-3 times a year", "2–3 Times a Year", ""),
        ("до конца уч. г.", "до конца уч. г.", 'year_words = ["г."]'),
        ("until it|AOS|Works.\n|||is done", "until it is done", ""),  # cut by a page break
    ],
)
def test_phrases_that_match_are_not(printed: str, phrase: str, layout: str) -> None:
    rows = ROWS.format(period=printed)
    if "\n" in printed:
        rows = rows.removesuffix("|AOS|Works.")
    plan = InlinePlan(rows, periods=f'"{phrase}" = "recurring"', layout=layout)
    assert plan.read()["dim_activity"]["schedule_kind"].tolist() == ["recurring"]
    assert plan.issues("period_phrase_unused") == []


def test_a_phrase_is_met_by_what_is_published() -> None:
    correction = "id,column_name,old_value,new_value,reason\nXKX-CRC-2019-01-01,period_text,regulary,regularly,x\n"
    plan = InlinePlan(ROWS.format(period="regulary"), tables={"corrections.csv": correction})
    assert plan.issues("period_phrase_unused") == []
