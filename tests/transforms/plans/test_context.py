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


# One row per cause


def said(noted: Context) -> list[tuple[int | None, int, str | None]]:
    """Return first line, number of lines and activity of each irregularity."""
    return [(issue.line, len(issue.lines), issue.activity_id) for issue in noted.issues.values()]


def test_what_a_sentence_counts_is_one_row_of_all_activities() -> None:
    noted = context()
    for line, activity_id, plan_id in ((5, "A-1", "A"), (6, "A-2", "A"), (9, "B-1", "B"), (7, "A-3", "A")):
        noted.flag("result_blank", line, "expected_result", activity_id=activity_id, plan_id=plan_id)
    assert said(noted) == [(5, 3, None), (9, 1, "B-1")]
    messages = [str(issue.message) for issue in noted.issues.values()]
    assert messages == [
        "A: 3 activities have no expected result (lines 5-7).",
        "B: 1 activity has no expected result (line 9).",
    ]


def test_what_it_does_not_count_is_one_row_of_each_activity_and_print() -> None:
    noted = context()
    for line, activity_id in ((5, "A-1"), (5, "A-1"), (6, "A-2")):
        noted.flag("word_repeated", line, "activity_text", "the the", "the the", activity_id=activity_id, word="the")
    noted.flag("word_repeated", 5, "activity_text", "The the", "the the", activity_id="A-1", word="the")
    for line in (1, 8):
        noted.flag("column_numbers", line, None, "1 3", printed="1 3", expected="1 2")
    assert said(noted) == [(5, 2, "A-1"), (6, 1, "A-2"), (5, 1, "A-1"), (1, 2, None)]


def test_a_list_of_lines_is_one_row_too() -> None:
    noted = context()
    noted.flag("abbreviation_unexplained", [7, 5, 6], abbreviation="ECD")
    (issue,) = noted.issues.values()
    assert str(issue.message).endswith("“ECD”, which is in 3 rows (lines 5-7).")
