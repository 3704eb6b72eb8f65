"""The registry of indicators: each definition has a number, and a changed one has the next."""

import hashlib
from datetime import date

from tests.support.paths import ROOT
from transforms.indicators.registry import indicator_rows, indicators

_LEDGER = ROOT / "tests" / "golden" / "indicator_versions.txt"
_WORDS = ("definition", "numerator", "denominator", "exclusions", "unit", "basis", "periods")


def digests() -> dict[str, str]:
    """Return of each indicator a digest of the words and the SQL that define it, without name, source and comments."""
    sql = {
        file.name.upper(): [line for line in file.sql.split("\n") if not line.startswith("--")] for file in indicators()
    }
    return {
        row["indicator_id"]: digest([*(row[word] for word in _WORDS), *" ".join(sql[row["indicator_id"]]).split()])
        for row in indicator_rows()
    }


def digest(words: list[str | None]) -> str:
    return hashlib.sha256(repr(words).encode()).hexdigest()[:12]


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
