"""The code of a number format, read into its sections (ECMA-376, 18.8.30 and 18.8.31)."""

import re
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne

_TOKEN = re.compile(
    r"""(?P<literal>"[^"]*"?|\\.?)|(?P<space>_.?)|(?P<fill>\*.?)|(?P<bracket>\[[^\]]*\])|(?P<end>;)
      | (?P<general>General|Standard|Основной)|(?P<noon>AM/PM|A/P)|(?P<power>[eE][+-])
      | (?P<digit>[0\#?.,]+)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+)|(?P<percent>%)|(?P<text>@)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[0-9.]+(?:[eE][+-]?[0-9]+)?)\]")  # [<5]
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)  # [h]:mm
_COLOUR = re.compile(r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|colou?r ?[0-9]+)\]", re.IGNORECASE)
_COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
SIGN = re.compile(r"[-–—−()]")  # of a negative number
_CURRENCIES = str.maketrans("", "", "$€£¥₽₸₴")


@dataclass(slots=True)
class Section:
    """One section of a format: what it shows of some numbers, or of text."""

    digits: str = ""  # #,##0.0,,
    is_number: bool = False  # it shows the number: by digits, or as General does
    date: str = ""  # the parts of a day and time that it shows, of yMdhms
    before: str = ""  # text before the number; all text, if there is none
    after: str = ""
    percents: int = 0
    has_fill: bool = False  # "* " fills the width of the cell, as in Excel's accounting formats
    has_text: bool = False  # @
    colour: str = ""
    condition: tuple[str, float] | None = None

    @property
    def divisor(self) -> int:
        """Return what the number is divided by: a thousand for each comma behind its digits."""
        commas = sum(len(part) - len(part.rstrip(",")) for part in self.digits.split(".", 1) if part.strip(","))
        return int(1000**commas)

    @property
    def width(self) -> int:
        """Return the digits that are always shown of a whole number: of 004 three."""
        return 0 if "." in self.digits or "," in self.digits else self.digits.count("0")

    @property
    def literal(self) -> str:
        """Return the text of a section without its number."""
        return " ".join(f"{self.before}{self.after}".split())

    @property
    def is_dash(self) -> bool:
        """Return True if a section shows nothing but a dash, and maybe a currency's sign."""
        return self.literal.translate(_CURRENCIES).strip() in ("-", "–", "—", "−")

    def around(self, *, without_sign: bool = False) -> str:
        """Return the text around the number, which is #; "" if there is none but a currency's sign.

        >>> [sections(code)[0].around() for code in ('0.0" thousand"', "[$сом.-428] 0", '"("0")"')]
        ['# thousand', '', '(#)']
        """
        text = f"{self.before}#{self.after}"
        text = " ".join((SIGN.sub("", text) if without_sign else text).split())
        return "" if text.translate(_CURRENCIES).strip() == "#" else text

    def applies(self, value: float) -> bool:
        """Return True if there is no condition, or the number meets it."""
        return self.condition is None or bool(_COMPARE[self.condition[0]](value, self.condition[1]))

    def shows_nothing_of(self, value: float) -> bool:
        """Return True if the section has no digits, or none but # and ? for a number that it rounds to zero."""
        if not self.is_number:
            return True
        if not self.digits or set("0./") & set(self.digits):
            return False
        return round(abs(value) * 100.0**self.percents / self.divisor) == 0


def sections(code: str) -> list[Section]:
    """Return the sections of a format, which semicolons separate."""
    parts = [Section()]
    for match in _TOKEN.finditer(code or "General"):
        if match.lastgroup == "end":
            parts.append(Section())
        else:
            _add(parts[-1], match.lastgroup or "", match[0])
    for part in parts:
        if part.date:  # whatever digits it has are fractions of a second
            part.digits, part.is_number = "", False
    return parts


def _add(part: Section, kind: str, text: str) -> None:
    """Add a token to a section."""
    if kind == "digit":
        part.digits += text
        part.is_number = part.is_number or bool(text.strip(".,"))
    elif kind == "general":
        part.is_number = True
    elif kind == "date":
        _add_date(part, text[0].lower())
    elif kind == "percent":
        part.percents += 1
    elif kind == "text":
        part.has_text = True
    elif kind == "fill":
        part.has_fill = True
    elif kind == "bracket":
        _add_bracket(part, text)
    elif kind in ("literal", "other"):
        _add_literal(part, text.strip('"') if text[0] == '"' else text.removeprefix("\\"))
    elif kind == "space":
        _add_literal(part, " ")


def _add_date(part: Section, letter: str) -> None:
    """Add a letter of a date; m is minutes (m) next to hours or seconds, and months (M) elsewhere."""
    if letter == "m":
        letter = "m" if part.date[-1:] in ("h", "s") else "M"
    elif letter == "s" and part.date[-1:] == "M":
        part.date = f"{part.date[:-1]}m"
    part.date += "" if letter in part.date else letter


def _add_literal(part: Section, text: str) -> None:
    if text == "/" and part.digits:  # # ?/?
        part.digits += text
    elif part.date:
        return
    elif part.is_number or part.has_text:
        part.after += text
    else:
        part.before += text


def _add_bracket(part: Section, text: str) -> None:
    if match := _CONDITION.fullmatch(text):
        part.condition = (match[1], float(match[2]))
    elif _ELAPSED.fullmatch(text):
        part.date += text[1].lower()
    elif _COLOUR.fullmatch(text):
        part.colour = text.lower()
