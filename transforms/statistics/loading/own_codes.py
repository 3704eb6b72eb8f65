"""Codes that a file has in common with npa's list: M, TJ, 840. Are they npa's, or another list's of the same spelling?

The labels of the file decide, else dataset.toml. docs/decisions/2026-11-30-codes.md has the rules and their reasons."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from schemas.generated import ddl
from transforms.quality.text import sentence
from transforms.statistics.dataset.columns import MISSING, UNKNOWN, Vocabulary, list_of
from transforms.statistics.dataset.dataset_toml import CODED
from transforms.statistics.labels.labels import Verdict, folded, may_be_chance, verdict
from transforms.statistics.loading.staging import StagedFile, Staging, is_kept
from transforms.statistics.loading.validation import Gap, Judged
from transforms.text.toml import key, quoted

_SHOWN = 10  # codes in a message; the block below it lists all


@dataclass(frozen=True, slots=True)
class _Part:
    """A column of a file as it is staged; `file_name` is its name there."""

    file: StagedFile
    staged: str
    file_name: str


@dataclass(frozen=True, slots=True)
class _Code:
    """A code of the file that npa's list has, and that dataset.toml does not name."""

    text: str
    meaning: str  # in npa's list
    labels: Sequence[str]  # in the file
    verdict: Verdict | None  # of its labels: the best of them; None without any

    @property
    def note(self) -> str:
        """The comment of its line in dataset.toml."""
        return "; ".join([*self.labels, f"npa's list: {self.meaning}"])

    @property
    def is_doubtful(self) -> bool:
        """True if another list may have the code, and no label says that it is npa's."""
        return self.verdict is not Verdict.SAME and may_be_chance(self.text)

    def is_refused(self, *, is_own: bool) -> bool:
        """Return True if its labels say that it is not npa's code. `is_own`: dataset.toml says that the list is npa's.

        A label in a language that npa does not read refuses a code only if the code is so short that other lists have
        it too."""
        is_unread = self.verdict is Verdict.UNREAD and self.is_doubtful
        return self.verdict is Verdict.OTHER or (is_unread and not is_own)


_OF_SDMX = ("freq", "unit_mult")  # nobody has a list of his own: a code that npa lacks is one of SDMX's (D, 15)


def judge_own_codes(staging: Staging, judged: Judged) -> None:
    """Report codes of npa's lists that the file's labels, or the column's other codes, show to be another list's.

    `judged` has the codes that nobody knows: `judge_rows` comes first."""
    for column, words in staging.words.items():
        parts: dict[str, list[_Part]] = {}
        for file in staging.files:
            for name, part in _parts(file, column):
                parts.setdefault(name, []).append(part)
        for name, listed in parts.items():
            _judge_column(staging, words, name, listed, judged)


def _parts(file: StagedFile, column: str) -> Iterator[tuple[str, _Part]]:
    """Yield the columns of a file that have the codes of a column of ours, by their names in dataset.toml."""
    if column in CODED and column in file.columns.places:
        yield column, _Part(file, column, file.names[file.columns.places[column]])
    for number, name in enumerate(file.columns.others):
        if list_of(name) == column:
            yield name, _Part(file, f"other_{number}", name)


def _judge_column(staging: Staging, words: Vocabulary, name: str, parts: Sequence[_Part], judged: Judged) -> None:
    kept = is_kept(staging.dataset, staging.words)
    texts: dict[str, list[_Part]] = {}
    for part in parts:
        query = f"SELECT DISTINCT {part.staged}::VARCHAR FROM {part.file.table} WHERE {kept}"
        for (text,) in sorted(staging.con.execute(query).fetchall()):
            texts.setdefault(text, []).append(part)
    is_own, section = name in staging.dataset.own_codes, _section(name, words.column)
    unknown = [text for text, gap in judged.drafts.get(section, {}).items() if text and not gap.is_listed]
    codes = [_code(words, text, at) for text, at in texts.items() if text in words.listed.keys() - words.stated]
    refused = [code for code in codes if code.is_refused(is_own=is_own)]
    is_mixed = (
        not is_own
        and words.column not in _OF_SDMX
        and any(_is_foreign(words, text, codes) for text in (*texts, *unknown))
    )
    unasked = [code for code in codes if is_mixed and code.is_doubtful and code not in refused]
    locate = partial(_place, staging, texts, kept)
    for code in refused[: judged.most]:
        _report_refused(code, name, words.column, locate(code.text), judged)
    if unasked:
        _report_unasked(unasked, name, words.column, locate(unasked[0].text), judged)
    is_listed = unasked or (unknown and not is_own)  # then the block lists every code but _T, SDMX's own
    for code in [code for code in codes if code in refused or (is_listed and code.text[:1] != "_")][: judged.most]:
        value = "" if code in refused or code in unasked else words.listed[code.text]
        gap = Gap(value, code.note, is_listed=True, is_refused=code in refused)
        judged.draft(section, code.text, gap)


