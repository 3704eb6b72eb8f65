"""Letters that words have next to each other, and those that they have not.

Two neighbours in a word are *odd* if words do not have them: a sign or a second accented letter next to an accented
one, a capital after a small letter, letters of two alphabets, two Cyrillic letters that are rarely neighbours."""

from functools import cache, lru_cache
from itertools import pairwise

# The 250 most frequent neighbours in Russian, Tajik and Kyrgyz names and sentences: the first letter, what follows it.
_NEIGHBOURS = (
    "аабвгдежзийклмнпрстфхчшъяқҳ баеилоруы ваеинорсыь гаиору давежинору евгдзйклмнрстчш жадеин завиноу "
    "ибгдезийклмнрстхцчшяҳ йлст каеиорсту лаеилоуьяі мабеиосу нагдеикнорстучыь обвгдежзийклмнпрстхчшяҳ паеиору "
    "равгдеилмостуы саеиклоптуыья тавеинорсучыьіү уабгдзклмнрст фаиор хаоу ци чаеиоу шаеиорту ыйх ькт эт ядкнт ёт "
    "қа ҳаио ҷао іл "
)
_FREQUENT = {group[0] + letter for group in _NEIGHBOURS.split() for letter in group[1:]}
_AT_ENDS = "«»„“”‘’–—…№°§©®™²³¹½¼¾ªº·•¿¡€£¥$±×\u00a0\u00ad\u200b"  # signs around a word
_WITHIN = "’‘ʼ´·–—\u00ad\u00a0"  # l’été


def core(word: str) -> str:
    """Return a word without the punctuation and signs around it."""
    return word.strip(_AT_ENDS)


@lru_cache(20_000)
def odd(word: str) -> int:
    """Return how many neighbours in a word are odd.

    >>> odd("местность"), odd("Bevölkerung"), odd("ìåñòíîñòü"), odd("мЕСТНОСТЬ")
    (0, 0, 8, 1)
    """
    return sum(_is_odd(first, second) for first, second in pairwise(core(word)))


@cache
def _is_odd(first: str, second: str) -> bool:
    kinds = {_kind(first), _kind(second)}
    if "within" in kinds or kinds == {"other", "sign"}:
        return False
    if "sign" in kinds:
        return True
    is_swapped = first.islower() and second.isupper()
    if "other" in kinds:
        return is_swapped
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
    return "latin" if character < "\u0250" else "cyrillic" if is_cyrillic(character) else "other"


def is_cyrillic(character: str) -> bool:
    """Return True for a Cyrillic character."""
    return "\u0400" <= character <= "\u04ff"


@lru_cache(20_000)
def alphabet_of(word: str) -> str | None:
    """Return the one alphabet of a word: latin, cyrillic or other; None for several, and for signs and dashes."""
    kinds = {_kind(character) for character in word if character not in "’‘ʼ´·"}
    if kinds <= {"ascii", "latin"}:
        return "latin" if kinds else None
    return kinds.pop() if len(kinds) == 1 and not kinds & {"sign", "within"} else None
