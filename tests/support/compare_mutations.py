"""Seeded changes of a plan, of a report and of a data set, for `compare.py`.

A mutation is wild (most are rejected, which compares the problems) or mild (most are published, which compares the
tables). The same seed gives the same mutation."""

import codecs
import random
import re
import unicodedata
from collections.abc import Callable
from random import Random

Files = dict[str, bytes]
Lines = list[str]

SEED = 20261124
MILD_SHARE = 0.4
_PERIOD = re.compile(r"^(\d{4})(?:-(\d{4}))?$")  # 2018-2020
_JUNK = [
    "ғ",
    "\u00a0",
    "\u200b",
    "№",
    "-",
    "–",
    "\t",
    ";",
    '"',
    "'",
    "(",
    "]",
    "=",
    "#",
    "1",
    "0",
    "x",
    "Ә",
    "\u0301",
    "%",
]


def mutated(files: Files, number: int, texts: dict[str, int]) -> tuple[str, Files]:
    """Return the kind of a mutation and its files. `texts` has the files that may change, and their weights."""
    chance = random.Random(SEED + number)
    changed = dict(files)
    if chance.random() < MILD_SHARE:
        deeds = [chance.choice(_MILD) for _ in range(chance.choice([1, 1, 2, 3]))]
        for deed in deeds:
            deed(chance, changed)
        return "mild", changed
    if chance.random() < 0.12:
        name = _chosen(chance, texts)
        changed[name] = chance.choice(_WHOLE)(chance, changed[name])
        return "whole file", changed
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        name = _chosen(chance, texts)
        _edit(chance, changed, name, chance.choice(_WILD))
    return "wild", changed


def mutated_text(files: Files, number: int, texts: dict[str, int]) -> Files:
    """Return the files with one to three wild edits, or one small change inside a word or number."""
    chance = random.Random(SEED - number)
    changed = dict(files)
    if chance.random() < 0.1:
        name = _chosen(chance, texts)
        changed[name] = chance.choice(_WHOLE)(chance, changed[name])
        return changed
    deeds = [_digit, _letter] if chance.random() < MILD_SHARE else _WILD
    for _ in range(chance.choice([1, 1, 2, 3])):
        _edit(chance, changed, _chosen(chance, texts), chance.choice(deeds))
    return changed


def _chosen(chance: Random, texts: dict[str, int]) -> str:
    return chance.choices(list(texts), list(texts.values()))[0]


def _edit(chance: Random, files: Files, name: str, deed: Callable[[Random, Lines, int], None]) -> None:
    lines = files[name].decode("utf-8", "surrogateescape").split("\n")
    printed = [number for number, line in enumerate(lines) if line.strip()]
    if printed:
        deed(chance, lines, chance.choice(printed))
        files[name] = "\n".join(lines).encode("utf-8", "surrogateescape")


# Wild: a line of any text file


def _drop(_: Random, lines: Lines, at: int) -> None:
    del lines[at]


def _double(_: Random, lines: Lines, at: int) -> None:
    lines.insert(at, lines[at])


def _swap(chance: Random, lines: Lines, at: int) -> None:
    other = min(len(lines) - 1, at + chance.randint(1, 3))
    lines[at], lines[other] = lines[other], lines[at]


def _move(chance: Random, lines: Lines, at: int) -> None:
    lines.insert(chance.randrange(len(lines)), lines.pop(at))


def _character(chance: Random, lines: Lines, at: int) -> None:
    place = chance.randrange(len(lines[at]))
    lines[at] = lines[at][:place] + chance.choice(_JUNK) + lines[at][place + chance.randint(0, 1) :]


def _digit(chance: Random, lines: Lines, at: int) -> None:
    places = [place for place, character in enumerate(lines[at]) if character in "0123456789"]
    if places:
        place = chance.choice(places)
        lines[at] = (
            lines[at][:place] + str((int(lines[at][place]) + chance.randint(1, 9)) % 10) + lines[at][place + 1 :]
        )


def _letter(chance: Random, lines: Lines, at: int) -> None:
    lines[at] = _respelled(chance, lines[at])


def _word(chance: Random, lines: Lines, at: int) -> None:
    words = lines[at].split(" ")
    word = words.pop(chance.randrange(len(words)))
    if chance.random() < 0.6:
        words.insert(chance.randint(0, len(words)), word)
    lines[at] = " ".join(words)


