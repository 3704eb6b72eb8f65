"""One changed line: the change is published faithfully or rejected, and never lost."""

import random
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.support.marks import but
from tests.support.same_plan import Frames, Read, same_plan
from transforms.errors import InputRejected


def _is_same(first_reading: Frames, second_reading: Frames) -> bool:
    try:
        same_plan(first_reading, second_reading)
    except AssertionError:
        return False
    return True


def _outcome(read: Read, real: Frames, lines: list[str]) -> str:
    """Return `refused`, `published` (the change is visible) or `same`."""
    try:
        frames = read("\n".join(lines))
    except InputRejected as refusal:
        speechless = [problem for problem in refusal.problems if not (problem.remedy and problem.what)]
        return "refused" if not speechless else f"refused without a sentence: {speechless}"
    return "same" if _is_same(real, frames) else "published"


def _printed(lines: list[str]) -> Iterator[int]:
    yield from (i for i, line in enumerate(lines) if line.strip())


@pytest.mark.slow
def test_a_line_taken_out(read: Read, real: Frames, lines: list[str]) -> None:
    """Allow only a heading that numbers columns to be missed by the counts; its issue goes with it."""
    outcomes = {i: _outcome(read, real, lines[:i] + lines[i + 1 :]) for i in _printed(lines)}
    published = [lines[i] for i, outcome in outcomes.items() if outcome == "published"]
    assert "same" not in outcomes.values()
    assert sorted(set(published)) == [
        "1\t2\t3\t4\t5\t7",
        "Chairman of the Commission on Child Rights",
        "Tajikistan",
        "under the Government of the Republic of",
    ]


@pytest.mark.slow
def test_a_line_printed_twice(read: Read, real: Frames, lines: list[str]) -> None:
    """Allow repeated headings, but no repeated row, entry or title."""
    for i in _printed(lines):
        outcome = _outcome(read, real, lines[: i + 1] + lines[i:])
        heading = lines[i].startswith(("#", "1\t2", "Abbreviations"))
        approval = i < 7
        assert outcome == ("same" if heading else "published" if approval and outcome != "refused" else "refused"), i


@pytest.mark.slow
def test_two_lines_in_the_other_order(read: Read, real: Frames, lines: list[str]) -> None:
    printed = list(_printed(lines))
    for first, second in pairwise(printed):
        swapped = list(lines)
        swapped[first], swapped[second] = lines[second], lines[first]
        outcome = _outcome(read, real, swapped)
        glossary = first > 176
        assert outcome == "refused" or glossary or first < 9 or lines[first].startswith(("#", "1\t2")), lines[first]


@pytest.mark.parametrize("seed", but(pytest.mark.slow, range(8), [0]))
def test_a_word_changed_or_lost(read: Read, real: Frames, lines: list[str], seed: int) -> None:
    """Replace a letter, leave out a word or change a digit: the change is in the tables, or the plan is rejected."""
    chance = random.Random(seed)
    for i in chance.sample(list(_printed(lines)), 25):
        changed = list(lines)
        words = lines[i].split(" ")
        at = chance.randrange(len(words))
        kind = chance.choice(["letter", "word", "digit"])
        if kind == "word" and len(words) > 1:
            words[at] = ""
        elif kind == "digit" and any(c.isdigit() for c in lines[i]):
            place = chance.choice([p for p, c in enumerate(lines[i]) if c.isdigit()])
            digit = str((int(lines[i][place]) + chance.randint(1, 8)) % 10)
            words = (lines[i][:place] + digit + lines[i][place + 1 :]).split(" ")
        else:
            words[at] = words[at].strip()[:-1] + "x"
        changed[i] = " ".join(words)
        if changed[i].split() == lines[i].split():
            continue
        outcome = _outcome(read, real, changed)
        assert outcome != "same" or "_____" in lines[i], (lines[i], changed[i])


@pytest.mark.parametrize("row", [17, 114, 128, 142, 172, 175])
def test_a_tab_lost_or_put_in(read: Read, real: Frames, lines: list[str], row: int) -> None:
    places = [p for p, c in enumerate(lines[row]) if c == "\t"]
    for p in places:
        for changed in (lines[row][:p] + lines[row][p + 1 :], lines[row][:p] + "\t" + lines[row][p:]):
            outcome = _outcome(read, real, [*lines[:row], changed, *lines[row + 1 :]])
            trailing = not lines[row][p:].strip()
            assert outcome == ("same" if trailing else "refused"), changed


def test_two_cells_exchanged(read: Read, real: Frames, lines: list[str]) -> None:
    for row in (17, 22, 142, 158):
        for a in range(1, 5):
            cells = lines[row].split("\t")
            cells[a], cells[a + 1] = cells[a + 1], cells[a]
            if cells == lines[row].split("\t"):
                continue
            changed = [*lines[:row], "\t".join(cells), *lines[row + 1 :]]
            assert _outcome(read, real, changed) == "refused", cells


@pytest.mark.slow
def test_a_document_cut_short(read: Read, real: Frames, lines: list[str]) -> None:
    """Reject the plan wherever the file ends early; nobody can see a cut in the name of the last glossary entry."""
    for end in range(1, len(lines)):
        assert _outcome(read, real, lines[:end]) == "refused", end
