"""Composite codes that nothing reads: no pattern and no list of codes; and [series] does not name them as a whole.

In rows that [keep] takes they are errors. Where [keep] takes by what codes say, their rows are set aside: these codes
are listed, because a figure that is missed may be among them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas.generated import ddl
from transforms.statistics.dataset.columns import target_of
from transforms.statistics.loading.staging import StagedFile, Staging, is_kept, numbered
from transforms.statistics.loading.validation import Gap, Judged, in_keep
from transforms.text.lines import fold
from transforms.text.toml import key

_STEM = re.compile(r"(.+?)[_.\s-]")  # ea_1t8_ag25t99: ea


class UnreadCode(NamedTuple):
    """A code of one column of a file: its text, the label that the file has for it, its first row, and how many."""

    text: str
    label: str
    first: int
    rows: int


def judge_unread_codes(staging: Staging, judged: Judged) -> None:
    """Report each composite code that nothing reads, of the rows that [keep] takes."""
    for file in staging.files:
        for column in file.composite:
            _report(staging, file, column, judged)


def unread_codes(staging: Staging) -> Iterator[tuple[StagedFile, str, list[UnreadCode]]]:
    """Yield the columns of files with the codes that nothing reads, of the rows that [keep] takes or would take but for
    what these codes do not say."""
    for file in staging.files:
        for column in file.composite:
            if codes := _unread(staging, file, column, _kept_by_the_rest(staging, file)):
                yield file, column, codes


def kinds(codes: Sequence[str]) -> list[str]:
    """Return codes by what they begin with, those of most codes first: a thousand are a few kinds.

    >>> kinds(["lr_ag25", "ea_1t8_f", "ea_1t8_m", "resdisadvpop"])
    ['ea_* (2)', 'lr_ag25', 'resdisadvpop']
    """
    by_stem: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        stem = _STEM.match(code)
        by_stem[stem[0] if stem else code].append(code)
    ordered = sorted(by_stem.items(), key=lambda entry: -len(entry[1]))
    return [f"{stem}* ({len(of_stem)})" if len(of_stem) > 1 else of_stem[0] for stem, of_stem in ordered]


def _kept_by_the_rest(staging: Staging, file: StagedFile) -> str:
    """Return SQL: true if [keep] takes a row of source_<table> by the columns that codes do not give."""
    given = {column for column, place in file.columns.places.items() if place in file.composed}
    given |= {file.names[place] for place in file.composed}
    rest = {column: kept for column, kept in staging.dataset.keep.items() if column not in given}
    return is_kept(staging.dataset.model_copy(update={"keep": rest}), staging.words, file)


def _unread(staging: Staging, file: StagedFile, column: str, kept: str, most: int | None = None) -> list[UnreadCode]:
    """Return the codes of a column that nothing reads in the rows of source_<table> for which `kept` is true, in the
    order of the file, `most` of them."""
    unread = [ddl.literal(code.text or "") for code in file.composite[column] if code.parts is None]
    if not unread:
        return []
    rows = staging.con.execute(
        f"""SELECT text, min(row), count(*)
            FROM (SELECT coalesce(c{file.names.index(column)}, '') AS text, {numbered(file)} AS row, {kept} AS is_kept
                  FROM source_{file.table})
            WHERE text IN ({", ".join(unread)}) AND is_kept
            GROUP BY text ORDER BY 2, 1 {f"LIMIT {most}" if most else ""}"""
    ).fetchall()
    labels = file.labels.get(column, {})
    return [UnreadCode(fold(text), " / ".join(labels.get(fold(text), ())), first, n) for text, first, n in rows]


def _report(staging: Staging, file: StagedFile, column: str, judged: Judged) -> None:
    parts = staging.dataset.parts_of(column)
    is_of_series = any(target_of(name, staging.dataset) == "statistic_id" for name in parts)
    what = "nothing in [[composite]] reads this code of {column}, in {count} rows"
    remedy = "Let the pattern read it, or say in [composite.codes] what it means."
    if is_of_series:
        remedy = (
            "Let the pattern read it, or say in [composite.codes] what it means; a series without a breakdown is named "
            "in [series] or [define.statistic_id]."
        )
    for code in _unread(staging, file, column, in_keep(staging, file), judged.most):
        judged.add(file.path, code.first, what, remedy, code.text, column=column, count=code.rows)
        if is_of_series:
            judged.draft("series", code.text, Gap(note=code.label))
        else:
            for part in parts:
                judged.draft(f"composite.codes.{key(code.text)}", part, Gap(note=code.label))
