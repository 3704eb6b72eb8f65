"""Binary formats and text encodings, recognised from bytes."""

import codecs
import re

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SIGNATURES = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",  # of no file
    b"\xd0\xcf\x11\xe0": "ole2",
    b"PAR1": "parquet",
    b"%PDF": "pdf",
    b"\x1f\x8b": "gzip",
    **{b"BZh%d1AY&SY" % level: "bzip2" for level in range(1, 10)},
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"SQLite format 3": "sqlite",
    b"ARROW1\0\0": "arrow",
    b"$FL2@(#)": "spss",
    b"{\\rtf": "rtf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
}
_TAR = (257, b"ustar")  # its place in an archive of tar
BINARY_FORMATS = {  # the end of a sentence that begins "the file is"
    "zip": "a workbook or another zip",
    "ole2": "an old .xls workbook, or one with a password",
    "parquet": "Parquet",
    "pdf": "a PDF",
    "gzip": "compressed by gzip",
    "bzip2": "compressed by bzip2",
    "xz": "compressed by xz",
    "zstd": "compressed by zstd",
    "7z": "a 7z archive",
    "rar": "a rar archive",
    "tar": "a tar archive",
    "sqlite": "an SQLite database",
    "arrow": "an Arrow (Feather) file",
    "spss": "an SPSS file",
    "rtf": "a text in RTF",
    "picture": "a picture",
}
BINARY = "binary data"
SEARCHED = 1 << 20  # bytes that a guess looks at
_NO_TEXT = {"idna", "punycode", "undefined"}  # codecs of text that are no character sets
_PAIR = re.compile("[А-яЁё]{2}")
_LETTERS = re.compile("[А-яЁё]+")
_PUNCTUATED = re.compile("[А-яЁё«»“”„–—№…\u00a0’]")
_SWAPPED = re.compile("[а-яё][А-ЯЁ]{2}")  # пРИВЕТ: KOI8-R has small letters where cp1251 has capitals
_OF_OTHERS = re.compile("[ЂЃѓЉЊЌЋЏђљњќћџ]")  # of Serbian and Macedonian; Mac Cyrillic has Russian capitals there


def signature(head: bytes) -> str | None:
    """Return the binary format, of BINARY_FORMATS, of a file that begins with `head`; None for any other file."""
    if head.startswith(_TAR[1], _TAR[0]):
        return "tar"
    return next((kind for start, kind in _SIGNATURES.items() if head.startswith(start)), None)


def marked(head: bytes) -> str | None:
    """Return the encoding of a byte order mark; None without a mark."""
    return next((name for mark, name in MARKS.items() if head.startswith(mark)), None)


def codec_name(stated: str) -> str | None:
    """Return Python's name of an encoding for any of its names; None if no character set has this name."""
    try:
        info = codecs.lookup(stated)
    except (LookupError, ValueError):
        return None
    is_text = getattr(info, "_is_text_encoding", True) and info.name not in _NO_TEXT
    return info.name if is_text else None


def agrees(stated: str, mark: str) -> bool:
    """Return True if a file with the mark of the encoding `mark` may be stated to be in `stated`.

    >>> agrees("utf-16-le", "utf-16"), agrees("utf-8", "utf-8-sig"), agrees("cp1251", "utf-8-sig")
    (True, True, False)
    """
    name = mark.removesuffix("-sig")
    return codec_name(stated) in (mark, name, f"{name}-le", f"{name}-be")


def is_code_page(name: str) -> bool:
    """Return True if an encoding has one byte a character, so that nearly any bytes are text in it.

    >>> is_code_page("windows-1251"), is_code_page("iso-8859-1"), is_code_page("utf-8"), is_code_page("gb18030")
    (True, True, False, False)
    """
    codec = codec_name(name)
    return bool(codec) and sum(bool(bytes([code]).decode(codec or "", "ignore")) for code in range(256)) > 192


def is_utf_8(data: bytes) -> bool:
    """Return True if all of `data` is UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def guessed(data: bytes) -> str | None:
    """Return the encoding that bytes without a mark seem to have: a suggestion to people, never used to read.

    One of utf-16-le, utf-16-be, utf-8 (with damaged bytes, if any), cp1251, koi8-r, cp866, cp1252, or BINARY; None for
    ASCII, which is the same in most encodings."""
    data = data[:SEARCHED]
    high, low = data[::2].count(0), data[1::2].count(0)  # of UTF-16: frequent in ASCII and at Russian blanks
    if max(high, low) > max(10 * min(high, low), len(data) / 50, 1):
        return "utf-16-be" if high > low else "utf-16-le"
    if len(data) - len(data.translate(None, bytes(set(range(32)) - set(b"\t\n\r")))) > len(data) / 100:
        return BINARY
    if data.isascii():
        return None
    text = data.decode(errors="replace")
    if sum(not c.isascii() for c in text) > 2 * text.count("\ufffd"):  # more whole characters than damaged ones
        return "utf-8"
    return _russian_code_page(data) or "cp1252"


def _russian_code_page(data: bytes) -> str | None:
    """Return the Cyrillic code page in which the letters beyond ASCII make the most words in small letters."""
    scores = {}
    for name in ("cp1251", "koi8-r", "cp866"):
        text = data.decode(name, errors="replace")
        foreign = [character for character in text if not character.isascii()]
        words = "".join(_PAIR.findall(text))
        if len(words) > 0.5 * len(foreign):
            scores[name] = sum(character.islower() for character in words) / len(foreign)
    return max(scores, key=lambda name: scores[name]) if scores else None


def is_russian_cp1251(data: bytes) -> bool:
    """Return True if bytes that are no UTF-8 are surely Russian words in cp1251: only reports need not state it.

    Western letters occur alone between Latin ones; other Cyrillic code pages give odd capitals and foreign letters."""
    text = data.decode("cp1251", errors="replace")
    letters = "".join(_LETTERS.findall(text))
    is_koi8 = _SWAPPED.search(text) and sum(map(str.isupper, letters)) > sum(map(str.islower, letters))
    if is_koi8 or _OF_OTHERS.search(text):
        return False
    foreign = [c for c in text if not c.isascii()]
    in_pairs = sum(len(pair) for pair in _PAIR.findall(text))
    return sum(map(bool, map(_PUNCTUATED.fullmatch, foreign))) > 0.9 * len(foreign) and in_pairs > 0.5 * len(foreign)
