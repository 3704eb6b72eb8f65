"""The desk, NPA_DESK: a folder in which an officer finds the status, reminders and refused rows of the last night.

Nothing that goes wrong there fails a refresh: it is printed, and said in about.txt on the desk."""

import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.operations.desk_files import put_on_desk
from flows.releases.warehouse import Warehouse
from flows.runtime import signals
from flows.runtime.settings import desk, language
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


def _fill(folder: Path, warehouse: Warehouse, raw: Path) -> list[str]:
    """Write the files, and return what went wrong."""
    if not folder.is_dir():  # it is not made: a network drive that is away would become a folder of this machine
        return [sentence("there is no such folder. Connect it, or change NPA_DESK.")]
    with TemporaryDirectory(prefix="npa-") as scratch:
        draft = Path(scratch)
        about, problems = _draft(draft, warehouse, raw)
        problems += put_on_desk(draft, folder)
        lines = [about, *problems]
        (draft / "about.txt").write_text(
            "".join(f"{in_language(line, language())}\r\n" for line in lines), encoding="utf-8-sig", newline=""
        )
        problems += put_on_desk(draft, folder, only="about.txt")
    return problems


def _draft(draft: Path, warehouse: Warehouse, raw: Path) -> tuple[str, list[str]]:
    """Write all files into a folder of this machine; return what release they are of, and what is wrong with
    contacts.csv."""
    from flows.outputs.connection import fetch, opened
    from flows.outputs.reminders.remind import Asked, write_reminders
    from flows.outputs.workbooks.rejected import write_folder
    from flows.outputs.workbooks.status_book import write_status
    from transforms.errors import InputProblem

    faults = list[InputProblem]()
    with opened(warehouse.current_release() / "npa.duckdb") as con:
        (release,) = fetch(con, "SELECT release_id, as_of FROM release")
        write_status(con, language(), draft / "status.xlsx")
        rows = fetch(con, "FROM rejected_row WHERE state = 'open' ORDER BY agency_id NULLS LAST, rejection_id")
        write_folder(con, rows, None, draft / "refused", warehouse)
    write_reminders(warehouse, raw, Asked(), draft / "reminders", faults)
    return _about(release["release_id"], release["as_of"]), [str(fault) for fault in faults]


def _about(release_id: str, day: date) -> str:
    return sentence(
        "The files in this folder are of release {release_id}, as of {day}.", release_id=release_id, day=day
    )
