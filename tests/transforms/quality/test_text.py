"""Sentences of errors: English in the code, other languages by NPA_LANGUAGE; each one is whole in the code."""

import ast
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.cli import main
from flows.runtime import settings
from tests.support.paths import FOLDER, ROOT
from transforms.errors import InputProblem, InputRejected, WarehouseFault
from transforms.quality.sentences import CALLS, called, sentence_nodes, sentences_of_code
from transforms.quality.text import in_language, sentence, sentences

_LARGE = "the file has more than {size}"


def test_a_sentence_is_english_text_and_knows_its_translation() -> None:
    large = sentence(_LARGE, size="2 GB")
    assert large == "the file has more than 2 GB"
    assert {large: 1} == {"the file has more than 2 GB": 1}
    assert in_language(large, "ru") == "файл больше 2 GB"
    assert in_language(large, "en") == in_language(large, "fr") == large
    assert in_language("Rename it.", "ru") == "Переименуйте."
    assert in_language("", "ru") == ""


def test_the_number_decides_between_two_sentences() -> None:
    assert [sentences("{n} record", "{n} records", n=n) for n in (0, 1, 2)] == ["0 records", "1 record", "2 records"]
    assert in_language(sentences("{n} record", "{n} records", n=2), "ru") == "2 records"


def test_braces_in_values_mean_nothing() -> None:
    odd = "{size} {0} {{}} %s"
    assert sentence(_LARGE, size=odd) == f"the file has more than {odd}"
    assert in_language(sentence(_LARGE, size=odd), "ru") == f"файл больше {odd}"
    assert sentence("{{{name}}}", name="a") == "{a}"


def test_sentences_within_a_sentence_are_translated() -> None:
    nested = sentence("{path}: {fault}.", path="a: {b}", fault=sentence("there is no such file"))
    assert in_language(nested, "ru") == "a: {b}: такого файла нет."


def test_problems_pass_between_processes() -> None:
    problem = InputProblem(sentence(_LARGE, size=Path("2")), "Rename it.", path="a.csv", line=3, value="x", sheet="S")
    again = pickle.loads(pickle.dumps(problem))
    assert again.what == problem.what
    assert str(again) == 'a.csv:3: the file has more than 2 (sheet S): "x". Rename it.'
    rejected = InputRejected([problem.at("b.csv")])
    assert rejected.in_language("ru").splitlines()[1] == 'b.csv:3: файл больше 2 (лист S): "x". Переименуйте.'


def test_an_error_fills_its_sentence_and_knows_its_translation() -> None:
    error = pickle.loads(pickle.dumps(WarehouseFault(_LARGE, size=Path("2 {GB}"))))
    assert (str(error), error.in_language("ru")) == ("the file has more than 2 {GB}", "файл больше 2 {GB}")


def test_errors_without_a_translation_stay_english() -> None:
    assert WarehouseFault("no translation of this").in_language("ru") == "no translation of this"
    assert WarehouseFault("a", "b").in_language("ru") == str(WarehouseFault("a", "b"))


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace what the command does to its process."""
    for name in ("flows.cli._be_quick", "flows.cli.open_streams", "flows.cli.signals.listen"):
        monkeypatch.setattr(name, lambda: None)


@pytest.mark.usefixtures("mute")
def test_a_rejected_plan_is_printed_in_russian(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = next((raw / FOLDER).glob("*.txt"))
    plan.write_bytes(b"")
    monkeypatch.setenv("NPA_LANGUAGE", "ru")
    arguments = ["--raw", str(raw), "--warehouse", str(tmp_path / "warehouse"), "--runner", "direct"]
    assert main(["refresh", *arguments]) == 1
    printed = capsys.readouterr().err
    assert f"{FOLDER}/{plan.name}: файл пуст. Поместите туда его текст или уберите его." in printed


@pytest.mark.usefixtures("mute")
def test_an_unknown_language_is_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NPA_LANGUAGE", "fr")
    assert main(["releases", "--warehouse", "nowhere"]) == 2
    assert capsys.readouterr().err == 'npa: NPA_LANGUAGE is "fr"; it is en, ru or tg\n'
    monkeypatch.setenv("NPA_LANGUAGE", " ")
    assert settings.language() == "en"


# Text that is put together at run time, and why: it is logged in English, never raised, or not a sentence.
_ALLOWED = {
    "flows/releases/refresh_log.py",  # the log
    "flows/releases/retention.py",  # faults of several releases, each English
    "flows/sources/formats/sdmx/csv.py",  # a sentence in SQL, which DuckDB returns
}


def _assembled() -> Iterator[str]:
    for path in (path for folder in ("flows", "transforms") for path in sorted((ROOT / folder).rglob("*.py"))):
        name = path.relative_to(ROOT).as_posix()
        if name not in _ALLOWED:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield from (f"{name}:{part.lineno}" for part in _parts(tree))


def _parts(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield what a sentence is put together from: f-strings, and texts that are added."""
    pending = [part for node in ast.walk(tree) for part in sentence_nodes(node)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            yield node
        elif not isinstance(node, ast.Call) or called(node) not in ("sentence", "sentences"):
            pending += [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]


def test_no_sentence_of_an_error_is_put_together_at_run_time() -> None:
    assert list(_assembled()) == []


def test_sentences_of_the_code_are_collected() -> None:
    collected = {sentence for sentence, _ in sentences_of_code(ROOT)}
    assert {_LARGE, "Rename it.", "the encoding is unknown"} <= collected


def test_sentences_of_every_error_that_users_see_are_collected() -> None:
    """Check that `CALLS` names every error of the family: the sentences of a new one would stay English."""
    bases = {
        node.name: {ast.unparse(base) for base in node.bases}
        for folder in ("flows", "transforms")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    family = {"NpaError"}
    while added := {name for name, of in bases.items() if of & family} - family:
        family |= added
    assert family - CALLS.keys() == {"NpaError", "InputRejected"}  # the first is never raised, the second is a list
