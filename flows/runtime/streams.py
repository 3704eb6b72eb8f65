"""Standard output and standard error, as a command finds them. Imports nothing heavy."""

import io
import os
import sys
from pathlib import Path


class _Forgiving(io.TextIOWrapper):
    """Standard error that cannot be written, as on a full disk, makes no good refresh a bad one."""

    def write(self, text: str, /) -> int:
        """Write what can be written."""
        try:
            return super().write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        """Hand over what can be."""
        try:
            super().flush()
        except OSError:
            return


def open_streams() -> None:
    """A stream that the caller closed leads nowhere; letters that a terminal does not have are written as \\uXXXX."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if sys.stderr is sys.__stderr__ and isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = _Forgiving(
            io.FileIO(sys.stderr.fileno(), "w", closefd=False),
            sys.stderr.encoding, "backslashreplace", line_buffering=True, write_through=True,
        )  # fmt: skip
