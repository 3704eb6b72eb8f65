"""docs/cookbook.md: every example runs and gives the answer that the page shows."""

import csv
import io
import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.support.command import npa
from tests.support.markdown import FENCE, page, questions, section

COOKBOOK = page("docs/cookbook.md")
_IN_R = re.compile(r'answer <- dbGetQuery\(con, "(.*)"\)\s*', re.DOTALL)
_FIVE = re.split(r"^### ", section(COOKBOOK, "## The five questions in Python and R"), flags=re.MULTILINE)
_ASKED = re.split(r"^### ", section(page("README.md"), "## Five questions"), flags=re.MULTILINE)[1:]
FIVE = [
    pytest.param(dict(FENCE.findall(text)), questions(question)[0][1], id=text.splitlines()[0])
    for text, question in zip(_FIVE[1:], _ASKED, strict=True)
]


@pytest.fixture
def next_to_warehouse(tmp_path: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Change into a working folder in which `warehouse/current` is a release of the real plan."""
    (tmp_path / "warehouse").symlink_to(warehouse)
    monkeypatch.chdir(tmp_path)


def test_the_five_questions_are_those_of_the_readme() -> None:
    titles = [text.splitlines()[0] for text in _ASKED]
    assert [text.splitlines()[0] for text in _FIVE[1:]] == titles


@pytest.mark.usefixtures("next_to_warehouse")
@pytest.mark.parametrize(("code", "answer"), FIVE)
def test_python_gives_the_answer(code: dict[str, str], answer: list[list[str]]) -> None:
    names: dict[str, object] = {}
    exec(dict(FENCE.findall(_FIVE[0]))["python"] + code["python"], names)
    frame = names["answer"]
    assert isinstance(frame, pd.DataFrame)
    assert [list(frame.columns), *frame.astype(str).to_numpy().tolist()] == answer
    names["con"].close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("code", "answer"), FIVE)
def test_sql_inside_r_gives_the_answer(
    code: dict[str, str], answer: list[list[str]], con: duckdb.DuckDBPyConnection
) -> None:
    """Run only the SQL inside the R examples, as the page says: there is no R here."""
    call = _IN_R.fullmatch(code["r"])
    assert call
    assert '"' not in call[1]
    assert _answer(con, call[1]) == answer


def _answer(con: duckdb.DuckDBPyConnection, sql: str) -> list[list[str]]:
    rows = con.execute(sql)
    columns = [column[0] for column in rows.description]
    return [columns, *([str(value) for value in row] for row in rows.fetchall())]


_OF_THE_RELEASE = (
    "## What nobody has reported yet",
    "## Ask for any day",
    "## By theme, and what no measure answers",
    "## An activity and the official figures about it",
    "## Children in numbers",
    "## Names of codes in Russian or Tajik",
)


@pytest.mark.parametrize(
    ("sql", "answer"), [pair for heading in _OF_THE_RELEASE for pair in questions(section(COOKBOOK, heading))]
)
def test_sql_gives_the_answer(sql: str, answer: list[list[str]], warehouse: Path) -> None:
    _ask(warehouse, sql, answer)


@pytest.mark.parametrize(
    ("sql", "answer"), questions(section(COOKBOOK, "## Invented reports, to see monitoring at work"))
)
def test_invented_reports_give_their_answers(sql: str, answer: list[list[str]], example: Path) -> None:
    _ask(example, sql, answer)


def _ask(warehouse: Path, sql: str, answer: list[list[str]]) -> None:
    run = npa("query", "--warehouse", warehouse, "--format", "csv", sql)
    assert list(csv.reader(io.StringIO(run.stdout))) == answer, run.stderr


def test_every_example_is_run() -> None:
    assert len(re.findall(r"^```sql$", COOKBOOK, re.MULTILINE)) == 15
    assert len(re.findall(r"^```sh$", COOKBOOK, re.MULTILINE)) == 1


@pytest.mark.usefixtures("next_to_warehouse")
def test_exports_are_written_and_read() -> None:
    part = section(COOKBOOK, "## Indicators for SDMX tools and Open SDG")
    commands = dict(FENCE.findall(part))["sh"].splitlines()
    for command in commands:
        run = npa(*command.removeprefix("npa ").split(), cwd=Path.cwd())
        assert (run.returncode, run.stderr) == (0, "")
    assert all(command in page("docs/guides/exports.md") for command in commands)
    assert {path.parent.name for path in Path("indicators").rglob("*.*")} == {"sdmx", "data", "meta"}
    ((sql, answer),) = questions(part)
    assert _answer(duckdb.connect(), sql) == answer
