"""The registry of indicators: each definition has a number, and a changed one has the next."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date

from tests.support.paths import ROOT
from transforms.indicators.registry import indicator_rows, indicators, macros
from transforms.sql import statement

_GOLDEN = ROOT / "tests" / "golden"
_LEDGER, _SHARED_LEDGER = _GOLDEN / "indicator_versions.txt", _GOLDEN / "indicator_relations.txt"
_WORDS = ("definition", "numerator", "denominator", "exclusions", "unit", "basis", "periods")


def digests() -> dict[str, str]:
    """Return of each indicator a digest of the words and the SQL that define it, without name, source and comments."""
    sql = {file.name.upper(): words(file.sql) for file in indicators()}
    return {
        row["indicator_id"]: digest([*(row[word] for word in _WORDS), *sql[row["indicator_id"]]])
        for row in indicator_rows()
    }


def words(sql: str) -> list[str]:
    """Return the words of SQL without its comments."""
    return re.sub("--.*", "", sql).split()


def digest(said: Sequence[str | None]) -> str:
    return hashlib.sha256(repr(list(said)).encode()).hexdigest()[:12]


def test_a_changed_definition_has_a_new_version() -> None:
    """The ledger keeps a line for every version there has been: indicator, version, valid_from, digest."""
    ledger = [line.split() for line in _LEDGER.read_text(encoding="utf-8").splitlines()]
    known = {(name, version): (valid_from, defined) for name, version, valid_from, defined in ledger}
    assert len(known) == len(ledger), "a version has one definition: a line of the ledger is never changed"
    found = digests()
    missing = []
    for row in indicator_rows():
        name, version, valid_from = row["indicator_id"], str(row["version"]), str(row["valid_from"])
        line = (name, version, valid_from, found[name])
        if (name, version) not in known:
            missing.append(line)
        else:
            assert known[name, version] == line[2:], f"{name} changed: raise its version and valid_from in its header"
    assert not missing, "add to indicator_versions.txt:\n" + "\n".join(" ".join(line) for line in missing)


def test_versions_follow_one_another() -> None:
    of_indicator: dict[str, list[tuple[int, date]]] = {}
    for line in _LEDGER.read_text(encoding="utf-8").splitlines():
        name, version, valid_from, _ = line.split()
        of_indicator.setdefault(name, []).append((int(version), date.fromisoformat(valid_from)))
    for name, versions in of_indicator.items():
        numbers, days = zip(*sorted(versions), strict=True)
        assert list(numbers) == list(range(numbers[0], numbers[0] + len(numbers))), name
        assert list(days) == sorted(days), name


def shared() -> dict[str, str]:
    """Return the SQL of what definitions share, by name: the relations of judged.sql, the counts of share.sql, and the
    macros."""
    names = ("from_day", "to_day", "slots", "activities")
    judged = statement("indicators/judged", **{name: f"<{name}>" for name in names}).sql
    before, *parts = re.split(r"^(?:WITH )?([a-z_]+) AS MATERIALIZED \($", judged, flags=re.MULTILINE)
    assert words(before) == []
    relations = dict(zip(parts[::2], parts[1::2], strict=True))
    by_name = {macro.name: macro.sql for macro in macros() if macro.name != "indicators_at"}
    return relations | by_name | {"share": statement("indicators/share", rows="").sql}


def test_what_definitions_share_does_not_change_unseen() -> None:
    """The ledger keeps, of each relation and macro, a line for every change: its name, the day, a digest, and the
    indicators whose figures change, which have a new version from that day on at the earliest; `none` of what is only
    written otherwise, `first` of the first line."""
    last = {line.split()[0]: line.split() for line in _SHARED_LEDGER.read_text(encoding="utf-8").splitlines()}
    relations, valid_from = shared(), {row["indicator_id"]: row["valid_from"] for row in indicator_rows()}
    for name, sql in relations.items():
        _, day, digested, *changed = last.get(name, ["", "", ""])
        assert (digested, bool(changed)) == (digest(words(sql)), True), (
            f"{name} changed: add to {_SHARED_LEDGER.name}\n{name} <day> {digest(words(sql))} <indicators whose "
            "figures change, or none>\nand raise version and valid_from in the headers of these indicators"
        )
        old = [i for i in changed if i not in {"none", "first"} and valid_from[i] < date.fromisoformat(day)]
        assert not old, f"the figures of {', '.join(old)} changed with {name}: raise version and valid_from"
    assert last.keys() == relations.keys(), "take the lines of a relation that is gone out"
