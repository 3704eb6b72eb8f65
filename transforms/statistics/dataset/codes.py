"""The values of a coded column: our codes, and the texts that a producer uses for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.code_lists import code_list
from schemas.enumerations import FREQUENCIES
from transforms.statistics.dataset.dataset_toml import BREAKDOWNS, CODED, TOTAL, Dataset

UNKNOWN = "?unknown"  # in the staging table: a code that no list has
MISSING = "?missing"  # in the staging table: no code, if that does not mean the total


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One coded column of one data set."""

    column: str
    names: Mapping[str, str]  # our code → what it means
    codes: Mapping[str, str]  # text of the file → our code
    missing: str  # value of an empty cell
    values: list[str] = field(default_factory=list)  # every value of the staging table's ENUM, sorted

    def is_known(self, code: str) -> bool:
        """Return True if a code is ours."""
        return code in self.names


def vocabulary(column: str, dataset: Dataset, declared: Mapping[str, str]) -> Vocabulary:
    """Return the codes of a column: npa's list, what `declared` and [define] add to it, and [codes] or [series].

    A country is known by any of its standard codes: alpha-2, alpha-3 or M49, a district by its P-code."""
    listed = code_list(column)
    if column == "freq":
        listed = {code: listed[code] for code in FREQUENCIES}
    names = {code: row["name"] for code, row in listed.items()} | dict(declared)
    names |= {code: defined.name for code, defined in dataset.defined(column)}
    codes = {code: code for code in names}
    if column == "ref_area":
        for code, row in listed.items():
            codes |= {row[other]: code for other in ("iso3", "m49", "p_code") if row[other]}
    for name in (column, *(name for name in dataset.concepts if list_of(name) == column)):
        codes |= dataset.codes.get(name, {})
    if column == "statistic_id":
        codes |= dataset.series
    missing = "" if "" in codes else TOTAL if column in BREAKDOWNS else MISSING  # "" = "KG" in [codes.ref_area]
    codes.setdefault(missing, missing)
    if column in CODED and "" in codes:
        missing = ""  # [codes] says what an empty cell means: "" = "TJ"
    return Vocabulary(column, names, codes, missing, sorted({*codes, UNKNOWN}))


def list_of(name: str) -> str:
    """Return the list of npa with the codes of an other_breakdown, by the name of its column; "" for none. Lists of
    columns of ours are not used: in SEX kept in other_breakdown, codes are the producer's.

    >>> list_of("OCCUPATION"), list_of("SEX")
    ('occupation', '')
    """
    column = name.lower()
    return "" if column in CODED else column
