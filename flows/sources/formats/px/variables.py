"""The variables of a PC-Axis file: STUB, HEADING, VALUES, CODES and TIMEVAL in the file's main language."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.sources.formats.px.statements import DISAGREES, Statement
from flows.sources.formats.relation import repeated, strides
from transforms.errors import InputProblem
from transforms.statistics.values import sdmx_period, sdmx_periods, spelled_out

# Keyword → keys in parentheses → statement; a keyword that the file does not have is empty.
Table = defaultdict[str, dict[tuple[str, ...], Statement]]
_TLIST = re.compile(r'TLIST\s*\(\s*([A-Z])\w*\s*(?:,\s*"([^"]*)"\s*-\s*"([^"]*)"\s*)?\)\s*(?:,(.*))?', re.DOTALL)
_OF_VARIABLES = ("VALUES", "CODES", "TIMEVAL", "KEYS")
_COUNTING = (*_OF_VARIABLES, "STUB", "HEADING", "CONTVARIABLE", "UNITS", "CONTENTS")


@dataclass(frozen=True, slots=True)
class Variable:
    """A dimension of the cube: the names of its categories, and the texts of its column."""

    name: str
    column: str  # TIME_PERIOD if the file says that it is the time, else the name
    texts: tuple[str, ...]  # codes, or values where there are none; periods in SDMX form
    values: tuple[str, ...]
    codes: tuple[str, ...] | None = None
    stride: int = 1  # cells between two of its categories

    @property
    def labels(self) -> dict[str, str]:
        """Text of the column → the value as the producer prints it, where they differ."""
        return {} if self.texts == self.values else dict(zip(self.texts, self.values, strict=True))

    @property
    def places(self) -> dict[str, int]:
        """Code, value or period of a category → its place. A key that is several of these is the code."""
        return {key: at for names in (self.texts, self.values, self.codes or ()) for at, key in enumerate(names)}


def main_language(statements: Sequence[Statement]) -> Table:
    """Return the statements of the main language by keyword and keys: LANGUAGE's, else the first of LANGUAGES.

    Those of other languages say the same in other words. Raises InputProblem for a statement that is there twice and
    says two things, if it counts."""
    stated = {s.keyword: s for s in reversed(statements) if s.keyword in ("LANGUAGE", "LANGUAGES")}
    first = stated.get("LANGUAGE") or stated.get("LANGUAGES")
    languages = ("", *(first.texts()[:1] if first else ()))
    table: Table = defaultdict(dict)
    for statement in statements:
        if statement.language in languages:
            before = table[statement.keyword].setdefault(statement.keys, statement)
            if statement.keyword in _COUNTING and before.value != statement.value:
                what = "says something else than in line {line}"
                raise statement.problem(what, statement.value[:100], line=before.line)
    return table


def variables(table: Table) -> tuple[list[Variable], int]:
    """Return the variables, those of STUB before those of HEADING, and how many are in STUB. Raises InputProblem."""
    stub, heading = (table[word][()].texts() if () in table[word] else [] for word in ("STUB", "HEADING"))
    names = [*stub, *heading]
    if not names:
        raise InputProblem("neither STUB nor HEADING: the file names no variables", DISAGREES)
    if name := repeated(names):
        raise InputProblem("a variable stands twice in STUB and HEADING", DISAGREES, value=name)
    for word in _OF_VARIABLES:
        for keys, statement in table[word].items():
            if len(keys) != 1 or keys[0] not in names:
                raise statement.problem("names no variable of STUB or HEADING: {names}", names=", ".join(names))
    if len(times := list(table["TIMEVAL"].values())) > 1:
        raise times[1].problem("is the second TIMEVAL, after line {line}", line=times[0].line)
    listed = [_variable(table, name) for name in names]
    cells_between = strides([len(variable.texts) for variable in listed])
    return [replace(v, stride=stride) for v, stride in zip(listed, cells_between, strict=True)], len(stub)


def _variable(table: Table, name: str) -> Variable:
    stated, coded, time = (table[word].get((name,)) for word in ("VALUES", "CODES", "TIMEVAL"))
    if not stated:
        raise InputProblem("a variable of STUB or HEADING has no VALUES", DISAGREES, value=name)
    values, codes = tuple(stated.texts()), None
    if not values:
        raise stated.problem("has no value")
    if coded:
        printed = coded.texts() + [""] * coded.value.endswith(",")  # …,"2",; as some files of Statistics Sweden have it
        _check_length(coded, printed, values)
        codes = tuple(code or value for code, value in zip(printed, values, strict=True))
    variable = _timed(Variable(name, name, codes or values, values, codes), time)
    if len(set(variable.texts)) < len(variable.texts):
        raise (time or coded or stated).problem("has one code or value twice", repeated(variable.texts))
    return variable


def _timed(variable: Variable, time: Statement | None) -> Variable:
    """Return the variable with periods in SDMX form: those of TIMEVAL, or if every value (or code) reads as one.

    What does not read as a period stays as printed, and is judged later."""
    codes = variable.codes or variable.values
    if not time:
        said = (variable.name, *variable.values)  # "Trimestre": T is a quarter
        periods = sdmx_periods(variable.values, words=said) or sdmx_periods(codes, words=said)
        return replace(variable, texts=periods or variable.texts)
    if not (tlist := _TLIST.fullmatch(time.value)):
        raise time.problem('is no TLIST(A1),"2004","2005" or TLIST(A1,"2004"-"2005")', time.value[:100])
    scale, first, last, listed = tlist.groups()
    scale = "Q" if scale == "K" else scale  # kvartal, as Statistics Norway writes it
    printed = spelled_out(first, last, scale) if first else ()
    if listed is not None:
        printed = replace(time, value=listed).texts()
    if printed is None:
        raise time.problem("has a range that is none", time.value[:100])
    texts = sdmx_periods(variable.values, scale) or sdmx_periods(codes, scale) or variable.texts
    if printed:
        _check_length(time, printed, variable.values)
        texts = tuple(sdmx_period(text, scale) or text for text in printed)
    return replace(variable, column="TIME_PERIOD", texts=texts)


def _check_length(statement: Statement, texts: Sequence[str], values: Sequence[str]) -> None:
    if len(texts) != len(values):
        raise statement.problem("has {count} where VALUES has {values}", count=len(texts), values=len(values))
