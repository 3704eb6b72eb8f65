"""NPA_DESK: a folder in which an officer with Excel finds the status, reminders and refused rows of the last night."""

import errno
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows.operations import desk as desk_module
from flows.operations import desk_files
from flows.operations.desk import fill_desk
from flows.operations.desk_files import put_on_desk
from flows.outputs.connection import opened
from flows.outputs.desk import warehouse_sheets
from flows.outputs.desk.status_book import write_status
from flows.outputs.desk.warehouse_sheets import came_in, reminded
from flows.outputs.reminders.ledger import entry, open_ledger
from flows.releases.warehouse import Warehouse
from tests.support.command import Run, npa
from tests.support.publish import Publish
from tests.support.report_lines import GOOD, HEADINGS


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.setenv("NPA_DESK", str(folder))
    monkeypatch.setenv("NPA_LANGUAGE", "ru")
    return folder


def test_a_night_fills_the_desk(example: Path, desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill_desk(Warehouse(example), tmp_path)
    assert capsys.readouterr().err == ""
    assert {path.name for path in desk.iterdir()} == {
        "status.xlsx", "reminders", "refused", "about.txt", ".npa-desk.json",
    }  # fmt: skip
    assert "2020-12-31" in (desk / "about.txt").read_text(encoding="utf-8-sig")
    assert list((desk / "reminders" / "TJK-MOES").glob("letter-*.txt"))
    book = load_workbook(desk / "status.xlsx")
    assert book.sheetnames == [
        "Кто не отчитался", "Недостающие отчёты", "Противоречия", "Заявлено об отмене", "Просрочено", "Скоро срок",
        "Ожидается отчёт", "Устаревшие сведения", "Непринятые строки", "Поступило", "Отправленные напоминания",
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


@pytest.mark.slow
def test_what_goes_wrong_is_said_and_the_release_stands(refresh: Run, tmp_path: Path, raw: Path, desk: Path) -> None:
    (raw / "contacts.csv").write_text("agency_id,name,email,language\nTJK-MOES,,no address,ru\n", encoding="utf-8")
    for folder, words in ((tmp_path / "gone", "there is no such folder"), (desk, "contacts.csv:2: email: it is no")):
        run = refresh("--force", env={"NPA_DESK": str(folder)})
        assert run.returncode == 0
        assert f"the desk {folder}: {words}" in run.stderr
    assert "contacts.csv:2" in (desk / "about.txt").read_text(encoding="utf-8-sig")
    assert (desk / "status.xlsx").is_file()


def test_what_came_in_during_a_week_and_who_was_written_to(
    publish: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New files are compared with the release of a week before, or else with the oldest one; a mail of which nobody
    knows counts as sent."""
    first = {"first.csv": f"{HEADINGS}\n{GOOD.replace('in_progress', 'well')}\n"}
    publish(**first)
    house = Warehouse(tmp_path / "warehouse")
    publish(**first, **{"second.csv": f"{HEADINGS}\n{GOOD}\n", "scan.pdf": "%PDF"})
    with open_ledger(house, 0.0) as ledger:
        for day, state in ((1, "sent"), (2, "begun"), (3, "failed")):
            about = entry(date(2021, 1, day), "TJK-MOES", "moes@example.tj", ["missing 2019", "refused first.csv 2"])
            ledger.write(about, "begun")
            if state != "begun":
                ledger.write(about, state, "550 no such user" if state == "failed" else "")
    with opened(house.current_release() / "npa.duckdb") as con:
        names = [row["source_file"][9:] for row in came_in(con, house, "ru").rows]
        assert names == ["first.csv", "scan.pdf", "second.csv"]
        monkeypatch.setattr(warehouse_sheets, "_WEEK", timedelta(0))
        new = came_in(con, house, "ru")
        assert [(row["source_file"], row["change"], row["rows_rejected"], row["closes"]) for row in new.rows] == [
            ("progress/scan.pdf", "новый", 1, 0), ("progress/second.csv", "новый", 0, 1),
        ]  # fmt: skip
        assert "После выпуска" in new.note
        write_status(con, house, "ru", tmp_path / "status.xlsx")
    found = reminded(house, "en").rows
    rows = [(row["day"].day, row["sent"], row["addresses"], row["missing"], row["refused"]) for row in found]
    assert rows == [
        (3, "not taken by the mail server: 550 no such user", 1, 1, 1),
        (2, "handed over to the mail server, which did not answer: it may have arrived", 1, 1, 1),
        (1, "sent", 1, 1, 1),
    ]
    owed = load_workbook(tmp_path / "status.xlsx").worksheets[0]
    places = {cell.value: place for place, cell in enumerate(owed[3])}
    (moes,) = [row for row in owed.iter_rows(min_row=4, values_only=True) if row[0] == "TJK-MOES"]
    assert str(moes[places["Последнее напоминание"]])[:10] == "2021-01-02"
    assert str(moes[places["Не хватает с"]])[:10] == "2019-01-31"


def _about(desk: Path) -> str:
    return (desk / "about.txt").read_text(encoding="utf-8-sig")


@pytest.mark.slow
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
