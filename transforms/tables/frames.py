"""Frames of the tables, typed as in their models, from rows."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from schemas.model import Table
from schemas.tables import TABLES
from schemas.themes import themes
from transforms.errors import InputProblem
from transforms.quality.catalogue import rule_rows
from transforms.quality.text import sentence
from transforms.tables.rows import Rows

_PANDAS_TYPES = {
    "VARCHAR": "str", "INTEGER": "Int32", "BIGINT": "Int64", "DOUBLE": "Float64", "BOOLEAN": "boolean",
    "DATE": "datetime64[s]", "TIMESTAMP": "datetime64[us]",
}  # fmt: skip
# Tables that are made when a release is published, not from the sources.
OF_THE_RELEASE = ("release", "data_dictionary")


def tabulate(rows: Rows) -> tuple[dict[str, pd.DataFrame], list[InputProblem]]:
    """Return the frames of all tables but those of the release, and the contradictions between documents."""
    problems = [*_repeated_plans(rows), *_add_agencies(rows), *_add_units(rows), *_add_themes(rows)]
    problems += _add_translations(rows)
    _add_periods(rows)
    rows.add_all("dim_quality_rule", rule_rows())
    return {t.name: frame(t, rows.tables[t.name]) for t in TABLES.values() if t.name not in OF_THE_RELEASE}, problems


def frame(table: Table, columns: dict[str, list[Any]]) -> pd.DataFrame:
    """Return the frame of one table from the values of its columns; without rows, an empty, typed frame."""
    typed = {c.name: pd.Series(columns.get(c.name, []), dtype=_PANDAS_TYPES[c.sql_type]) for c in table.columns}
    return pd.DataFrame(typed)


def _repeated_plans(rows: Rows) -> Iterator[InputProblem]:
    paths: dict[str, str] = {}
    for plan in rows.of("plan_of_document"):
        if other := paths.get(plan["plan_id"]):
            what = sentence("there is another plan {plan_id}, in {other}", plan_id=plan["plan_id"], other=other)
            remedy = "A plan is published once: take one of the two out of raw/plans."
            yield InputProblem(what, remedy, path=plan["path"], line=plan["line"], value=plan["title"])
        paths.setdefault(plan["plan_id"], plan["path"])


def _add_agencies(rows: Rows) -> Iterator[InputProblem]:
    """Add the rows of `dim_agency`: each agency once, in the glossary if one document has it there."""
    agencies: dict[str, dict[str, Any]] = {}
    for agency in rows.of("agency_of_document"):
        first = agencies.setdefault(agency["agency_id"], agency)
        first["in_glossary"] |= agency["in_glossary"]
        for name in ("name", "agency_type"):
            if first[name] != agency[name]:
                what = '{agency_id} has another {name} here than in {path}, which says "{value}"'
                remedy = "One abbreviation means one body in a country."
                other = {"agency_id": agency["agency_id"], "name": name, "path": first["path"], "value": first[name]}
                yield InputProblem(
                    sentence(what, **other), remedy, path=agency["path"], line=agency["line"], value=agency[name]
                )
    for agency in agencies.values():
        columns = {name: value for name, value in agency.items() if name not in ("path", "line")}
        rows.add("dim_agency", **columns, is_collective=agency["agency_type"] == "collective")


def _add_units(rows: Rows) -> Iterator[InputProblem]:
    """Add the rows of `dim_reporting_unit` and `dim_reporting_unit_name`: those of the first document that has them."""
    units: dict[str, dict[str, list[tuple[str, str, str]]]] = {}  # by agency and path
    for unit in rows.of("unit_of_document"):
        named = units.setdefault(unit["agency_id"], {}).setdefault(unit["path"], [])
        named.append((unit["reporting_unit"], unit["language"], unit["name"]))
    for agency_id, by_path in units.items():
        (path, first), *others = by_path.items()
        for other, named in others:
            if sorted(named) != sorted(first):
                what = sentence("{agency_id} has other units here than in {path}", agency_id=agency_id, path=path)
                yield InputProblem(what, "List the same in both, or in one of them only.", path=other)
        names = dict[str, str]()
        units_of_agency = dict.fromkeys(unit_id for unit_id, _, _ in first)
        for unit_id, language, name in [*first, *_translated_units(rows, agency_id, units_of_agency)]:
            ids = {"agency_id": agency_id, "reporting_unit": unit_id}
            rows.add("dim_reporting_unit_name", **ids, language=language, name=name)
            names[unit_id] = name if language == "en" else names.get(unit_id, name)
        for unit_id, name in names.items():
            rows.add("dim_reporting_unit", agency_id=agency_id, reporting_unit=unit_id, name=name)


def _translated_units(rows: Rows, agency_id: str, units: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield unit, language and name of each name of an agency's units that translations.csv of a document gives."""
    ids, known = {f"{agency_id}-{unit}": unit for unit in units}, set[tuple[str, str]]()
    for row in rows.of("translation_of_document"):
        if (unit := ids.get(row["id"])) and (unit, row["language"]) not in known:
            known.add((unit, row["language"]))  # two documents that say different names are refused
            yield unit, row["language"], row["text"]


def _add_themes(rows: Rows) -> Iterator[InputProblem]:
    """Add the rows of `dim_theme`: those of npa's list, and each that documents name, once."""
    known: dict[str, Mapping[str, Any]] = dict(themes())
    for named in rows.of("theme_of_document"):
        first = known.setdefault(named["theme"], named)
        if (first["scheme"], first["name"]) != (named["scheme"], named["name"]):
            what = "the theme {theme} is “{name}” of the scheme {scheme} in {path}"
            remedy = "Define it alike in both, or give one of them another code."
            place = {"path": named["path"], "line": named["line"], "value": f"{named['name']}, {named['scheme']}"}
            yield InputProblem(sentence(what, **first), remedy, **place)
    rows.add_all("dim_theme", ({name: row[name] for name in ("theme", "scheme", "name")} for row in known.values()))


def _add_translations(rows: Rows) -> Iterator[InputProblem]:
    """Add the rows of `dim_translation`: each text once, though two documents may translate the name of one agency."""
    known: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows.of("translation_of_document"):
        first = known.setdefault((row["id"], row["column_name"], row["language"]), row)
        if first["text"] != row["text"]:
            what = "{column_name} of {id} is translated otherwise in {path}, line {line}: “{text}”"
            remedy = "Translate it alike in both documents."
            place = {"path": row["path"], "line": row["line"], "value": row["text"]}
            yield InputProblem(sentence(what, **first), remedy, **place)
    columns = ("id", "column_name", "language", "text")
    rows.add_all("dim_translation", ({name: row[name] for name in columns} for row in known.values()))


def _add_periods(rows: Rows) -> None:
    """Add the rows of `dim_time_period`: every year of every plan, and the periods that are reported on."""
    plans, reported = rows.of("plan_of_document"), {*rows.column("dim_reporting_period", "time_period")}
    years = {year for plan in plans for year in range(plan["first_year"], plan["last_year"] + 1)}
    for year in sorted(years | {int(period[:4]) for period in reported}):
        days = {"start_date": date(year, 1, 1), "end_date": date(year, 12, 31)}
        rows.add("dim_time_period", time_period=str(year), frequency="A", **days)
    for period in sorted(period for period in reported if "-S" in period):
        year, is_first = int(period[:4]), period.endswith("1")
        days = {"start_date": date(year, 1 if is_first else 7, 1)}
        days["end_date"] = date(year, 6, 30) if is_first else date(year, 12, 31)
        rows.add("dim_time_period", time_period=period, frequency="S", **days)
