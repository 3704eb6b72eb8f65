"""The rows of `dim_code`: the names of npa's enumerations and code lists, then those that sources give."""

from collections.abc import Iterable, Iterator
from functools import cache

from schemas.code_lists import code_list, columns
from schemas.code_names import LANGUAGES, CodeName, own_names
from schemas.enumerations import FREQUENCIES
from schemas.themes import themes
from transforms.errors import InputProblem, problem_in
from transforms.reports.vocabulary import labels
from transforms.tables.rows import Rows

# Whose whole definitions transforms/statistics/dimensions.py and transforms/tables/frames.py compare.
_COMPARED = ("statistic_id", "ref_area", "theme")
_ALIKE = {"reported_status": "status", "frequency": "freq"}  # a column whose codes are those of another one


def add_code_names(rows: Rows, names: Iterable[CodeName]) -> Iterator[InputProblem]:
    """Add the rows of `dim_code`; yield a problem for each code that two sources name differently in one language."""
    known = {name[:3]: name for name in npa_names()}
    for name in names:
        first = known.setdefault(name[:3], name)
        if first.name != name.name and name.code_list not in _COMPARED:
            what = "the code of {code_list} is defined otherwise in {path}, as “{name}”"
            remedy = "Define it alike in both, or give one of them another code."
            place = {"code_list": name.code_list, "path": first.source, "name": first.name}
            yield problem_in(name.source, 0, what, remedy, f"{name.code}: {name.name}", **place)
    rows.add_all("dim_code", (name._asdict() for name in known.values()))


@cache
def npa_names() -> tuple[CodeName, ...]:
    """Return the names that every release has."""
    themes_named = [CodeName("theme", code, "en", row["name"], row["source"]) for code, row in themes().items()]
    names = [*own_names(), *_statuses(), *_listed(), *themes_named]
    copies = [(column, name) for column, other in _ALIKE.items() for name in names if name.code_list == other]
    names += [name._replace(code_list=column) for column, name in copies]
    return tuple(name for name in names if name.code_list != "frequency" or name.code in FREQUENCIES)


def _statuses() -> Iterator[CodeName]:
    for language in LANGUAGES:
        for code, label in labels("statuses", language).items():
            yield CodeName("status", code, language, label, "npa")


def _listed() -> Iterator[CodeName]:
    """Yield the names of npa's code lists: in English, and those of countries in Russian."""
    for column in columns():
        for code, row in code_list(column).items():
            for language, key in (("en", "name"), ("ru", "name_ru")):
                if name := row.get(key):
                    yield CodeName(column, code, language, name, row["source"])
