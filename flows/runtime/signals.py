"""The signals that stop a command. They are noted, because a library may turn the exception into another one."""

import signal
import sys
from threading import Event
from types import FrameType

noted: list[int] = []
ignoring = Event()  # set while a stop changes nothing: readers see the new release, and the log has no line of it yet
leaving = Event()  # set if the process ends as soon as its command does, without what libraries do at their exit


class _Stopped(KeyboardInterrupt):
    """A stop. KeyboardInterrupt itself will not do: after it has passed exec(), which dataclasses use, Python ends the
    process by a signal and ignores its exit status."""


def listen() -> None:
    """Note Ctrl-C, SIGTERM and SIGHUP from now on, and stop the command where it is."""

    def stop(number: int, frame: FrameType | None) -> None:
        if ignoring.is_set():
            return
        noted.append(number)
        if _is_importing(frame):  # C code that is being loaded may end the process with an abort instead
            signal.setitimer(signal.ITIMER_REAL, 0.05)
        else:
            raise _Stopped

    def unraisable(fault: "sys.UnraisableHookArgs") -> None:
        if not noted:  # a stop inside a destructor or a callback of C code cannot be raised
            sys.__unraisablehook__(fault)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, stop)
    sys.unraisablehook = unraisable


def is_stop(error: BaseException | None) -> bool:
    """Return True if `error` is a stop by a signal, or what a library made of it, as Prefect "Task run is not set"."""
    while error:
        if not isinstance(error, Exception | GeneratorExit):  # Ctrl-C, or Prefect's TerminationSignal
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_importing(frame: FrameType | None) -> bool:
    while frame and frame.f_code.co_filename != "<frozen importlib._bootstrap>":
        frame = frame.f_back
    return frame is not None
