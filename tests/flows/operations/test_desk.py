"""NPA_DESK: a folder in which an officer with Excel finds the status, reminders and refused rows of the last night."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.operations import desk as desk_module
from flows.operations import desk_files
from flows.operations.desk import fill_desk
from flows.operations.desk_files import put_on_desk
from flows.releases.warehouse import Warehouse
from tests.support.command import Run, npa


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.setenv("NPA_DESK", str(folder))
    monkeypatch.setenv("NPA_LANGUAGE", "ru")
    return folder


def test_a_night_fills_the_desk(example: Path, desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from openpyxl import load_workbook

    fill_desk(Warehouse(example), tmp_path)
    assert capsys.readouterr().err == ""
    assert {path.name for path in desk.iterdir()} == {
        "status.xlsx", "reminders", "refused", "about.txt", ".npa-desk.json",
    }  # fmt: skip
    assert "2020-12-31" in (desk / "about.txt").read_text(encoding="utf-8-sig")
    assert list((desk / "reminders" / "TJK-MOES").glob("letter-*.txt"))
    book = load_workbook(desk / "status.xlsx")
    assert book.sheetnames == [
        "Кто не отчитался", "Противоречия", "Заявления об отмене", "Просрочено", "Скоро срок", "Непринятые строки",
    ]  # fmt: skip
    for sheet in book:
        assert (sheet.freeze_panes, sheet.page_setup.paperSize, sheet.page_setup.orientation) == (
            "A4",
            9,
            "landscape",
        )
        assert sheet.auto_filter.ref
    owed = book["Кто не отчитался"]
    assert [cell.value for cell in owed[3]][:4] == ["Ведомство", "Название", "Ожидалось отчётов", "Получено"]
    assert ("TJK-GPO", 93) in [(row[0].value, row[5].value) for row in owed.iter_rows(min_row=4)]
    said = {(row[2].value, row[3].value) for row in book["Противоречия"].iter_rows(min_row=4)}
    assert said == {("AOS", "В основном выполнено"), ("MOES", "Выполнено")}
    assert book["Непринятые строки"].max_row == 3 + 3
    files = {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()}
    fill_desk(Warehouse(example), tmp_path)
    assert {path: path.read_bytes() for path in desk.rglob("*") if path.is_file()} == files


def test_what_goes_wrong_is_said_and_the_release_stands(refresh: Run, tmp_path: Path, raw: Path, desk: Path) -> None:
    (raw / "contacts.csv").write_text("agency_id,name,email,language\nTJK-MOES,,no address,ru\n", encoding="utf-8")
    for folder, words in ((tmp_path / "gone", "there is no such folder"), (desk, "contacts.csv:2: email: it is no")):
        run = refresh("--force", env={"NPA_DESK": str(folder)})
        assert run.returncode == 0
        assert f"the desk {folder}: {words}" in run.stderr
    assert "contacts.csv:2" in (desk / "about.txt").read_text(encoding="utf-8-sig")
    assert (desk / "status.xlsx").is_file()


def _about(desk: Path) -> str:
    return (desk / "about.txt").read_text(encoding="utf-8-sig")


def test_the_desk_says_that_the_last_refresh_failed(refresh: Run, plan: Path, desk: Path) -> None:
    """Also in the language of the desk, and until a refresh is good again; wrong usage is no news for an officer."""
    good = plan.read_text(encoding="utf-8")
    setting = {"NPA_DESK": str(desk), "NPA_LANGUAGE": "ru"}
    assert refresh("--force", env=setting).returncode == 0
    first = _about(desk)
    assert len(first.splitlines()) == 1
    plan.write_text(good.replace("TNMAC, MOD", "NOBODY, MOD", 1), encoding="utf-8")
    assert refresh(env=setting).returncode == 1
    assert _about(desk).startswith(first)
    assert "Последнее обновление не удалось" in _about(desk)
    assert 'неизвестное ведомство: "NOBODY"' in _about(desk)
    plan.write_text(good, encoding="utf-8")
    assert refresh(env=setting).returncode == 0
    assert _about(desk) == first
    assert refresh("--task-runner", "threads", env=setting).returncode == 2
    assert _about(desk) == first


def test_without_a_release_the_desk_says_why(raw: Path, plan: Path, tmp_path: Path, desk: Path) -> None:
    plan.write_text("nothing", encoding="utf-8")
    run = npa(
        "refresh", "--raw", raw, "--warehouse", tmp_path / "new", "--runner", "direct", env={"NPA_DESK": str(desk)}
    )
    assert run.returncode == 1
    assert "The last refresh failed" in _about(desk)
    assert plan.name in _about(desk)


def test_a_desk_that_nothing_changes_is_not_filled_again(
    example: Path, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the files are made from, or somebody does to them, it is filled again."""
    drafts = list[Path]()

    def draft_of(draft: Path, *_: object) -> tuple[str, list[str]]:
        drafts.append(draft)
        (draft / "status.xlsx").write_bytes(b"npa's")
        return "about", []

    monkeypatch.setattr(desk_module, "_draft", draft_of)
    changes: list[Callable[[], object]] = [
        lambda: None,
        lambda: (tmp_path / "contacts.csv").write_text("agency_id,name,email,language\n", encoding="utf-8"),
        lambda: monkeypatch.setenv("NPA_LANGUAGE", "tg"),
        lambda: monkeypatch.setenv("NPA_SMTP_FROM", "npa@stat.example"),
        (desk / "status.xlsx").unlink,
        lambda: (desk / "status.xlsx").write_bytes(b"hers"),
        lambda: None,  # about.txt says where hers is until the next time
    ]
    for number, change in enumerate(changes, 1):
        change()
        fill_desk(Warehouse(example), tmp_path)
        assert len(drafts) == number
        if number < len(changes) - 1:
            fill_desk(Warehouse(example), tmp_path)
            assert len(drafts) == number
    assert (desk / "status (own 1).xlsx").read_bytes() == b"hers"
    fill_desk(Warehouse(example), tmp_path)
    assert len(drafts) == len(changes)


