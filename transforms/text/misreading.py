"""Text that was read in the wrong code page: words as no language writes them, which another page makes words of.

A page is named only where its reading takes away most of what is odd in a word (neighbours.py). ftfy is not used: it
knows text in UTF-8 that was read in another page, but not one page that was read in another (windows-1251, -1252)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from transforms.text.encodings import codec_name, is_code_page
from transforms.text.neighbours import alphabet_of, core, is_cyrillic, odd

_READ = ("cp1252", "cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic", "cp437", "cp850", "cp1250", "mac-roman")
_MEANT = ("utf-8", "cp1252", "cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic", "cp1250")
_CYRILLIC = {"cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic"}
_RARELY_MEANT = ("cp1253", "cp1256", "gb18030")  # Greek, Arabic, Chinese
_WORD = re.compile(r"[A-Za-z]*[^\x00-\x7f][A-Za-z\x80-\U0010ffff]*")
_ALIKE = set("АВЕКМНОРСТУХаеорсухіјѕІЈЅ")  # Cyrillic letters that are typed for Latin ones by mistake
_RARE = set("ŸЀЍѐѝ")  # what UTF-8 makes of two neighbours in Russian words: Её
_SWAPPED = re.compile(r"[а-яё][А-ЯЁ]{4}")  # пЕЯОСАКХЙЮ: KOI8-R has small letters where cp1251 has capitals; not мРНК
_AMID_LATIN = re.compile(r"(?:^|[A-Za-z])[Ѐ-ӿ]{1,2}[a-z]")  # Bevцlkerung, Дnderung; not Facebookда
_NEXT_TO_SMALL = re.compile(r"[À-ÿ][a-z]|[a-z][À-ÿ]")  # Österreich, caffè; not IRMû, which IRMÃ» would be
_PUNCTUATION = set("‘’“”„–—…•€™№−≤≥")  # what UTF-8 has three bytes for
_MOST = 4000  # different words that are looked at
_LEFT, _TAKEN = 0.35, 0.4  # parts of the neighbours that may be odd in Cyrillic words, and must be less odd than before
_LEAST = 10  # neighbours by which the page of Cyrillic words is told from another
_LEAST_ODD = 3  # the same for words that have nothing but odd neighbours


@dataclass(frozen=True, slots=True)
class Misreading:
    """A word as it was read, what it means, and the encoding in which it does."""

    word: str
    meaning: str
    encoding: str


def misreading(texts: Iterable[str], read_as: str | None = None) -> Misreading | None:
    """Return a word of `texts` that was read in a wrong encoding; None if nothing shows that.

    `read_as`: the encoding in which the file was read. Text in a file of Unicode may have been damaged before it was
    written, in any page.

    >>> misreading(["ìåñòíîñòü", "âñåãî"], "iso-8859-1")
    Misreading(word='ìåñòíîñòü', meaning='местность', encoding='cp1251')
    >>> misreading(["Bevцlkerung"]), misreading(["Bevölkerung", "местность", "l’été"])
    (Misreading(word='Bevцlkerung', meaning='Bevölkerung', encoding='cp1252'), None)
    """
    groups = [words for text in texts if not text.isascii() and (words := _WORD.findall(text))]
    words = list(dict.fromkeys(word for group in groups for word in group))[:_MOST]
    doubtful = [group for group in groups[:_MOST] if _is_doubtful(group)]
    best, found = _best(words, doubtful, _pairs(read_as, _MEANT))
    rare, other = _best(words, doubtful, _pairs(read_as, _RARELY_MEANT))
    return other if rare > max(1.5 * best, 4) else found  # any word of bytes is nearly a word in these


def _best(
    words: Sequence[str], doubtful: Sequence[Sequence[str]], pairs: Iterable[tuple[str, str]]
) -> tuple[int, Misreading | None]:
    found = (_evidence(words, doubtful, page, meant) for page, meant in pairs)
    return max(found, key=lambda evidence: evidence[0], default=(0, None))


def _pairs(read_as: str | None, encodings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the encodings in which text may have been read, and those of `encodings` that it may have."""
    pages: Sequence[str] = _READ
    if read_as and is_code_page(read_as):
        pages = [codec_name(read_as) or ""]
    return ((page, meant) for page in pages for meant in encodings if page != meant)


def _evidence(
    words: Sequence[str], doubtful: Sequence[Sequence[str]], page: str, meant: str
) -> tuple[int, Misreading | None]:
    """Return how many odd neighbours the other reading takes away, and one of the words; 0 for no evidence."""
    weight, example = 0, None
    for word in words:
        meaning = _reread(word, page, meant)
        if meaning and (gain := _gain(word, meaning, meant)):
            weight, example = weight + gain, example or Misreading(word, meaning, meant)
    if weight < 2:
        weight, example = 0, None
    for group in (words, *doubtful):
        gain, found = _together(group, page, meant)
        if gain > weight:
            weight, example = gain, found
    return weight, example


