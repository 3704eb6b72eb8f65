"""Patterns of [[composite]]: regular expressions that RE2 reads, which DuckDB has. Python's own may take hours to find
that (a+)+b does not fit forty letters; RE2 takes time in proportion to the text."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from schemas.generated import ddl

_FLAGS = re.compile(r"\(\?([a-z]+)\)")
# What (?x) takes out, blanks and comments, next to what it leaves alone: \# and [ #].
_VERBOSE = re.compile(r"(?P<kept>\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|[ \t\n\r\v\f]+|#[^\n]*", re.DOTALL)

# What may begin or end a group, next to what may hold a bracket: \( and [(]. *, + or {2} after it: it may fit again.
_BRACKETS = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<open>\()(?:\?P<(?P<name>\w+)>)?|\)(?P<again>[*+]|\{(?!(?:0,)?1\}))?"
)


def groups_of(pattern: str) -> dict[str, int]:
    """Return the named groups of a pattern, with their numbers. Raises ValueError if it is no regular expression."""
    try:
        groups = dict(re.compile(pattern).groupindex)
    except re.error as error:
        raise ValueError(f"the pattern is no regular expression: {error}") from error
    return groups


def matches(pattern: str, codes: Collection[str]) -> dict[str, Sequence[str]]:
    """Return the codes that a pattern fits as a whole, each with the texts of its groups, "" for one that is absent.

    Raises ValueError if RE2 does not read the pattern."""
    import duckdb

    count, text = re.compile(pattern).groups, ddl.literal(rf"\A(?:{_plain(pattern)})\z")
    names = ", ".join(f"'{number}'" for number in range(1, count + 1))
    query = f"""SELECT code, regexp_extract(code, {text}, [{names}])
                FROM unnest(?::VARCHAR[]) AS listed(code) WHERE regexp_matches(code, {text})"""
    with duckdb.connect() as con:
        try:
            found = con.execute(query, [[*codes]]).fetchall()
        except (duckdb.BinderException, duckdb.InvalidInputException) as error:
            reason = str(error).rpartition("parse: ")[2]
            raise ValueError(f"RE2, which looks for the pattern, does not read it: {reason}") from error
    return {code: tuple(groups.values()) for code, groups in found}


@dataclass(frozen=True, slots=True)
class Group:
    """A named group, as it stands in a pattern."""

    name: str
    is_inside: bool  # another named group
    may_repeat: bool  # in one text: only the last one would be read


def nesting(pattern: str) -> list[Group]:
    """Return the named groups of a pattern, in the order in which they end.

    >>> for group in nesting("(_(?P<sex>f|m))*(?P<age>y(?P<unit>y)?)([(]_)?"):
    ...     print(group.name, group.is_inside, group.may_repeat)
    sex False True
    unit True False
    age False False
    """
    found, opened = list[Group](), list[tuple[str, int]]()  # name, and how many groups ended before
    for bracket in _BRACKETS.finditer(_plain(pattern)):
        if bracket["open"]:
            opened.append((bracket["name"] or "", len(found)))
        elif bracket[0].startswith(")"):
            name, before = opened.pop()
            found += [Group(name, any(outer for outer, _ in opened), False)] if name else []
            if bracket["again"]:
                found[before:] = [replace(group, may_repeat=True) for group in found[before:]]
    return found


def _plain(pattern: str) -> str:
    """Return a pattern without (?x), which RE2 does not know, and without what that allows.

    >>> _plain(r"(?ix) a [ #] \\# b+  # one or more"), _plain("(?i) a")
    ('(?i)a[ #]\\\\#b+', '(?i) a')
    """
    flags = _FLAGS.match(pattern)
    if not flags or "x" not in flags[1]:
        return pattern
    others = flags[1].replace("x", "")
    return (f"(?{others})" if others else "") + _VERBOSE.sub(lambda m: m["kept"] or "", pattern[flags.end() :])
