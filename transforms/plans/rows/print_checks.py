"""Doubtful print that no count can see: rows printed twice (contract §6, rule 4), and words that are flagged."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, combinations

from transforms.plans.context import Context
from transforms.plans.description.document import DistinctRow, DuplicateRow
from transforms.plans.rows.scope import PlanScope, PrintedRow
from transforms.quality.text import sentence
from transforms.text.lines import csv_line

_TELLING_WORDS = 6  # from how many words on two texts that differ by one are taken for the same
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_REPEATED = re.compile(r"\b(\w++) \1\b", re.IGNORECASE)  # through through


def check_duplicates(scope: PlanScope) -> None:
    """Check that each row that seems to be printed twice is declared: as a second print, or as two activities."""
    for first, second in second_prints(scope.printed):
        text, names = second.activity_text, {"activity_id": second.activity_id, "other": first.activity_id}
        distinct = scope.cases.distinct((first.activity_id, first.activity_text), (second.activity_id, text))
        if distinct:
            place = second.line, "activity_text", text, text
            scope.context.flag("similar_rows_kept", *place, **names, other_line=first.line, reason=distinct.reason)
        elif not first.duplicate and not second.duplicate:
            _refuse_undeclared(scope, first, second)
    _flag_second_prints(scope)


def _refuse_undeclared(scope: PlanScope, first: PrintedRow, second: PrintedRow) -> None:
    what = "activity {activity_id} says what {other_activity_id} says (line {line}): the row seems to be printed twice"
    remedy = (
        "If it is one row printed twice, add to {duplicates}, below the heading {duplicates_heading}: {line}. "
        "If it is two activities, add to {distinct}, below the heading {distinct_heading}: {line}."
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
        original, text = rows.get(case.duplicate_of), row.activity_text
        names = {"activity_id": row.activity_id, "original": case.duplicate_of}
        if original and is_same_text(original.activity_text, text):
            place = row.line, "duplicate_of", text, original.activity_id
            context.flag("row_printed_twice", *place, **names, original_line=original.line, reason=case.reason)
        else:
            what = "{activity_id} is declared a second print of {original}, but that does not say the same"
            context.refuse_if_whole(row.line, what, "Put duplicates.csv right.", text, **names)


def is_same_text(first: str, second: str) -> bool:
    """Return True if two texts differ in at most one word: put in, left out, or replaced."""
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


def flag_doubtful_print(context: Context) -> None:
    """Flag words that no other row uses, words printed twice running, results without a full stop.

    A row is what is printed on one line; page breaks do not count. Needs the document's measures and activities."""
    texts = [(row["line_first"], None, "summary", row["summary"]) for row in context.rows.of("dim_measure")]
    for row in context.rows.of("dim_activity"):
        columns = ("activity_text", "expected_result")
        texts += [(row["line_first"], row["activity_id"], column, row[column] or "") for column in columns]
    words = [set(_WORD.findall(text.casefold())) for _, _, _, text in texts]
    words_of_row: dict[int, set[str]] = defaultdict(set)
    for (line, _, _, _), of_text in zip(texts, words, strict=True):
        words_of_row[line] |= of_text
    rows = Counter(chain.from_iterable(words_of_row.values()))
    for (line, activity_id, column, text), of_text in zip(texts, words, strict=True):
        if once := ", ".join(sorted(word for word in of_text if rows[word] == 1)):
            context.flag("word_used_once", line, column, once, once, activity_id=activity_id)
        if match := _REPEATED.search(text):
            context.flag("word_repeated", line, column, match[0], match[0], activity_id=activity_id)
        if text and column == "expected_result" and not text.endswith((".", "!", "?")):
            context.flag("result_without_full_stop", line, column, text, text, activity_id=activity_id)
