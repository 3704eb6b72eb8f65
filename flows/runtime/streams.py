"""Standard output and standard error of a command."""

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import IO

from transforms.printable import printable


class _HarmlessStream(io.TextIOWrapper):
    """A stream that shows what a terminal would obey: names, cells and messages may hold anything."""

    def write(self, text: str, /) -> int:
        """Write the text; line ends and tabs stay."""
        return super().write(printable(text, "\n\t"))

    def control(self, sequence: str) -> None:
        """Write a sequence that the terminal is to obey."""
        super().write(sequence)


class _ForgivingStream(_HarmlessStream):
    """Standard error that loses what it cannot write: a full disk must not fail a good refresh."""

    def write(self, text: str, /) -> int:
        """Write what can be written."""
        with contextlib.suppress(OSError):
            return super().write(text)
        return len(text)

    def flush(self) -> None:
        """Flush what can be flushed."""
        with contextlib.suppress(OSError):
            super().flush()


def open_streams() -> None:
    """Replace the streams that the process began with, those that the caller closed too. Letters that a terminal does
    not have are written as \\uXXXX."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if sys.stdout is sys.__stdout__ and isinstance(sys.stdout, io.TextIOWrapper):
        raw, is_terminal = io.FileIO(sys.stdout.fileno(), "w", closefd=False), sys.stdout.isatty()
        buffer = io.BufferedWriter(raw)
        sys.stdout = _HarmlessStream(buffer, sys.stdout.encoding, "backslashreplace", line_buffering=is_terminal)
    if sys.stderr is sys.__stderr__ and isinstance(sys.stderr, io.TextIOWrapper):
        raw = io.FileIO(sys.stderr.fileno(), "w", closefd=False)
        sys.stderr = _ForgivingStream(
            raw, sys.stderr.encoding, "backslashreplace", line_buffering=True, write_through=True
        )


def control(stream: IO[str], sequence: str) -> None:
    """Write npa's own sequence, such as a colour, to a stream that is a terminal; nothing to any other."""
    if stream.isatty():
        stream.control(sequence) if isinstance(stream, _HarmlessStream) else stream.write(sequence)
