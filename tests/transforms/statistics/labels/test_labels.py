"""What a label says about a code of ours, and the names by which it is known."""

import csv

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.code_lists import code_list
from tests.support.paths import ROOT
from transforms.statistics.labels.generate import countries
from transforms.statistics.labels.labels import Verdict, folded, may_be_chance, verdict, words

_LISTS = ("sex", "age", "urbanisation", "income_wealth_quantile", "education_lev", "disability_status", "ref_area",
          "unit_measure", "nature", "obs_status", "freq", "reporting_type")  # fmt: skip
_NAMED = [(column, code) for column in _LISTS for code in code_list(column)]


def test_countries_are_generated_from_their_sources() -> None:
    path = ROOT / "transforms" / "statistics" / "labels" / "countries.csv"
    assert countries(ROOT / "raw" / "areas" / "country-codes" / "country-codes.csv") == path.read_text(encoding="utf-8")


def test_every_word_is_of_a_code_of_its_list_and_means_one_code() -> None:
    assert all(row["code"] in code_list(row["column"]) for row in words())
    pairs = [(row["column"], row["said"]) for row in words()]
    assert len(pairs) == len(set(pairs))


@given(st.sampled_from(_NAMED), st.sampled_from([str.upper, str.lower, str.title, "  {}  ".format, "{} (2019)".format]))
def test_the_names_of_our_own_lists_never_contradict_their_codes(named: tuple[str, str], respell: object) -> None:
    column, code = named
    name = code_list(column)[code]["name"]
    assert callable(respell)
    assert verdict(column, code, respell(name)) is not Verdict.OTHER
    assert verdict(column, code, name) is Verdict.SAME


@pytest.mark.parametrize(
    ("column", "code", "label"),
    [
        *(("sex", "M", label) for label in ("Mujeres", "moterys", "Mulheres", "MNÁ", "Número de mujeres", "занон")),
        *(("sex", "F", label) for label in ("Férfi", "Fir", "мардон", "Boys under 5", "hommes")),
        ("urbanisation", "U", "rural areas"),
        ("urbanisation", "R", "городская местность"),
        ("disability_status", "PWD", "Persons with disability"),
        ("income_wealth_quantile", "Q1", "Richest"),
        ("age", "Y15T49", "15-19 years"),
        ("age", "Y0T4", "0-17 лет"),
        ("ref_area", "GA", "Georgia"),
        ("ref_area", "AU", "Австрия"),
        ("ref_area", "CG", "Congo, Dem. Rep."),
    ],
)  # fmt: skip
def test_a_label_that_names_another_code_contradicts(column: str, code: str, label: str) -> None:
    assert verdict(column, code, label) is Verdict.OTHER


@pytest.mark.parametrize(
    ("column", "code", "label"),
    [
        *(("sex", "M", label) for label in ("Men", "Hombres", "мужчины", "Мардон", "Männer", "Male population")),
        *(("sex", "F", label) for label in ("girls", "Femmes (15+)", "Женщины", "Занон", "kvinder", "Mujeres")),
        *(("ref_area", "US", label) for label in ("USA", "U.S.A.", "États-Unis", "США", "アメリカ合衆国")),
        *(("ref_area", "TJ", label) for label in ("Tajikistan", "Таджикистан", "Тоҷикистон", "TJK", "Tadschikistan")),
        *(("ref_area", "CD", label) for label in ("Congo, Dem. Rep.", "DR Congo", "République démocratique du Congo")),
        *(("ref_area", "IR", label) for label in ("Iran, Islamic Rep.", "Iran (Islamic Republic of)")),
        *(("age", "Y0T4", label) for label in ("0-4", "Under 5", "<5 years", "до 5 лет", "under 5 (0-59 months)")),
        ("age", "Y_GE15", "15+"),
        ("unit_measure", "PT", "Prozent"),
        ("unit_measure", "KM", "Kilometres"),
        ("income_wealth_quantile", "Q5", "Richest 20%"),
    ],
)  # fmt: skip
def test_a_label_in_any_language_agrees(column: str, code: str, label: str) -> None:
    assert verdict(column, code, label) is Verdict.SAME


@pytest.mark.parametrize(
    ("column", "code", "label"),
    [
        *(("ref_area", code, label) for code, label in (("US", "Rebild"), ("IL", "Lolland"), ("IN", "Indiana"),
                                                        ("CO", "Colorado"), ("ZA", "Region South"), ("CO", "Colima"))),
        ("unit_measure", "PT", "Points"),
        ("sex", "M", "Hanrei"),
        ("sex", "M", "Men and women"),
        ("ref_area", "CG", "Kongo und Demokratische Republik Kongo"),
        ("age", "Y0T4", "0-59 months"),
        ("age", "Y15T17", "Teenagers"),
    ],
)  # fmt: skip
def test_a_label_that_npa_cannot_read_is_neither(column: str, code: str, label: str) -> None:
    assert verdict(column, code, label) is Verdict.UNREAD


def test_every_country_of_a_real_file_agrees_with_its_label() -> None:
    iso3 = {row["iso3"]: code for code, row in code_list("ref_area").items() if row["iso3"]}
    path = ROOT / "raw" / "statistics" / "unicef-cme" / "CME_MRY0T4_all_2020.csv"
    with path.open(encoding="utf-8", newline="") as file:
        areas = {(row["REF_AREA"], row["Geographic area"]) for row in csv.DictReader(file)}
    known = [(iso3[code], label) for code, label in areas if code in iso3]
    assert len(known) > 190
    assert [pair for pair in known if verdict("ref_area", *pair) is not Verdict.SAME] == []


def test_short_codes_may_be_chance_and_those_of_sdmx_not() -> None:
    assert [code for code in ("M", "840", "TJK", "_T", "Y15T49", "TJ-KT") if may_be_chance(code)] == ["M", "840", "TJK"]


@given(st.text(max_size=30))
@example("℠")
def test_any_label_has_a_verdict(label: str) -> None:
    assert folded(folded(label)) == folded(label)
    assert verdict("ref_area", "TJ", label) in Verdict
    assert verdict("age", "Y0T4", label) in Verdict
