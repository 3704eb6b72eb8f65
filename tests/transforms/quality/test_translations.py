"""Messages in Russian and Tajik: complete, with the right placeholders and forms, and packaged."""

import gettext
import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog

from tests.support.paths import ROOT
from transforms.quality import generate, text
from transforms.quality.catalogue import OWN_WORDS, Arguments, CatalogueError, message, message_in, templates
from transforms.quality.generate import catalogue_files, faults, main, template, translated
from transforms.quality.text import LOCALE
from transforms.reports.vocabulary import LANGUAGES, REQUIRED, labels


def test_catalogues_are_up_to_date_and_whole() -> None:
    assert main(["--check"]) == 0, "run make messages"
    for language in generate.LANGUAGES:
        assert list(faults(translated(language))) == []
    assert {"en", *generate.LANGUAGES} == set(LANGUAGES)


def test_faults_of_a_translation_are_reported() -> None:
    catalog = translated("ru")
    translations: dict[str, Any] = {entry.id if isinstance(entry.id, str) else entry.id[0]: entry for entry in catalog}

    def of(message_id: str) -> Any:
        return translations[templates()[message_id].message]

    of("agency_repeated").string = "Ведомство {abreviation} названо дважды."
    of("agency_only_in_text").string = ""
    of("corrected").flags.add("fuzzy")
    of("too_many_cells").string = ("одна {n}", "две {n}")
    report = "\n".join(faults(catalog))
    assert report.count("\n") == 3
    for words in ("other placeholders", "is not translated", "is fuzzy", "has 2 forms, not 3"):
        assert words in report


@pytest.mark.parametrize(("language", "other"), [("ru", "показател"), ("tg", "қатор")])
def test_a_series_is_called_what_the_glossary_calls_it(language: str, other: str) -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    (row,) = (line.split("|") for line in glossary.splitlines() if line.startswith("| series (`statistic_id`)"))
    word = row[{"ru": 3, "tg": 4}[language]].strip()
    called = [entry for entry in translated(language) if re.search(r"\b(the|a|Such) series\b", str(entry.id))]
    assert called
    for entry in called:
        printed = str(entry.string)
        assert word in printed
        assert other not in printed


def test_stale_catalogues_are_reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def changed() -> Catalog:
        catalog = template()
        catalog.add("A new message.")
        return catalog

    monkeypatch.setattr(generate, "template", changed)
    assert main(["--check"]) == 1
    output = capsys.readouterr().err
    assert 'ru: "A new message." is not translated' in output
    assert output.count("is stale: run make messages") == 3  # .pot, and two .po; an empty translation is not compiled


@pytest.mark.parametrize(("n", "form"), [(1, "1 значение"), (2, "2 значения"), (5, "5 значений"), (21, "21 значение")])
def test_russian_cases_follow_the_number(n: int, form: str) -> None:
    assert f"{form} напечатан" in message_in("ru", "value_respelled", {"n": n, "text": "2 ", "value": "2"})


@pytest.mark.parametrize(
    ("n", "form"),
    [
        (0, "0 ячеек"),
        (1, "1 ячейку"),
        (2, "2 ячейки"),
        (5, "5 ячеек"),
        (11, "11 ячеек"),
        (21, "21 ячейку"),
        (22, "22 ячейки"),
    ],
)
def test_russian_has_three_forms(n: int, form: str) -> None:
    assert f"на {form} больше" in message_in("ru", "too_many_cells", {"n": n})


def test_tajik_nouns_stay_in_the_singular() -> None:
    for n in (0, 1, 2, 5, 21):
        assert f"{n} катакча зиёд" in message_in("tg", "too_many_cells", {"n": n})


def test_every_message_exists_in_every_language() -> None:
    odd = "{n} %s “é” {{}}"
    for definition in templates().values():
        arguments: dict[str, str | int] = {name: 5 if name == "n" else odd for name in definition.placeholders}
        english = message_in("en", definition.message_id, arguments)
        assert english == str(message(definition.message_id, **arguments))
        for language in generate.LANGUAGES:
            sentence = message_in(language, definition.message_id, arguments)
            if re.search("[a-z]", re.sub(r"\{\w+\}|https?://\S*", "", definition.message)):  # some have only figures
                assert sentence != english
                assert re.search("[а-яё]", sentence)
            assert sentence.count(odd) >= len(definition.placeholders - {"n"})


def test_another_language_and_a_missing_translation_are_english(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments: Arguments = {"n": 2, "text": "2 ", "value": "2"}
    english = "2 values are not printed as plain numbers, such as “2 ”, which is read as 2."
    assert message_in("fr", "value_respelled", arguments) == english
    monkeypatch.setattr(text, "_catalogue", lambda _: gettext.NullTranslations())
    assert message_in("ru", "value_respelled", arguments) == english


def test_unknown_messages_and_arguments_raise() -> None:
    with pytest.raises(CatalogueError):
        message_in("ru", "no_such_message", {})
    with pytest.raises(CatalogueError):
        message_in("ru", "agency_repeated", {})


def test_words_of_npa_are_translated_and_those_of_an_agency_are_not() -> None:
    days: Arguments = {"day": 3, "month": "April", "other_day": 4, "other_month": "March", "year": 2019}
    doubtful: Arguments = {"text": "April", **days, "date": "2019-04-03", "other_date": "2019-03-04"}
    sentence = message_in("ru", "day_unreadable.two_readings", doubtful)
    assert sentence.startswith("«April» может означать 3 апреля или 4 марта 2019 г.")
    assert message_in("tg", "corrected", {"reason": "The name says that the series is a share of a whole."}).endswith(
        "кулл аст."
    )
    reading: dict[str, str | int] = dict.fromkeys(templates()["unit_implausible"].placeholders, "1")
    reading["reading"] = "The unit may be wrong: per 100,000 would fit."
    assert "на 100" in message_in("ru", "unit_implausible", reading)
    assert "(пол M)" in message_in("ru", "total_outside_parts", _total())
    assert set(OWN_WORDS) <= {name for definition in templates().values() for name in definition.placeholders}


def _total() -> dict[str, str | int]:
    placeholders = templates()["total_outside_parts"].placeholders
    return {**dict.fromkeys(placeholders, "1"), "breakdown": "sex", "first_code": "M"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_in_sentences_are_those_of_the_forms(language: str) -> None:
    """Check that what a sentence tells people to write is what the readers know."""
    statuses = ", ".join(labels("statuses", language).values())
    assert f" {statuses}." in message_in(language, "status_unreadable", {"text": "?"})
    quoted = "“{}”" if language == "en" else "«{}»"
    headings = ", ".join(quoted.format(labels("columns", language)[name]) for name in REQUIRED)
    assert headings in message_in(language, "no_heading", {"name": "a.csv", "rows": 50})
    months = dict(zip(labels("months", "en").values(), labels("months", language).values(), strict=True))
    for english, month in months.items():
        doubtful = dict.fromkeys(templates()["day_unreadable.two_readings"].placeholders, "1") | {"month": english}
        assert f" 1 {month} " in message_in(language, "day_unreadable.two_readings", doubtful)


def test_files_are_packaged() -> None:
    """Check that git ignores no file, because hatchling packs what git does not ignore."""
    names = {path.relative_to(LOCALE).as_posix() for path in catalogue_files()}
    assert names == {
        "npa.pot",
        *(f"{language}/LC_MESSAGES/npa.{end}" for language in ("ru", "tg") for end in ("po", "mo")),
    }
    ignored = Path(ROOT / ".gitignore").read_text(encoding="utf-8")
    assert ".mo" not in ignored
    assert "locale" not in ignored
