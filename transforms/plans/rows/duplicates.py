"""Rows of a plan that are printed twice, or seem to be (contract §6, rule 4)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from transforms.plans.description.judgements import DistinctRow, DuplicateRow
from transforms.plans.rows.scope import PlanScope, PrintedRow
from transforms.quality.text import sentence
from transforms.text.lines import csv_line

_TELLING_WORDS = 6  # from how many words on two texts that differ by one are taken for the same


def check_duplicates(scope: PlanScope) -> None:
    """Check that each row that seems to be printed twice is declared: as a second print, or as two activities."""
    context = scope.context
    for first, second in second_prints(scope.printed):
        texts = [(row.activity_id, row.activity_text) for row in (first, second)]
        distinct = scope.cases.distinct(*texts)
        if distinct:
            context.flag("similar_rows_kept", second.line, "activity_text", activity_id=second.activity_id,
                         source_value=second.activity_text, published_value=second.activity_text,
                         other=first.activity_id, other_line=first.line, reason=distinct.reason)  # fmt: skip
        elif not first.duplicate and not second.duplicate:
            _refuse_undeclared(scope, first, second)
    _flag_second_prints(scope)


def _refuse_undeclared(scope: PlanScope, first: PrintedRow, second: PrintedRow) -> None:
    what = "activity {activity_id} says what {other_activity_id} says (line {line}): the row seems to be printed twice"
    remedy = (
        "If it is one row printed twice, add to {duplicates}, below the heading "
        "{duplicates_heading}: {line}. If it is two activities, add to {distinct}, below the "
        "heading {distinct_heading}: {line}."
    )
    line = csv_line(second.activity_id, first.activity_id, second.activity_text, "<reason>")
    files = {table: scope.context.document.path_of(f"{table}.csv") for table in ("duplicates", "distinct")}
    headings = {"duplicates_heading": DuplicateRow.heading(), "distinct_heading": DistinctRow.heading()}
    names = {"activity_id": second.activity_id, "other_activity_id": first.activity_id, "line": first.line}
    remedy = sentence(remedy, line=line, **files, **headings)
    scope.context.refuse(second.line, what, remedy, second.activity_text, **names)


def _flag_second_prints(scope: PlanScope) -> None:
    """Flag the declared second prints; refuse those that do not say the same as their originals."""
    context, rows = scope.context, {row.activity_id: row for row in scope.printed}
    for row in scope.printed:
        if not (case := row.duplicate):
            continue
        original = rows.get(case.duplicate_of)
        if original and is_same_text(original.activity_text, row.activity_text):
            context.flag("row_printed_twice", row.line, "duplicate_of", activity_id=row.activity_id,
                         source_value=row.activity_text, published_value=original.activity_id,
                         original=original.activity_id, original_line=original.line, reason=case.reason)  # fmt: skip
        else:
            what = "{activity_id} is declared a second print of {original}, but that does not say the same"
            names = {"activity_id": row.activity_id, "original": case.duplicate_of}
            context.refuse_if_whole(row.line, what, "Put duplicates.csv right.", row.activity_text, **names)


def is_same_text(first: str, second: str) -> bool:
    """Return True if two texts differ in at most one word: put in, left out, or replaced.

    >>> is_same_text("Exploration the experience", "Exploration of the experience")
    True
    """
    words, others = first.casefold().split(), second.casefold().split()
    if abs(len(words) - len(others)) > 1 or max(len(words), len(others)) < 2:
        return False
    counts, other_counts = Counter(words), Counter(others)
    return max((counts - other_counts).total(), (other_counts - counts).total()) <= 1


def second_prints(rows: Sequence[PrintedRow]) -> Iterator[tuple[PrintedRow, PrintedRow]]:
    """Yield the pairs (first, second) of a plan's rows that seem to be one row printed twice.

    Period and agencies are the same, and the texts but for a word. A shorter text says too little to tell by:
    "Establish a council" and "Establish a fund" are two activities."""
    groups: dict[object, list[PrintedRow]] = defaultdict(list)
    for row in rows:
        if len(row.activity_text.split()) >= _TELLING_WORDS:
            groups[row.period, row.agencies].append(row)
    pairs = [pair for group in groups.values() for pair in combinations(group, 2)]
    for first, second in sorted(pairs, key=lambda pair: (pair[0].line, pair[1].line)):
        if is_same_text(first.activity_text, second.activity_text):
            yield first, second
