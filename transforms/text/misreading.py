"""Text that was read in the wrong code page: words as no language writes them, which another page makes words of.

Two neighbours in a word are *odd* if words do not have them: a sign or a second accented letter next to an accented
one, a capital after a small letter, letters of two alphabets, two Cyrillic letters that are rarely neighbours. A page
is named only where its reading takes away most of what is odd. ftfy is not used: it knows text in UTF-8 that was read
in another page, and not one page read in another, such as windows-1251 in windows-1252."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from transforms.text.encodings import codec_name, is_code_page

# The 250 most frequent neighbours in Russian, Tajik and Kyrgyz names and sentences: the first letter, what follows it.
_NEIGHBOURS = (
    "аабвгдежзийклмнпрстфхчшъяқҳ баеилоруы ваеинорсыь гаиору давежинору евгдзйклмнрстчш жадеин завиноу "
    "ибгдезийклмнрстхцчшяҳ йлст каеиорсту лаеилоуьяі мабеиосу нагдеикнорстучыь обвгдежзийклмнпрстхчшяҳ паеиору "
    "равгдеилмостуы саеиклоптуыья тавеинорсучыьіү уабгдзклмнрст фаиор хаоу ци чаеиоу шаеиорту ыйх ькт эт ядкнт ёт "
    "қа ҳаио ҷао іл "
)
_FREQUENT = {group[0] + letter for group in _NEIGHBOURS.split() for letter in group[1:]}
_READ = ("cp1252", "cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic", "cp437", "cp850", "cp1250", "mac-roman")
_MEANT = ("utf-8", "cp1251", "koi8-r", "cp866", "cp1252", "iso8859-5", "mac-cyrillic", "cp1250")
_WORD = re.compile(r"[A-Za-z]*[^\x00-\x7f][A-Za-z\x80-\U0010ffff]*")
_AT_ENDS = "«»„“”‘’–—…№°§©®™²³¹½¼¾ªº·•¿¡€£¥$±×\u00a0\u00ad\u200b"  # signs around a word
_WITHIN = "’‘ʼ´·–—\u00ad\u00a0"  # l’été
_ALIKE = set("АВЕКМНОРСТУХаеорсухіјѕІЈЅ")  # Cyrillic letters that are typed for Latin ones by mistake
_RARE = set("ŸЀЍѐѝ")  # what UTF-8 makes of two neighbours in Russian words: Её
_SWAPPED = re.compile(r"[а-яё][А-ЯЁ]{4}")  # пЕЯОСАКХЙЮ: KOI8-R has small letters where cp1251 has capitals; not мРНК
_AMID_LATIN = re.compile(r"(?:^|[A-Za-z])[Ѐ-ӿ]{1,2}[a-z]")  # Bevцlkerung, Дnderung; not Facebookда
_NEXT_TO_SMALL = re.compile(r"[À-ÿ][a-z]|[a-z][À-ÿ]")  # Österreich, caffè; not IRMû, which IRMÃ» would be
_PUNCTUATION = set("‘’“”„–—…•€™№−≤≥")  # what UTF-8 has three bytes for
_MOST = 4000  # different words that are looked at
_LEFT, _TAKEN = 0.35, 0.4  # parts of the neighbours that may be odd in Cyrillic words, and must be less odd than before
_LEAST = 10  # neighbours by which the page of Cyrillic words is told from another
_LOST = re.compile(
    r"""\ufffd | (?: ^ | (?<=\s) ) \?+ [Ѐ-ӿ]{2} | [Ѐ-ӿ]\?+[Ѐ-ӿ]  # ?албаев, То?икистон: cp1251 has no Tajik letters
        | (?<![^\sA-Za-z])[A-Za-z]+\?[a-z]+(?![\w=/.&?])  # Bev?lkerung; not the query of an address""",
    re.VERBOSE,
)


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
    best, found = 0, None
    for page, meant in _pairs(read_as):
        weight, example = _evidence(words, doubtful, page, meant)
        if weight > best:
            best, found = weight, example
    return found


def _pairs(read_as: str | None) -> Iterator[tuple[str, str]]:
    """Yield the encodings in which text may have been read, and those that it may have."""
    pages: Sequence[str] = _READ
    if read_as and is_code_page(read_as):
        name = codec_name(read_as) or ""
        pages = ["cp1252" if name == "iso8859-1" else name]
    return ((page, meant) for page in pages for meant in _MEANT if page != meant)


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
    gain, left, length = _odd(word) - _odd(meaning), _odd(meaning), len(_core(meaning)) - 1
    if meant == "utf-8":
        return _gain_of_utf_8(word, meaning, gain)
    alphabet, cyrillic = _alphabet(_core(meaning)), set(filter(_is_cyrillic, word))
    if alphabet == "latin":
        is_amid = length > 2 and _AMID_LATIN.search(word) and not cyrillic <= _ALIKE
        return 0 if left or not (is_amid or (gain > 1 and not cyrillic)) else max(gain, 2)
    is_word = cyrillic and not _SWAPPED.search(word) and _alphabet(_core(word))  # then only many words are evidence
    is_better = gain > 1 and left <= _LEFT * length and gain >= _TAKEN * length
    return gain - 1 if alphabet and is_better and not is_word else 0


