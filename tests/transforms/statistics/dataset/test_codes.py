"""What dataset.toml says about codes: empty cells, breakdowns that npa has a list of, standard codes of areas."""

from typing import Any

import pytest

from schemas.code_lists import code_list
from transforms.statistics.dataset.columns import vocabulary
from transforms.statistics.dataset.dataset_toml import Dataset

_HEAD: dict[str, Any] = {"dataset_id": "A", "title": "a", "publisher": "a", "source_url": "a", "licence": "a",
                         "retrieved_on": "2026-01-01", "format": "csv", "files": ["a"]}  # fmt: skip


def _dataset(**keys: Any) -> Dataset:
    return Dataset.model_validate(_HEAD | keys)


@pytest.mark.parametrize(("column", "code"), [("ref_area", "TJ"), ("sex", "F"), ("unit_measure", "PT")])
def test_an_empty_cell_means_what_codes_say(column: str, code: str) -> None:
    words = vocabulary(column, _dataset(codes={column: {"": code}}), {})
    assert words.codes[words.missing] == code
    assert words.missing in words.values


def test_codes_of_a_listed_breakdown_are_keyed_by_the_files_column() -> None:
    ours = next(code for code in code_list("occupation") if code != "_T")
    keys = {"concepts": {"OCCUPATION": "other_breakdown"}, "codes": {"OCCUPATION": {"x": ours}}}
    assert vocabulary("occupation", _dataset(**keys), {}).codes["x"] == ours


@pytest.mark.parametrize("country", ["TJ", "TJK", "762", "tj"])
def test_a_country_is_known_by_its_standard_codes(country: str) -> None:
    words = vocabulary("ref_area", _dataset(), {})
    assert words.codes.get(country) == (None if country == "tj" else "TJ")