def _gain(word: str, meaning: str, meant: str) -> int:
    """Return how many odd neighbours of a word another reading takes away; 0 if that may be chance."""
    gain, left, length = odd(word) - odd(meaning), odd(meaning), len(core(meaning)) - 1
    if meant == "utf-8":
        return _gain_of_utf_8(word, meaning, gain)
    alphabet, cyrillic = alphabet_of(core(meaning)), set(filter(is_cyrillic, word))
    if alphabet == "latin":
        is_amid = length > 2 and _AMID_LATIN.search(word) and not cyrillic <= _ALIKE
        return 0 if left or not (is_amid or (gain > 1 and not cyrillic)) else max(gain, 2)
    is_word = cyrillic and not _SWAPPED.search(word) and alphabet_of(core(word))  # then only many words are evidence
    is_better = gain > 1 and left <= _LEFT * length and gain >= _TAKEN * length
    return gain - 1 if alphabet and is_better and not is_word else 0


def _gain_of_utf_8(word: str, meaning: str, gain: int) -> int:
    """Return the evidence that a word is UTF-8: few texts in a code page happen to be that."""
    letters = [character for character in meaning if not character.isascii()]
    before, alphabet = alphabet_of(core(word)), alphabet_of(core(meaning))
    if letters and set(letters) <= _PUNCTUATION:
        return 2  # â€™
    if not alphabet or _RARE & set(letters) or (before == "cyrillic" and (alphabet == "other" or len(letters) < 2)):
        return 0
    is_odd = gain > 0 or (before is None and len(letters) > 2)
    weight = 2 if _NEXT_TO_SMALL.search(meaning) else max(gain, 0) + len(letters) if is_odd else 0
    return weight if weight > 1 and odd(meaning) <= len(meaning) / 2 else 0


def _together(words: Sequence[str], page: str, meant: str) -> tuple[int, Misreading | None]:
    """Return the evidence of Cyrillic words, and of short ones, together: one alone may be an abbreviation."""
    foreign = [word for word in words if not any(c.isascii() for c in word)] if meant in _CYRILLIC else []
    plain = [word for word in foreign if alphabet_of(core(word)) == "cyrillic"]
    others = [word for word in foreign if alphabet_of(core(word)) != "cyrillic"]
    are_odd = len(others) > 1 and sum(map(odd, others)) >= 0.8 * sum(map(_length, others))
    return max(
        _evidence_of(plain, page, meant, _LEAST),
        _evidence_of(others if are_odd else [], page, meant, _LEAST_ODD),
        key=lambda evidence: evidence[0],
    )


def _evidence_of(words: Sequence[str], page: str, meant: str, least: int) -> tuple[int, Misreading | None]:
    """Return how many odd neighbours words lose that are Cyrillic in another encoding; 0 if that may be chance."""
    after, example = 0, None
    for word in words:
        meaning = _reread(word, page, meant)
        is_read = bool(meaning) and alphabet_of(core(meaning or "")) == "cyrillic"
        after += odd(meaning or "") if is_read else _length(word)
        example = example or (Misreading(word, meaning or "", meant) if is_read else None)
    neighbours, gain = sum(map(_length, words)), sum(map(odd, words)) - after
    is_sure = neighbours >= least and after <= _LEFT * neighbours and gain >= _TAKEN * neighbours
    return (gain, example) if is_sure else (0, None)


def _length(word: str) -> int:
    """Return the number of neighbours in a word."""
    return max(len(core(word)) - 1, 0)


def _is_doubtful(words: Sequence[str]) -> bool:
    """Return True if a text has Cyrillic words enough to be judged by itself, and most of their neighbours are odd."""
    cyrillic = [word for word in words if any(map(is_cyrillic, word))]
    neighbours = sum(_length(word) for word in cyrillic)
    return neighbours >= 1.5 * _LEAST and sum(map(odd, cyrillic)) > neighbours / 2


def _reread(word: str, page: str, meant: str) -> str | None:
    """Return a word that was read as `page` in the encoding `meant`; None if its letters are not in them."""
    text = _reread_once(word, page, meant)
    again = _reread_once(text, page, meant) if text and meant == "utf-8" else None
    return again or text


def _reread_once(word: str, page: str, meant: str) -> str | None:
    codes = _bytes(page)
    if not all(character in codes for character in word):
        return None
    data = bytes(codes[character] for character in word)
    try:
        text = data.decode(meant)
    except UnicodeDecodeError as error:
        if meant != "utf-8" or error.reason != "unexpected end of data" or not error.start:
            return None
        text = data[: error.start].decode()  # its last byte was a no-break space, which was folded
    return None if text == word else text


@cache
def _bytes(page: str) -> dict[str, int]:
    """Return the byte of each character of a code page; what it has no character for, programs read as a control."""
    characters = {bytes([code]).decode(page, "ignore") or chr(code): code for code in range(256)}
    return characters | {chr(code): code for code in range(128, 160) if page == "cp1252"}  # or read as iso-8859-1
