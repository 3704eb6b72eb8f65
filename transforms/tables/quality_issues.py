"""The irregularities of a document, as rows of `quality_issue`, and their sentences, for SQL."""

from dataclasses import dataclass

import duckdb

from schemas.generated import ddl
from transforms.quality.catalogue import Message, rules
from transforms.sql import data_file, statement
from transforms.tables.rows import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One irregularity; see the columns of `quality_issue`."""

    rule: str
    line: int | None
    message: Message
    activity_id: str | None = None
    column_name: str | None = None
    source_value: str | None = None
    published_value: str | None = None
    places: int = 1


def add_issues(rows: Rows, document_id: str, issues: list[Issue]) -> None:
    """Add a document's issues, numbered in the order of its lines."""
    issues.sort(key=lambda i: (i.line or 0, i.rule, i.activity_id or "", i.column_name or "", i.source_value or ""))
    width = max(4, len(str(len(issues))))
    for number, issue in enumerate(issues, 1):
        rule = rules()[issue.rule]
        rows.add(
            "quality_issue",
            issue_id=f"{document_id}-Q{number:0{width}d}",
            rule=issue.rule,
            severity=rule.severity,
            document_id=document_id,
            line_number=issue.line,
            activity_id=issue.activity_id,
            source_file=None,
            column_name=issue.column_name,
            source_value=issue.source_value,
            published_value=issue.published_value,
            places=issue.places,
            action=rule.action,
            message=str(issue.message),
            message_id=issue.message.message_id,
            arguments=issue.message.arguments_json,
        )


def load_messages(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `quality_message` and the temporary macro `rendered`."""
    con.execute(statement("tables/messages", messages=ddl.literal(str(data_file("quality/messages.csv")))).sql)
    con.execute(statement("tables/rendered").sql)
