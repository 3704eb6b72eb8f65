"""Records of a CSV file that are too large, in the ways they may be written."""

from collections.abc import Callable

MB = 1 << 20


# A record of `size` bytes. DuckDB leaves out the bare one where it is the last and has 32 MB.
SHAPES: dict[str, Callable[[int, str], bytes]] = {
    "bare": lambda size, _: b"x" * size,
    "in quotation marks": lambda size, _: b'"' + b"x" * size + b'"',
    "of short lines": lambda size, end: b'"' + (b"x" * 9 + end.encode()) * (size // 10) + b'"',
    "of short lines with quotation marks": lambda size, end: b'"' + (b'x""y' + end.encode()) * (size // 5) + b'"',
}  # fmt: skip
