"""The desk, NPA_DESK: a folder in which an officer finds the status, reminders and refused rows of the last night.

Nothing that goes wrong there fails a refresh: it is printed, and said in about.txt on the desk."""

import contextlib
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.operations.desk_files import put_on_desk
from flows.releases.warehouse import Warehouse
from flows.runtime import signals
from flows.runtime.settings import desk, language, time_zone
from transforms.errors import NpaError
from transforms.quality.text import in_language, sentence


def fill_desk(warehouse: Warehouse, raw: Path) -> None:
    """Write what the current release says onto the desk, if there is one."""
    if not (folder := desk()):
        return
    try:
        problems = _fill(folder, warehouse, raw)
    except Exception as fault:
        if signals.is_stop(fault):
            raise
        problems = [str(fault) if isinstance(fault, NpaError | OSError) else f"{type(fault).__name__}: {fault}"]
    for problem in problems:
        print(f"npa: the desk {folder}: {problem}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def failures_on_desk() -> Iterator[None]:
    """Say in about.txt on the desk why a refresh published nothing: who works there sees no other output of it."""
    try:
        yield
    except NpaError as error:
        if (folder := desk()) and folder.is_dir():
            moment = f"{datetime.now(time_zone()):%Y-%m-%d %H:%M}"
            what = sentence("On {moment} nothing was published: the other files here are older.", moment=moment)
            with TemporaryDirectory(prefix="npa-") as scratch, contextlib.suppress(OSError):
                _write_about(Path(scratch), [in_language(what, language()), error.in_language(language())])
                put_on_desk(Path(scratch), folder, only="about.txt")
        raise


def _write_about(draft: Path, lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines).replace("\n", "\r\n")
    (draft / "about.txt").write_text(text, encoding="utf-8-sig", newline="")


def _fill(folder: Path, warehouse: Warehouse, raw: Path) -> list[str]:
    """Write the files, and return what went wrong."""
    if not folder.is_dir():  # it is not made: a network drive that is away would become a folder of this machine
        return [sentence("there is no such folder. Connect it, or change NPA_DESK.")]
    with TemporaryDirectory(prefix="npa-") as scratch:
        draft = Path(scratch)
        about, problems = _draft(draft, warehouse, raw)
        problems += put_on_desk(draft, folder)
        _write_about(draft, [in_language(line, language()) for line in (about, *problems)])
        problems += put_on_desk(draft, folder, only="about.txt")
    return problems


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
    return _about(release["release_id"], release["as_of"]), [str(fault) for fault in faults]


def _about(release_id: str, day: date) -> str:
    return sentence(
        "The files in this folder are of release {release_id}, as of {day}.", release_id=release_id, day=day
    )
