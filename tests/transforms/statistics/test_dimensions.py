"""Dimensions of statistics: a code that two data sets define differently is reported with both, and what differs."""

from pathlib import Path

import pytest

from flows.refresh.stages import in_turn, read_dataset
from flows.sources.files import read_inputs
from flows.sources.statistics.stage import read_statistics
from tests.support.one_data_set import HEAD, PLAIN
from tests.support.paths import ROOT
from transforms.errors import InputProblem
from transforms.statistics.dimensions import add_dimensions
from transforms.tables.rows import Rows

_OWN = '[define.statistic_id]\nOWN = { name = "Births" }\n'
_ZZ = _OWN + '[define.ref_area]\nZZ = { name = "Utopia" }\n'
_DEFINITIONS = [  # of the first data set, of the second, what the sentence says, the remedy as tried
    (
        _OWN, _OWN.replace("Births", "Deaths"),
        'OWN is defined otherwise in statistics/one/dataset.toml: name is "Births" there, and "Deaths" here', _OWN,
    ),
    (
        _OWN, _OWN.replace(" }", ', unit_measure = "NUMBER" }'),
        'unit_measure is not stated there, and "NUMBER" here', _OWN,
    ),
    (
        _OWN, _OWN.replace(" }", ', code_list = "x" }'),
        'code_list is "p" there, and "x" here. Say code_list = … in both',
        _OWN.replace(" }", ', code_list = "p" }'),
    ),
    (
        _ZZ, _ZZ.replace('"Utopia"', '"Utopia", parent_ref_area = "TJ"'),
        'ZZ is defined otherwise in statistics/one/dataset.toml: parent_ref_area is not stated there, and "TJ"',
        _ZZ,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "expected", "right"), _DEFINITIONS)
def test_a_code_that_two_data_sets_define_otherwise_is_reported_with_both(
    tmp_path: Path, first: str, second: str, expected: str, right: str
) -> None:
    _write_definitions(tmp_path, first, second)
    statistics = _dimensions(tmp_path)
    assert expected in "\n".join(map(str, statistics))
    assert all(problem.path == "statistics/two/dataset.toml" for problem in statistics)
    _write_definitions(tmp_path, first, right)
    assert _dimensions(tmp_path) == []


def test_two_publishers_who_define_one_series_alike_but_for_themselves(tmp_path: Path) -> None:
    """The list of a series is its publisher, where nothing else is said."""
    _write_definitions(tmp_path, '[define.statistic_id]\nOWN = "x"\n', '[define.statistic_id]\nOWN = "x"\n')
    toml = tmp_path / "raw" / "statistics" / "two" / "dataset.toml"
    toml.write_text(toml.read_text().replace('publisher = "p"', 'publisher = "other"'))
    (problem,) = _dimensions(tmp_path)
    assert 'code_list is "p" there, and "other" here. Say code_list = … in both' in str(problem)
    for name in ("one", "two"):  # as the remedy says
        toml = tmp_path / "raw" / "statistics" / name / "dataset.toml"
        toml.write_text(toml.read_text().replace('OWN = "x"', 'OWN = { name = "x", code_list = "both" }'))
    assert _dimensions(tmp_path) == []


def _write_definitions(folder: Path, *definitions: str) -> None:
    plans = folder / "raw" / "plans"
    plans.mkdir(parents=True, exist_ok=True)
    if not (plans / "tjk-npa-2018").exists():
        (plans / "tjk-npa-2018").symlink_to(ROOT / "raw" / "plans" / "tjk-npa-2018")
    for name, toml in zip(("one", "two"), definitions, strict=True):
        data_set = folder / "raw" / "statistics" / name
        data_set.mkdir(parents=True, exist_ok=True)
        (data_set / "dataset.toml").write_text(HEAD.replace("TEST", name.upper()) + toml, encoding="utf-8")
        (data_set / "a.csv").write_text(PLAIN + "OWN,TJ,2019,1\n", encoding="utf-8")


def _dimensions(folder: Path) -> list[InputProblem]:
    """Return the problems of the dimensions that the data sets define, each of which can be read."""
    read = read_statistics(read_inputs(folder / "raw"), {}, folder / "parquet", in_turn(read_dataset))
    assert read.problems == []
    return list(add_dimensions(Rows(), read.rows, read.series, read.areas))
