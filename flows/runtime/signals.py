"""Signals that stop a command: they are noted, whatever a library makes of the exception on its way up."""

import signal
import sys
from types import FrameType

noted: list[int] = []
_late: list[str] = []  # what a stop would come too late for
_leaving: list[bool] = []


class _Stopped(KeyboardInterrupt):
    """Not KeyboardInterrupt itself: once that has gone up through exec(), as dataclasses use it, Python ends the
    process by a signal whatever is returned."""


def listen() -> None:
    """From now on Ctrl-C, SIGTERM and SIGHUP stop the command where it stands, and are noted."""

    def stop(number: int, frame: FrameType | None) -> None:
        if _late:
            return
        noted.append(number)
        if _is_importing(frame):  # C code that is being loaded may end the process with an abort instead
            signal.setitimer(signal.ITIMER_REAL, 0.05)
        else:
            raise _Stopped

    def unraisable(fault: "sys.UnraisableHookArgs") -> None:
        if not noted:  # a stop that meets a destructor or a callback of C code has nobody to go up to
            sys.__unraisablehook__(fault)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, stop)
    sys.unraisablehook = unraisable


def is_stop(error: BaseException | None) -> bool:
    """Return True if `error` is a stop by a signal, or what a library made of one that met it on its way up: Prefect
    says "Task run is not set" of a task that was stopped when it began."""
    while error:
        if not isinstance(error, Exception | GeneratorExit):  # Ctrl-C, or Prefect's TerminationSignal
            return True
        error = error.__cause__ or error.__context__
    return False


def comes_too_late(what: str) -> None:
    """From now on, until `is_possible`, a stop changes nothing: `what` is about to be done, what follows is short."""
    _late.append(what)


def is_possible() -> None:
    """A stop stops again."""
    _late.clear()


def leave_at_once() -> None:
    """The process is to end when its command has: what libraries would still do at its end is of no use any more."""
    _leaving.append(True)


def leaves_at_once() -> bool:
    """Whether it is."""
    return bool(_leaving)


def _is_importing(frame: FrameType | None) -> bool:
    while frame and frame.f_code.co_filename != "<frozen importlib._bootstrap>":
        frame = frame.f_back
    return frame is not None
