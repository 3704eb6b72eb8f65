"""Texts of old Tajik fonts are read in the letters that are meant; texts of other languages stay as they are."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.old_tajik_fonts import has_old_letters, in_real_letters, tajik_texts

MEANT = [
    "Ҷумҳурии Тоҷикистон: қонун қабул шуд", "Кӯдакони маъюб ба мактаб фаро гирифта шуданд",
    "Дар ноҳияи Рӯдакӣ 12 семинар баргузор гардид", "Ҳуҷҷатҳои меъёрӣ таҳия шудаанд", "Ғамхории давлат ба ятимон",
    "Барои омӯзгорони 40 мактаб курсҳо", "ҲУКУМАТИ ҶУМҲУРИИ ТОҶИКИСТОН", "Қарори Ҳукумат аз 3 апрели соли 2019, №5",
    "Нақшаи чорабиниҳо тасдиқ шуд", "Сомонаи вазорат навсозӣ шуд", "Ӯ дар рӯзи кӯдакон сухан ронд",
    "Мактабҳои деҳот",
]  # fmt: skip
OTHERS = [
    "Нова школа у граду Љубљана", "Њихова права", "Министарство рада и социјалне политике: њихова права",
    "Ќе се одржи состанок во Скопје", "Вo Ѓорче Петров се отвори училиште", "Україна надала допомогу", "мрії України",
    "Міністерство освіти України", "Посольство (Україна)", "Ўзбекистон Республикаси", "школьнікаў і настаўнікаў",
    "Ўзбекистон ва Қирғизистон ўртасида", "Магілёўскі выканаўчы камітэт", "на поўдні Беларусі",
]  # fmt: skip
_OLD = str.maketrans("ҶҲҚҒӮӢҷҳқғӯӣ", "ЉЊЌЃЎЇљњќѓўї")


@pytest.mark.parametrize("text", MEANT)
def test_tajik_is_read(text: str) -> None:
    written = text.translate(_OLD)
    assert has_old_letters(written)
    if text != "Ғамхории давлат ба ятимон":  # its only telling word is one of several
        assert tajik_texts([written]) == {written: text}
    assert tajik_texts([written, MEANT[0].translate(_OLD)])[written] == text


@pytest.mark.parametrize("text", OTHERS)
def test_other_languages_stay_as_they_are(text: str) -> None:
    assert tajik_texts([text]).get(text) is None
    assert bool(tajik_texts([text])) != bool(
        set(text) & set("іІєЄјЈҚқ")
    )  # letters that show the language leave no doubt


def test_few_words_are_what_the_rest_of_the_file_is() -> None:
    doubtful = "Тољик-Текстил"
    assert tajik_texts([doubtful]) == {doubtful: None}
    assert tajik_texts([doubtful, MEANT[0].translate(_OLD)])[doubtful] == "Тоҷик-Текстил"
    assert tajik_texts([doubtful], others=["Њолати иљро"])[doubtful] == "Тоҷик-Текстил"
    for text in ("Нова школа у граду Љубљана", "Україна", "Міністерство освіти України"):
        assert tajik_texts([text, MEANT[0].translate(_OLD)]).get(text) is None


def test_texts_in_unicode_are_none_of_these() -> None:
    assert tajik_texts([*MEANT, "Министерство образования", "done", ""]) == {}


@given(st.text(st.sampled_from("ҶҲҚҒӮӢҷҳқғӯӣабв ")))
def test_every_letter_has_its_pair(text: str) -> None:
    assert in_real_letters(text.translate(_OLD)) == text
    assert in_real_letters(text) == text
    assert in_real_letters(normalize("NFD", text.translate(_OLD))) == text
    assert has_old_letters(normalize("NFD", text.translate(_OLD))) == has_old_letters(text.translate(_OLD))
