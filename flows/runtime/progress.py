"""The line on a terminal that says what is being done; nothing is written to a pipe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from flows.runtime.streams import control

_DOING = {
    "read_inputs": "reading the sources",
    "read_plans": "reading the plans",
    "read_dataset": "reading official statistics",
    "validate": "validating",
    "check_reports": "reading reports and judging statistics",
    "compute": "computing states and indicators",
    "publish": "writing the release and reading it back",
}


def say(doing: str) -> None:
    """Write on the terminal what is being done, over what was written before; an empty text wipes the line."""
    if sys.stderr.isatty():
        control(sys.stderr, "\r\033[K")
        print(f"{doing} …" if doing else "", end="", file=sys.stderr, flush=True)


@contextmanager
def shown(stage: str) -> Iterator[None]:
    """Write on the terminal what is being done while the stage of this name runs."""
    say(_DOING[stage])
    try:
        yield
    finally:
        say("")
