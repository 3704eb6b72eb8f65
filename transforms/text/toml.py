"""Text as TOML has it."""

import re


def quoted(text: str) -> str:
    r"""A basic string.

    >>> print(quoted('a "b"'))
    "a \"b\""
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'


def key(text: str) -> str:
    """A key: bare where TOML lets it.

    >>> print(key("SEX"), key("marital status"))
    SEX "marital status"
    """
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else quoted(text)


def comment(text: str) -> str:
    """A text as it may stand in a comment: one line, nothing that TOML forbids there."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
