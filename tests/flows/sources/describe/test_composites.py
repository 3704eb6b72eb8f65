"""`npa dataset describe` proposes [[composite]], and its draft loads once the codes of series are completed."""

import re
import tomllib
from itertools import product
from pathlib import Path

import pytest

from flows.sources.describe.describe import describe
from flows.sources.describe.unread import unread_lines
from tests.support.one_data_set import HEAD, Load, loader
from transforms.statistics.describe.draft import draft, report

PIECES = (["cr_1", "cr_2", "rofst_h_1"], ["", "_rur", "_urb"], ["", "_q1", "_q5"], ["", "_f", "_m", "_f_lpia", "_gpia"])
UIS = "file_name,country,year,value\n" + "".join(
    f"{''.join(pieces)},tjk,2017,{number}\n" for number, pieces in enumerate(product(*PIECES), 1)
)
STEMS = ["SE.PRM.CMPT", "SE.SEC.CMPT.LO"]
WORLD_BANK = "Country Name,Country Code,Indicator Name,Indicator Code,2016,2017\n" + "".join(
    f'Tajikistan,TJK,"Completion, {code}",{code}.ZS,1,{number}\n'
    for number, code in enumerate([stem + end for stem in STEMS for end in ("", ".FE", ".MA")], 2)
)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a function that reads one data set from its files."""
    return loader(tmp_path)


def _loaded(load: Load, tmp_path: Path, text: str) -> dict[tuple[str, ...], float]:
    """Return the values of a file by their key, loaded by its draft; codes of series are defined as themselves."""
    path = tmp_path / "data.csv"
    path.write_text(text, encoding="utf-8")
    toml = draft(describe(path))
    series = re.search(r"^\[series\]\n((?:.+\n)+)", toml, re.MULTILINE)
    assert series
    codes = tomllib.loads(series[1].replace(' = ""', ' = "?"'))
    defined = "".join(f'"{code}" = "{code}"\n' for code in codes)
    completed = toml.replace(series[0], "") + f"[define.statistic_id]\n{defined}"
    rows = load("", completed, data=text).rows(
        "statistic_id, urbanisation, income_wealth_quantile, sex, time_period, obs_value"
    )
    return {tuple(key): value for *key, value in rows}


def test_a_draft_of_unescos_codes_loads(load: Load, tmp_path: Path) -> None:
    values = _loaded(load, tmp_path, UIS)
    assert len(values) == len(UIS.splitlines()) - 1
    ours = {"": "_T", "_rur": "R", "_urb": "U", "_q1": "Q1", "_q5": "Q5", "_f": "F", "_m": "M"}
    for number, (stem, place, quintile, end) in enumerate(product(*PIECES), 1):
        index = next((index for index in ("_lpia", "_gpia") if end.endswith(index)), "")
        sex = ours[end.removesuffix(index)]
        assert values[stem + index, ours[place], ours[quintile], sex, "2017"] == number


def test_a_draft_of_the_world_banks_codes_loads(load: Load, tmp_path: Path) -> None:
    values = _loaded(load, tmp_path, WORLD_BANK)
    assert values["SE.SEC.CMPT.LO.ZS", "_T", "_T", "F", "2017"] == 6
    assert values["SE.PRM.CMPT.ZS", "_T", "_T", "M", "2017"] == 4
    assert values["SE.PRM.CMPT.ZS", "_T", "_T", "_T", "2016"] == 1


def test_the_report_says_what_the_codes_give(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(UIS, encoding="utf-8")
    text = report(describe(path))
    assert "file_name → read by [[composite]]; 135 different" in text
    assert "income_wealth_quantile → income_wealth_quantile (a guess); 3 different" in text
    assert "cr_1_gpia" in text


def _described(folder: Path, toml: str) -> str:
    """Return what describe prints of a file in `folder`, next to its dataset.toml."""
    path = folder / "data.csv"
    path.write_text("code,REF_AREA,TIME_PERIOD,OBS_VALUE\ncr_f,TJ,2017,1\nlr_f,TJ,2017,1\nlr_m,UZ,2017,1\n")
    (folder / "dataset.toml").write_text(HEAD + toml, encoding="utf-8")
    description = describe(path)
    description.unread = unread_lines(path)
    return report(description)


def test_codes_that_the_dataset_toml_of_a_file_does_not_read_are_all_listed(tmp_path: Path) -> None:
    toml = "[[composite]]\ncolumn = 'code'\npattern = '(?P<statistic_id>cr)_(?P<sex>f)'\n"
    title = "# Codes that nothing in [[composite]] of its dataset.toml reads\n"
    assert f"{title}code: 2 of 3\n    lr_f  ×1\n    lr_m  ×1\n\n" in _described(tmp_path, toml)
    kept = toml + '[keep]\nref_area = ["TJ"]\n'
    assert f"{title}code: 1 of 3\n    lr_f  ×1\n\n" in _described(tmp_path, kept)
    assert title not in _described(tmp_path, toml.replace(">cr", ">..").replace(">f", ">."))
    assert f"{title}- {tmp_path.name}/dataset.toml: the key is unknown" in _described(tmp_path, "wrong = 1\n" + toml)


def test_codes_that_share_no_stems_are_drafted_as_before(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("SERIES,REF_AREA,TIME_PERIOD,OBS_VALUE\nSH_DYN_MORT,TJ,2017,1\nSH_DYN_MORT_F,TJ,2017,1\n")
    assert "[[composite]]" not in draft(describe(path))


def test_a_column_that_is_named_as_the_series_is_the_series(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    rows = "".join(f"Mortality,{stem}{end},TJ,2017,1\n" for stem in ("a_1", "b_1") for end in ("", "_f", "_m"))
    path.write_text(f"Indicator,kind,Area,Year,Value\n{rows}", encoding="utf-8")
    description = describe(path)
    assert description.composite is None
    assert [column.target for column in description.columns][:2] == ["statistic_id", "other_breakdown"]
