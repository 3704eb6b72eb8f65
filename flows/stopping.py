"""Signals that stop a command: they are noted, whatever a library makes of the exception on its way up."""

import signal
import sys
from types import FrameType

noted: list[int] = []


class _Stopped(KeyboardInterrupt):
    """Not KeyboardInterrupt itself: once that has gone up through exec(), as dataclasses use it, Python ends the
    process by a signal whatever is returned."""


def listen() -> None:
    """From now on Ctrl-C, SIGTERM and SIGHUP stop the command where it stands, and are noted."""

    def stop(number: int, frame: FrameType | None) -> None:
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


def _is_importing(frame: FrameType | None) -> bool:
    while frame and frame.f_code.co_filename != "<frozen importlib._bootstrap>":
        frame = frame.f_back
    return frame is not None
