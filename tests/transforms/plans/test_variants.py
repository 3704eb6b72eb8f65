"""The same plan, exported again with other page breaks, line ends, blanks and dashes: it must publish the same."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.refresh import stages
from flows.sources.files import Inputs
from flows.sources.plans import gather, read_plans
from flows.sources.statistics.stage import Statistics
from tests.support.examples import examples
from tests.support.paths import FOLDER, PLAN
from tests.support.same_plan import Frames, Read, same_plan


def _is_row(line: str) -> bool:
    return "\t" in line and not line.startswith(("#", "1\t2"))


def _cut(line: str, chance: random.Random) -> list[str]:
    """Return one row cut in two by a page break: the first word of every filled cell stays."""
    first, second = [], []
    for cell in line.split("\t"):
        words = cell.split(" ")
        at = chance.randint(1, len(words)) if len(words) > 1 else 1
        first.append(" ".join(words[:at]))
        second.append(" ".join(words[at:]))
    return ["\t".join(first), "\t".join(second)] if any(second) else [line]


def _paginate(lines: list[str], seed: int, *, headings: bool) -> list[str]:
    """Put page breaks between lines and inside rows, with or without headings printed again."""
    chance = random.Random(seed)
    out: list[str] = []
    in_table = False
    for number, line in enumerate(lines):
        if line.startswith("#"):
            in_table = True
        elif line == "NATIONAL PLAN OF ACTION":
            in_table = False
        glossary = line.startswith("Abbreviations")
        in_table = in_table and not glossary
        page_break = ["", *(lines[15:17] if headings and in_table else []), ""]
        if chance.random() < 0.15 and number:
            out += page_break
        if _is_row(line) and in_table and chance.random() < 0.3:
            parts = _cut(line, chance)
            out += [parts[0], *(part for rest in parts[1:] for part in (*page_break, rest))]
        else:
            out.append(line)
    return out


@pytest.mark.property
def test_page_breaks_anywhere(read: Read, real: Frames, lines: list[str]) -> None:
    """Allow cutting the row again that the source itself cuts: its pieces are the same words."""

    @given(seed=st.integers(0, 10**6), headings=st.booleans())
    @settings(max_examples=examples(40))
    def paginated(seed: int, headings: bool) -> None:
        same_plan(real, read("\n".join(_paginate(lines, seed, headings=headings))))

    paginated()


def _nbsp(text: str) -> str:
    chance = random.Random(1)
    return "".join(chance.choice(" \u00a0\u202f") if c == " " else c for c in text)


def _in_cells(text: str, column: int, change: Callable[[str], str]) -> str:
    rows = [line.split("\t") for line in text.split("\n")]
    return "\n".join(
        "\t".join(change(c) if i == column and _is_row("\t".join(row)) else c for i, c in enumerate(row))
        for row in rows
    )


VARIANTS: dict[str, Callable[[str], str | bytes]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "no-break spaces": _nbsp,
    "en dashes in periods": lambda text: _in_cells(text, 3, lambda c: re.sub(r"(\d)-", "\\1–", c)),
    "en dashes in numbers": lambda text: _in_cells(text, 1, lambda c: re.sub(r"(\d)-(\d)", "\\1–\\2", c)),
    "trailing tabs missing": lambda text: "\n".join(line.rstrip("\t") for line in text.split("\n")),
    "surplus empty cells": lambda text: "\n".join(
        line + "\t \t" if "\t" in line else line for line in text.split("\n")
    ),
    "blank lines gone": lambda text: "\n".join(line for line in text.split("\n") if line),
    "blank lines of tabs": lambda text: text.replace("\n\n", "\n\t\t \t\n"),
    "headings repeated": lambda text: text.replace("\n\n", "\n\n\n"),
    "a last line end": lambda text: text + "\n",
    "doubled blanks": lambda text: text.replace(" ", "  "),
    "title printed again on a later page": lambda text: text.replace(
        "\n8.\tAdoption of mine",
        "\n" + text[text.rindex("NATIONAL PLAN") : text.rindex("\n1.\t")] + "\n8.\tAdoption of mine",
    ),
}


VARIANTS |= {
    "surplus empty cells on every line": lambda text: "\n".join(f"{line}\t \t" for line in text.split("\n")),
    "an empty first column": lambda text: "\n".join(f"\t{li}" if "\t" in li else li for li in text.split("\n")),
    "an empty column in the middle": lambda text: "\n".join(
        "\t".join([*li.split("\t")[:3], "", *li.split("\t")[3:]]) if "\t" in li else li for li in text.split("\n")
    ),
    "plan heading on later pages": lambda text: text.replace(
        "\n8.\tAdoption of mine", "\nNATIONAL PLAN OF ACTION\n8.\tAdoption of mine"
    ),
    "title on later pages, wrapped and dashed otherwise": lambda text: text.replace(
        "\n8.\tAdoption of mine",
        "\n" + text[text.rindex("NATIONAL PLAN") : text.rindex("\n#")].replace(" of the ", "\nof the ")
        .replace("2018-2022", "2018–2022") + "\n8.\tAdoption of mine",
    ),
    "headings on the glossary's pages": lambda text: text.replace(
        "\nMOC- ", "\n" + text[text.rindex("NATIONAL PLAN") : text.rindex("\n1.\t")] + "\nMOC- "
    ),
    "title on the glossary's pages": lambda text: text.replace(
        "\nMOC- ", "\n" + text[text.rindex("NATIONAL PLAN") : text.rindex("\n#")] + "\nMOC- "
    ),
    "plan heading on the glossary's pages": lambda text: text.replace("\nMOC- ", "\nNATIONAL PLAN OF ACTION\nMOC- "),
    "the approval cut elsewhere": lambda text: text.replace("_____ Azim Ibromim", "_____\n\nAzim\nIbromim")
    .replace('" 19 " 04', '"\n19 "\n04').replace("Chairman of", "Chairman\nof"),
    "dashes of every kind": lambda text: _in_cells(
        text, 3, lambda c: re.sub(r"(\d)-", lambda m: m[1] + "‒–—―−－"[sum(map(ord, c)) % 6], c)
    ),
    "dashes in the glossary": lambda text: text[:-2000] + text[-2000:].replace("- ", "− "),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_same_plan_in_another_export(read: Read, real: Frames, lines: list[str], name: str) -> None:
    text = "\n".join(lines)
    changed = VARIANTS[name](text)
    assert changed not in (text, text.encode())
    same_plan(real, read(changed))


def test_other_encoding_when_declared(files: dict[str, bytes], real: Frames, lines: list[str]) -> None:
    toml = files[f"{FOLDER}/plan.toml"].decode().replace("country =", 'encoding = "utf-16"\ncountry =')
    changed = files | {
        f"{FOLDER}/plan.toml": toml.encode(),
        f"{FOLDER}/{PLAN.name}": "\n".join(lines).encode("utf-16"),
    }
    same_plan(real, stages.validate(gather([read_plans(Inputs(changed).folders())]), Statistics(Path())))


def test_row_cut_in_three_with_its_period(read: Read, real: Frames, lines: list[str]) -> None:
    """Cut into until | the issue | addressed: a period that can be read only when its pieces are together."""
    at = next(i for i, line in enumerate(lines) if "until the issue addressed" in line)
    cells = lines[at].split("\t")
    assert cells[4] == "GPO, MOES, CWFA, WG"
    first = [*cells[:3], "until", "GPO,", cells[5]]
    pieces = ["\t".join(first), "\t\t\tthe issue\tMOES,\t", "", "\t\t\taddressed\tCWFA, WG\t"]
    same_plan(real, read("\n".join([*lines[:at], *pieces, *lines[at + 1 :]])))
