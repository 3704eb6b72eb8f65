"""[[composite]]: codes that hide several columns: cr_1_rur_q1_f is a series, a residence, a quintile and a sex."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Self

from pydantic import Discriminator, Tag, model_validator

from transforms.errors import problem_in
from transforms.statistics.dataset.pattern import groups_of, matches, nesting
from transforms.statistics.dataset.strict import Strict, Text

_CONTINUED = re.compile(r"(.+)_[0-9]+")  # statistic_id_2: the next piece of statistic_id

_Codes = Annotated[
    Annotated[Text, Tag("file")] | Annotated[dict[str, dict[Text, str]], Tag("list")],
    Discriminator(
        lambda codes: "list" if isinstance(codes, dict) else "file"
    ),  # so that one error is reported, not two
]

Parts = Mapping[str, str]  # column → what a code says of it; "" if nothing


class Composite(Strict):
    """How codes of one column are read: by a pattern, by a list of codes, or by both.

    The named groups of the pattern are columns as a file's own are: [concepts] and [codes] say what becomes of them. It
    reads a whole code, or nothing of it."""

    column: Text
    pattern: Text | None = None
    codes: _Codes = {}  # a CSV file next to dataset.toml, or what it says

    @property
    def listed(self) -> Mapping[str, Parts]:
        """Return the codes that are listed one by one; those of a CSV file stand here once it has been read."""
        return {} if isinstance(self.codes, str) else self.codes

    @property
    def columns(self) -> list[str]:
        """Return the columns that the codes give, in order.

        >>> Composite(column="A", pattern="(?P<statistic_id>.+?)(_(?P<sex>[fm]))?(?P<statistic_id_2>_se)?").columns
        ['statistic_id', 'sex']
        """
        groups = groups_of(self.pattern) if self.pattern else {}
        named = [_column(group, groups) for group in groups]
        return list(dict.fromkeys([*named, *(name for parts in self.listed.values() for name in parts)]))

    def read(self, codes: Collection[str]) -> dict[str, Parts]:
        """Return what the pattern reads in codes, of those that it reads as a whole. Raises InputProblem for a code
        with a letter or digit in no group.

        >>> composite = Composite(column="A", pattern="(?P<statistic_id>.+?)(_(?P<sex>[fm]))?(?P<statistic_id_2>_se)?")
        >>> composite.read(["cr_1_f_se", ""])
        {'cr_1_f_se': {'statistic_id': 'cr_1_se', 'sex': 'f'}}
        """
        if not self.pattern:
            return {}
        groups, read = groups_of(self.pattern), dict[str, Parts]()
        outer = sorted(groups[group.name] for group in nesting(self.pattern) if not group.is_inside)
        for code, texts in matches(self.pattern, codes).items():
            _check_nothing_is_lost(code, [texts[number - 1] for number in outer])
            parts: dict[str, str] = {}
            for group, number in groups.items():  # in the order of the pattern
                name = _column(group, groups)
                parts[name] = parts.get(name, "") + texts[number - 1]
            read[code] = parts
        return read

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if not self.pattern and not self.codes:
            raise ValueError("say by which pattern, or by which list of codes, the column is read")
        if self.pattern:
            if not groups_of(self.pattern):
                raise ValueError("the pattern has no named group, (?P<sex>f|m)")
            if repeated := [group.name for group in nesting(self.pattern) if group.may_repeat]:
                raise ValueError(f"the group {repeated[0]} may fit several times, of which the last alone would count")
            matches(self.pattern, [])
        if silent := [code for code, parts in self.listed.items() if not any(parts.values())]:
            raise ValueError(f"nothing is said of the code {silent[0]!r}")
        return self


def _check_nothing_is_lost(code: str, texts: Sequence[str]) -> None:
    """Raise InputProblem if a code has a letter or digit in none of the texts that groups found in it, in order."""
    end, between = 0, list[str]()
    for text in texts:
        begin = code.index(text, end)
        between.append(code[end:begin])
        end = begin + len(text)
    lost = ["".join(filter(str.isalnum, part)) for part in (*between, code[end:])]
    if any(lost):
        what = "the pattern of [[composite]] fits the code, but no named group has {lost}: what that says would be lost"
        remedy = "Put it into a group of a column, or of one that [concepts] sets aside: (?P<mark>_x)? and mark = ''."
        raise problem_in("", 0, what, remedy, code, lost=", ".join(filter(None, lost)))


def _column(group: str, groups: Mapping[str, int]) -> str:
    """Return the column that a group belongs to: statistic_id_2 continues statistic_id if there is such a group."""
    continued = _CONTINUED.fullmatch(group)
    return continued[1] if continued and continued[1] in groups else group
