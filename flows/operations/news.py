"""What people are told of a night: a title, a few lines, and by what a cause is known again. Imports nothing heavy."""

import hashlib
import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flows.operations.health import Health
from flows.releases.warehouse import Warehouse
from transforms.errors import InputRejected

_LISTED = 10
_LONGEST = 500
_CAUSES = 100  # a hopeless file has a problem on every line
# Times, ids of releases and processes, spans, counts: they differ every night, and the cause is the same.
_VARYING = re.compile(r"(?:\d[\dTZ:.-]*(?:-[0-9a-f]{6})?(?: (?:d|h|min|s)\b)? ?)+")


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told; a digest of each cause, none where all is good."""

    title: str
    body: str
    causes: tuple[str, ...] = ()


def of_error(warehouse: Warehouse, error: Exception, errors: list[dict[str, Any]]) -> News:
    """Of a refresh that raised `error`, which is `errors` as data."""
    verb = "was rejected" if isinstance(error, InputRejected) else "failed"
    return _bad(warehouse, f"the refresh {verb}", errors)


def of_health(warehouse: Warehouse, found: Health) -> News:
    """Of a warehouse that is not healthy."""
    return _bad(warehouse, "the data is not healthy", found.errors())


def of_success(warehouse: Warehouse) -> News:
    """That all is good."""
    body = f"The current release of {_place(warehouse)} is {warehouse.current_id()}. What was told before is over."
    return News("npa: good again", body)


def _bad(warehouse: Warehouse, what: str, errors: list[dict[str, Any]]) -> News:
    current = warehouse.current_id()
    more = len(errors) - _LISTED
    lines = [
        f"{what[0].upper()}{what[1:]}: {_place(warehouse)}.",
        "",
        *(f"- {_line(error)}" for error in errors[:_LISTED]),
        *([f"… and {more} more"] if more > 0 else []),
        "",
        f"Readers keep the last good release, {current}." if current else "There is no release yet.",
        "It is not told again while nothing else goes wrong. More: npa health, npa check.",
    ]
    causes = dict.fromkeys(_digest(error) for error in errors[:_CAUSES])
    return News(f"npa: {what}", "\n".join(lines), tuple(causes))


def _line(error: Mapping[str, Any]) -> str:
    place = ":".join(str(error[key]) for key in ("path", "line") if error.get(key))
    value = f': "{error["value"]}"' if error.get("value") is not None else ""
    remedy = f". {error['remedy']}" if error.get("remedy") else ""
    told = " ".join(f"{place + ': ' if place else ''}{error.get('what', '')}{value}{remedy}".split())
    return told if len(told) <= _LONGEST else told[: _LONGEST - 2] + " …"


def _digest(error: Mapping[str, Any]) -> str:
    """The cause of an error, whichever line it has moved to and whenever it was.

    >>> first = {"what": "the last good refresh was 27 h ago (2026-11-25T01:30:00Z), more than 26 h."}
    >>> later = {"what": "the last good refresh was 2 d 3 h ago (2026-11-25T01:30:00Z), more than 26 h."}
    >>> _digest(first) == _digest(later)
    True
    """
    what = _VARYING.sub("# ", str(error.get("what")))
    parts: Iterable[str] = (str(error.get("path")), what, str(error.get("value")))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _place(warehouse: Warehouse) -> str:
    return f"{warehouse.root.absolute()} on {socket.gethostname()}"
