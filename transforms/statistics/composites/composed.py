"""The columns that composite codes give, next to those of the file: each different code is read once, not each row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from schemas.generated import ddl
from transforms.errors import problem_in
from transforms.statistics.composites.reading import Read, readings
from transforms.statistics.dataset.columns import UNKNOWN, Vocabulary, target_of
from transforms.statistics.dataset.dataset_toml import BREAKDOWNS, CODED, TOTAL, Dataset


@dataclass(frozen=True, slots=True)
class Composed:
    """A file with the columns that its composite codes give: a table or view `rows` with the columns `names`."""

    names: tuple[str, ...]
    rows: str
    codes: Mapping[str, Sequence[Read]] = field(default_factory=dict)  # column → each of its different texts
    places: Collection[int] = ()  # of the columns that codes give


def compose(
    con: duckdb.DuckDBPyConnection,
    file: Composed,
    dataset: Dataset,
    series: Vocabulary,
    labels: Mapping[str, Mapping[str, str]],
) -> Composed:
    """Return a file with the columns that its composite codes give.

    `series`: the codes of statistic_id; one that nothing else reads may be a series as a whole. `labels`: column → code
    → label. Raises InputProblem for a code that is read in two ways, and for two columns of one name."""
    names, cells, codes = file.names, list[str](), dict[str, list[Read]]()
    for column in dict.fromkeys(composite.column for composite in dataset.composite):
        if column in file.names:
            place, parts = file.names.index(column), dataset.parts_of(column)
            codes[column] = _read(con, file.rows, place, column, dataset, labels.get(column, {}))
            codes[column] = [_as_series(code, parts, dataset, series) for code in codes[column]]
            kind = _kind(con, f"composite_{file.rows}_{place}", codes[column])
            cells += [_cell(f"c{place}", kind, codes[column], part, dataset) for part in parts]
            names = (*names, *parts)
    if not codes:
        return file
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        what = "[[composite]] gives a column that the file has, or that other codes give"
        remedy = "Name it otherwise there, such as {name}_of_code, and say in [concepts] which column of ours it is."
        raise problem_in("", 0, what, remedy, twice[0], name=twice[0])
    listed = ", ".join(f"{cell} AS c{place}" for place, cell in enumerate(cells, len(file.names)))
    con.execute(f"CREATE OR REPLACE VIEW composed_{file.rows} AS SELECT *, {listed} FROM {file.rows}")
    return Composed(names, f"composed_{file.rows}", codes, range(len(file.names), len(names)))


def _read(
    con: duckdb.DuckDBPyConnection, rows: str, place: int, column: str, dataset: Dataset, labels: Mapping[str, str]
) -> list[Read]:
    """Return each different text of a column, and what it says."""
    texts = con.execute(f"SELECT DISTINCT c{place} AS text FROM {rows} ORDER BY text").fetchall()
    return readings([(text, labels.get(text or "", "")) for (text,) in texts], dataset.composites_of(column))


def _as_series(code: Read, parts: Sequence[str], dataset: Dataset, series: Vocabulary) -> Read:
    """Return a code that nothing reads as a series without a breakdown, if it is the code of one."""
    part = next((part for part in parts if target_of(part, dataset) == "statistic_id"), None)
    is_series = code.parts is None and part and code.said in series.codes
    return Read(code.text, code.said, {part: code.said}) if part and is_series else code


def _kind(con: duckdb.DuckDBPyConnection, name: str, codes: Sequence[Read]) -> str:
    """Make an ENUM of the texts of a column, by which a row finds what its text says; return its name."""
    texts = [ddl.literal(code.text) for code in codes if code.text is not None]
    con.execute(f"DROP TYPE IF EXISTS {name}")
    con.execute(f"CREATE TYPE {name} AS ENUM ({', '.join(texts)})")
    return name


def _cell(text: str, kind: str, codes: Sequence[Read], part: str, dataset: Dataset) -> str:
    """Return SQL: what the code of a row says of one column."""
    cells = {code.text: _said(code, part, dataset) for code in codes}
    blank = cells.pop(None, "NULL")
    listed = f"list_extract([{', '.join(cells.values())}], enum_code({text}::{kind}) + 1)"
    return f"CASE WHEN {text} IS NULL THEN {blank} ELSE {listed} END::VARCHAR"


def _said(code: Read, part: str, dataset: Dataset) -> str:
    """Return SQL: what a code says of a column; a breakdown of which it says nothing is the total."""
    target = target_of(part, dataset) or ""
    if code.parts is None:
        return ddl.literal(UNKNOWN) if target in (*CODED, "time_period") else "NULL"
    if text := code.parts.get(part):
        return ddl.literal(text)
    is_breakdown = target in (*BREAKDOWNS, "other_breakdown")
    stated = dataset.codes.get(part if target == "other_breakdown" else target, {})
    return ddl.literal(TOTAL) if is_breakdown and "" not in stated else "NULL"
