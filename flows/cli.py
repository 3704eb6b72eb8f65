"""The command `npa`. Heavy libraries are imported by the commands that need them."""

import atexit
import gc
import io
import os
import signal
import sys
from pathlib import Path
from types import ModuleType

from flows.commands.parser import parser
from flows.runtime import settings, signals
from transforms.errors import InputRejected, NpaError
from transforms.quality.text import in_language, sentence

_OUT_OF_MEMORY = "can't start new thread", "failed to map segment", "annot allocate memory"


def main(arguments: list[str] | None = None) -> int:
    """Run one command, by default that of the process; return the exit status, see the contract §4."""
    status = _run_command(arguments)
    if arguments is None and signals.leaving.is_set():
        sys.stdout.flush()
        os._exit(status)
    return status


def _run_command(arguments: list[str] | None) -> int:
    open_streams()
    signals.listen()
    _be_quick()
    try:
        options = parser().parse_args(arguments)
        settings.language()  # before any work: an unknown language cannot print the error of a long refresh
        status = options.run(options) or 0
        sys.stdout.flush()
    except BaseException as error:
        if signals.noted:  # whatever a library has made of our KeyboardInterrupt
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            stopped = sentence("stopped before it was done; the last good release stands.")
            print(f"npa: {in_language(stopped, _language())}", file=sys.stderr)
            signals.leaving.set()  # a thread of DuckDB that still ends a query would abort Python's own exit
            return 130
        message, status = _explained(error)
        if message is None:
            raise
        print(message, end="", file=sys.stderr)
    return status


class _ForgivingStream(io.TextIOWrapper):
    """Standard error that loses what it cannot write: a full disk must not fail a good refresh."""

    def write(self, text: str, /) -> int:
        """Write what can be written."""
        try:
            return super().write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        """Flush what can be flushed."""
        try:
            super().flush()
        except OSError:
            return


def open_streams() -> None:
    """Replace streams that the caller closed; write letters that a terminal does not have as \\uXXXX."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if sys.stderr is sys.__stderr__ and isinstance(sys.stderr, io.TextIOWrapper):
        raw = io.FileIO(sys.stderr.fileno(), "w", closefd=False)
        sys.stderr = _ForgivingStream(
            raw, sys.stderr.encoding, "backslashreplace", line_buffering=True, write_through=True
        )


def _be_quick() -> None:
    """Leave out what a process of one command does not need; together a fifth of a refresh."""
    # Garbage collection: while the command works, and once more at its exit.
    gc.disable()
    atexit.register(gc.freeze)
    # Generators of test data, which pandera imports if they are installed. None makes the import fail.
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    modules.setdefault("hypothesis", None)
    # Threads in which NumPy multiplies matrices, one for each core, each with memory: npa multiplies none.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _language() -> str:
    """Return the language of errors; English for the error that the language itself is unknown."""
    try:
        return settings.language()
    except settings.WrongSetting:
        return "en"


def _explained(error: BaseException) -> tuple[str | None, int]:
    """Return the message and exit status for an expected error, or None and 1 if it is a bug."""
    if isinstance(error, InputRejected):
        return f"{error.in_language(_language())}\n", error.exit_code
    if isinstance(error, NpaError):
        return f"npa: {error.in_language(_language())}\n", error.exit_code
    if isinstance(error, OSError):
        if error.filename is None:  # standard output: Python would try to write the rest of it at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if isinstance(error, BrokenPipeError):  # the reader of our output has ended, as `head` does
            return "", 0
        reason = error.strerror or str(error)
        message = sentence("standard output cannot be written: {reason}.", reason=reason)
        return f"npa: {f'{error.filename}: {reason}.' if error.filename else in_language(message, _language())}\n", 3
    if _is_out_of_memory(error):
        message = sentence("there is not enough memory for this; the last good release stands.")
        return f"npa: {in_language(message, _language())}\n", 3
    return None, 1


def _is_out_of_memory(error: BaseException | None) -> bool:
    """Return True if the error means that the process ran out of memory: for values, for DuckDB, for a thread, or for a
    library to load."""
    while error:
        if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
            return True
        if isinstance(error, RuntimeError | ImportError) and any(words in str(error) for words in _OUT_OF_MEMORY):
            return True
        error = error.__cause__
    return False


if __name__ == "__main__":
    sys.exit(main())
