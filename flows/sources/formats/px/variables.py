"""The variables of a PC-Axis file: STUB, HEADING, VALUES, CODES and TIMEVAL in its main language, and their names in
the language that dataset.toml chooses."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flows.sources.formats.px.periods import periods
from flows.sources.formats.px.statements import DISAGREES, Statement
from flows.sources.formats.relation import repeated, strides
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.quarters import with_quarters
from transforms.statistics.values import sdmx_periods

# Keyword → keys in parentheses → statement; a keyword that the file does not have is empty.
Table = defaultdict[str, dict[tuple[str, ...], Statement]]
_OF_VARIABLES = ("VALUES", "CODES", "TIMEVAL", "KEYS")
_COUNTING = (*_OF_VARIABLES, "STUB", "HEADING", "CONTVARIABLE", "UNITS", "CONTENTS")
_NAMES = ("LANGUAGE", "LANGUAGES")


@dataclass(frozen=True, slots=True)
class Variable:
    """A dimension of the cube: the names of its categories, and the texts of its column."""

    name: str
    column: str  # TIME_PERIOD if the file says that it is the time, else the name
    texts: tuple[str, ...]  # codes, or values where there are none; periods in SDMX form
    values: tuple[str, ...]
    codes: tuple[str, ...] | None = None
    stride: int = 1  # cells between two of its categories
    main_name: str = ""  # in the main language, if another is chosen
    main_values: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, str]:
        """The name, and that in the main language."""
        return self.name, self.main_name or self.name

    @property
    def labels(self) -> dict[str, str]:
        """Text of the column → the value as the producer prints it, where they differ."""
        return {} if self.texts == self.values else dict(zip(self.texts, self.values, strict=True))

    @property
    def places(self) -> dict[str, int]:
        """Code, value or period of a category → its place. A key that is several of these is the code."""
        spellings = (self.main_values, self.texts, self.values, self.codes or ())
        return {key: at for names in spellings for at, key in enumerate(names)}


def in_language(statements: Sequence[Statement], language: str | None) -> tuple[Table, Table]:
    """Return the statements of the main language by keyword and keys, and those of the chosen one, if it is another.

    The main language is LANGUAGE's, else the first of LANGUAGES. Statements of other languages say the same in other
    words. Raises InputProblem for a statement that is there twice and says two things, if it counts, and for a language
    that the file does not have."""
    stated = {s.keyword: s for s in reversed(statements) if s.keyword in _NAMES}
    first = stated.get("LANGUAGE") or stated.get("LANGUAGES")
    main = ("", *(first.texts()[:1] if first else ()))
    spoken = list(dict.fromkeys([*main[1:], *(s.language for s in statements if s.language)]))
    if language is None or language in main:
        return _table(statements, main), defaultdict(dict)
    if language not in spoken:
        what = "the file has no texts in the language that dataset.toml names"
        remedy = "Take language out of dataset.toml."
        if spoken:
            remedy = sentence("Say language = one of {languages}.", languages=", ".join(spoken))
        raise InputProblem(what, remedy, line=first.line if first else 0, value=language)
    return _table(statements, main), _table(statements, (language,))


def _table(statements: Sequence[Statement], languages: Sequence[str]) -> Table:
    table: Table = defaultdict(dict)
    for statement in statements:
        if statement.language in languages:
            before = table[statement.keyword].setdefault(statement.keys, statement)
            if statement.keyword in _COUNTING and before.value != statement.value:
                what = "says something else than in line {line}"
                raise statement.problem(what, statement.value[:100], line=before.line)
    return table


def variables(table: Table, times: Sequence[str]) -> tuple[list[Variable], int]:
    """Return the variables, those of STUB before those of HEADING, and how many are in STUB. Raises InputProblem.

    `times`: names of variables that dataset.toml says are the time."""
    stub, heading = _listed(table, "STUB"), _listed(table, "HEADING")
    names = [*stub, *heading]
    if not names:
        raise InputProblem("neither STUB nor HEADING: the file names no variables", DISAGREES)
    first = (table["STUB"] or table["HEADING"])[()]
    if name := repeated(names):
        raise first.problem("names a variable that STUB or HEADING has twice", name)
    for word in _OF_VARIABLES:
        for keys, statement in table[word].items():
            if len(keys) != 1 or keys[0] not in names:
                raise statement.problem("names no variable of STUB or HEADING: {names}", names=", ".join(names))
    if len(stated := list(table["TIMEVAL"].values())) > 1:
        raise stated[1].problem("is the second TIMEVAL, after line {line}", line=stated[0].line)
    if unlisted := [name for name in names if (name,) not in table["VALUES"]]:
        raise first.problem("names a variable that has no VALUES", unlisted[0])
    listed = [_variable(table, name, is_time=name in times) for name in names]
    cells_between = strides([len(variable.texts) for variable in listed])
    return [replace(v, stride=stride) for v, stride in zip(listed, cells_between, strict=True)], len(stub)


def _listed(table: Mapping[str, Mapping[tuple[str, ...], Statement]], word: str) -> list[str]:
    return table[word][()].texts() if () in table[word] else []


def _variable(table: Table, name: str, *, is_time: bool) -> Variable:
    stated = table["VALUES"][(name,)]
    coded, time = (table[word].get((name,)) for word in ("CODES", "TIMEVAL"))
    values, codes = tuple(stated.texts()), None
    if not values:
        raise stated.problem("has no value")
    if coded:
        printed = coded.texts() + [""] * coded.value.endswith(",")  # …,"2",; as some files of Statistics Sweden have it
        if len(printed) != len(values):
            raise coded.problem("has {count} where VALUES has {values}", count=len(printed), values=len(values))
        codes = tuple(code or value for code, value in zip(printed, values, strict=True))
    printed_values, printed_codes = values, codes
    if not time:  # "Trimestre": T is a quarter
        said = (name, *values)
        printed_values = tuple(with_quarters(values, said))
        printed_codes = codes and tuple(with_quarters(codes, said))
    texts = periods(printed_values, printed_codes, coded if time or is_time else None, time) or codes or values
    if len(set(texts)) < len(texts):
        raise (time or coded or stated).problem("has one code or value twice", repeated(texts))
    return Variable(name, "TIME_PERIOD" if time else name, texts, values, codes)


def translated(variables: Sequence[Variable], table: Table) -> list[Variable]:
    """Return the variables with names and values in another language, whose statements are in `table`.

    What that language does not say stays in the main one. Raises InputProblem for lists of another length."""
    names = [*_listed(table, "STUB"), *_listed(table, "HEADING")] or [variable.name for variable in variables]
    if len(names) != len(variables):
        statement = (table["STUB"] or table["HEADING"])[()]
        what = "names {count} variables with its fellow where the main language has {variables}"
        raise statement.problem(what, count=len(names), variables=len(variables))
    return [_translated(variable, name, table) for variable, name in zip(variables, names, strict=True)]


def _translated(variable: Variable, name: str, table: Table) -> Variable:
    column = name if variable.column == variable.name else variable.column
    stated = table["VALUES"].get((name,)) or table["VALUES"].get((variable.name,))
    renamed = replace(variable, name=name, column=column, main_name=variable.name, main_values=variable.values)
    if not stated:
        return renamed
    values = tuple(stated.texts())
    if len(values) != len(variable.values):
        what = "has {count} where VALUES of the main language has {values}"
        raise stated.problem(what, count=len(values), values=len(variable.values))
    if variable.texts != variable.values or sdmx_periods(variable.values):
        return replace(renamed, values=values)
    if len(set(values)) < len(values):
        raise stated.problem("has one code or value twice", repeated(values))
    return replace(renamed, values=values, texts=values)
