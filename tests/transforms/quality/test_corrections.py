"""Corrected translations come back: into the catalogues, or they are refused with what is wrong."""

import re
from pathlib import Path

import pytest

from docs.generate.translations_page import translations_page
from transforms.quality import corrections
from transforms.quality.catalogue import message, message_in, rules, templates
from transforms.quality.corrections import corrected, main
from transforms.quality.generate import LANGUAGES
from transforms.reports.vocabulary import labels


def test_corrected_sentences_are_in_the_catalogue() -> None:
    rows = [
        {"id": "agency_missing", "language": "ru", "text": "Нет ведомства."},
        {"id": "too_many_cells", "language": "tg", "text": "{n} катакча зиёд."},
        {"id": "too_many_cells", "language": "ru", "text": "{n} лишняя | {n} лишние | {n} лишних"},
    ]
    catalogs, problems = corrected(rows)
    assert problems == []
    assert catalogs["ru"][templates()["agency_missing"].message].string == "Нет ведомства."
    plural = templates()["too_many_cells"].message
    assert catalogs["tg"][plural].string == ("{n} катакча зиёд.", "{n} катакча зиёд.")
    assert catalogs["ru"][plural].string == ("{n} лишняя", "{n} лишние", "{n} лишних")


def test_what_is_wrong_is_listed_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(corrections, "write_catalogue", pytest.fail)
    file = tmp_path / "corrections.csv"
    file.write_text(
        "id,language,text\nactivity_unknown,ru,Нет такого: {txt}\nno_such,ru,x\nagency_missing,fr,x\n"
        "too_many_cells,ru,{n} лишняя | {n} лишних\nagency_missing,tg,\n",
        encoding="utf-8",
    )
    assert main([str(file)]) == 1
    report = capsys.readouterr().err
    for words in (
        "other placeholders",
        "no sentence no_such",
        "in the language fr",
        "has 2 forms",
        "is not translated",
    ):
        assert words in report
    file.write_text("id,text\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="other columns"):
        main([str(file)])


def test_the_table_has_all_that_an_agency_can_read() -> None:
    page = translations_page()
    for template in templates().values():
        rule = next((rule for rule in rules().values() if rule.message_id == template.message_id.split(".")[0]), None)
        assert (f"| `{template.message_id}` |" in page) == (rule is None or rule.subject == "report")
    for name in ("columns", "statuses", "form"):
        for language in ("en", *LANGUAGES):
            assert all(f" {label} |" in page for label in labels(name, language).values())
    assert len({line.count("|") for line in page.splitlines() if line.startswith("|")}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_among_the_words_are_those_of_the_forms(language: str) -> None:
    for name, placeholder, message_id in (
        ("columns", "missing", "heading_incomplete"),
        ("statuses", "status", "percentage_against_status"),
    ):
        printed = labels(name, language)
        for code, label in labels(name, "en").items():
            arguments = dict.fromkeys(templates()[message_id].placeholders, "1")
            arguments[placeholder] = f"“{label}”" if placeholder == "missing" else label
            assert printed[code] in message_in(language, message_id, arguments)
            assert label in str(message(message_id, **arguments))


# Latin words that a Russian or Tajik sentence keeps: formats, ids as examples, names of files and columns of npa.
_KEPT = re.compile(
    r"xlsx?|ods|csv|CSV|XML|UTF-8|https?|TJK-.*|[a-z_]+\.(csv|toml)|reporting_unit|completed|S[12]|[A-Z]"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_to_agencies_have_no_english_words(language: str) -> None:
    of_others = {rule.message_id for rule in rules().values() if rule.subject != "report"}
    for message_id, template in templates().items():
        if message_id.split(".")[0] in of_others or message_id in ("form.example.evidence_url", "form.page"):
            continue
        sentence = message_in(language, message_id, dict.fromkeys(template.placeholders, 5))
        words = re.findall(r"[A-Za-z][A-Za-z.0-9_-]*", re.sub(r"https?://\S*|raw/[a-z/]+|/[A-Z0-9/-]+", "", sentence))
        assert [word for word in words if not _KEPT.fullmatch(word.rstrip(".-"))] == [], message_id
