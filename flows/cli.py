"""The command `npa`. Heavy libraries are imported by the commands that need them."""

import atexit
import gc
import os
import signal
import sys
from types import ModuleType

from flows.commands.parser import parser
from flows.runtime import signals
from flows.runtime.streams import open_streams
from transforms.errors import InputRejected, NpaError
from transforms.quality.catalogue import message

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
        status = options.run(options) or 0
        sys.stdout.flush()
    except BaseException as error:
        if signals.noted:  # whatever a library has made of our KeyboardInterrupt on its way up
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            print("npa: stopped before it was done; the last good release stands.", file=sys.stderr)
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


def _told(error: BaseException) -> tuple[str | None, int]:
    """What the user is told of an error, and the exit status; None for what should not happen."""
    if isinstance(error, InputRejected):
        rejected = message("user.input_rejected", n=len(error.problems))
        return f"{rejected}\n{error}\n", error.exit_code
    if isinstance(error, NpaError):
        return f"npa: {error}\n", error.exit_code
    if isinstance(error, OSError):
        if error.filename is None:  # standard output: what is left of it would be tried again at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if isinstance(error, BrokenPipeError):  # the reader of our output has gone, as `head` does
            return "", 0
        place = f"{error.filename!s}: " if error.filename else "standard output cannot be written: "
        return f"npa: {place}{error.strerror or error}.\n", 3
    if _is_of_memory(error):
        return "npa: there is not enough memory for this; the last good release stands.\n", 3
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
