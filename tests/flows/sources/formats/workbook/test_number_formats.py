"""What number formats show, by ECMA-376 18.8.30 and 18.8.31 and what Excel does where these are silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources.formats.workbook.number_formats import number_format

PLAIN = [
    "General", "", "0", "0.00", "#,##0", "#,##0.00", "# ##0", "0.00E+00", "# ?/?", "@", "Основной", "[$-419]0.0",
    "[Red]0", "[$сом.-428] #,##0.00", "[$-FC19]dd mmmm yyyy г.;@", "dd.mm.yyyy", "m/d/yy h:mm", "h:mm:ss", "mm:ss.0",
    "[h]:mm", "#,##0;[Red]#,##0", "#,##0 ;[Red](#,##0)", "0.0;[Red]-0.0", "$#,##0_);($#,##0)",
    "#,##0.00\\ _₽;\\-#,##0.00\\ _₽",
    '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    '_-* #,##0.00\\ "₽"_-;\\-* #,##0.00\\ "₽"_-;_-* "-"??\\ "₽"_-;_-@_-', "[>100]0;0.0",
]  # fmt: skip


@pytest.mark.parametrize("code", PLAIN)
def test_formats_that_only_round_group_or_align_leave_the_number(code: str) -> None:
    assert number_format(code) is None


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("#,##0.0,,", 3_500_000, "3.5"),
        ("0.0,", 12_345.678, "12.345678"),  # all digits: the format only rounds them
        ("0,.0", 12_345, "12.345"),
        ('0.0,,"M"', 3_500_000, "3.5"),
        ("0%", 0.5, "50%"),
        ("0.00%", 0.29, "29%"),
        ('0" %"', 50, None),
        ('"…"', 3, "…"),
        ('"(suppressed)"', 3, "(suppressed)"),
        ("\\x", 3, "x"),
        (";;;", 3, ""),
        (";;;", 0, ""),
        ('""', 3, ""),
        ("0;-0;;@", 0, ""),
        ("0;-0;;@", 7, None),
        ('0;-0;"-"', 0, "-"),
        ('0;"x";"y"', -1, "x"),
        ("0;0", -5, "5"),
        ("0;0", 5, None),
        ("#", 0, ""),
        ("#,###", 0, ""),
        ("#,###", 0.2, ""),
        ("#,###", 12, None),
        ('[<5]"…";0', 3, "…"),
        ('[<5]"…";0', 5, None),
        ('[<5]"…";0', -3, "…"),
        ('[<5]"a";[<10]"b";0', 7, "b"),
        ('[<5]"a";[<10]"b";0', 10, None),
        ('[=1]"муж.";[=2]"жен."', 2, "жен."),
        ('[=1]"муж.";[=2]"жен."', 3, "########"),
        ('[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', 43_466, "43.466"),
        ("yyyy", 43_466, "2019"),
        ("yy", 43_466, "2019"),
        ('yyyy" г."', 43_466, "2019"),
        ("mmm yyyy", 43_466, "2019-01"),
        ("[$-419]MMMM\\ YYYY;@", 43_497, "2019-02"),
        ("yyyy", 1, "1900"),
        ("dd.mm", 43_466, None),
        ("000", 4, "004"),
        ("000", -4, "-004"),
        ("00000", 123_456, None),
    ],
)
def test_a_number_is_what_its_format_shows(code: str, value: float, text: str | None) -> None:
    made = number_format(code)
    assert made
    assert made.of_number(value).text == text


@pytest.mark.parametrize(
    ("code", "value", "notes"),
    [
        ('0.0" thousand"', 12.3, [("text_of_format", "# thousand")]),
        ('"("0.0")"', 12.3, [("text_of_format", "(#)")]),
        ('0.0"*"', 12.3, [("text_of_format", "#*")]),
        ('0.0"1"', 12.3, [("text_of_format", "#1")]),
        ('#,##0.0,," million"', 3_500_000, [("scaled", "1000000"), ("text_of_format", "# million")]),
        ("0;0", -5, [("sign_hidden", "")]),
        ("0;(0)", -5, []),
        ('0.0"*";-0.0"*"', -5, [("text_of_format", "#*")]),
        ("dd.mm", 43_466, [("part_of_date", "")]),
        ("[White]0", 5, [("invisible", "")]),
        ('"…"', 5, [("masked", "…")]),
    ],
)
def test_what_a_format_shows_besides_the_number_is_noted(code: str, value: float, notes: list[tuple[str, str]]) -> None:
    made = number_format(code)
    assert [*made.of_number(value).notes] if made else notes == []


def test_a_fourth_section_is_for_text() -> None:
    for code, text in ((";;;", ""), ('0;0;0;"x"', "x"), (";;;@", None), ('0;-0;0;@"*"', None)):
        made = number_format(code)
        assert made
        assert made.of_text("label").text == text


def test_a_decimal_comma_is_that_of_the_data_set() -> None:
    made = number_format("0.0,")
    assert made
    assert made.of_number(1234, ",").text == "1,234"


DIGITS = st.sampled_from(["0", "#,##0", "0.0", "# ##0.00"])
WORDS = st.text("abcxyz…-*()дн ", min_size=1, max_size=6).filter(str.strip)
NUMBERS = st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 1e-6)


@given(WORDS, NUMBERS)
def test_a_mask_never_lets_the_number_out(mask: str, value: float) -> None:
    made = number_format(f'"{mask}"')
    assert made
    shown = made.of_number(value)
    assert shown.text == " ".join(mask.split())
    assert [kind for kind, _ in shown.notes] == ["masked"]


@given(DIGITS, WORDS, NUMBERS, st.floats(0, 1000))
def test_a_condition_masks_the_numbers_that_meet_it_and_no_others(
    digits: str, mask: str, value: float, limit: float
) -> None:
    made = number_format(f'[<{limit:.3f}]"{mask}";{digits}')
    assert made
    shown = made.of_number(value).text
    assert shown == (" ".join(mask.split()) if value < round(limit, 3) else None)


@given(DIGITS, st.integers(1, 3), NUMBERS)
def test_commas_divide_by_a_thousand_each(digits: str, commas: int, value: float) -> None:
    made = number_format(digits + "," * commas)
    assert made
    assert float(made.of_number(value).text or "nan") == pytest.approx(value / 1000**commas)


@given(st.text(max_size=30), st.floats(allow_nan=False, allow_infinity=False))
def test_any_code_is_read(code: str, value: float) -> None:
    made = number_format(code)
    if made:
        made.of_number(value)
        made.of_text("a")
