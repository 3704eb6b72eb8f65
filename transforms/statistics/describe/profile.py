"""What stands in the columns of a file: counted by DuckDB over the table `looked`, which has c0, c1, … as text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from transforms.statistics.loading.staging import folded
from transforms.statistics.values.periods import read_period
from transforms.statistics.values.printed_periods import sdmx_period

MOST_CODES = 2000  # of one column, the most frequent first
_MISSING = ("", "NaN", "#N/A")


@dataclass(slots=True)
class Column:
    """One column of a file. `codes`: the texts in it and their rows, the most frequent first; `numeric`: the share of
    its filled cells that are numbers; `target` is guessed later."""

    name: str
    place: int
    distinct: int
    blank: int
    codes: Sequence[tuple[str, int]]
    numeric: float
    labels: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    is_ours: bool = False  # by its name: needs no entry in [concepts]
    is_sure: bool = True  # no guess to be checked
    names: str = ""  # the column whose codes this one only names


@dataclass(slots=True)
class Values:
    """The values: how many are numbers, how many are blank, and every other text with its rows; the decimal mark."""

    numbers: int = 0
    blank: int = 0
    marks: Sequence[tuple[str, int]] = ()
    lowest: float | None = None
    highest: float | None = None
    decimal: str = "."


@dataclass(slots=True)
class Periods:
    """The periods, sorted; their frequencies; texts that are none → what they may be, "" where nothing is near."""

    found: Sequence[str] = ()
    frequencies: Sequence[str] = ()
    odd: Mapping[str, str] = field(default_factory=dict)


def columns(
    con: duckdb.DuckDBPyConnection, names: Sequence[str], labels: Mapping[str, Mapping[str, str]]
) -> Iterator[Column]:
    """The columns of `looked`."""
    for place, name in enumerate(names):
        text = f"c{place}"
        number = f"try_cast(replace({text}, ',', '.') AS DOUBLE) IS NOT NULL"
        ((distinct, filled, rows, numbers),) = con.execute(
            f"SELECT count(DISTINCT {text}), count({text}), count(*), count(*) FILTER ({number}) FROM looked"
        ).fetchall()
        numeric = numbers / filled if filled else 0.0
        yield Column(name, place, distinct, rows - filled, codes(con, place), numeric, labels.get(name, {}))


def codes(
    con: duckdb.DuckDBPyConnection, place: int, of_place: int | None = None, said: Sequence[str] = ()
) -> list[tuple[str, int]]:
    """The texts in a column and their rows, the most frequent first; only of rows that have a text of `said` in
    another column, if that is given."""
    where = f"AND list_contains($said, {folded(f'c{of_place}')})" if of_place is not None else ""
    return con.execute(
        f"""SELECT {folded(f"c{place}")} AS code, count(*) FROM looked WHERE c{place} IS NOT NULL {where}
            GROUP BY code ORDER BY 2 DESC, 1 LIMIT {MOST_CODES}""",
        {"said": list(said)} if of_place is not None else None,
    ).fetchall()


def names_of(con: duckdb.DuckDBPyConnection, code: Column, name: Column) -> Mapping[str, str] | None:
    """Code → name, if a column says what the codes of the one before it are called: one name each, never two."""
    said, called = f"c{code.place}", f"c{name.place}"
    pairs = con.execute(
        f"""SELECT {said}, min({called}), count(DISTINCT {called}), count(*) FILTER ({called} IS NULL)
            FROM looked WHERE {said} IS NOT NULL GROUP BY 1"""
    ).fetchall()
    if not pairs or any(many != 1 or missing for _, _, many, missing in pairs):
        return None
    return {one: its_name for one, its_name, _, _ in pairs}


def values(con: duckdb.DuckDBPyConnection, place: int, *, prints_decimals: bool) -> Values:
    """The values in a column. `prints_decimals`: numbers of the format are printed by the reader, so that a decimal
    comma in some texts speaks for all."""
    text = f"regexp_replace(c{place}, '[\\s\\p{{Z}}]', '', 'g')"
    ((comma, point),) = con.execute(
        f"""SELECT count(*) FILTER (regexp_full_match({text}, '[-+]?[0-9]+,[0-9]+')),
                   count(*) FILTER (regexp_full_match({text}, '[-+]?[0-9]+\\.[0-9]+')) FROM looked"""
    ).fetchall()
    decimal = "," if comma and (prints_decimals or not point) else "."
    number = f"try_cast({f'''replace({text}, ',', '.')''' if decimal == ',' else text} AS DOUBLE)"
    number = f"CASE WHEN isfinite({number}) THEN {number} END"
    missing = ", ".join(f"'{one}'" for one in _MISSING)
    blank = f"coalesce({folded(f'c{place}')}, '') IN ({missing})"
    ((numbers, blanks, lowest, highest),) = con.execute(
        f"SELECT count({number}), count(*) FILTER ({blank}), min({number}), max({number}) FROM looked"
    ).fetchall()
    marks = con.execute(
        f"""SELECT {folded(f"c{place}")} AS mark, count(*) FROM looked
            WHERE NOT {blank} AND {number} IS NULL GROUP BY mark ORDER BY 2 DESC, 1 LIMIT 100"""
    ).fetchall()
    return Values(numbers, blanks, marks, lowest, highest, decimal)


def periods(con: duckdb.DuckDBPyConnection, place: int) -> Periods:
    """The periods in a column."""
    texts = con.execute(
        f"SELECT DISTINCT coalesce({folded(f'c{place}')}, '') AS text FROM looked ORDER BY text LIMIT 20_000"
    ).fetchall()
    read = {text: read_period(text) for (text,) in texts}
    found = [reading for reading in read.values() if reading]
    odd = {text: _near(text) for text, reading in read.items() if not reading}
    return Periods(sorted({period for period, _ in found}), sorted({freq for _, freq in found}), odd)


def _near(text: str) -> str:
    """What a text may be as a period: 2013T4 → 2013-Q4."""
    read = sdmx_period(text) or sdmx_period(text.split(" ")[0].removesuffix("г.")) or ""
    reading = read_period(read)
    return reading[0] if reading else ""
