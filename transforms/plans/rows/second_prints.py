"""Rows that are printed twice, as a whole or in their text: what no count can see (contract §6, rule 4)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from transforms.plans.description.document import DistinctRow, DuplicateRow
from transforms.plans.rows.scope import PlanScope, PrintedRow
from transforms.quality.text import sentence
from transforms.text.lines import csv_line

_TELLING_WORDS = 6  # from how many words on two texts that differ by one are taken for the same


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
    _flag_repeated_texts(scope)


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


def _flag_repeated_texts(scope: PlanScope) -> None:
    """Flag each text that several activities have word for word, with other periods or agencies."""
    groups: dict[str, dict[object, PrintedRow]] = defaultdict(dict)  # those with one period and agencies are declared
    for row in scope.printed:
        if not row.duplicate and _is_telling(row):
            groups[row.activity_text.casefold()].setdefault((row.period, row.agencies), row)
    for rows in groups.values():
        if len(rows) > 1:
            first, *_ = rows.values()
            place = [row.line for row in rows.values()], "activity_text", first.activity_text
            scope.context.flag("activity_text_repeated", *place, first.activity_text, plan_id=scope.plan_id)


def _is_telling(row: PrintedRow) -> bool:
    return len(row.activity_text.split()) >= _TELLING_WORDS


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
    alike: dict[object, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if _is_telling(row):
            alike[row.period, row.agencies].append(number)
    groups: dict[object, list[int]] = defaultdict(list)
    for key, numbers in alike.items():
        for number in numbers if len(numbers) > 1 else ():
            for words in _without_one(rows[number].activity_text):
                groups[key, words].append(number)
    pairs = {pair for numbers in groups.values() for pair in combinations(numbers, 2)}
    for first, second in sorted(pairs):
        if is_same_text(rows[first].activity_text, rows[second].activity_text):
            yield rows[first], rows[second]


def _without_one(text: str) -> set[tuple[str, ...]]:
    """Return the words of a text, and what is left of them without one: texts that differ by one have it in common."""
    words = sorted(text.casefold().split())
    return {tuple(words), *(tuple(words[:n] + words[n + 1 :]) for n in range(len(words)))}
