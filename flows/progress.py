"""What a person at a terminal sees of long work; nothing in a pipe."""

import sys
from collections.abc import Callable
from typing import Any

_DOING = {
    "read_inputs": "reading the sources",
    "extract": "extracting lines",
    "normalise": "normalising",
    "validate": "validating",
    "publish": "writing the release and reading it back",
}


def shown(step: Callable[..., Any]) -> Callable[..., Any]:
    """`step`, with a line on the terminal while a stage runs."""
    if not sys.stderr.isatty():
        return step

    def run(stage: Callable[..., Any], *arguments: Any) -> Any:
        print(f"\r\033[K{_DOING[stage.__name__]} …", end="", file=sys.stderr, flush=True)
        try:
            return step(stage, *arguments)
        finally:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    return run
