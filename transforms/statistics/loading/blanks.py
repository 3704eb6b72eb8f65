"""Blank cells of breakdowns. They are the total only if dataset.toml says so: a pivot table prints a label once."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.generated import ddl
from transforms.quality.text import sentence
from transforms.statistics.dataset.columns import MISSING, list_of
from transforms.statistics.dataset.dataset_toml import BREAKDOWNS, TOTAL
from transforms.statistics.loading.staging import StagedFile, Staging, is_kept
from transforms.statistics.loading.validation import Judged
from transforms.text.toml import key, quoted

_FILLED = "[^\\s\\p{Z}]"  # a character that is no blank


@dataclass(frozen=True, slots=True)
class _Breakdown:
    """A breakdown of one file: `name` of its column in the file, `section` of dataset.toml with its codes."""

    name: str
    section: str
    is_blank: str  # SQL
    is_explained: bool  # the headings of [layout] make the column: rows under another heading are its total
    is_part: bool = False  # of other_breakdown, which a row may lack


def judge_blanks(staging: Staging, judged: Judged) -> None:
    """Report breakdowns with blank and filled cells; note those that are blank in every row of the data set, and parts
    of other_breakdown that are blank from the first row on: that row has nothing above to repeat."""
    blank, filled = dict[str, list[tuple[StagedFile, _Breakdown, int, int, bool]]](), set[str]()
    for file in staging.files:
        for breakdown, rows, blank_rows, kept, first, begins_blank in _counts(staging, file):
            if blank_rows < rows:
                filled.add(breakdown.section)
            if blank_rows:
                staging.blank.add(breakdown.section.removeprefix("codes."))
            if kept and not breakdown.is_explained:
                is_absent = bool(breakdown.is_part and begins_blank)
                blank.setdefault(breakdown.section, []).append((file, breakdown, kept, first, is_absent))
    for section, places in blank.items():
        for file, breakdown, count, first, is_absent in places:
            if section in filled and not is_absent:
                what = "{name} is blank in {count} rows, and says something in others"
                remedy = _remedy(staging, breakdown)
                judged.add(file.path, first, what, remedy, name=breakdown.name, count=count)
                judged.draft(section, "")
            else:
                judged.blank.append((file.path, breakdown.name, count if section in filled else None))


def _counts(staging: Staging, file: StagedFile) -> Iterator[tuple[_Breakdown, int, int, int, int, bool]]:
    """Yield each breakdown of a file, the rows, the blank ones, those that [keep] takes, the first of these, and
    whether the first row of the file is blank."""
    breakdowns = list(_breakdowns(staging, file))
    if not breakdowns:
        return
    row = "source_row" if file.first_row is None else f"rowid + {file.first_row}"
    is_taken, counts = is_kept(staging.dataset, staging.words), []
    for breakdown in breakdowns:
        blank = breakdown.is_blank
        counts += [f"count(*) FILTER ({blank})", f"count(*) FILTER ({blank} AND {is_taken})"]
        counts += [f"min({row}) FILTER ({blank} AND {is_taken})", f"arg_min({blank}, {row})"]
    ((rows, *found),) = staging.con.execute(f"SELECT count(*), {', '.join(counts)} FROM {file.table}").fetchall()
    for number, breakdown in enumerate(breakdowns):
        yield breakdown, rows, *found[4 * number : 4 * number + 4]


def _breakdowns(staging: Staging, file: StagedFile) -> Iterator[_Breakdown]:
    """Yield the breakdowns of a file, but for those of which [codes] says what a blank cell means."""
    dataset, names = staging.dataset, file.names
    explained = dataset.layout.row_columns if dataset.layout else []
    for column, place in file.columns.places.items():
        if column in BREAKDOWNS and staging.words[column].missing == MISSING:
            is_blank, name = f"{column} = {ddl.literal(MISSING)}", names[place]
            yield _Breakdown(name, f"codes.{column}", is_blank, name in explained)
    for number, name in enumerate(file.columns.others):
        known, text = staging.words.get(list_of(name)), f"other_{number}"
        blank = (
            f"{text} = {ddl.literal(MISSING)}" if known else f"NOT coalesce(regexp_matches({text}, '{_FILLED}'), false)"
        )
        codes = known.codes if known else dataset.codes.get(name, {})
        if "" not in codes:
            yield _Breakdown(name, f"codes.{key(name)}", blank, name in explained, is_part=True)


def _remedy(staging: Staging, breakdown: _Breakdown) -> str:
    dataset, total = staging.dataset, f'[{breakdown.section}] "" = "{TOTAL}"'
    is_across = dataset.layout and dataset.layout.is_laid_out and breakdown.name in dataset.layout.levels
    if dataset.format not in ("csv", "xlsx") or is_across:
        return sentence(
            "If a blank is the total, say so in dataset.toml: {total}. If not, correct the file.", total=total
        )
    remedy = (
        "If a blank is the total, say so in dataset.toml: {total}. "
        "If it repeats the cell above: [layout] fill = [{name}]."
    )
    return sentence(remedy, total=total, name=quoted(breakdown.name))
