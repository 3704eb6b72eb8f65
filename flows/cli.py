"""The command `npa`. Heavy libraries are imported by the commands that need them."""

import argparse
import atexit
import contextlib
import gc
import os
import signal
import sys

from flows.commands import refresh, releases
from flows.commands.options import formatter
from flows.runtime import settings, signals
from flows.runtime.streams import open_streams
from transforms.errors import InputRejected, NpaError, WarehouseFault

# In the order of `npa --help`.
_COMMANDS = (
    *(refresh.refresh, refresh.check),
    *(releases.query, releases.status, releases.template, releases.rejected, releases.remind, releases.export),
    *(releases.releases, refresh.serve, refresh.dataset, releases.diff, releases.rollback, releases.prune),
    releases.health,
)
_MANUAL = """\
npa turns national plans of action on child rights into an analytical dataset: it reads the
documents in raw/plans, refuses what it cannot trust, and publishes releases of tables as DuckDB
and Parquet, the newest as warehouse/current."""

_AFTER = """\
environment:
{environment}

exit status:
  0  done
  1  the input was rejected (what, where, why and how to put it right is on standard error; the
     last good release stays current), or the question cannot be answered
  2  wrong usage
  3  something around it failed (lock, disk, server), and another try may help
  130  stopped by Ctrl-C or another signal

examples:
  npa check
  npa refresh --as-of 2019-12-31
  npa template --all --language ru --output forms
  npa status --agency MOES --as-of 2020-12-31
  npa remind --output letters
  npa export sdmx --output indicators
  npa query "SELECT abbreviation, activities FROM agency_workload LIMIT 5"
  npa query --format csv --output late.csv "FROM activities WHERE is_overdue AND duplicate_of IS NULL"
  npa dataset describe births.px
  npa diff
  npa health --max-age 26h
"""
_OUT_OF_MEMORY = "can't start new thread", "failed to map segment", "annot allocate memory"


def main(arguments: list[str] | None = None) -> int:
    """Run one command, by default that of the process; return the exit status, see the contract §4."""
    status = _run_command(arguments)
    # Python would take down what the system takes back anyway, in 10 ms. Prefect has work to end first.
    if arguments is None and (signals.leaving.is_set() or "prefect" not in sys.modules):
        sys.stdout.flush()
        os._exit(status)
    return status


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; what it parses has the function to run in `run`."""
    environment = "\n".join(f"  {name:<24} {meaning}" for name, meaning in settings.MEANINGS.items())
    epilog = _AFTER.format(environment=environment)
    parser = argparse.ArgumentParser("npa", description=_MANUAL, epilog=epilog, formatter_class=formatter)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for add_command in _COMMANDS:
        add_command(commands)
    return parser


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
            stop = WarehouseFault("stopped before it was done; the last good release stays current.")
            print(f"npa: {stop.in_language(_language())}", file=sys.stderr)
            signals.leaving.set()  # a thread of DuckDB that still ends a query would abort Python's own exit
            return 130
        message, status = _explained(error)
        if message is None:
            raise
        print(message, end="", file=sys.stderr)
    return status


def _be_quick() -> None:
    """Leave out what a process of one command does not need; together a fifth of a refresh."""
    # Garbage collection: while the command works, and once more at its exit.
    gc.disable()
    atexit.register(gc.freeze)
    # Generators of test data, which pandera imports if they are installed. None makes the import fail.
    sys.modules.setdefault("hypothesis", None)  # type: ignore[arg-type]
    # Threads in which NumPy multiplies matrices, one for each core, each with memory: npa multiplies none.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _language() -> str:
    """Return the language of errors; English for the error that the language itself is unknown."""
    with contextlib.suppress(settings.WrongSetting):
        return settings.language()
    return "en"


def _explained(error: BaseException) -> tuple[str | None, int]:
    """Return the message and exit status for an expected error, or None and 1 if it is a bug."""
    if isinstance(error, OSError):
        if error.filename is None:  # standard output: Python would try to write the rest of it at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if isinstance(error, BrokenPipeError):  # the reader of our output has ended, as `head` does
            return "", 0
        reason = error.strerror or str(error)
        if error.filename:
            return f"npa: {error.filename}: {reason}.\n", 3
        error = WarehouseFault("standard output cannot be written: {reason}.", reason=reason)
    elif not isinstance(error, NpaError) and _is_out_of_memory(error):
        error = WarehouseFault("there is not enough memory for this; the last good release stays current.")
    if not isinstance(error, NpaError):
        return None, 1
    sign = "" if isinstance(error, InputRejected) else "npa: "
    return f"{sign}{error.in_language(_language())}\n", error.exit_code


def _is_out_of_memory(error: BaseException | None) -> bool:
    """Return True if memory was too little: for values, for DuckDB, for a thread, or for a library to load."""
    while error:
        if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
            return True
        if isinstance(error, RuntimeError | ImportError) and any(words in str(error) for words in _OUT_OF_MEMORY):
            return True
        error = error.__cause__
    return False


if __name__ == "__main__":
    sys.exit(main())
