"""dim_code: every code has a name, every code of npa's own enumerations in three languages."""

import duckdb
import pytest

from schemas.code_lists import code_list, columns
from schemas.code_names import LANGUAGES, CodeName, own_names
from schemas.tables import TABLES
from transforms.code_names import add_code_names, npa_names
from transforms.reports.vocabulary import labels
from transforms.tables.rows import Rows

NAMES = {name[:3]: name.name for name in npa_names()}
CODED = [c for table in TABLES.values() for c in table.columns if c.codes]
ENUMERATIONS = {c.name: {code for other in CODED if other.name == c.name for code in other.codes or ()} for c in CODED}


@pytest.mark.parametrize("column", sorted(ENUMERATIONS))
def test_every_enumeration_is_named_in_three_languages(column: str) -> None:
    missing = [(c, of) for c in ENUMERATIONS[column] for of in LANGUAGES if (column, c, of) not in NAMES]
    assert missing == []


def test_every_code_of_a_list_is_named_in_english() -> None:
    assert [(c, code) for c in columns() for code in code_list(c) if (c, code, "en") not in NAMES] == []


def test_every_name_of_the_file_is_of_a_code_that_exists() -> None:
    known = ENUMERATIONS | {column: set(code_list(column)) for column in columns()}
    known |= {"plan_id": {"_T"}, "agency_id": {"_T"}, "timing": {"upcoming", "open", "closed"}}
    known |= {"reported_status": {"no_evidence"}}
    assert [name for name in own_names() if name.code not in known[name.code_list]] == []
    assert len({name[:3] for name in own_names()}) == len(own_names())


def test_names_are_plain_text() -> None:
    names = [name.name for name in npa_names()]
    assert [name for name in names if name != " ".join(name.split()) or not name] == []


def test_a_code_is_named_once() -> None:
    assert len(NAMES) == len(npa_names())


def test_statuses_are_named_as_in_the_forms() -> None:
    for column in ("status", "reported_status"):
        for language in LANGUAGES:
            for code, label in labels("statuses", language).items():
                assert NAMES[column, code, language] == label


_OWN = ("plan_id", "agency_id")  # whose codes are in their dimensions, but for the total


@pytest.mark.parametrize("made", ["warehouse", "example"])
def test_every_code_of_a_release_has_an_english_name(made: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(made) / "current" / "npa.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        coded = con.execute("""
            SELECT table_name, column_name FROM duckdb_columns()
            WHERE NOT internal AND column_name IN (SELECT code_list FROM dim_code) ORDER BY ALL""").fetchall()
        assert len(coded) > 60
        for table, column in coded:
            only = f"AND {column} = '_T'" if column in _OWN else ""
            unnamed = f"""
                SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL {only} AND {column}::VARCHAR NOT IN
                (SELECT code FROM dim_code WHERE code_list = '{column}' AND language = 'en')"""
            assert (table, column, con.execute(unnamed).fetchall()) == (table, column, [])


def test_two_names_for_one_code_of_a_shared_list_are_a_contradiction() -> None:
    names = [
        CodeName("age", "Y17", "en", "17 years old", "statistics/a/dataset.toml"),
        CodeName("age", "Y17", "en", "17 years old", "statistics/b/dataset.toml"),
        CodeName("age", "Y17", "en", "Aged 17", "statistics/c/dataset.toml"),
    ]
    (problem,) = add_code_names(Rows(), names)
    assert str(problem) == (
        "statistics/c/dataset.toml: the code of age is defined otherwise in statistics/a/dataset.toml, as "
        '“17 years old”: "Y17: Aged 17". Define it alike in both, or give one of them another code.'
    )


def test_countries_have_their_russian_names() -> None:
    assert NAMES["ref_area", "TJ", "ru"] == "Таджикистан"
    assert NAMES["ref_area", "TJ-SU", "tg"] == "Вилояти Суғд"
