"""Composite codes: patterns read whole codes, lists of codes count first, and nothing is read in two ways."""

import csv
import io
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.support.examples import examples
from transforms.errors import InputProblem
from transforms.statistics.composites.listed_codes import listed_codes
from transforms.statistics.composites.reading import readings
from transforms.statistics.dataset.composite import Composite, Parts

UIS = (
    r"(?P<statistic_id>.+?)(_(?P<urbanisation>rur|urb))?(_(?P<quantile>q[1-5]))?(_(?P<sex>f|m))?"
    r"(?P<statistic_id_2>_[glw]pia)?"
)
STEMS = st.from_regex(r"[a-z]{2,6}_[0-9h]{1,2}", fullmatch=True)
PARTS = {"urbanisation": ("", "rur", "urb"), "quantile": ("", "q1", "q5"), "sex": ("", "f", "m")}


@given(STEMS, st.fixed_dictionaries({n: st.sampled_from(t) for n, t in PARTS.items()}), st.sampled_from(["", "gpia"]))
@settings(max_examples=examples(300), deadline=None)
def test_a_pattern_takes_apart_what_was_put_together(stem: str, parts: dict[str, str], index: str) -> None:
    code = "_".join(filter(None, [stem, *(parts[name] for name in PARTS), index]))
    series = "_".join(filter(None, [stem, index]))
    assert Composite(column="A", pattern=UIS).read([code]) == {code: {"statistic_id": series, **parts}}


@given(st.text(max_size=8), st.sampled_from(["a", "a|ab", "(?P<x>a)|b"]))
@settings(max_examples=examples(200), deadline=None)
def test_a_pattern_reads_a_whole_code_or_nothing_of_it(code: str, pattern: str) -> None:
    composite = Composite(column="A", pattern=f"(?P<sex>{pattern})")
    assert (code in composite.read([code])) == (re.fullmatch(pattern, code) is not None)


def _parts(text: str | None, label: str, composites: list[Composite]) -> Parts | None:
    (code,) = readings([(text, label)], composites)
    return code.parts


VERBOSE = r"""(?x)  # cr_1_f
(?P<statistic_id> [a-z]+ _ [ #\d] )   # a series, and a level
( \# \  _? (?P<sex> f | m ) )?
"""


@given(st.from_regex(r"[a-c]{1,2}_[ #1](# _?[fmx])?", fullmatch=True))
@settings(max_examples=examples(200), deadline=None)
def test_blanks_and_comments_of_a_pattern_mean_what_they_mean_in_python(code: str) -> None:
    match = re.fullmatch(VERBOSE, code)
    read = {code: {name: text or "" for name, text in match.groupdict().items()}} if match else {}
    assert Composite(column="A", pattern=VERBOSE).read([code]) == read


@pytest.mark.parametrize("pattern", ["((a+)+)b", "((\\w+_?)+)_x", "((a|a)*)b", ".*.*.*.*.*.*x", "((a?){50}a{50})b"])
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    composite, start = Composite(column="A", pattern=f"(?P<sex>{pattern})"), time.perf_counter()
    assert composite.read(["a" * 500, "a_" * 250]) == {}
    assert time.perf_counter() - start < 2


def test_white_space_at_the_ends_of_a_code_says_nothing() -> None:
    composites = [Composite(column="A", pattern="(?P<sex>f|m)")]
    assert _parts(" f ", "", composites) == {"sex": "f"}
    assert _parts(None, "", composites) is None


def test_the_label_is_read_if_nothing_reads_the_code() -> None:
    composites = [Composite(column="A", pattern="(?P<sex>women|men), (?P<age>.+)")]
    assert _parts("01", "women, 15-49", composites) == {"sex": "women", "age": "15-49"}
    assert _parts("men, 0-4", "women, 15-49", composites) == {"sex": "men", "age": "0-4"}


def test_two_patterns_that_agree_are_one_and_two_that_differ_are_an_error() -> None:
    first = Composite(column="A", pattern="(?P<statistic_id>[a-z]+)(_(?P<sex>f))?")
    alike = Composite(column="A", pattern="(?P<statistic_id>a)(_(?P<sex>f))?(_(?P<age>y))?")
    other = Composite(column="A", pattern="(?P<statistic_id>a_f)")
    assert _parts("a_f", "", [first, alike]) == {"statistic_id": "a", "sex": "f"}
    with pytest.raises(InputProblem, match="read the code differently: as statistic_id = a, sex = f, and as statistic"):
        _parts("a_f", "", [first, other])
    stated = Composite(column="A", codes={"a_f": {"statistic_id": "b"}})
    assert _parts("a_f", "", [first, other, stated]) == {"statistic_id": "b"}
    with pytest.raises(InputProblem, match="differently"):
        _parts("a_f", "", [stated, Composite(column="A", codes={"a_f": {"statistic_id": "c"}})])


@pytest.mark.parametrize(
    ("fault", "entry"),
    [
        ("say by which pattern", {}),
        ("no regular expression: .*unterminated", {"pattern": "(?P<sex>f"}),
        ("no named group", {"pattern": "(f|m)"}),
        ("RE2, which looks for the pattern, does not read it: invalid perl operator", {"pattern": "(?P<sex>f)(?=m)"}),
        ("the group sex may fit several times", {"pattern": "(?P<statistic_id>[a-z]+)(_(?P<sex>f|m))*"}),
        ("the group sex may fit several times", {"pattern": "(?x) (?P<sex> f | m ) {2} # twice"}),
        ("nothing is said of the code 'x'", {"codes": {"x": {"sex": ""}}}),
        ("nothing is said of the code 'x'", {"codes": {"x": {}}}),
    ],
)
def test_an_entry_that_cannot_read_anything_is_refused(fault: str, entry: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=fault):
        Composite.model_validate({"column": "A", **entry})


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=5)
LISTS = st.dictionaries(CELLS, st.fixed_dictionaries({"statistic_id": CELLS, "sex": st.just("") | CELLS}), max_size=6)


@given(LISTS, st.sampled_from(",;"))
@settings(max_examples=examples(200), deadline=None)
def test_a_list_of_codes_is_read_as_it_was_written(codes: dict[str, dict[str, str]], delimiter: str) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(["code", "statistic_id", "sex"])
    writer.writerows([code, parts["statistic_id"], parts["sex"]] for code, parts in codes.items())
    assert listed_codes(file.getvalue().encode("utf-8-sig"), "codes.csv") == (codes, [])


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("codes.csv:1: the heading", "code\na\n"),
        ("codes.csv:1: the heading", "code,sex,sex\na,f,f\n"),
        ("codes.csv:1: the heading", "code,,sex\na,f,f\n"),
        ("codes.csv:2: the row has 3 cells, not 2", "code,sex\na,f,\n"),
        ("codes.csv:2: nothing is said", "code,sex\na,\n"),
        ("codes.csv:3: the code is listed twice", "code,sex\na,f\na,m\n"),
        ("codes.csv:2: the file is not CSV", 'code,sex\na,"f\n'),
        ("the file is empty", ""),
        ("not utf-8 text", "code,sex\nд,f\n".encode("cp1251")),
    ],
)
def test_a_list_of_codes_that_is_none_is_refused_with_its_line(fault: str, text: str | bytes) -> None:
    _, problems = listed_codes(text if isinstance(text, bytes) else text.encode(), "codes.csv")
    assert fault in "\n".join(map(str, problems))
