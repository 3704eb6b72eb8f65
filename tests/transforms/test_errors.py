"""The one class for a problem with an input: how it is printed, compared, completed and passed on."""

import pickle
from dataclasses import replace

import pytest

from transforms.errors import InputProblem, InputRejected

WHERE = InputProblem("the cell is no number", "Correct it.", path="a/b.xlsx", line=7, value="x")


@pytest.mark.parametrize(
    ("problem", "printed"),
    [
        (WHERE, 'a/b.xlsx:7: the cell is no number: "x". Correct it.'),
        (replace(WHERE, line=0, value=None), "a/b.xlsx: the cell is no number. Correct it."),
        (replace(WHERE, path=""), 'the cell is no number: "x". Correct it.'),
        (replace(WHERE, sheet="T 1", column="C"), 'a/b.xlsx T 1!C7: the cell is no number: "x". Correct it.'),
        (replace(WHERE, sheet="T 1"), 'a/b.xlsx:7: the cell is no number (sheet T 1): "x". Correct it.'),
        (replace(WHERE, column="C"), 'a/b.xlsx:7: the cell is no number (column C): "x". Correct it.'),
    ],
)
def test_a_problem_says_where_what_and_the_remedy(problem: InputProblem, printed: str) -> None:
    assert str(problem) == printed


def test_a_reader_raises_it_without_the_path_which_the_caller_adds() -> None:
    with pytest.raises(InputProblem) as raised:
        raise replace(WHERE, path="")
    assert raised.value.at("a/b.xlsx") == WHERE
    assert raised.value.at("a/b.xlsx").__traceback__ is None  # nothing that the reader used stays in memory


def test_problems_are_equal_by_value_and_survive_the_way_between_processes() -> None:
    others = [replace(WHERE, is_temporary=True), replace(WHERE, rule="r"), replace(WHERE, line=8)]
    assert len({WHERE, replace(WHERE), *others}) == 4
    assert [pickle.loads(pickle.dumps(problem)) for problem in others] == others


def test_another_try_may_help_only_where_nothing_else_is_wrong() -> None:
    unreadable = replace(WHERE, is_temporary=True)
    assert InputRejected([unreadable]).may_pass
    assert not InputRejected([unreadable, WHERE]).may_pass
