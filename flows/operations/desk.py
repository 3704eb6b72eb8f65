"""The desk, NPA_DESK: a folder in which an officer finds the status, reminders and refused rows of the last night.

Nothing that goes wrong there fails a refresh: it is printed, and said in about.txt on the desk."""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.operations.desk_files import is_on_desk, put_on_desk
from flows.releases.warehouse import Warehouse
from flows.runtime import signals
from flows.runtime.settings import desk, language, mail_sender
from flows.runtime.version import software_version
from transforms.errors import InputRejected, NpaError, WrongUsage
from transforms.quality.text import in_language, sentence

_ABOUT = "about.txt"
_LISTED = 20  # problems of a refresh


@contextmanager
def filling_desk(warehouse: Warehouse, raw: Path) -> Iterator[None]:
    """Fill the desk after the block, a refresh. If that fails, the desk says so: its files are old."""
    try:
        yield
    except Exception as fault:
        if not signals.is_stop(fault) and not isinstance(fault, WrongUsage):
            fill_desk(warehouse, raw, fault)
        raise
    fill_desk(warehouse, raw)


def fill_desk(warehouse: Warehouse, raw: Path, fault: Exception | None = None) -> None:
    """Write what the current release says onto the desk, if there is one; `fault` is why the last refresh failed."""
    if not (folder := desk()):
        return
    try:
        problems = _fill(folder, warehouse, raw, fault)
    except Exception as error:
        if signals.is_stop(error):
            raise
        problems = [_said(error)]
    for problem in problems:
        print(f"npa: the desk {folder}: {problem}", file=sys.stderr, flush=True)


def _fill(folder: Path, warehouse: Warehouse, raw: Path, fault: Exception | None) -> list[str]:
    """Write the files, and return what went wrong."""
    if not folder.is_dir():  # it is not made: a network drive that is away would become a folder of this machine
        return [sentence("there is no such folder. Connect it, or change NPA_DESK.")]
    made_from = _digest(warehouse, raw, fault)
    if is_on_desk(folder, made_from):
        return []
    with TemporaryDirectory(prefix="npa-") as scratch:
        draft = Path(scratch)
        about, problems = _replace(draft, folder, warehouse, raw)
        lines = [about, *_news(fault), *problems]
        text = "".join(f"{in_language(line, language())}\r\n" for line in lines)
        (draft / _ABOUT).write_text(text, encoding="utf-8-sig", newline="")
        problems += put_on_desk(draft, folder, only=_ABOUT, made_from="" if problems else made_from)
    return problems


def _replace(draft: Path, folder: Path, warehouse: Warehouse, raw: Path) -> tuple[str, list[str]]:
    """Replace the files on the desk; return which release they are of, and what went wrong."""
    try:
        about, problems = _draft(draft, warehouse, raw)
        return about, problems + put_on_desk(draft, folder)
    except Exception as error:
        if signals.is_stop(error):
            raise
        about = sentence("The files in this folder are of an earlier release: they could not be replaced.")
        return about, [_said(error)]


def _digest(warehouse: Warehouse, raw: Path, fault: Exception | None) -> str:
    """Return a digest of all that decides what the desk says."""
    from flows.outputs.reminders.ledger import path_of

    said = b"\0".join(path.read_bytes() for path in (raw / "contacts.csv", path_of(warehouse)) if path.is_file())
    texts = (warehouse.current_id(), software_version(), language(), mail_sender(), str(fault))
    return hashlib.sha256(said + "\0".join(map(str, texts)).encode()).hexdigest()


def _draft(draft: Path, warehouse: Warehouse, raw: Path) -> tuple[str, list[str]]:
    """Write all files into a folder of this machine; return what release they are of, and what is wrong with
    contacts.csv."""
    from flows.outputs.connection import fetch, opened
    from flows.outputs.desk.status_book import write_status
    from flows.outputs.reminders.remind import Asked, write_reminders
    from flows.outputs.workbooks.rejected import write_folder
    from transforms.errors import InputProblem

    faults = list[InputProblem]()
    with opened(warehouse.current_release() / "npa.duckdb") as con:
        (release,) = fetch(con, "SELECT release_id, as_of FROM release")
        write_status(con, warehouse, language(), draft / "status.xlsx")
        rows = fetch(con, "FROM rejected_row WHERE state = 'open' ORDER BY agency_id NULLS LAST, rejection_id")
        write_folder(con, rows, None, draft / "refused", warehouse)
    write_reminders(warehouse, raw, Asked(), draft / "reminders", faults)
    about = sentence(
        "The files in this folder are of release {release_id}, as of {day}.",
        release_id=release["release_id"], day=release["as_of"],
    )  # fmt: skip
    return about, [str(fault) for fault in faults]


def _news(fault: Exception | None) -> Iterator[str]:
    """Yield that the last refresh failed, and why."""
    if fault is None:
        return
    yield sentence("The last refresh failed. What came in since that release is not in these files. What is wrong:")
    problems = fault.problems if isinstance(fault, InputRejected) else [fault]
    yield from map(_said, problems[:_LISTED])
    if len(problems) > _LISTED:
        yield f"… + {len(problems) - _LISTED}"


def _said(fault: Exception) -> str:
    """Return a fault in the language of the desk."""
    if isinstance(fault, NpaError):
        return fault.in_language(language())
    return str(fault) if isinstance(fault, OSError) else f"{type(fault).__name__}: {fault}"
