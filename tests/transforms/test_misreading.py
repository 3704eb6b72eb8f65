"""Words of many languages, read in every wrong code page that is met, are found; read rightly, they never are."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel import Locale

from flows.sources.formats.files.damaged_text import lost_letters
from tests.support.paths import ROOT
from transforms.text.lost_letters import has_lost_letters, has_no_letters_left
from transforms.text.misreading import misreading

# Each with its own code page: files of these languages are met.
LANGUAGES = {
    "ru": "cp1251", "bg": "cp1251", "uk": "cp1251", "de": "cp1252", "fr": "cp1252", "da": "cp1252", "sv": "cp1252",
    "es": "cp1252", "pl": "cp1250",
}  # fmt: skip
OTHERS = ("tg", "ky", "kk", "mn", "sr", "uz_Cyrl", "is", "et", "fi", "lt", "lv", "cs", "hu", "ro", "tr", "az", "pt",
          "it", "nl", "nb", "vi", "el", "ar", "fa", "he", "zh", "ja", "ko", "ka", "hy", "th")  # fmt: skip
CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5")
TOGETHER = 8  # labels of one small file


@cache
def labels(language: str) -> list[str]:
    """Return names of countries, languages and currencies, and of months, with letters beyond ASCII."""
    locale = Locale.parse(language)
    names = [*locale.territories.values(), *locale.languages.values(), *locale.currencies.values()]
    names += locale.months["stand-alone"]["wide"].values()
    return [name for name in dict.fromkeys(map(str, names)) if any(c.isalpha() and not c.isascii() for c in name)]


def groups(texts: list[str], most: int = 25) -> Iterator[list[str]]:
    """Yield some groups of texts, from all over the list."""
    step = max(TOGETHER, len(texts) // most)
    yield from (texts[start : start + TOGETHER] for start in range(0, len(texts) - TOGETHER, step))


def wrongly(text: str, meant: str, page: str) -> str:
    """Return a text as a program shows it that reads its bytes in another page: what that lacks, as a control."""
    return "".join(bytes([code]).decode(page, "ignore") or chr(code) for code in text.encode(meant, "ignore"))


def pairs(language: str) -> list[tuple[str, str]]:
    """Return the encodings in which text of a language is, each with one in which it is wrongly read."""
    page = LANGUAGES[language]
    meant = ["utf-8", *(CYRILLIC if page == "cp1251" and language != "uk" else [page])]
    return [(own, other) for own in meant for other in ("cp1252", *CYRILLIC[:3]) if own != other]


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_in_a_wrong_code_page_are_found_and_their_own_named(language: str) -> None:
    found, named, tried = 0, 0, 0
    for meant, page in pairs(language):
        for texts in groups(labels(language), 8):
            damaged = [wrongly(text, meant, page) for text in texts]
            tried += 1
            result = misreading(damaged, page)
            found += (result is not None) + (misreading(damaged) is not None)  # by npa, by a program before
            named += result is not None and result.meaning in " ".join(texts)
    assert found >= 0.95 * 2 * tried, f"{found} of {2 * tried}"
    assert named >= 0.85 * tried, f"{named} of {tried}"


@pytest.mark.parametrize("language", [*LANGUAGES, *OTHERS])
def test_text_of_any_language_is_no_misreading(language: str) -> None:
    texts = labels(language)
    assert misreading(texts) is None
    assert not [alarm for some in groups(texts, 40) if (alarm := misreading(some))]
    page = LANGUAGES.get(language)
    assert page is None or misreading(texts, page) is None
    assert not list(filter(has_lost_letters, texts))


PAGES = {*(ROOT / "docs").rglob("*.md"), *ROOT.glob("transforms/quality/locale/*/*/*.po")}
SHOW_SOME = {ROOT / "docs" / "guides" / f"{name}.md" for name in ("statistics", "monitoring")}


@pytest.mark.parametrize("path", sorted(PAGES - SHOW_SOME))
def test_pages_and_translations_are_no_misreading(path: Path) -> None:
    assert misreading(path.read_text(encoding="utf-8").splitlines()) is None


@pytest.mark.parametrize(
    ("word", "meaning", "encoding"),
    [
        ("Òàäæèêèñòàí", "Таджикистан", "cp1251"),
        ("ÐŸÑ€Ð¸Ñ€Ð¾Ð´Ð°", "Природа", "utf-8"),
        ("РўР°РґР¶РёРєРёСЃС‚Р°РЅ", "Таджикистан", "utf-8"),
        ("пЕЯОСАКХЙЮ", "Республика", "koi8-r"),
        ("BevГ¶lkerung", "Bevölkerung", "utf-8"),
        ("BevÃ¶lkerung", "Bevölkerung", "utf-8"),
        ("Bevцlkerung", "Bevölkerung", "cp1252"),
        ("Цsterreich", "Österreich", "cp1252"),
        ("Ã–sterreich", "Österreich", "utf-8"),
        ("2019â€“2020", "–", "utf-8"),
        ("S³owacja", "Słowacja", "cp1250"),
        ("╥рфцшъшёЄрэ", "Таджикистан", "cp1251"),
    ],
)
def test_single_words(word: str, meaning: str, encoding: str) -> None:
    result = misreading([word])
    assert result is not None
    assert result.meaning == meaning
    if word != "пЕЯОСАКХЙЮ":  # cp1251 read as KOI8-R and the reverse swap the same letters
        assert result.encoding == encoding


@pytest.mark.parametrize(
    "text",
    [
        "Её", "Рёв", "ПЁТР", "мРНК", "кВт·ч", "ГБДД МЧС", "НКВД", "«блок Г»", "LIBERTÉ»", "CAFÉ²", "IRMÃ»", "É°",
        "Nº 5", "её", "Facebookда", "USBи", "webсайт", "AО «Банк»", "Cогд", "Тoҷикистон", "ÄÖÜ", "éèê",
        "Þýðing", "öö", "l’été", "±5 °C", "§ 12", "м²", "µg/m³", "Россия—США", "2018–2022", "10 000 £", "½",
        "Ålesund/Åland",
    ],
)  # fmt: skip
def test_odd_words_that_are_right(text: str) -> None:
    assert misreading([text]) is None
    assert misreading([text] * 3, "cp1251" if any("Ѐ" <= c <= "ӿ" for c in text) else "cp1252") is None


@pytest.mark.parametrize(
    ("texts", "page"),
    [
        (("πληθυσμός", "σύνολο"), "cp1253"), (("السكان", "المجموع"), "cp1256"),
        (("人口普查数据", "总计"), "gb18030"),
    ],
)  # fmt: skip
def test_other_scripts_in_a_western_page(texts: tuple[str, ...], page: str) -> None:
    result = misreading([wrongly(text, page, "cp1252") for text in texts], "cp1252")
    assert result is not None
    assert result.encoding == page


def test_text_that_was_damaged_twice() -> None:
    once = wrongly("Österreich", "utf-8", "cp1252")
    result = misreading([wrongly(once, "utf-8", "cp1252")])
    assert result is not None
    assert result.meaning == "Österreich"


def test_letters_that_are_lost() -> None:
    some = ["То?икистон", "?албаев шуро", "Bev?lkerung", "Construcci\ufffdn"]
    assert list(filter(has_lost_letters, some)) == some
    right = ["Сколько?", "Really???", "https://example.org/a?b=c", "a?b.html", "Да? Нет"]
    assert not list(filter(has_lost_letters, right))
    marks = ["?", "??", "(?)", "..?"]  # of statistics; where an agency writes in words, nothing is left of them
    assert [remark.text for remark in lost_letters([*some, *right, *marks], len)] == some[:1]
    assert lost_letters([*right, *marks], len) == []
    assert [has_no_letters_left(text) for text in ("????? ????????", "???? 2019", "\ufffd\ufffd", "???", "..")] == [
        True, True, True, False, False,
    ]  # fmt: skip
