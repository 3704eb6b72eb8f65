"""One text of a report, in Russian or Tajik, that an earlier program read in a wrong encoding: what it said.

misreading.py judges all texts of a file together, in any language, and names the encoding."""

import re
from collections.abc import Iterator

# What is seen, and what was meant: the text was written in the second encoding and read in the first.
_CONFUSED = [
    (seen, meant)
    for seen in ("cp1251", "cp1252", "cp866", "koi8-r", "mac-cyrillic")
    for meant in ("utf-8", "cp1251", "cp866", "koi8-r")
    if seen != meant
]
# The most frequent pairs of letters in Russian and Tajik.
_PAIRS = frozenset(
    pair
    for pairs in (
        "ст но то на ен ов ни ра во ко по ро ос ал ет ан ер пр ли ва та ре ол не ль ом да он ор ат ка ин ла од от",
        "го ск ти ри ле ве ес ел те ит за ки до ил ам ло ав де ие из об мо ма ви ым со ас вы ны ия ме ту мы ши ис",
        "шу уд ба ар шт хо ди ир му ои ид ҳо ии ҷо қо қу ҳу иҷ ся ют ля ня ть",
    )
    for pair in pairs.split()
)
_LEAST = 4  # letters: the encoding of fewer cannot be told
_ENOUGH = 0.25  # of the letters begin a frequent pair in nearly every Russian or Tajik word
_CONTROLS = re.compile("([\x80-\x9f]+)")
_KEPT = 0.7  # of the bytes
# UTF-8 taken for a Western code page: â€™ Ã© Â« Ð¢; each first character here is followed by a letter in no language.
_WESTERN = re.compile("â€.?|[ÃÂÐÑ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def meant_text(text: str) -> str | None:
    """Return what a text says that was read in a wrong encoding, as far as it can be told; None for any other text.

    >>> meant_text("Ð—Ð°ÐºÐ¾Ð½"), meant_text("Òåêñò çàêîíà"), meant_text("Текст закона")
    ('Закон', 'Текст закона', None)
    """
    if text.isascii():
        return None
    return _whole(text) or _by_word(text)


def _whole(text: str) -> str | None:
    readings = dict(_readings(text))
    best = max(readings, key=readings.__getitem__, default="")
    if best and readings[best] > _ENOUGH and readings[best] > 2 * _russian(text):
        return best
    if _WESTERN.search(text):
        western, _ = _redecoded(text, "cp1252", "utf-8")
        return western if western and not _WESTERN.search(western) else None
    return None


def _by_word(text: str) -> str | None:
    """Return a text with the words put right that are UTF-8 beyond doubt; None if there is none."""
    words = text.split()
    meant = [word if word.isascii() else _from_utf_8(word) or word for word in words]
    return " ".join(meant) if meant != words else None


def _from_utf_8(word: str) -> str | None:
    """Return what a word says if all of it, read in a code page, is UTF-8: by chance a few letters may be."""
    for seen, meant in _CONFUSED:
        if meant == "utf-8" and len(word) >= 2 * _LEAST:
            reading, kept = _redecoded(word, seen, meant)
            if kept == 1 and len(reading) < len(word) * 0.7 and reading.isprintable():
                return reading
    return None


def _readings(text: str) -> Iterator[tuple[str, float]]:
    """Yield what a text may say, and how much of it is Russian or Tajik."""
    for seen, meant in _CONFUSED:
        reading, kept = _redecoded(text, seen, meant)
        if reading:
            yield reading, _russian(reading) * kept**3  # a wrong guess loses bytes


def _redecoded(text: str, seen: str, meant: str) -> tuple[str, float]:
    """Return a text in the encoding that was meant and the share of its bytes that are in it: an earlier program may
    have lost some. The text is "" if it was never read as `seen`, or is mostly lost."""
    try:  # a byte that the code page does not have is a control character
        pieces = [piece.encode("latin-1" if _CONTROLS.match(piece) else seen) for piece in _CONTROLS.split(text)]
    except UnicodeEncodeError:
        return "", 0
    data = b"".join(pieces)
    reading = data.decode(meant, errors="ignore")
    kept = len(reading.encode(meant)) / len(data)
    return (reading, kept) if kept > _KEPT else ("", 0)


def _russian(text: str) -> float:
    """Return the share of the letters beyond ASCII that make a frequent pair with the next one."""
    letters = sum(not c.isascii() for c in text)
    small = text.casefold()
    pairs = sum(small[place : place + 2] in _PAIRS for place in range(len(small) - 1))
    return pairs / letters if letters >= _LEAST else 0.0
