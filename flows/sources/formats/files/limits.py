"""The limits of a file, a record and a cell, for all readers; those of an unpacked workbook: workbook/guards.py."""

import csv

# Bytes of a file that is read in pieces. Ten million observations are 611 MB of SDMX-CSV and 5 GB of SDMX-ML Generic.
LARGEST_FILE = 8 << 30
# Bytes of a file that is held in memory while it is read, where it takes about ten times as much: JSON-stat and tables
# for people ([layout.labels]).
LARGEST_IN_MEMORY = 200 << 20
# Bytes of a workbook, which is a zip: twenty times as much may be in it (LARGEST_INSIDE in workbook/guards.py).
LARGEST_WORKBOOK = 20 << 20
# Characters of a cell. Excel takes 32,767; more than this is a quotation mark that is not closed.
LONGEST_CELL = 131_072
# Bytes of a record of CSV, and of each of its lines: what DuckDB takes. It leaves out one of 32 MB at the end of a
# file without an error.
LONGEST_RECORD = 2_000_000

csv.field_size_limit(LONGEST_CELL)  # Python's own default, set here so that it is the same limit


def size_of(count: int) -> str:
    """Return a number of bytes as people read it.

    >>> size_of(8 << 30), size_of(200 << 20)
    ('8 GB', '200 MB')
    """
    return f"{count >> 30} GB" if count >= 1 << 30 else f"{count >> 20} MB"
