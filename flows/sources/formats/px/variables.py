"""The variables of a PC-Axis file: STUB, HEADING, VALUES, CODES and TIMEVAL in the file's main language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flows.sources.formats.px.statements import DISAGREES, Statement
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.values import sdmx_period, sdmx_periods, spelled_out

Keyword = Mapping[tuple[str, ...], Statement]  # statements of one keyword, by what stands in parentheses
_TLIST = re.compile(r'TLIST\s*\(\s*([A-Z])\w*\s*(?:,\s*"([^"]*)"\s*-\s*"([^"]*)"\s*)?\)\s*(?:,(.*))?', re.DOTALL)
_OF_VARIABLES = ("VALUES", "CODES", "TIMEVAL", "KEYS")


@dataclass(frozen=True, slots=True)
class Variable:
    """A dimension of the cube: what its categories are called, and what its column says of them."""

    name: str
    column: str  # TIME_PERIOD if the file says that it is the time, else the name
    texts: tuple[str, ...]  # codes, or values where there are none; periods in SDMX form
    values: tuple[str, ...]
    codes: tuple[str, ...] | None = None

    @property
    def labels(self) -> dict[str, str]:
        """What the column says → the value as the producer prints it, where they differ."""
        return {} if self.texts == self.values else dict(zip(self.texts, self.values, strict=True))

    def at(self, key: str) -> int | None:
        """The place of a category named by its code, its value or its period."""
        return next((n.index(key) for n in (self.codes or (), self.values, self.texts) if key in n), None)


def main_language(statements: Sequence[Statement]) -> dict[str, Keyword]:
    """The statements of the main language by keyword and keys: LANGUAGE's, else the first of LANGUAGES. Those of other
    languages say the same in other words. A statement that counts may be there twice only if it says the same."""
    stated = {s.keyword: s for s in reversed(statements) if s.keyword in ("LANGUAGE", "LANGUAGES")}
    first = stated.get("LANGUAGE") or stated.get("LANGUAGES")
    languages = ("", *(first.texts()[:1] if first else ()))
    table: dict[str, dict[tuple[str, ...], Statement]] = {}
    for statement in statements:
        if statement.language in languages:
            before = table.setdefault(statement.keyword, {}).setdefault(statement.keys, statement)
            counts = statement.keyword in (*_OF_VARIABLES, "STUB", "HEADING", "CONTVARIABLE", "UNITS", "CONTENTS")
            if counts and before.value != statement.value:
                raise statement.problem(
                    sentence("says something else than in line {line}", line=before.line), statement.value[:100]
                )
    return dict(table)


def variables(table: Mapping[str, Keyword]) -> tuple[list[Variable], int]:
    """The variables, those of STUB before those of HEADING, and how many are in STUB."""
    listed = {word: table[word][()].texts() if () in table.get(word, {}) else [] for word in ("STUB", "HEADING")}
    names = [*listed["STUB"], *listed["HEADING"]]
    if not names:
        raise InputProblem("neither STUB nor HEADING: the file names no variables", DISAGREES)
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputProblem("a variable stands twice in STUB and HEADING", DISAGREES, value=twice[0])
    for word in _OF_VARIABLES:
        for keys, statement in table.get(word, {}).items():
            if len(keys) != 1 or keys[0] not in names:
                raise statement.problem(
                    sentence("names no variable of STUB or HEADING: {names}", names=", ".join(names))
                )
    if len(times := list(table.get("TIMEVAL", {}).values())) > 1:
        raise times[1].problem(sentence("is the second TIMEVAL, after line {line}", line=times[0].line))
    return [_variable(table, name) for name in names], len(listed["STUB"])


def _variable(table: Mapping[str, Keyword], name: str) -> Variable:
    def stated(word: str) -> Statement | None:
        return table.get(word, {}).get((name,))

    if not (statement := stated("VALUES")):
        raise InputProblem("a variable of STUB or HEADING has no VALUES", DISAGREES, value=name)
    values, codes, time = tuple(statement.texts()), None, stated("TIMEVAL")
    if not values:
        raise statement.problem("has no value")
    if coded := stated("CODES"):
        printed = coded.texts() + [""] * coded.value.endswith(",")  # …,"2",; as some files of Statistics Sweden have it
        _same_count(coded, printed, values)
        codes = tuple(code or value for code, value in zip(printed, values, strict=True))
    variable = _timed(Variable(name, name, codes or values, values, codes), time)
    seen: set[str] = set()
    for text in variable.texts:
        if text in seen:
            raise (time or coded or statement).problem("has one code or value twice", text)
        seen.add(text)
    return variable


def _timed(variable: Variable, time: Statement | None) -> Variable:
    """Periods in SDMX form: those of TIMEVAL, or where every value (or code) reads as one. What reads as no period
    stays as printed, and is judged later."""
    codes = variable.codes or variable.values
    if not time:
        return replace(variable, texts=sdmx_periods(variable.values) or sdmx_periods(codes) or variable.texts)
    if not (tlist := _TLIST.fullmatch(time.value)):
        raise time.problem('is no TLIST(A1),"2004","2005" or TLIST(A1,"2004"-"2005")', time.value[:100])
    scale, first, last, listed = tlist.groups()
    scale = "Q" if scale == "K" else scale  # kvartal, as Statistics Norway writes it
    if listed is not None:
        printed: Sequence[str] | None = replace(time, value=listed).texts()
    else:
        printed = spelled_out(first, last, scale) if first else ()
        if printed is None:
            raise time.problem("has a range that is none", time.value[:100])
    if printed:
        _same_count(time, printed, variable.values)
        texts = tuple(sdmx_period(text, scale) or text for text in printed)
    else:
        texts = sdmx_periods(variable.values, scale) or sdmx_periods(codes, scale) or variable.texts
    return replace(variable, column="TIME_PERIOD", texts=texts)


def _same_count(statement: Statement, texts: Sequence[str], values: Sequence[str]) -> None:
    if len(texts) != len(values):
        raise statement.problem(sentence("has {count} where VALUES has {values}", count=len(texts), values=len(values)))
