"""The messages of a release, compared with the catalogue of rules and messages."""

import json

import duckdb

from transforms.quality.catalogue import Message, message, rules


def check_messages(con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Assert that the messages of a release follow from rules and arguments; return how many issues and rejections
    it has."""
    issues = con.execute("SELECT rule, severity, action, message, message_id, arguments FROM quality_issue").fetchall()
    rejections = con.execute("SELECT rule, message, arguments FROM rejected_row").fetchall()
    catalogue = con.execute("SELECT rule, severity, action, message_id FROM dim_quality_rule").fetchall()
    assert sorted(catalogue) == sorted((r.rule, r.severity, r.action, r.message_id) for r in rules().values())
    for rule, severity, action, text, message_id, arguments in issues:
        assert (rules()[rule].severity, rules()[rule].action) == (severity, action)
        assert str(_rendered(rule, message_id, json.loads(arguments))) == text
    for rule, text, arguments in rejections:
        parts = json.loads(arguments)
        assert parts[0]["rule"] == rule
        assert " ".join(str(_rendered(part["rule"], part["message_id"], part["arguments"])) for part in parts) == text
        assert {rules()[part["rule"]].action for part in parts} == {"rejected"}
    return len(issues), len(rejections)


def _rendered(rule: str, message_id: str, arguments: dict[str, str | int]) -> Message:
    assert message_id.split(".")[0] == rules()[rule].message_id
    assert all(isinstance(value, str | int) for value in arguments.values())
    return message(message_id, **arguments)
