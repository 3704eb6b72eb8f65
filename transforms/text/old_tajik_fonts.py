"""Texts that were typed in an old Tajik font, such as Times New Roman Tj.

These fonts draw Ҷ Ҳ Қ Ғ Ӯ Ӣ where windows-1251 has Љ Њ Ќ Ѓ Ў Ї; elsewhere such a text shows the latter. The pairs are
in `old_tajik_letters.csv`: those that public converters of Tajik laws and textbooks agree on. But Serbian, Macedonian,
Ukrainian, Belarusian and Uzbek have these letters, too. So a text is taken for Tajik if its words are
(`tajik_words.csv`: one that tells alone, or two that tell together), if a word ends as a Tajik plural, or if it mixes
letters that no other language has together; a text of few words is taken for what the rest of its file is."""

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from unicodedata import normalize

OLD_LETTERS = "ЉЊЌЃЎЇљњќѓўї"
_HAS_OLD = re.compile(f"[{OLD_LETTERS}]")
_OF_OTHERS = re.compile("[ІіЈјЄєҐґЂђЋћЏџЅѕЍѝЀѐ]")  # Ukrainian, Belarusian, Serbian and Macedonian letters
_GROUPS = ("љњќѓ", "ї", "ў")  # of Serbian and Macedonian, of Ukrainian, of Belarusian and Uzbek
_OF_UZBEK = re.compile("[ҚқҒғҲҳ]")  # beside Ў, which no Unicode text in Tajik has
_PLURAL = re.compile(r"\w{2,}ҳо(?:и|ро|яш|ву)?")  # мактабҳои
_WORD = re.compile(r"[^\W\d_]+")
_INSIDE = re.compile(r"ї[^\W\d_]", re.IGNORECASE)  # Україна: in Tajik the letter ends a word
_FEW = 3  # words


def has_old_letters(text: str) -> bool:
    """Return True if a text has letters that may stand for Tajik ones, written as one character or two."""
    return not text.isascii() and _HAS_OLD.search(normalize("NFC", text)) is not None


def in_real_letters(text: str) -> str:
    """Return a text of an old Tajik font in the letters that are meant.

    >>> in_real_letters("Љумњурии Тољикистон")
    'Ҷумҳурии Тоҷикистон'
    """
    return text if text.isascii() else normalize("NFC", text).translate(_letters())


def tajik_texts(texts: Iterable[str], others: Iterable[str] = ()) -> Mapping[str, str | None]:
    """Return each text of one file that has old letters and may be Tajik, in real letters, or None if nothing shows
    that it is.

    `others` are further texts of the file: they only tell what font it was typed in.

    >>> tajik_texts(["Ќонун ќабул шуд", "Њисобот"])
    {'Ќонун ќабул шуд': 'Қонун қабул шуд', 'Њисобот': 'Ҳисобот'}
    >>> tajik_texts(["Нова школа у граду Љубљана", "Міністерство України"])
    {'Нова школа у граду Љубљана': None}
    """
    doubtful = [text for text in dict.fromkeys(texts) if has_old_letters(text) and _is_possible(text)]
    others = [text for text in others if has_old_letters(text) and _is_possible(text)]
    is_old = any(_is_tajik(text) for text in [*doubtful, *others])
    return {
        text: in_real_letters(text) if _is_tajik(text) or (is_old and _may_be_tajik(text)) else None
        for text in doubtful
    }


def _is_tajik(text: str) -> bool:
    """Return True if a text with old letters is Tajik by itself."""
    groups = sum(any(letter in group for letter in text.casefold()) for group in _GROUPS)
    words = _words(text)
    telling = {tells for word in words if (tells := _tajik_words().get(word)) == "alone"}
    together = [word for word in words if _tajik_words().get(word) == "together"]
    return groups > 1 or bool(telling) or len(together) > 1 or any(map(_PLURAL.fullmatch, words))


def _may_be_tajik(text: str) -> bool:
    """Return True if a text of a file in an old font shows no other language."""
    words = _words(text)
    is_short = len(words) <= _FEW and not _INSIDE.search(text)
    return is_short or any(word in _tajik_words() for word in words)


def _is_possible(text: str) -> bool:
    """Return False if a text has letters that show another language."""
    is_uzbek = _OF_UZBEK.search(text) and set(_HAS_OLD.findall(text)) <= {"Ў", "ў"}
    return not (_OF_OTHERS.search(text) or is_uzbek)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(in_real_letters(text).casefold()))


@cache
def _letters() -> dict[int, str]:
    return str.maketrans({row["written"]: row["meant"] for row in _rows("old_tajik_letters")})


@cache
def _tajik_words() -> dict[str, str]:
    return {row["word"]: row["tells"] for row in _rows("tajik_words")}


def _rows(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
