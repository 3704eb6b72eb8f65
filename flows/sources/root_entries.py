"""What lies next to the folders of the raw data: the tables and folders that npa knows by name, and misspelt ones.

Imports nothing heavy at the top."""

from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

from transforms.errors import InputProblem
from transforms.quality.text import sentence

# When reports were received (transforms/reports/registers/receipts.py).
RECEIVED = "received.csv"
# Which refused rows of reports no longer count (transforms/reports/registers/withdrawals.py).
WITHDRAWN = "withdrawn.csv"
# Which results the public may read (transforms/reports/registers/public_results.py).
PUBLIC = "public.csv"
# Whom npa remind writes to (transforms/reports/registers/contacts.py): read by no refresh.
CONTACTS = "contacts.csv"
TABLES = (RECEIVED, WITHDRAWN, PUBLIC)
# Which sources were taken away, here or in any folder: an input, but of no document, report or data set.
REMOVED = "removed.toml"
TOPS = ("plans", "progress", "evidence", "statistics")

_FOLDERS = (*TOPS, "areas")
_FILES = (*TABLES, CONTACTS, REMOVED)
_ALIKE = 0.8  # recieved, Received (1), withdrawals


def misspelt_entries(raw: Path, names: list[str]) -> Iterator[InputProblem]:
    """Yield the entries of the folder of raw data, of these names, that npa would pass over though a person means them
    to be read: tables, and files or folders whose name is like one that npa knows."""
    for name in sorted(names):
        is_folder = (raw / name).is_dir()
        if name in _FOLDERS + _FILES or name.endswith("~"):  # an editor's copy
            continue
        if near := _near(name, _FOLDERS if is_folder else _FILES):
            remedy = sentence("Is {name} meant? Rename it, or take it away.", name=near)
        elif is_folder or not name.lower().endswith(".csv"):
            continue
        else:
            remedy = sentence("It reads {names}. Rename it, or take it away.", names=", ".join(_FILES))
        what = sentence("npa reads nothing of this name next to the folders of sources")
        yield InputProblem(what, remedy, path=name.encode("utf-8", "backslashreplace").decode())


def _near(name: str, known: tuple[str, ...]) -> str | None:
    """Return the known name that is most like this one; of files, whatever the ending and the numbers of copies.

    >>> [_near(name, _FILES) for name in ("Recieved (1).csv", "received.xlsx", "notes.txt")]
    ['received.csv', 'received.csv', None]
    """
    from difflib import get_close_matches

    letters = _letters if known is _FILES else str.casefold
    plain = {letters(each): each for each in known}
    close = get_close_matches(letters(name), plain, 1, _ALIKE)
    return plain[close[0]] if close else None


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, normalize("NFKC", name).casefold().lstrip(".").partition(".")[0]))
