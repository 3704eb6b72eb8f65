"""Eurostat's TSV: composite keys, periods across, flags behind the values."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.sources.describe.describe import describe
from tests.support.examples import examples
from tests.support.one_data_set import Load
from tests.support.paths import DATA
from tests.support.table_files import observations, refusal, rows, source
from transforms.statistics.describe.draft import draft

_HEADING = "freq,unit,geo\\TIME_PERIOD\t2018 \t2019 \n"
_TOML = '[constants]\nstatistic_id = "LB"\nunit_measure = "NUMBER"\n[define.statistic_id]\nLB = "Live births"\n'
_ACROSS = _TOML + '[concepts]\ngeo = "ref_area"\n[layout]\nacross = "TIME_PERIOD"\n'


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _cell(tmp_path: Path, printed: str, toml: str = "") -> tuple[str | int | None, ...]:
    """Return value and status of one cell."""
    ((*_, value, status, _),) = rows(_file(tmp_path, f"{_HEADING}A,PC,TJ\t{printed}\t\n"), toml)
    return value, status


@pytest.mark.parametrize("toml", [_ACROSS, _ACROSS.partition("[layout]")[0]])
def test_flags_are_published_as_statuses(load: Load, toml: str) -> None:
    loaded = load(toml, a=(DATA / "eurostat" / "flags.tsv").read_bytes())
    assert loaded.rows("ref_area, sex, time_period, obs_value, obs_status, source_row") == [
        ("FR", "F", "2018", 12.5, "P", 2), ("FR", "F", "2019", None, "O", 2), ("FR", "F", "2020", 13.5, None, 2),
        ("FR", "M", "2018", 11.5, "B", 3), ("FR", "M", "2019", None, "Q", 3), ("FR", "M", "2020", 0.0, "N", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "value", "status"),
    [
        ("12.3 ", "12.3", None), ("12.3 b", "12.3", "B"), ("12.3b", "12.3", "B"), ("-5 e", "-5", "E"), ("0n", "0", "N"),
        ("1e5", "1e5", None), ("12e", "12", "E"), ("12 s", "12", "I"), ("12 i", "12", "I"), (": ", None, None),
        (":", None, None), (": c", None, "Q"), (": C", None, "Q"), (":z", None, "M"), (": m", None, "M"),
        (": u", None, "U"), ("12 bde", "12", "bde"), (": bc", None, "bc"), ("12 r", "12", "r"), ("12 c", "12", "c"),
        ("12 N", "12", "flag N"), (": N", None, "flag N"), ("12 P", "12", "flag P"), ("n/a", "n/a", None),
        ("1 2 b", "1 2 b", None),
    ],
)  # fmt: skip
def test_value_and_flags_of_a_cell(tmp_path: Path, printed: str, value: str | None, status: str | None) -> None:
    assert _cell(tmp_path, printed) == (value, status)


def test_dataset_toml_decides_what_flags_and_marks_mean(tmp_path: Path) -> None:
    codes = '[codes.obs_status]\nb = "A"\nN = "Q"\nbde = "B"\n'  # the loader maps what is as printed
    assert [_cell(tmp_path, printed, codes) for printed in ("1 b", "1 N", ": N", "1 bde", "1 p")] == [
        ("1", "b"), ("1", "N"), (None, "N"), ("1", "bde"), ("1", "P"),
    ]  # fmt: skip
    assert _cell(tmp_path, ": c", '[marks]\n": c" = "L"\n') == (": c", None)


def test_flags_that_no_list_has_are_listed(load: Load) -> None:
    text = "unit,sex,geo\\time\t2019Q1 \t2019M02\nN,F,TJ\t12 bde\t1 N\n"
    toml = _ACROSS.replace("[concepts]\n", '[concepts]\nunit = ""\n')
    loaded = load(toml, a=text)
    assert 'obs_status has a code that no list of npa has, in 1 rows: "bde"' in loaded.faults
    toml += '[codes.obs_status]\nbde = "B"\n"flag N" = "Q"\n'  # as the remedy says
    assert load(toml, a=text).rows("time_period, freq, obs_value, obs_status") == [
        ("2019-02", "M", 1.0, "Q"), ("2019-Q1", "Q", 12.0, "B"),
    ]  # fmt: skip


_CODE = st.text("ABCXYZ_0123456789-", min_size=1, max_size=6)
_PRINTED = st.tuples(st.one_of(st.just(":"), st.integers(-999, 999).map(str)), st.sampled_from(["", "b", "e", "p"]))


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cube=st.dictionaries(st.tuples(_CODE, _CODE), st.lists(_PRINTED, min_size=3, max_size=3), min_size=1, max_size=6),
    delimiter=st.sampled_from("\t;"),
)
def test_any_table_is_read_back(
    tmp_path: Path, cube: dict[tuple[str, str], list[tuple[str, str]]], delimiter: str
) -> None:
    """Also one that was saved again with another delimiter."""
    lines = [["unit,geo\\TIME_PERIOD", "2018 ", "2019-Q1 ", "2020-03 "]]
    lines += [[",".join(key), *(f"{value} {flags}" for value, flags in cells)] for key, cells in cube.items()]
    path = _file(tmp_path, "".join(delimiter.join(line) + "\n" for line in lines))
    assert observations(path, f"delimiter = {delimiter!r}" if delimiter != "\t" else "") == [
        {"unit": unit, "geo": geo, "TIME_PERIOD": period}
        | ({"OBS_VALUE": value} if value != ":" else {})
        | ({"OBS_STATUS": flags.upper()} if flags else {})
        for (unit, geo), cells in cube.items()
        for period, (value, flags) in zip(("2018", "2019-Q1", "2020-03"), cells, strict=True)
    ]


def test_faults_of_the_table_are_named_with_their_line(load: Load, tmp_path: Path) -> None:
    fault = refusal(_file(tmp_path, _HEADING + "A,PC,TJ\t1\t2\nA,TJ\t1\t2\n"))
    assert (fault.line, fault.value) == (3, "A,TJ")
    assert "two columns have the same name" in refusal(_file(tmp_path, "geo,geo\\time\t2018\nA,B\t1\n")).what
    assert "a.csv:2: the record has 2 cells, and the heading 3" in load(a=_HEADING + "A,PC,TJ\t1\n").faults


def test_other_tables_are_read_as_before(tmp_path: Path) -> None:
    path = _file(tmp_path, "Region\\Year;2018;2019\nTJ;1;2\n")
    assert source(path, '[concepts]\n"Region\\\\Year" = "ref_area"\n[layout]\nacross = "YEAR"\n').names == (
        "Region\\Year", "YEAR", "OBS_VALUE",
    )  # fmt: skip
    path = _file(tmp_path, "geo\\time\t2018\t2019\nTJ\t1\t2\n")
    toml = '[concepts]\n\'geo\\time\' = "ref_area"\n[layout]\nacross = "TIME_PERIOD"\n'
    assert rows(path, toml) == [("TJ", "2018", "1", 2), ("TJ", "2019", "2", 2)]


def test_it_is_described_and_the_draft_loads(load: Load) -> None:
    description = describe(DATA / "eurostat" / "flags.tsv")
    assert (description.kind, description.rows) == ("Eurostat's TSV", 6)
    toml = draft(description)
    assert tomllib.loads(toml)["concepts"] == {"geo": "ref_area"}
    toml = toml.replace('statistic_id = ""', 'statistic_id = "SI_POV_NAHC"').replace("flags.tsv", "*.csv")
    assert load(head=toml, a=(DATA / "eurostat" / "flags.tsv").read_bytes()).counts == (6, 6, 0, 0)