def _code(words: Vocabulary, text: str, parts: Sequence[_Part]) -> _Code:
    ours = words.listed[text]
    labels = list(
        dict.fromkeys(label for part in parts for label in part.file.labels.get(part.file_name, {}).get(text, ()))
    )
    if may_be_chance(text):  # M, labelled M
        labels = [label for label in labels if folded(label) not in ("", folded(text))]
    own = [re.sub(rf"^{re.escape(text)}\W+", "", label) for label in labels]  # 840 Rebild
    verdicts = {verdict(words.column, ours, label) for label in own}
    best = next((found for found in (Verdict.SAME, Verdict.OTHER, Verdict.UNREAD) if found in verdicts), None)
    return _Code(text, words.names[ours], labels, best)


def _is_foreign(words: Vocabulary, text: str, codes: Sequence[_Code]) -> bool:
    """Return True if a code shows that the column does not use npa's list: no list has it.

    Every office has its own code for the total, for unknown and others; some write ours in other letters (tj); and the
    code of a region begins with its country's (KG, KG02). These show nothing."""
    if text in ("", UNKNOWN, MISSING) or text in words.listed:
        return False
    ours = words.codes.get(text, "")
    is_respelled = ours in words.listed and folded(text).replace(" ", "") == folded(ours).replace(" ", "")
    is_region = words.column == "ref_area" and any(c.text.isalpha() and text.startswith(c.text) for c in codes)
    return not (ours[:1] in ("_", "?") or is_respelled or is_region)  # "?": SDMX's #N/A, which is no code


def _place(staging: Staging, texts: Mapping[str, Sequence[_Part]], kept: str, text: str) -> tuple[str, int, int]:
    """Return the first file that has a code, its first row there, and in how many rows it is."""
    counts = []
    for part in texts[text]:
        row = "source_row" if part.file.first_row is None else f"rowid + {part.file.first_row}"
        counts += staging.con.execute(
            f"""SELECT {ddl.literal(part.file.path)}, min({row}), count(*) FROM {part.file.table}
                WHERE {part.staged} = {ddl.literal(text)} AND {kept}"""
        ).fetchall()
    path, first, _ = counts[0]
    return path, first, sum(count for *_, count in counts)


def _section(name: str, column: str) -> str:
    return "series" if column == "statistic_id" else f"codes.{key(name)}"


def _report_refused(code: _Code, name: str, column: str, place: tuple[str, int, int], judged: Judged) -> None:
    path, row, count = place
    what = "{name}: the file calls this code “{label}”, and npa's list “{meaning}”, in {count} rows"
    remedy = sentence(
        "Say in dataset.toml [{section}] which code of ours it is; one that no list has is defined in "
        "[define.{column}] too.", section=_section(name, column), column=column,
    )  # fmt: skip
    if code.verdict is Verdict.UNREAD:
        remedy = sentence(
            "{remedy} If the column has npa's codes all the same, say above the first section: own_codes = [{own}].",
            remedy=remedy, own=quoted(name),
        )  # fmt: skip
    label = " / ".join(code.labels)
    judged.add(path, row, what, remedy, code.text, name=name, label=label, meaning=code.meaning, count=count)


def _report_unasked(
    codes: Sequence[_Code], name: str, column: str, place: tuple[str, int, int], judged: Judged
) -> None:
    path, row, _ = place
    shown = [code.text for code in codes[:_SHOWN]] + ["…"] * (len(codes) > _SHOWN)
    what = "{name} has codes that no list of npa has, so that {count} of the others may only be spelt like npa's"
    remedy = (
        "Say in dataset.toml [{section}] which code of ours each one is; or, if all of them are npa's, above the first "
        "section: own_codes = [{own}]."
    )
    arguments = {"section": _section(name, column), "own": quoted(name), "count": len(codes), "name": name}
    judged.add(path, row, what, remedy, ", ".join(shown), **arguments)
