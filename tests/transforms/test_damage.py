"""Damaged texts are told from real ones, in any pair of encodings; texts of other languages are not damaged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.reports.vocabulary import rows
from transforms.text.damage import meant_text
from transforms.text.lost_letters import has_lost_letters

RUSSIAN = [
    "Проведено 12 семинаров для учителей", "Исполнено частично", "Закон принят Парламентом 5 апреля 2019 года",
    "разработан проект положения", "ВЫПОЛНЕНО В СРОК", "Утверждён план мероприятий", "Работа продолжается",
]  # fmt: skip
TAJIK = ["Барои омӯзгорон семинар баргузор гардид", "Қонун қабул шуд", "Ҳуҷҷат таҳия шудааст"]
OTHERS = [
    "Årsberetning for Århus og Ærø", "Öffentliche Förderung für Jugendämter", "Développement à l'école, été à Évreux",
    "Eğitim ve sağlık çalışmaları", "Żółć gęślą jaźń", "Права деце и њихова заштита", "Міністерство освіти України",
    "Беларусь: школьнікаў", "教育部报告", "تقرير الوزارة", "Εκπαίδευση παιδιών", "São Paulo, ação", "ÀÉÎÕÜ", "100 €",
    "Кыргыз Республикасынын өкмөтү", "Қазақстан Республикасының", "Þórður Ægir Óskarsson", "tiếng Việt được",
    "№ 5 «О правах»", "МЗСЗН РТ", "рАБОТА НАД ЗАКОНОМ", "Љумњурии Тољикистон: ќонун ќабул шуд",
]  # fmt: skip
READ_AS = ["cp1251", "cp1252", "latin-1", "cp866", "koi8-r", "mac-cyrillic"]


def _misread(text: str, meant: str, read_as: str) -> str:
    """Return a text as a program shows it that takes one encoding for another; a byte that is none stays."""
    data = text.encode(meant)
    return "".join(chr(byte) if (c := bytes([byte]).decode(read_as, "replace")) == "\ufffd" else c for byte in data)


@pytest.mark.parametrize("read_as", READ_AS)
@pytest.mark.parametrize("text", [*RUSSIAN, *TAJIK])
def test_utf_8_taken_for_a_code_page(text: str, read_as: str) -> None:
    assert meant_text(_misread(text, "utf-8", read_as)) == text


@pytest.mark.parametrize("read_as", READ_AS[:-1])  # Mac Cyrillic has most letters where windows-1251 has them
@pytest.mark.parametrize("meant", ["cp1251", "cp866", "koi8-r"])
def test_one_code_page_taken_for_another(meant: str, read_as: str) -> None:
    for text in RUSSIAN if meant != read_as else []:
        assert meant_text(_misread(text, meant, read_as)) == text, text


def test_a_text_that_is_damaged_in_part() -> None:
    assert meant_text("РџСЂРѕРІРµРґРµРЅРѕ 3 семинара") == "Проведено 3 семинара"
    assert has_lost_letters("? ? ?")


def test_western_signs_in_utf_8() -> None:
    assert meant_text("the childâ€™s rights") == "the child’s rights"
    assert meant_text("cafÃ© MÃ¼ller") == "café Müller"


@pytest.mark.parametrize("text", [*RUSSIAN, *TAJIK, *OTHERS])
def test_real_texts_are_not_damaged(text: str) -> None:
    for written in (text, text.upper(), text.lower(), text.title()):
        assert meant_text(written) is None
        assert not has_lost_letters(written)


def test_no_word_of_the_forms_is_damaged() -> None:
    for name, place in (("statuses", 2), ("columns", 2), ("form", 2), ("doubtful_statuses", 1), ("placeholders", 1)):
        for row in rows(name):
            assert meant_text(row[place]) is None
            assert not has_lost_letters(row[place])


@pytest.mark.parametrize("text", [*RUSSIAN, *TAJIK])
def test_letters_that_a_code_page_does_not_have(text: str) -> None:
    """Save a text in an encoding without its letters: all are lost, or those that only Tajik has."""
    assert has_lost_letters(text.encode("cp1252", "replace").decode("cp1252"))
    tajik = text.encode("cp1251", "replace").decode("cp1251")
    assert has_lost_letters(tajik) == ("?" in tajik)
    assert has_lost_letters(text.replace(text[3], "\ufffd"))


@pytest.mark.parametrize(
    "text",
    [
        "Готово?",
        "Что? Где? Когда???",
        "Да?Нет",
        "https://x.tj/a?id=1&b=?c",
        "см. x.tj/?page=2",
        "100%",
        "Правда ?",
    ],
)
def test_questions_are_not_damaged(text: str) -> None:
    assert not has_lost_letters(text)


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    meant_text(text)
    assert not has_lost_letters(text.replace("?", "").replace("\ufffd", ""))
