"""Statuses: the words of the forms, and those of executive control in tests/data/progress/status_words.csv."""

import csv
import re
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.enumerations import PROGRESS_STATUSES
from tests.support.paths import ROOT
from transforms.quality.catalogue import message_in
from transforms.reports.cells.statuses import SETTINGS, read_status
from transforms.reports.vocabulary import LANGUAGES, is_placeholder, labels, rows

with (ROOT / "tests" / "data" / "progress" / "status_words.csv").open(encoding="utf-8", newline="") as _file:
    WORDS = list(csv.DictReader(_file))


def _offered(text: str, setting: str) -> set[str]:
    """Return the statuses that the sentence of a refused word names."""
    value, fault = read_status(text, setting)
    assert value is None
    assert fault
    names = {label: code for code, label in labels("statuses", "en").items()}
    return {names[str(state)] for name, state in fault.arguments.items() if name != "text"}


def _expected(rule: str, setting: str) -> tuple[str | None, set[str]]:
    """Return the status that a rule of the list gives, or those that it offers; a rule may be of one setting only."""
    parts = {}
    for part in re.split(r";(?=\w+@)", rule):  # completed@dated;delivered@continuous
        outcome, _, choices = part.partition(":")
        outcome, _, place = outcome.partition("@")
        parts[place or setting] = (outcome, set(re.split(r"[ |;]+", choices)) & set(PROGRESS_STATUSES))
    outcome, choices = parts.get(setting) or parts["continuous"]
    return (None, choices) if outcome == "REFUSE" else (outcome, {outcome})


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word["phrase"])
def test_every_word_of_executive_control(word: dict[str, str]) -> None:
    """Read strong and established words as the list says; refuse the others, naming the status, or read them so."""
    phrase, rule, is_sure = word["phrase"], word["status"], word["confidence"] in ("strong", "established")
    if rule == "BLANK":
        assert is_placeholder(phrase)
        return
    for setting in ("dated", "continuous"):
        status, choices = _expected(rule, setting)
        if rule.startswith("delivered@"):  # the rule delivered_but_dated refuses it, and names both
            status, choices = "delivered", {"delivered"}
        if setting == "dated" and status is None:
            choices = {"completed" if choice == "delivered" else choice for choice in choices}
        value, fault = read_status(phrase, setting)
        if status and (is_sure or value):
            assert (value, fault) == (status, None)
        elif status:
            assert choices <= _offered(phrase, setting) | ({"delivered"} if setting == "dated" else set())
        else:
            assert choices <= _offered(phrase, setting)
            assert "computed" not in rule or "computed from the plan" in str(fault)


def test_statuses_in_every_language() -> None:
    for language in LANGUAGES:
        for code, label in labels("statuses", language).items():
            for text in (label, label.upper(), f" {label}.\u00a0", label.replace(" ", "\n")):
                assert read_status(text) == (code, None)
                assert read_status(text, "form") == (code, None)  # both statuses are offered there: the author chose
            assert all(read_status(code, setting) == (code, None) for setting in SETTINGS)
    assert "Not started, In progress" in str(read_status("almost")[1])


def test_words_of_completion_on_a_continuous_activity() -> None:
    for text in ("Исполнено", "ВЫПОЛНЕНО!", "Исполнена", "Реализованы", "Иҷро шуд", "Иљро шуд", "Done.", "Completed"):
        assert read_status(text)[0] == "completed"
        assert read_status(text, "continuous")[0] == "delivered"
    for text in ("Завершено", "Завершён", "Работа завершена", "Анҷом ёфт", "Анљом ёфт", "completed"):
        assert [read_status(text, setting)[0] for setting in SETTINGS] == ["completed"] * 3
    assert read_status("Исполнено", "form")[0] == "delivered"


def test_a_refused_word_offers_statuses_that_can_be_written() -> None:
    """Check that what a sentence tells people to write, in any language, is read as that status."""
    for _, label, timeframe, *_ in rows("doubtful_statuses"):
        for setting in ("dated", "continuous"):
            value, fault = read_status(label, setting)
            if timeframe == "continuous" and setting == "dated":
                assert value
                continue
            assert value is None
            assert fault
            for language in LANGUAGES:
                written = labels("statuses", language)
                for code in (offered := _offered(label, setting)):
                    assert written[code] in message_in(language, fault.message_id, fault.arguments)
                    assert read_status(written[code])[0] == code
            assert setting != "dated" or "delivered" not in offered


def test_no_word_is_both_read_and_refused() -> None:
    doubtful = {label for _, label, timeframe, *_ in rows("doubtful_statuses") if not timeframe}
    assert not any(read_status(label)[0] for label in doubtful)
    assert {status for _, _, _, status in rows("statuses")} == {"", "delivered"}


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("выполненно", {"completed"}), ("Не выполненно", {"not_started", "in_progress", "suspended"}),
        ("Comleted", {"completed"}), ("Completed?", {"completed"}), ("uncompleted", set()), ("Выполнено на 80%", set()),
        ("100%", set()), ("Completed 12/2019", set()), ("x" * 10_000, set()),
    ],
)  # fmt: skip
def test_misspelt_words_are_refused_with_the_nearest(text: str, offered: set[str]) -> None:
    assert _offered(text, "dated") == offered


@given(st.sampled_from([label for _, _, label, _ in rows("statuses")]), st.sampled_from(["NFC", "NFD", "NFKD"]))
def test_letters_are_the_same_in_one_character_or_two(label: str, form: Literal["NFC", "NFD", "NFKD"]) -> None:
    assert read_status(unicodedata.normalize(form, label)) == read_status(label)