def _token(chance: Random, lines: Lines, at: int) -> None:
    """Move a token to another line."""
    words, other = lines[at].split(" "), chance.randrange(len(lines))
    word = words.pop(chance.randrange(len(words)))
    lines[at] = " ".join(words)
    lines[other] += " " + word


def _cell(chance: Random, lines: Lines, at: int) -> None:
    """Empty, drop or double a cell, or exchange it with another."""
    mark = _mark(lines[at])
    cells = lines[at].split(mark)
    one, other = chance.randrange(len(cells)), chance.randrange(len(cells))
    deed = chance.randrange(4)
    if deed == 0:
        cells[one] = ""
    elif deed == 1:
        del cells[one]
    elif deed == 2:
        cells.insert(one, cells[one])
    else:
        cells[one], cells[other] = cells[other], cells[one]
    lines[at] = mark.join(cells)


def _split(chance: Random, lines: Lines, at: int) -> None:
    place = chance.randint(0, len(lines[at]))
    lines[at : at + 1] = [lines[at][:place], lines[at][place:]]


def _join(_: Random, lines: Lines, at: int) -> None:
    if at + 1 < len(lines):
        lines[at : at + 2] = [lines[at] + " " + lines[at + 1]]


def _cut(_: Random, lines: Lines, at: int) -> None:
    del lines[at:]


def _mark(line: str) -> str:
    """Return the separator of the cells of a line."""
    return max("\t,;=", key=line.count)


_WILD = [
    _drop,
    _double,
    _swap,
    _move,
    _character,
    _character,
    _digit,
    _digit,
    _letter,
    _word,
    _token,
    _cell,
    _cell,
    _split,
    _join,
    _cut,
]


# The bytes of a whole file


def _in(encoding: str) -> Callable[[Random, bytes], bytes]:
    return lambda _, data: data.decode("utf-8").encode(encoding, "replace")


def _byte(chance: Random, data: bytes) -> bytes:
    place = chance.randint(0, len(data))
    return data[:place] + bytes([chance.choice([0, 0x1A, 0x80, 0xFF, 0xC3])]) + data[place:]


_WHOLE: list[Callable[[Random, bytes], bytes]] = [
    _in("cp1251"), _in("utf-16"), _in("koi8-r"), _byte, _byte,
    lambda _, data: codecs.BOM_UTF8 + data,
    lambda _, data: data.replace(b"\n", b"\r\n"),
    lambda _, data: data.replace(b"\n", b"\r"),
    lambda _, data: unicodedata.normalize("NFD", data.decode("utf-8")).encode(),
    lambda _, data: data.replace(b"\t", b"    "),
    lambda _, data: data.upper(),
    lambda _, data: data + data,
    lambda _, data: data.rstrip(b"\n"),
    lambda _, _data: b"",
]  # fmt: skip


# Mild: the plan stays one that npa publishes


def _plan(files: Files) -> tuple[str, Lines]:
    name = next(name for name in files if name.endswith(".txt"))
    return name, files[name].decode("utf-8").split("\n")


def _rows(lines: Lines) -> list[int]:
    """Return the rows of activities: six cells, the third with text; not the headings."""
    return [n for n, line in enumerate(lines) if line.count("\t") >= 5 and not line.startswith(("#", "1\t2"))]


def _mild_cell(column: int, change: Callable[[Random, str], str]) -> Callable[[Random, Files], None]:
    """Return a change of one cell of an activity."""

    def deed(chance: Random, files: Files) -> None:
        name, lines = _plan(files)
        rows = [row for row in _rows(lines) if lines[row].split("\t")[column].strip()]
        row = chance.choice(rows)
        cells = lines[row].split("\t")
        cells[column] = change(chance, cells[column])
        lines[row] = "\t".join(cells)
        files[name] = "\n".join(lines).encode()

    return deed


def _respelled(chance: Random, text: str) -> str:
    places = [m.start() + 1 for m in re.finditer(r"(?<=[a-zа-я])[a-zа-я](?=[a-zа-я])", text)]
    if not places:
        return text
    place = chance.choice(places) - 1
    return text[:place] + chance.choice("abcdeghiklmnoprstu") + text[place + 1 :]


def _reworded(chance: Random, text: str) -> str:
    words = text.split(" ")
    if len(words) > 5:
        place = chance.randrange(3, len(words) - 1)
        words.insert(place, chance.choice(["also", "children", "нав", "ғайра", "«new»", "5 %"]))
    return " ".join(words)


