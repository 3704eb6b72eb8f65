"""The irregularities of a document, as rows of `quality_issue`, and their sentences, for SQL."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from schemas.generated import ddl
from transforms.quality.catalogue import Arguments, Message, message, message_id_of, rules, templates
from transforms.quality.text import ranges
from transforms.sql import data_file, statement
from transforms.tables.rows import Rows


@dataclass(slots=True, kw_only=True)
class Issue:
    """One irregularity on one line or several, `lines`; see the columns of `quality_issue`."""

    rule: str
    variant: str
    lines: list[int | None]
    arguments: Arguments
    activity_id: str | None
    column_name: str | None
    source_value: str | None
    published_value: str | None

    @property
    def line(self) -> int | None:
        """The first line."""
        return self.lines[0]

    @property
    def message(self) -> Message:
        """The sentence; its {n} and {lines} are the number and the list of the lines, unless `arguments` have them."""
        counts: Arguments = {"n": len(self.lines), "lines": ranges(line for line in self.lines if line)}
        template = templates()[message_id_of(self.rule, self.variant)]
        used = {name: count for name, count in counts.items() if name in template.placeholders}
        return message(template.message_id, **{**used, **self.arguments})

    @property
    def is_counted(self) -> bool:
        """Return True if the sentence counts the lines."""
        return "n" in templates()[message_id_of(self.rule, self.variant)].placeholders - self.arguments.keys()


def add_issues(rows: Rows, document_id: str, issues: Iterable[Issue]) -> None:
    """Add a document's issues, numbered in the order of their first lines."""
    by_line = sorted(
        issues,
        key=lambda i: (i.line or 0, i.rule, i.activity_id or "", i.column_name or "", i.source_value or ""),
    )
    width = max(4, len(str(len(by_line))))
    for number, issue in enumerate(by_line, 1):
        rule, said = rules()[issue.rule], issue.message
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
            places=len(issue.lines),
            action=rule.action,
            message=str(said),
            message_id=said.message_id,
            arguments=said.arguments_json,
        )


def load_messages(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `quality_message` and the temporary macro `rendered`."""
    con.execute(statement("tables/messages", messages=ddl.literal(str(data_file("quality/messages.csv")))).sql)
    con.execute(statement("tables/rendered").sql)
