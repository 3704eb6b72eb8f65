"""What is wrong with a key or a cell, in npa's own sentences: no word of pydantic."""

import re
import tomllib

import pytest
from pydantic import ValidationError

from transforms.errors import InputProblem
from transforms.plans.description.document import JUDGEMENTS
from transforms.plans.description.plan_toml import Description
from transforms.quality.text import in_language
from transforms.tables.strict_csv import invalid, read_table

_PYDANTIC = re.compile("should|valid|required|permitted|Value|Input")
_TOML = """
source = ""
country = "xk"
encoding = 3
approved_on = "2018"
spelling = 1
periods = 3
[reporting]
opens = "02-30"
due = "1"
[layout]
plan_heading = "A"
column_headings = ["a"]
recommendation_words = []
fill_down = ["z"]
conjunctions = "and"
[[plan]]
instrument = "a"
title_phrase = 2
years = [1, 2018.5]
[plan.expected]
measures = -1
activities = 1000000000
agency_links = "3"
"""
_EXPECTED = {
    "source": "it is blank",
    "encoding": "it is not a text",
    "approved_on": "it is not a date",
    "spelling": "it is unknown",
    "periods": "it is not a table",
    "reporting.opens": "it is no day of every year",
    "layout.column_headings": "it has fewer entries than 6",
    "layout.fill_down.0": "it is none of 'period_text', 'agencies'",
    "layout.conjunctions": "it is not a list",
    "plan.0.years.0": "it is less than 1900",
    "plan.0.years.1": "it is not a whole number",
    "plan.0.expected.activities": "it is not less than 1000000000",
    "plan.0.expected.activity_years": "it is missing",
}


def test_faults_of_a_description() -> None:
    with pytest.raises(ValidationError) as error:
        Description.model_validate(tomllib.loads(_TOML))
    problems = list(invalid(error.value, "plans/x/plan.toml", 0))
    reasons = dict(problem.what.split(": ", 1) for problem in problems)
    assert {key: reasons.get(key) for key in _EXPECTED} == _EXPECTED
    for problem in problems:
        assert not _PYDANTIC.search(problem.what), problem.what
        for language in ("ru", "tg"):
            reason = in_language(problem.what, language).split(": ", 1)[1]
            assert not re.search(r"\bit (is|has)\b", reason)


@pytest.mark.parametrize("name", JUDGEMENTS)
@pytest.mark.parametrize("cell", ["", "é?", "<reason>"])
def test_faults_of_each_table_of_judgement(name: str, cell: str) -> None:
    heading = JUDGEMENTS[name].heading()
    row = ",".join(cell or '""' for _ in heading.split(","))
    data = f"{heading}\n{row if cell else 'x' + row[2:]}\n".encode()
    problems = [row for row in read_table(JUDGEMENTS[name], data, name) if isinstance(row, InputProblem)]
    assert [problem.what for problem in problems if _PYDANTIC.search(problem.what)] == []
    assert cell == "é?" or problems