def _shifted(chance: Random, text: str) -> str:
    if not (found := _PERIOD.match(text.strip())):
        return text
    first, last = int(found[1]), int(found[2] or found[1])
    shift = chance.choice([by for by in (-2, -1, 1, 2) if first + by >= 2018 and last + by <= 2022] or [0])
    return f"{first + shift}-{last + shift}" if found[2] else f"{first + shift}"


def _permuted(chance: Random, text: str) -> str:
    agencies = text.split(", ")
    chance.shuffle(agencies)
    return ", ".join(agencies)


def _replaced(chance: Random, text: str) -> str:
    agencies = text.split(", ")
    others = [name for name in ("MOC", "MOFA", "PEO", "SOC", "DCA", "SAFCC", "COEP", "WG") if name not in text]
    agencies[chance.randrange(len(agencies))] = chance.choice(others or agencies)
    return ", ".join(agencies)


def _exchange(column: int) -> Callable[[Random, Files], None]:
    """Two activities exchange a cell."""

    def deed(chance: Random, files: Files) -> None:
        name, lines = _plan(files)
        rows = [row for row in _rows(lines) if lines[row].split("\t")[column].strip()]
        one, other = chance.sample(rows, 2)
        first, second = lines[one].split("\t"), lines[other].split("\t")
        first[column], second[column] = second[column], first[column]
        lines[one], lines[other] = "\t".join(first), "\t".join(second)
        files[name] = "\n".join(lines).encode()

    return deed


def _glossary(chance: Random, files: Files) -> None:
    name, lines = _plan(files)
    entries = [n for n, line in enumerate(lines) if re.match(r"^[A-Z]{2,}- ", line)]
    at = chance.choice(entries)
    lines[at] = _respelled(chance, lines[at]) if chance.random() < 0.6 else lines[at] + " of Tajikistan"
    files[name] = "\n".join(lines).encode()


def _blank(chance: Random, files: Files) -> None:
    name, lines = _plan(files)
    row = chance.choice(_rows(lines))
    lines.insert(row, "") if chance.random() < 0.5 else lines.__setitem__(
        row, lines[row] + chance.choice([" ", "\t", "  "])
    )
    files[name] = "\n".join(lines).encode()


def _signature(chance: Random, files: Files) -> None:
    name, lines = _plan(files)
    at = next(n for n, line in enumerate(lines) if "_____ " in line)
    lines[at] = lines[at] + chance.choice(["a", "ov", " jr."])
    files[name] = "\n".join(lines).encode()


def _line_ends(_: Random, files: Files) -> None:
    name, _lines = _plan(files)
    files[name] = files[name].replace(b"\r", b"").replace(b"\n", b"\r\n")


def _settings(chance: Random, files: Files) -> None:
    name = next(name for name in files if name.endswith("plan.toml"))
    text = files[name].decode()
    old, new = chance.choice([
        ("10-01", chance.choice(["09-01", "11-15"])), ("01-31", chance.choice(["02-28", "03-31"])),
        ('"TJK"', chance.choice(['"KGZ"', '"XKX"'])), ('"OPSC"', '"CRPD"'), ('"OPAC"', '"CEDAW"'),
        ('"recurring"', '"until_resolved"'), ('"by_procedure"', '"recurring"'), ("[layout]", "# a remark\n[layout]"),
    ])  # fmt: skip
    files[name] = text.replace(old, new).encode()


def _agencies(chance: Random, files: Files) -> None:
    name = next(name for name in files if name.endswith("agencies.csv"))
    head, *rows = files[name].decode().rstrip("\n").split("\n")
    deed = chance.randrange(3)
    at = chance.randrange(len(rows))
    if deed == 0:
        chance.shuffle(rows)
    elif deed == 1:
        rows[at] = re.sub(
            r",(ministry|committee|state_agency),", f",{chance.choice(['centre', 'commission', 'ministry'])},", rows[at]
        )
    else:
        rows[at] = re.sub(r"(\w)$", r"\1 again", rows[at])
    files[name] = "\n".join([head, *rows, ""]).encode()


_MILD: list[Callable[[Random, Files], None]] = [
    _mild_cell(2, _respelled), _mild_cell(2, _reworded), _mild_cell(5, _respelled), _mild_cell(5, _reworded),
    _mild_cell(3, _shifted), _mild_cell(3, _shifted), _mild_cell(4, _permuted), _mild_cell(4, _replaced),
    _mild_cell(4, _replaced), _mild_cell(1, _respelled), _exchange(5), _exchange(3), _glossary, _blank, _signature,
    _line_ends, _settings, _settings, _agencies,
]  # fmt: skip
