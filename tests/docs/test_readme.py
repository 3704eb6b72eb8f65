"""README.md: it is short, its five questions give their answers, its commands exist."""

import csv
import io
import re
from pathlib import Path

import pytest

from tests.support.command import npa
from tests.support.markdown import page, questions, section
from tests.support.paths import ROOT

README = page("README.md")
QUESTIONS = questions(section(README, "## Five questions"))


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 220
    assert len(QUESTIONS) == 5


@pytest.mark.parametrize(("sql", "answer"), QUESTIONS)
def test_sql_gives_the_answer(sql: str, answer: list[list[str]], warehouse: Path) -> None:
    run = npa("query", "--warehouse", warehouse, "--format", "csv", sql)
    assert list(csv.reader(io.StringIO(run.stdout))) == answer, run.stderr


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_make_has_the_targets_that_are_named(name: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([\w-]+)", page(name), re.MULTILINE))
    assert named
    assert named <= targets


def test_every_folder_exists() -> None:
    table = section(README, "## What is in the folders")
    folders = re.findall(r"`([\w./-]+)(?:<[^`]*)?`", " ".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)))
    assert len(folders) > 10
    assert [name for name in folders if not (ROOT / name).exists()] == []