def _gain_of_utf_8(word: str, meaning: str, gain: int) -> int:
    """Return the evidence that a word is UTF-8: few texts in a code page happen to be that."""
    letters = [character for character in meaning if not character.isascii()]
    before, alphabet = _alphabet(_core(word)), _alphabet(_core(meaning))
    if letters and set(letters) <= _PUNCTUATION:
        return 2  # â€™
    if not alphabet or _RARE & set(letters) or (before == "cyrillic" and (alphabet == "other" or len(letters) < 2)):
        return 0
    weight = 2 if _NEXT_TO_SMALL.search(meaning) else gain + len(letters) if gain > 0 else 0
    return weight if weight > 1 and _odd(meaning) <= len(meaning) / 2 else 0


def _together(words: Sequence[str], page: str, meant: str) -> tuple[int, Misreading | None]:
    """Return the evidence of Cyrillic words together: one of them alone may be an abbreviation."""
    neighbours = before = after = 0
    example = None
    for word in words if meant != "utf-8" else ():
        if any(map(_is_cyrillic, word)):
            meaning = _reread(word, page, meant) or ""
            number, is_read = max(len(_core(word)) - 1, 0), _alphabet(_core(meaning)) == "cyrillic"
            neighbours, before = neighbours + number, before + _odd(word)
            after += _odd(meaning) if is_read else number
            if is_read and not example:
                example = Misreading(word, meaning, meant)
    is_sure = neighbours >= _LEAST and after <= _LEFT * neighbours and before - after >= _TAKEN * neighbours
    return (before - after, example) if is_sure else (0, None)


def _is_doubtful(words: Sequence[str]) -> bool:
    """Return True if a text has Cyrillic words enough to be judged by itself, and most of their neighbours are odd."""
    cyrillic = [word for word in words if any(map(_is_cyrillic, word))]
    neighbours = sum(max(len(_core(word)) - 1, 0) for word in cyrillic)
    return neighbours >= 1.5 * _LEAST and sum(map(_odd, cyrillic)) > neighbours / 2


def _reread(word: str, page: str, meant: str) -> str | None:
    """Return a word that was read as `page` in the encoding `meant`; None if its letters are not in them."""
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
    return characters | {chr(code): code for code in range(128, 160) if page == "cp1252"}  # as iso-8859-1 reads them


def _core(word: str) -> str:
    return word.strip(_AT_ENDS)


@lru_cache(20_000)
def _odd(word: str) -> int:
    """Return how many neighbours in a word are odd."""
    return sum(_is_odd(first, second) for first, second in pairwise(_core(word)))


@cache
def _is_odd(first: str, second: str) -> bool:
    kinds = {_kind(first), _kind(second)}
    if kinds & {"within", "other"}:
        return False
    if "sign" in kinds:
        return True
    is_swapped = first.islower() and second.isupper()
    if kinds == {"cyrillic"}:
        return is_swapped or (first + second).lower() not in _FREQUENT
    return (len(kinds) == 1 and kinds != {"ascii"}) or "cyrillic" in kinds or (is_swapped and kinds != {"ascii"})


@cache
def _kind(character: str) -> str:
    if character.isascii():
        return "ascii"
    if character in _WITHIN:
        return "within"
    if not character.isalpha() or character in "ªº":
        return "sign"
    return "latin" if character < "\u0250" else "cyrillic" if _is_cyrillic(character) else "other"


def _is_cyrillic(character: str) -> bool:
    return "\u0400" <= character <= "\u04ff"


def _alphabet(word: str) -> str | None:
    """Return the one alphabet of a word: latin, cyrillic or other; None for several, and for signs and dashes."""
    kinds = {_kind(character) for character in word if character not in "’‘ʼ´·"}
    if kinds <= {"ascii", "latin"}:
        return "latin" if kinds else None
    return kinds.pop() if len(kinds) == 1 and not kinds & {"sign", "within"} else None


def has_lost_letters(text: str) -> bool:
    """Return True if a program wrote ? or U+FFFD for some letters of a text.

    >>> [has_lost_letters(text) for text in ("Sughd?", "https://example.org/a?b=c", "То?икистон", "Bev?lkerung")]
    [False, False, True, True]
    """
    return ("?" in text or "\ufffd" in text) and bool(_LOST.search(text))


def has_no_letters_left(text: str) -> bool:
    """Return True if a program wrote ? or U+FFFD for all letters of a text.

    >>> [has_no_letters_left(text) for text in ("????? 2019", "?", "..?", "\ufffd\ufffd")]
    [True, False, False, True]
    """
    return text.count("?") + 2 * text.count("\ufffd") > 3 and not any(map(str.isalpha, text))
