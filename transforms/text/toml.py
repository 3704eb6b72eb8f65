"""Texts as TOML writes them."""

import re


def quoted(text: str) -> str:
    r"""Return a text as a basic string.

    >>> print(quoted('a "b"'))
    "a \"b\""
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'


def key(text: str) -> str:
    """Return a key: bare if TOML allows that.

    >>> print(key("SEX"), key("marital status"))
    SEX "marital status"
    """
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else quoted(text)


def comment(text: str) -> str:
    """Return a text for a comment: one line, without the characters that TOML forbids there."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
