"""The context of a document: one place for all its problems."""

from flows.sources.plans import read_document
from tests.support.inline_plan import FOLDER, InlinePlan
from transforms.plans.context import Context
from transforms.plans.description.document import AgencyRow
from transforms.quality.text import in_language
from transforms.tables.rows import Rows


def context() -> Context:
    """Return the context of a plan of one row."""
    plan = InlinePlan("1|Data (recommendation 1)|Build a database.|2019|AOS|Works.")
    document, problems = read_document(FOLDER, plan.files())
    assert document
    assert problems == []
    return Context(document, Rows())


def test_a_problem_names_the_line_of_the_text_the_judgement_or_the_file() -> None:
    noted = context()
    judgement = noted.document.rows(AgencyRow)[1]
    for place in (3, judgement, "plan.toml"):
        noted.refuse(place, "unknown agency", "Keep one.", "x")
    places = [str(problem).split(": unknown agency")[0] for problem in noted.problems]
    assert places == [f"{FOLDER}/plan.txt:3", f"{FOLDER}/agencies.csv:3", f"{FOLDER}/plan.toml"]


def test_what_may_follow_from_a_line_without_a_role_is_not_refused() -> None:
    noted = context()
    noted.refuse_if_whole(1, "unknown agency", "Keep one.")
    noted.is_whole = False
    noted.refuse_if_whole(2, "unknown agency", "Keep one.")
    assert [problem.line for problem in noted.problems] == [1]


def test_arguments_fill_both_sentences_in_each_language() -> None:
    noted = context()
    what = "the agency has no row in {table}, so its type is unknown"
    remedy = "Add it there: {abbreviation},<agency_type>,,<reason>."
    noted.refuse(1, what, remedy, table="a.csv", abbreviation="{table}")
    (problem,) = noted.problems
    assert problem.what == "the agency has no row in a.csv, so its type is unknown"
    assert problem.remedy == "Add it there: {table},<agency_type>,,<reason>."
    assert in_language(problem.what, "ru") != problem.what
    assert "{table}," in in_language(problem.remedy, "ru")