def _draft(tmp_path: Path, **files: str) -> Path:
    draft = tmp_path / f"draft {len(list(tmp_path.iterdir()))}"
    for name, text in files.items():
        path = draft / "refused" / f"{name}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    draft.mkdir(exist_ok=True)
    return draft


def _files(desk: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (desk / "refused").glob("*")}


def test_files_of_earlier_nights_go_and_those_of_the_officer_stay(tmp_path: Path, desk: Path) -> None:
    assert put_on_desk(_draft(tmp_path, a="1", b="1", c="1"), desk) == []
    (desk / "refused" / "note.txt").write_text("mine")
    (desk / "refused" / "b.xlsx").write_text("corrected")
    (desk / "refused" / "c.xlsx").write_text("corrected")
    problems = put_on_desk(_draft(tmp_path, c="2", d="1"), desk)
    assert problems == ["refused/c.xlsx was changed by hand: that file is now c (own 1).xlsx."]
    expected = {"note.txt": "mine", "b.xlsx": "corrected", "c.xlsx": "2", "c (own 1).xlsx": "corrected", "d.xlsx": "1"}
    assert _files(desk) == expected
    put_on_desk(_draft(tmp_path), desk)
    assert _files(desk) == {name: expected[name] for name in ("note.txt", "b.xlsx", "c (own 1).xlsx")}


@pytest.mark.parametrize("sign", ["~$a.xlsx", ".~lock.a.xlsx#"])
def test_a_file_that_is_open_stays(tmp_path: Path, desk: Path, sign: str) -> None:
    put_on_desk(_draft(tmp_path, a="1"), desk)
    (desk / "refused" / sign).touch()
    (problem,) = put_on_desk(_draft(tmp_path, a="2"), desk)
    assert "refused/a.xlsx is open in another program" in problem
    assert _files(desk)["a.xlsx"] == "1"
    (desk / "refused" / sign).unlink()
    assert put_on_desk(_draft(tmp_path, a="2"), desk) == []
    assert _files(desk) == {"a.xlsx": "2"}


@pytest.mark.parametrize(("number", "count"), [(errno.EACCES, 3), (errno.ENOSPC, 2)])
def test_a_disk_that_takes_nothing_leaves_what_is_there(
    tmp_path: Path, desk: Path, monkeypatch: pytest.MonkeyPatch, number: int, count: int
) -> None:
    """A locked file is said each; a full disk once, and of the list."""
    put_on_desk(_draft(tmp_path, a="1", b="1"), desk)

    def refuse(_: Path, __: bytes) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr(desk_files, "_write", refuse)
    assert len(put_on_desk(_draft(tmp_path, a="2", b="2"), desk)) == count
    assert _files(desk) == {"a.xlsx": "1", "b.xlsx": "1"}
