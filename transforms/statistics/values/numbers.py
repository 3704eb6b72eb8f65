"""What a text that stands for a value means: a number printed for people, a mark, missing on purpose, or nothing."""

import math
import re

from transforms.statistics.dataset.dataset_toml import Dataset

_MISSING = ("", "NaN", "#N/A")  # SDMX-CSV: missing on purpose
# PC-Axis 2013: dots are missing, a dash is nil, which is a magnitude of zero.
_PX_MARKS: dict[str, float | None] = {"." * dots: None for dots in range(1, 7)} | {"-": 0.0}
_BLANKS = re.compile(r"\s+")  # no-break spaces too
# "1 234,5", "- 5": blanks part thousands and follow a sign; "68 70" is two numbers. Digits are those of ASCII.
_NUMBER = re.compile(r"[+-]?\s*(?:[0-9]{1,3}(?:\s[0-9]{3})+|[0-9]*)(?:[.,][0-9]*)?(?:[Ee][+-]?[0-9]+)?")
_IN_TEXT = re.compile(r"[0-9]+(?:[.,\s][0-9]+)*")


def read_number(text: str, dataset: Dataset) -> tuple[float | None, str | None, bool]:
    """Value, status, and whether the text is known."""
    printed = " ".join(text.split())
    if text in dataset.marks or printed in dataset.marks:
        return None, dataset.marks.get(text, dataset.marks.get(printed)), True
    if printed in _MISSING:
        return None, None, True
    if dataset.format == "px" and printed in _PX_MARKS:
        return _PX_MARKS[printed], None, True
    printed = printed.replace("\u2212", "-")  # the minus of typographers
    if not _NUMBER.fullmatch(printed) or (dataset.decimal == "," and "." in printed):  # 1.234 may be a thousand
        return None, None, False
    try:
        value = float(_BLANKS.sub("", printed).replace(dataset.decimal, "."))
    except ValueError:
        return None, None, False
    return (value, None, True) if math.isfinite(value) else (None, None, False)


def has_point(text: str, dataset: Dataset) -> bool:
    """Whether a number has a point, where dataset.toml says that the decimal mark is a comma."""
    return dataset.decimal == "," and "." in text and any(character.isdigit() for character in text)


def mark_of(text: str, dataset: Dataset) -> str:
    """The key of [marks] for a text: in tables laid out for people, "(18,7)" is a number, and its mark is "(#)"."""
    has_marks = dataset.layout is not None and bool(dataset.layout.labels)
    return _IN_TEXT.sub("#", text, count=1) if has_marks else text
