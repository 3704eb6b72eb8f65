"""The columns of a file and their codes, by what dataset.toml says that they become (contract §8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.code_lists import code_list
from schemas.enumerations import FREQUENCIES
from transforms.statistics.dataset.dataset_toml import BREAKDOWNS, CODED, TARGETS, TOTAL, Dataset

_SERIES = ("SERIES", "INDICATOR", "series", "indicator")  # what SDMX calls the concept of a series
# Attributes of SDMX about the periods of their rows; they need no entry in [concepts].
TIME_FORMAT, REPORTING_YEAR = "TIME_FORMAT", "REPORTING_YEAR_START_DAY"
# Codes of TIME_FORMAT (SDMX's CL_TIME_FORMAT: durations of ISO 8601; EDIFACT 2379, with 7.. for ranges) → frequency.
TIME_FORMATS = {
    **dict.fromkeys(("P1Y", "P12M", "602", "702"), "A"),
    **dict.fromkeys(("P6M", "604", "704"), "S"),
    **dict.fromkeys(("P4M",), "T"),
    **dict.fromkeys(("P3M", "608", "708"), "Q"),
    **dict.fromkeys(("P1M", "610", "710"), "M"),
    **dict.fromkeys(("P7D", "P1W", "616", "716"), "W"),
    **dict.fromkeys(("P1D", "102", "711"), "D"),
    **dict.fromkeys(("PT1H",), "H"),
    **dict.fromkeys(("PT1M", "203", "719"), "I"),
}
_ATTRIBUTES = ("freq", "unit_measure", "unit_mult", "obs_status", "nature")
UNKNOWN = "?unknown"  # in the staging table: a code that no list has
MISSING = "?missing"  # in the staging table: no code, and dataset.toml does not say what that means


@dataclass(slots=True)
class Columns:
    """The places of a file's columns, by the column of ours that they become."""

    places: dict[str, int] = field(default_factory=dict)  # our column → place
    others: dict[str, int] = field(default_factory=dict)  # concept of its own, for other_breakdown → place
    unknown: list[str] = field(default_factory=list)  # columns that dataset.toml does not explain
    clashes: list[tuple[str, str, str]] = field(default_factory=list)  # our column, and the two that would become it


def columns_of(names: Sequence[str], dataset: Dataset) -> Columns:
    """Return the columns of a file by what they become.

    >>> toml = dict(dataset_id="A", title="a", publisher="a", source_url="a", licence="a", retrieved_on="2026-01-01",
    ...             format="csv", files=["a"], concepts={"Year": "time_period", "Note": "", "Group": "other_breakdown"})
    >>> columns_of(["Year", "SEX", "Note", "Group", "Sex"], Dataset.model_validate(toml, strict=False))
    Columns(places={'time_period': 0, 'sex': 1}, others={'Group': 3}, unknown=['Sex'], clashes=[])
    """
    columns = Columns()
    for place, name in enumerate(names):
        target = target_of(name, dataset)
        if target is None:
            columns.unknown.append(name)
        elif target == "other_breakdown":
            columns.others[name] = place
        elif target in columns.places:
            columns.clashes.append((target, names[columns.places[target]], name))
        elif target:
            columns.places[target] = place
    is_open = "freq" not in columns.places and "freq" not in dataset.constants
    if is_open and TIME_FORMAT in names and target_of(TIME_FORMAT, dataset) == "":
        columns.places["freq"] = names.index(TIME_FORMAT)
    return columns


def target_of(name: str, dataset: Dataset) -> str | None:
    """Return what a column of a file becomes: a column of ours; "" if it is set aside; None if nothing says it. What
    [[composite]] reads is set aside, unless [concepts] says otherwise."""
    ours = "statistic_id" if name in _SERIES else name.lower()
    is_ours = ours in TARGETS and (name in _SERIES or name in (ours, name.upper()))
    is_aside = name in (TIME_FORMAT, REPORTING_YEAR) or bool(dataset.composites_of(name))
    return dataset.concepts.get(name, "" if is_aside else ours if is_ours else None)


def spellings(column: str) -> dict[str, str]:
    """Return the codes of npa's list of a column by each of their spellings: of an area, the standard codes too.

    >>> spellings("ref_area")["762"], spellings("ref_area")["3505000"], spellings("sex")["M"]
    ('TJ', 'TJ-SU', 'M')
    """
    listed = code_list(column)
    standards = ("iso3", "m49", "p_code") if column == "ref_area" else ()
    others = {row[standard]: code for code, row in listed.items() for standard in standards if row[standard]}
    return {code: code for code in listed} | others


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One coded column of one data set."""

    column: str
    names: Mapping[str, str]  # our code → what it means
    codes: Mapping[str, str]  # text of the file → our code
    listed: Mapping[str, str]  # those of npa's list, before dataset.toml says anything
    stated: frozenset[str]  # those that dataset.toml maps or defines
    missing: str  # value of an empty cell
    absent: str  # value where the file has no such column
    values: Sequence[str]  # every value of the staging table's ENUM, sorted


def vocabulary(column: str, dataset: Dataset, declared: Mapping[str, str]) -> Vocabulary:
    """Return the codes of a column: npa's list, what `declared` and [define] add to it, and [codes] or [series].

    A country is known by any of its standard codes: alpha-2, alpha-3 or M49, a district by its P-code."""
    listed = code_list(column)
    if column == "freq":
        listed = {code: listed[code] for code in FREQUENCIES}
    names = {code: row["name"] for code, row in listed.items()} | dict(declared)
    ours = {code: code for code in names} | {text: code for text, code in spellings(column).items() if code in names}
    stated = {code: code for code, _ in dataset.defined(column)}  # 840 may be a municipality
    for name in (column, *(name for name in dataset.concepts if list_of(name) == column)):
        stated |= dataset.codes.get(name, {})
    if column == "statistic_id":
        stated |= dataset.series
    names |= {code: defined.name for code, defined in dataset.defined(column)}
    if column == "freq":
        ours |= {text: code for text, code in TIME_FORMATS.items() if code in names}
    codes = ours | stated
    missing = "" if "" in codes else MISSING  # [codes] says what an empty cell means: "" = "TJ"
    codes.setdefault(missing, TOTAL if column in BREAKDOWNS else MISSING)
    if dataset.is_sdmx and column in _ATTRIBUTES:
        codes.setdefault("#N/A", MISSING)  # SDMX 3.0: missing on purpose
    absent = TOTAL if column in BREAKDOWNS and missing == MISSING else missing
    values = sorted({*codes, UNKNOWN})
    return Vocabulary(column, names, codes, ours, frozenset(stated), missing, absent, values)


def list_of(name: str) -> str:
    """Return the list of npa with the codes of an other_breakdown, by the name of its column; "" for none. Lists of
    columns of ours are not used: in SEX kept in other_breakdown, codes are the producer's.

    >>> list_of("OCCUPATION"), list_of("SEX")
    ('occupation', '')
    """
    column = name.lower()
    return "" if column in CODED else column
