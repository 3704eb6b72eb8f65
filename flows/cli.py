"""The command `npa`. Heavy libraries are imported by the commands that need them."""

import atexit
import gc
import os
import signal
import sys
from types import ModuleType

from flows.commands.parser import parser
from flows.runtime import settings, signals
from flows.runtime.streams import open_streams
from transforms.errors import InputRejected, NpaError
from transforms.quality.text import in_language, sentence

_OUT_OF_MEMORY = "can't start new thread", "failed to map segment", "annot allocate memory"


def main(arguments: list[str] | None = None) -> int:
    """Run one command, of the process where none is given; returns the exit status of the contract §4."""
    status = _run_command(arguments)
    if arguments is None and signals.leaves_at_once():
        sys.stdout.flush()
        os._exit(status)
    return status


def _run_command(arguments: list[str] | None) -> int:
    open_streams()
    signals.listen()
    _be_quick()
    try:
        options = parser().parse_args(arguments)
        settings.language()  # before any work: what is wrong with it could not be said at the end
        status = options.run(options) or 0
        sys.stdout.flush()
    except BaseException as error:
        if signals.noted:  # whatever a library has made of our KeyboardInterrupt on its way up
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            stopped = sentence("stopped before it was done; the last good release stands.")
            print(f"npa: {in_language(stopped, _language())}", file=sys.stderr)
            signals.leave_at_once()  # a query that still ends in a thread of DuckDB's would abort Python's own end
            return 130
        told, status = _told(error)
        if told is None:
            raise
        print(told, end="", file=sys.stderr)
        return status
    return status


def _be_quick() -> None:
    """Leave out what one command in a process of its own has no use for; together a fifth of a refresh."""
    # Looking for cycles in memory: while it works, and once more at its exit.
    gc.disable()
    atexit.register(gc.freeze)
    # Generators of test data, which pandera loads where they are installed. None means: not to be had.
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    modules.setdefault("hypothesis", None)
    # Threads in which NumPy multiplies matrices, one a core, each with memory of its own: there are none to multiply.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _language() -> str:
    """Return the language of errors; English for the error that the language itself is unknown."""
    try:
        return settings.language()
    except settings.WrongSetting:
        return "en"


def _told(error: BaseException) -> tuple[str | None, int]:
    """What the user is told of an error, and the exit status; None for what should not happen."""
    if isinstance(error, InputRejected):
        return f"{error.in_language(_language())}\n", error.exit_code
    if isinstance(error, NpaError):
        return f"npa: {error.in_language(_language())}\n", error.exit_code
    if isinstance(error, OSError):
        if error.filename is None:  # standard output: what is left of it would be tried again at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if isinstance(error, BrokenPipeError):  # the reader of our output has gone, as `head` does
            return "", 0
        reason = error.strerror or str(error)
        output = sentence("standard output cannot be written: {reason}.", reason=reason)
        said = f"{error.filename!s}: {reason}." if error.filename else in_language(output, _language())
        return f"npa: {said}\n", 3
    if _is_of_memory(error):
        memory = sentence("there is not enough memory for this; the last good release stands.")
        return f"npa: {in_language(memory, _language())}\n", 3
    return None, 1


def _is_of_memory(error: BaseException | None) -> bool:
    """Whether memory was wanting: for values, for DuckDB, for a thread, or for a library that was to be loaded."""
    while error:
        if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
            return True
        if isinstance(error, RuntimeError | ImportError) and any(words in str(error) for words in _OUT_OF_MEMORY):
            return True
        error = error.__cause__
    return False


if __name__ == "__main__":
    sys.exit(main())
