"""The catalogue of rules: it covers every rule, and SQL and Python publish its sentences."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows.sources.reports import notes as report_notes
from schemas.enumerations import ACTIONS, RULE_SUBJECTS, SEVERITIES
from tests.support.paths import ROOT
from tests.support.published_messages import check_messages
from transforms.plans.context import Context
from transforms.quality.catalogue import (
    CatalogueError,
    message,
    message_of,
    placeholders,
    rule_rows,
    rules,
    templates,
)
from transforms.sql import statements
from transforms.statistics.quality import cell_notes
from transforms.tables.quality_issues import load_messages

Row = tuple[object, ...]


def test_every_rule_has_a_sentence_and_every_sentence_a_rule() -> None:
    families = {rule.message_id for rule in rules().values()}
    assert families <= templates().keys()
    others = {"form", "remind", "desk"}  # the texts of forms, letters and the workbook of the desk
    assert {name.split(".")[0] for name in templates()} == families | others
    assert len(rules()) == len(rule_rows())


def test_rules_and_sentences_are_well_formed() -> None:
    for rule in rules().values():
        assert re.fullmatch("[a-z0-9_]+", rule.rule)
        assert rule.subject in RULE_SUBJECTS
        assert rule.severity in SEVERITIES
        assert rule.action in ACTIONS
        assert rule.looks_for.endswith(".")
        assert (rule.severity == "error") == (rule.action == "rejected")
    for template in templates().values():
        assert ("n" in template.placeholders) == (template.message_plural is not None)  # no number without a plural
        for form in filter(None, (template.message, template.message_plural)):
            assert placeholders(form) | {"n"} == template.placeholders | {"n"}
            assert form.endswith((".", "?", "}")) or template.message_id.startswith(
                ("user.", "form.", "remind.", "desk.")
            )


# The text before the name of a rule in Python, and in the SQL of reports.
_BEFORE = (r"\.flag\(\s*", r"message_of\(", r"issue\(", r"_flag\(context, ", r"rules\(\)\[", r"refusal\(", r"Remark\(")
_IN_PYTHON = re.compile(f'(?:{"|".join(_BEFORE)})"(\\w+)"')
_IN_SQL = re.compile(r"SELECT (?:\w+\.)?(?:line|NULL), (?:\d+(?: AS \w+)?, )?'(\w+)'")


def _rules_in_code() -> set[str]:
    """Return every rule that code names."""
    python = [*(ROOT / "transforms").rglob("*.py"), *(ROOT / "flows").rglob("*.py")]
    steps = (ROOT / "transforms" / "reports" / "steps").glob("*.sql")
    names = {name for path in python for name in _IN_PYTHON.findall(path.read_text(encoding="utf-8"))}
    names |= {name for path in steps for name in _IN_SQL.findall(path.read_text(encoding="utf-8"))}
    folders = ("statistics/quality/rules/descriptions", "statistics/quality/rules/figures")
    return names | {rule.name for folder in folders for rule in statements(folder)}


def test_code_names_rules_of_the_catalogue_and_all_of_them() -> None:
    """Check both ways: a rule that is never flagged is dead, one that is not in the catalogue stops a refresh."""
    named = _rules_in_code() - {"blank", "rejected", "repeated"}  # outcomes of a line of a report
    assert named - rules().keys() == set()
    chosen_by_value = {"code_not_in_code_list", "unit_not_in_code_list", *report_notes.RULES.values()}
    chosen_by_value |= {rule for rule, *_ in cell_notes.RULES.values()}
    assert rules().keys() - named - chosen_by_value == set()


@pytest.mark.parametrize(
    ("rule", "variant", "arguments"),
    [
        ("no_such_rule", "", {}),
        ("row_cut", "no_such_variant", {"first_line": 1}),
        ("row_cut", "", {}),
        ("row_cut", "", {"first_line": 1, "reason": "why", "n": 2}),
        ("agency_repeated", "", {"abreviation": "MOES"}),
    ],
)
def test_unknown_rules_and_arguments_raise_at_once(rule: str, variant: str, arguments: dict[str, str]) -> None:
    with pytest.raises(CatalogueError):
        message_of(rule, variant, **arguments)
    context = Context.__new__(Context)  # without a document
    context.issues = {}
    with pytest.raises(CatalogueError):
        context.flag(rule, 1, variant=variant, **arguments)
    assert context.issues == {}


def test_values_are_put_in_once() -> None:
    odd = "{n} {reason} %s \\ \" ' “é”\t{{}}"
    assert str(message("corrected", reason=odd)) == f"The printed cell is published otherwise: {odd}"


@pytest.fixture
def messages() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        load_messages(con)
        yield con


_RENDERED = """SELECT rendered(pieces, pieces_plural, $arguments::JSON)
               FROM (SELECT 1) LEFT JOIN quality_message ON message_id = $message_id"""


def test_sql_and_python_say_the_same(messages: duckdb.DuckDBPyConnection) -> None:
    odd = "{n} %s \\ \" ' “é” \t{{}} ҳа"
    for template in templates().values():
        for count in (0, 1, 2):
            values = {name: count if name == "n" else odd for name in template.placeholders}
            filled = message(template.message_id, **values)
            parameters = {"message_id": filled.message_id, "arguments": filled.arguments_json}
            assert messages.execute(_RENDERED, parameters).fetchall() == [(str(filled),)]


@pytest.mark.parametrize(
    ("message_id", "arguments"), [("no_such", "{}"), ("corrected", "{}"), ("corrected", '{"reason":null}')]
)
def test_sql_stops_where_a_sentence_cannot_be_filled(
    messages: duckdb.DuckDBPyConnection, message_id: str, arguments: str
) -> None:
    with pytest.raises(duckdb.InvalidInputException, match=r"there is no value|not in messages.csv"):
        messages.execute(_RENDERED, {"message_id": message_id, "arguments": arguments}).fetchall()


def test_what_is_published_follows_from_rules_and_arguments(warehouse: Path, example: Path) -> None:
    with duckdb.connect(str(warehouse / "current" / "npa.duckdb"), read_only=True) as con:
        issues, _ = check_messages(con)
    assert issues > 30
    with duckdb.connect(str(example / "current" / "npa.duckdb"), read_only=True) as con:
        _, rejections = check_messages(con)
    assert rejections == 3
