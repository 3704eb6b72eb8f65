"""Where there are many workbooks, processes of their own read them, beside what else is being done. Imports nothing
heavy: it is the program of those processes too."""

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import IO

from flows.sources.reports.sheets import ReportSheet, read_sheets
from transforms.errors import InputProblem, WarehouseFault
from transforms.quality.text import sentence

# -P: a folder "flows" where the command was given is not ours.
_COMMAND = [sys.executable, "-P", "-m", "flows.sources.reports.workers"]
_ENOUGH = 100  # workbooks for one process: they take as long to read as it takes to start
_NOT_KEPT = 74  # status of a process whose answers cannot be written (EX_IOERR)
_PATIENCE = 0.01  # seconds between two looks whether a process is done

Read = Callable[[Path], list[ReportSheet]]
Answer = list[ReportSheet] | InputProblem | OSError


@contextmanager
def reader_of(workbooks: Sequence[Path], stopped: Event) -> Iterator[Read]:
    """What reads each of the workbooks, in their order, as `read_sheets` does: that itself, or, of many, processes that
    begin now. When `stopped` is set, and for a workbook over which its process ended, it raises WarehouseFault."""
    count = min(len(workbooks) // _ENOUGH, os.cpu_count() or 1)
    with ExitStack() as processes:
        turns = cycle([processes.enter_context(_process(workbooks[n::count], stopped)) for n in range(count)])
        yield lambda path: _found(path, next(turns)) if count else read_sheets(path)


def _found(path: Path, answers: Iterator[Answer]) -> list[ReportSheet]:
    try:
        answer = next(answers)
    except (EOFError, pickle.UnpicklingError) as error:
        raise WarehouseFault(
            sentence(
                "{path}: the process that was reading it ended. Nothing was published. If that happens "
                "again, take the file away.",
                path=path,
            )
        ) from error
    if isinstance(answer, Exception):
        raise answer
    return answer


@contextmanager
def _process(paths: Sequence[Path], stopped: Event) -> Iterator[Iterator[Answer]]:
    with ExitStack() as files:
        try:
            asked, answered = (files.enter_context(tempfile.TemporaryFile()) for _ in range(2))
            pickle.dump(list(paths), asked)
            asked.seek(0)
        except OSError as error:
            raise _not_kept(f"{error.strerror}.") from error
        process = subprocess.Popen(  # noqa: S603
            _COMMAND, stdin=asked, stdout=answered, stderr=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C is for us to hear
        )  # fmt: skip
        try:
            yield _answers(process, answered, stopped)
        finally:
            process.kill()
            process.wait()


def _answers(process: subprocess.Popen[bytes], answered: IO[bytes], stopped: Event) -> Iterator[Answer]:
    """All are taken when the last is there: taken one by one, each would wait for the other threads of this process."""
    while process.poll() is None and not stopped.wait(_PATIENCE):
        pass
    if process.returncode == _NOT_KEPT:
        raise _not_kept("is it full?")
    answered.seek(0)
    while True:
        yield pickle.load(answered)  # noqa: S301 (written by our own process)


def _not_kept(why: str | None) -> WarehouseFault:
    return WarehouseFault(
        sentence(
            "{folder} does not take what is read of the workbooks: {why} Nothing was published.",
            folder=tempfile.gettempdir(),
            why=why,
        )
    )


def _answer(path: Path) -> Answer:
    try:
        return read_sheets(path)
    except (InputProblem, OSError) as error:
        return error


if __name__ == "__main__":
    os.nice(10)  # whoever asks has other work to do in the meantime
    found = map(_answer, pickle.load(sys.stdin.buffer))  # noqa: S301 (from the process that started this one)
    try:
        for answer in found:
            pickle.dump(answer, sys.stdout.buffer)
        sys.stdout.flush()
    except OSError:
        os._exit(_NOT_KEPT)
