"""How large a file, a record and a cell may be: one limit each, for whoever reads them.

What a workbook may unpack to is limited in workbook/guards.py: that is about memory, not about the file."""

import csv

# Bytes of a file that is read in pieces. Ten million observations are 611 MB of SDMX-CSV and 5 GB of SDMX-ML Generic.
LARGEST_FILE = 8 << 30
# Bytes of a file that is held in memory while it is read, where it takes about ten times as much: JSON-stat, tables for
# people ([layout.labels]), and reports as CSV that DuckDB would not read as we do (a million lines are 110 MB).
LARGEST_IN_MEMORY = 200 << 20
# Bytes of a workbook, which is a zip: twenty times as much may be in it (LARGEST_INSIDE in workbook/guards.py).
LARGEST_WORKBOOK = 20 << 20
# Characters of a cell. Excel takes 32,767; more than this is a quotation mark that is not closed.
LONGEST_CELL = 131_072
# Bytes of a record of CSV, and of each of its lines: what DuckDB takes. It leaves out one of 32 MB at the end of a
# file, without a word.
LONGEST_RECORD = 2_000_000

csv.field_size_limit(LONGEST_CELL)  # Python's own default, said here so that it is the same limit


def size_of(count: int) -> str:
    """Return a number of bytes as people read it.

    >>> size_of(8 << 30), size_of(200 << 20)
    ('8 GB', '200 MB')
    """
    return f"{count >> 30} GB" if count >= 1 << 30 else f"{count >> 20} MB"
