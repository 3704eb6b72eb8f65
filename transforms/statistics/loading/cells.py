"""The cells of rows as the file has them, those of columns that are set aside too: only of rows whose key is met again.

Numbers are left out: they are compared as numbers, in `published`."""

from collections.abc import Iterable, Mapping, Sequence

from schemas.generated import ddl
from transforms.statistics.dataset.dataset_toml import NUMBERS, TOTAL
from transforms.statistics.loading.staging import StagedFile, Staging, folded, numbered

Place = tuple[str, int]  # path of a file, number of a row in `met`


def compare_cells(staging: Staging, met: str) -> None:
    """Fill `met` with the rows that the query `met` gives, numbered, and `compared` with numbers for the cells of each:
    `cells` for all of them, `words` for those of columns that `repeats_differ_in` does not name."""
    places = " ".join(
        f"WHEN {ddl.literal(file.path)} THEN {'source_row' if _has_unique_rows(staging, file) else 'staged_row'}"
        for file in staging.files
    )
    staging.con.execute(f"CREATE TABLE met AS SELECT *, CASE source_file {places} END AS number FROM ({met})")
    queries = [
        f"""SELECT {ddl.literal(file.path)} AS source_file, number, {_words(file, staging)} AS cells,
                   {_words(file, staging, staging.dataset.repeats_differ_in)} AS words
            FROM ({_rows(file, staging)})
            WHERE number IN (SELECT number FROM met WHERE source_file = {ddl.literal(file.path)})"""
        for file in staging.files
    ]
    staging.con.execute(f"CREATE TABLE compared AS {' UNION ALL '.join(queries)}")


def read_cells(staging: Staging, places: Sequence[Place]) -> dict[Place, Mapping[str, str]]:
    """Return the cells of some rows of `met`, by name of the column; without blank ones."""
    cells: dict[Place, Mapping[str, str]] = {}
    for file in staging.files:
        numbers = [number for path, number in places if path == file.path]
        columns = _compared(file, staging)
        if numbers and columns:
            texts = ", ".join(_cell(name, column, staging) for name, column in columns)
            query = f"SELECT number, {texts} FROM ({_rows(file, staging)}) WHERE list_contains($numbers, number)"
            for number, *row in staging.con.execute(query, {"numbers": numbers}).fetchall():
                said = {name: text for (name, _), text in zip(columns, row, strict=True) if text}
                cells[file.path, number] = said
    return cells


def _has_unique_rows(staging: Staging, file: StagedFile) -> bool:
    """Return True if each row of a file is one observation; a row of a table with values across is several."""
    if file.first_row is not None:
        return True
    query = f"SELECT count(*) = count(DISTINCT source_row) FROM {file.table}"
    return bool(staging.con.execute(query).fetchall()[0][0])


def _rows(file: StagedFile, staging: Staging) -> str:
    """Return SQL: the rows of a file as read, numbered as in `met`, with the labels that no column has."""
    number = numbered(file) if _has_unique_rows(staging, file) else "row_number() OVER () - 1"
    rows = f"SELECT *, {number} AS number FROM rows_{file.table}"
    letters = _unnamed_labels(file, staging)
    if not letters:
        return rows
    columns = ["row BIGINT", *(f"label_{letter} VARCHAR" for letter in letters)]
    staging.con.execute(f"CREATE OR REPLACE TABLE labels_{file.table} ({', '.join(columns)})")
    lists = [
        list(file.row_labels),
        *([labels.get(letter) for labels in file.row_labels.values()] for letter in letters),
    ]
    staging.con.execute(f"INSERT INTO labels_{file.table} SELECT {', '.join(['unnest(?)'] * len(lists))}", lists)
    return f"SELECT * FROM ({rows}) JOIN labels_{file.table} ON row = source_row"


def _unnamed_labels(file: StagedFile, staging: Staging) -> list[str]:
    """Return the columns of labels that are set aside, or that headings make ours of, by their letters."""
    layout = staging.dataset.layout
    if not layout or not file.row_labels:
        return []
    by_heading = [layout.label_column] if layout.has_rows else []
    return [letter for letter, name in layout.labels.items() if not name or letter in by_heading]


def _compared(file: StagedFile, staging: Staging) -> list[tuple[str, str]]:
    """Return name and column of what is compared, in the order of the names: all but numbers."""
    numbers = [file.columns.places[column] for column in NUMBERS if column in file.columns.places]
    columns = [(name, f"c{place}") for place, name in enumerate(file.names) if place not in numbers]
    columns += [(letter, _label(file, staging, letter)) for letter in _unnamed_labels(file, staging)]
    return sorted(columns)


def _label(file: StagedFile, staging: Staging, letter: str) -> str:
    """Return SQL: a label, unless a heading above the row makes a column of it."""
    made = staging.dataset.layout.row_columns if staging.dataset.layout else []
    columns = ["NULL", *(f"c{place}" for place, name in enumerate(file.names) if name in made)]
    return f"CASE WHEN NOT list_contains([{', '.join(columns)}], label_{letter}) THEN label_{letter} END"


def _words(file: StagedFile, staging: Staging, without: Iterable[str] = ()) -> str:
    """Return SQL: a number that stands for the cells of a row, in whatever order a file has its columns."""
    columns = [(name, column) for name, column in _compared(file, staging) if name not in without]
    texts = (f"{ddl.literal(f'{name}=')} || {_cell(name, column, staging)}" for name, column in columns)
    return f"md5_number(concat_ws(chr(31), {', '.join(('NULL', *texts))}))"


def _cell(name: str, column: str, staging: Staging) -> str:
    """Return SQL: the text of a cell, NULL if it is blank. In a column that headings of [layout] make, the total is as
    blank as the rows under another heading are: a total that is printed under each heading repeats the first."""
    text, layout = f"nullif({folded(column)}, '')", staging.dataset.layout
    if not layout or name not in layout.row_columns:
        return text
    totals = ", ".join(map(ddl.literal, _totals(name, staging)))
    return f"CASE WHEN {text} NOT IN ({totals}) THEN {text} END"


def _totals(name: str, staging: Staging) -> list[str]:
    """Return the texts of a column that mean the total."""
    known = staging.words.get(staging.dataset.concepts.get(name, name.lower()))
    codes = known.codes if known else staging.dataset.codes.get(name, {})
    return [TOTAL, *(text for text, code in codes.items() if code == TOTAL)]
