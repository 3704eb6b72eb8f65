"""Percentages: a column is read as one of percent or of shares; what has two readings is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.quality.catalogue import Message
from transforms.reports.cells.percents import read_percents


def _values(*texts: str) -> list[float | None]:
    return [value for value, _ in read_percents(texts).readings.values()]


def _read(text: str) -> tuple[float | None, Message | None]:
    return read_percents([text]).readings[text]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50", 50), ("50 %", 50), ("50%", 50), ("50,0", 50), ("50.0 %", 50), ("0", 0), ("1 %", 1), ("0.5 %", 0.5),
        ("0,5%", 0.5), ("100.", 100), ("1e2", 100), ("150", 150), ("-5", -5), ("12,5 процентов", 12.5), ("0%", 0),
        ("1.5", 1.5), ("80 фоиз", 80),
    ],
)  # fmt: skip
def test_percentages_that_are_read(text: str, value: float) -> None:
    assert _read(text) == (value, None)


@pytest.mark.parametrize(
    "text", ["0.5", "0,5", "1", "1.0", "0.999", "5e-05", "inf", "nan", "1e999", "half", "5 0", "%", "50 %%", "1.000,5"]
)
def test_percentages_that_are_refused(text: str) -> None:
    value, fault = _read(text)
    assert value is None
    assert ": write " in str(fault)


def test_a_column_of_shares_is_read_as_a_whole() -> None:
    assert _values("0.25", "0.5", "1", "0") == [25, 50, 100, 0]
    assert _values("0,29", "0,07", "1,0", "0,0", "later") == [29, 7, 100, 0, None]
    assert read_percents(["0.25", "0.5", "1", "0"]).shares == ["0.25", "0.5", "1"]
    assert read_percents(["50", "1"]).shares == []


@pytest.mark.parametrize(
    ("texts", "refused"),
    [
        (["0", "0.5", "50", "100"], ["0.5"]),
        (["0.5", "1", "50"], ["0.5", "1"]),
        (["0.5", "0.50"], ["0.5", "0.50"]),  # one number shows nothing of its column
        (["0.25", "0.5", "50 %"], ["0.25", "0.5"]),
        (["0.25", "0.5", "-1"], ["0.25", "0.5"]),
        (["0", "1"], ["1"]),
        (["1", "50 %"], ["1"]),
        (["1", "2", "50"], []),
        (["0.25", "1", "1.2"], ["0.25", "1"]),
    ],
)
def test_what_has_two_readings_in_its_column_is_refused(texts: list[str], refused: list[str]) -> None:
    readings = read_percents(texts).readings
    assert [text for text, (_, fault) in readings.items() if fault] == refused


@given(st.lists(st.integers(0, 100), min_size=1), st.booleans())
def test_one_is_never_one_percent_among_fractions(numbers: list[int], as_shares: bool) -> None:
    """Write the numbers as shares or as percentages: each is read as it was meant, or refused."""
    meant = {f"{number / 100:g}" if as_shares else str(number): float(number) for number in numbers}
    readings = read_percents(meant).readings
    assert all(readings[text][0] in (value, None) for text, value in meant.items())
    if as_shares and len({number for number in numbers if number}) > 1:
        assert all(readings[text] == (value, None) for text, value in meant.items())


@given(st.floats(0, 100))
def test_percentages_keep_their_digits(value: float) -> None:
    assert _read(f"{value!r} %") == (value, None)


@given(st.lists(st.text(st.sampled_from("0123456789.,%e- x"), max_size=6)))
def test_any_text_gets_a_value_or_a_fault(texts: list[str]) -> None:
    for text, (value, fault) in read_percents(texts).readings.items():
        assert (value is None) == (not text.strip() or fault is not None)
