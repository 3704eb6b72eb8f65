"""What README promises: its examples run and give its answers, its commands and keys are all there and no others."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from pydantic import BaseModel

from schemas.enumerations import PROGRESS_STATUSES
from tests.support.command import npa
from tests.support.paths import ROOT
from transforms.plans.description.judgements import JUDGEMENTS
from transforms.plans.description.plan_toml import Description, PlanDescription, Reporting
from transforms.reports.vocabulary import COLUMNS

README = (ROOT / "README.md").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_IN_R = re.compile(r'dbGetQuery\(con, "(.*)"\)\s*', re.DOTALL)


@dataclass
class Question:
    """One of README's questions: its code by language, and the answer as rows of text."""

    title: str
    code: dict[str, str]
    answer: list[list[str]]


def _table(text: str) -> list[list[str]]:
    """The last Markdown table of a text, its ruler left out."""
    rows = [[c.strip() for c in row.strip("|").split("|")] for row in re.findall(r"^\|.*\|$", text, re.MULTILINE)]
    return [row for row in rows if set("".join(row)) != {"-"}]


def _questions() -> Iterator[Question]:
    part = README[README.index("## Five questions") :]
    for section in re.split(r"^### ", part[: part.index("\n## ", 5)], flags=re.MULTILINE)[1:]:
        yield Question(section.splitlines()[0], dict(_FENCE.findall(section)), _table(section))


QUESTIONS = list(_questions())


@pytest.fixture
def beside_warehouse(tmp_path: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder in which `warehouse/current` is a release of the real plan, as README has it."""
    (tmp_path / "warehouse").symlink_to(warehouse)
    monkeypatch.chdir(tmp_path)


def test_there_are_five_questions_in_three_languages() -> None:
    assert len(QUESTIONS) == 5
    assert all(set(question.code) == {"sql", "python", "r"} and len(question.answer) > 1 for question in QUESTIONS)


@pytest.mark.usefixtures("beside_warehouse")
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.title)
def test_sql_gives_the_answer(question: Question) -> None:
    told = npa("query", "--warehouse", "warehouse", "--format", "csv", question.code["sql"], cwd=Path.cwd())
    assert list(csv.reader(io.StringIO(told.stdout))) == question.answer, told.stderr


@pytest.mark.usefixtures("beside_warehouse")
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.title)
def test_python_gives_the_answer(question: Question) -> None:
    opening = next(code for language, code in _FENCE.findall(README) if language == "python")
    names: dict[str, object] = {}
    exec(opening + question.code["python"], names)
    answer = names["answer"]
    assert isinstance(answer, pd.DataFrame)
    assert [list(answer.columns), *answer.astype(str).to_numpy().tolist()] == question.answer
    names["con"].close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.title)
def test_r_asks_what_gives_the_answer(question: Question, con: duckdb.DuckDBPyConnection) -> None:
    """R is not on every machine: its line is taken apart, and its SQL asked of the same database."""
    asked = _IN_R.fullmatch(question.code["r"].removeprefix("answer <- "))
    assert asked
    assert '"' not in asked[1]
    answer = con.execute(asked[1])
    columns = [column[0] for column in answer.description]
    assert [columns, *([str(v) for v in row] for row in answer.fetchall())] == question.answer


def _asked(heading: str) -> list[tuple[str, list[list[str]]]]:
    """The SQL of a part of the README, each with the answer below it."""
    part = README[README.index(heading) :]
    part = part[: part.index("\n## ", 5)]
    blocks = re.split(r"^```sql\n", part, flags=re.MULTILINE)[1:]
    return [(block.split("```")[0], _table(block.split("```")[1])) for block in blocks]


@pytest.mark.parametrize("number", [0])
def test_what_nobody_has_reported(number: int, warehouse: Path) -> None:
    sql, answer = _asked("## What nobody has reported yet")[number]
    told = npa("query", "--warehouse", warehouse, "--format", "csv", sql)
    assert list(csv.reader(io.StringIO(told.stdout))) == answer, told.stderr


@pytest.mark.parametrize("number", [0, 1])
def test_the_example_gives_its_answers(number: int, example: Path) -> None:
    sql, answer = _asked("## Monitoring")[number]
    told = npa("query", "--warehouse", example, "--format", "csv", sql)
    assert list(csv.reader(io.StringIO(told.stdout))) == answer, told.stderr


@pytest.mark.parametrize("number", [0, 1])
def test_official_statistics_give_their_answers(number: int, warehouse: Path) -> None:
    sql, answer = _asked("## Official statistics")[number]
    told = npa("query", "--warehouse", warehouse, "--format", "csv", sql)
    assert list(csv.reader(io.StringIO(told.stdout))) == answer, told.stderr


@pytest.mark.usefixtures("beside_warehouse")
def test_exports_are_made_and_read_as_told() -> None:
    heading = "## Indicators for other tools"
    part = README[README.index(heading) :]
    commands = dict(_FENCE.findall(part[: part.index("\n## ", 5)]))["sh"].splitlines()
    for command in commands:
        made = npa(*command.removeprefix("npa ").split(), cwd=Path.cwd())
        assert (made.returncode, made.stderr) == (0, "")
    assert {path.parent.name for path in Path("indicators").rglob("*.*")} == {"sdmx", "data", "meta"}
    ((sql, answer),) = _asked(heading)
    asked = duckdb.execute(sql)
    columns = [column[0] for column in asked.description]
    assert [columns, *([str(value) for value in row] for row in asked.fetchall())] == answer


def test_every_column_and_status_of_a_report_is_told() -> None:
    part = README[README.index("| column of a report") : README.index("One row says")]
    assert tuple(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", part, re.MULTILINE)))) == COLUMNS
    assert all(status in part for status in PROGRESS_STATUSES)


def test_every_command_is_told_and_no_other() -> None:
    manual = npa("--help").stdout
    commands = set(re.findall(r"^    (\w+) ", manual.split("commands:")[1].split("options:")[0], re.MULTILINE))
    part = README[README.index("## Commands") : README.index("## How to add a plan")]
    assert set(re.findall(r"^\| `npa (\w+)", part, re.MULTILINE)) == commands
    assert set(re.findall(r"npa (\w+)", " ".join(re.findall(r"`[^`\n]+`", README)))) <= commands
    for command in commands:
        told = npa(command, "--help")
        assert told.returncode == 0
        assert "--raw" in told.stdout


_NESTED: dict[str, type[BaseModel]] = {"plan": PlanDescription, "reporting": Reporting}


def _keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner: object = _NESTED.get(name, field.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel) and name != "expected":
            yield from _keys(inner, f"{name}.")
        else:
            yield prefix + name


def test_every_key_of_plan_toml_is_explained_and_no_other() -> None:
    part = README[README.index("| key of plan.toml") : README.index("| table of judgement")]
    told = " ".join(re.findall(r"^\| (`[^|]*`) \|", part, re.MULTILINE))
    assert set(re.findall(r"`([\w.]+)`", told)) == set(_keys(Description))
    counts = re.search(r"^\| `plan.expected` \| [^:]*: (.*) \|$", part, re.MULTILINE)
    assert counts
    expected = PlanDescription.model_fields["expected"].annotation
    assert isinstance(expected, type)
    assert issubclass(expected, BaseModel)
    assert counts[1].replace("`", "").split(", ") == list(expected.model_fields)


def test_every_table_of_judgement_is_explained_and_no_other() -> None:
    part = README[README.index("| table of judgement") : README.index("## Working on npa")]
    told = dict(re.findall(r"^\| `(\w+\.csv)` \|[^|]*\| `([^`]*)` \|$", part, re.MULTILINE))
    assert told == {name: model.heading() for name, model in JUDGEMENTS.items()}


def test_make_has_the_targets_that_are_told() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make (\w+)", README, re.MULTILINE)) <= targets


@pytest.mark.parametrize(
    "page", ["README.md", "docs/decisions.md", "docs/operations.md", "benchmarks/README.md", "warehouse/README.md"]
)
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        assert link.startswith("https://") or (path.parent / link).exists(), link
