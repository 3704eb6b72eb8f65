"""`npa remind`: letters to agencies that owe something, as texts and mails."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, cast

import pytest

from flows.outputs.reminders.remind import Asked
from flows.outputs.reminders.send import send_reminders
from flows.releases.warehouse import Warehouse
from flows.runtime.settings import MailServer as Server
from tests.support.command import Run, npa
from tests.support.mail_server import PASSWORD, MailServer, certificate
from tests.support.paths import AS_OF
from tests.support.warm_process import Ran, Warm
from transforms.errors import WarehouseFault

CONTACTS = """agency_id,name,email,language
TJK-MOES,"Раҳимов, Ғайрат",moes@example.tj,tg
TJK-AOS,Иванова,aos@example.tj,ru
"""
NOTHING = "nothing to send: no address, or all was sent today"
Remind = Callable[..., CompletedProcess[str]]
Send = Callable[..., list[str]]


@pytest.fixture
def home(example: Path, tmp_path: Path) -> Path:
    """Return a warehouse that leads to the release of invented reports, next to contacts."""
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "current").symlink_to((example / "current").resolve())
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    return tmp_path / "warehouse"


@pytest.fixture
def remind(home: Path, tmp_path: Path) -> Remind:
    """Return a function that runs the command on that release."""

    def run(*arguments: object, contacts: str = CONTACTS, **environment: str) -> CompletedProcess[str]:
        (tmp_path / "raw" / "contacts.csv").write_text(contacts, encoding="utf-8")
        folders = ["--raw", tmp_path / "raw", "--warehouse", home, "--output", tmp_path / "letters"]
        return npa("remind", *folders, *arguments, env=environment)

    return run


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """Yield a mail server that encrypts and asks for a password."""
    started = MailServer(certificate(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    monkeypatch.setenv("NPA_SMTP_FROM", "npa@stat.example")
    yield started
    started.close()


@pytest.fixture
def send(home: Path, server: MailServer, tmp_path: Path) -> Send:
    """Return a function that sends the letters of the release, on a day of January 2021."""
    settings = Server("127.0.0.1", server.port, "starttls", "npa", PASSWORD, "npa@stat.example")

    def run(day: int = 1, **others: object) -> list[str]:
        changed = replace(settings, **others)  # type: ignore[arg-type]
        return [*send_reminders(Warehouse(home), tmp_path / "raw", Asked(), changed, date(2021, 1, day), 0.0)]

    return run


def _ledger(tmp_path: Path) -> Path:
    return tmp_path / "warehouse" / "reminders.jsonl"


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=default)


def _check_workbooks(message: EmailMessage) -> list[str]:
    """Assert that every attachment opens as a workbook, and return their names."""
    from openpyxl import load_workbook

    parts = list(message.iter_attachments())
    for part in parts:
        assert part.get_content_type().endswith("spreadsheetml.sheet")
        assert load_workbook(BytesIO(cast("bytes", part.get_content()))).sheetnames
    return [str(part.get_filename()) for part in parts]


def test_each_agency_that_owes_something_gets_a_letter_in_its_language(remind: Remind, tmp_path: Path) -> None:
    run = remind()
    assert run.returncode == 0, run.stderr
    folder = tmp_path / "letters"
    text = (folder / "TJK-MOES" / "letter-tg.txt").read_text(encoding="utf-8-sig")
    assert "Ҳамкорони гиромӣ" in text
    assert "TJK-CRC-2018-05-02" in text  # another agency contradicts it
    message = _read(folder / "TJK-MOES" / "letter-tg.eml")
    assert str(message["To"]) == '"Раҳимов, Ғайрат" <moes@example.tj>'
    assert "нақшаи миллии амал" in str(message["Subject"])
    assert message["X-Unsent"] == "1"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == text
    assert _check_workbooks(message) == ["Ҳисобот TJK-MOES.xlsx", "радшуда TJK-MOES.xlsx"]
    assert all(len(line) < 998 for line in (folder / "TJK-MOES" / "letter-tg.eml").read_bytes().split(b"\r\n"))
    assert sorted(path.name for path in (folder / "TJK-GPO").iterdir()) == ["Report TJK-GPO.xlsx", "letter-en.txt"]
    assert "TJK-GPO (en): 93 reports missing; no address in contacts.csv\n" in run.stdout


def test_agency_and_language_select(remind: Remind, tmp_path: Path) -> None:
    assert remind("--agency", "moes", "--language", "ru").returncode == 0
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["TJK-MOES"]
    assert (tmp_path / "letters" / "TJK-MOES" / "letter-ru.eml").is_file()


def test_who_owes_nothing_gets_no_letter(remind: Remind, tmp_path: Path) -> None:
    run = remind("--as-of", "2018-02-01", "--agency", "GPO")
    assert (run.returncode, run.stdout) == (0, "no agency owes anything: nothing was written\n")
    assert not (tmp_path / "letters").exists()
    assert "due soon" in remind("--as-of", "2019-01-05", "--agency", "GPO").stdout


@pytest.mark.parametrize(("line", "fault"), [
    ("TJK-MOEX,,a@b.tj,ru", "no agency has this id: \"TJK-MOEX\". The nearest id is TJK-MO"),
    ("TJK-MOES,,moes at example,ru", "email: it is no address"),
    ("TJK-MOES,,a@b.tj;c@d.tj,ru", "email: it is no address"),
    ("TJK-MOES,,почта@пример.тҷ,ru", "email: it is no address"),
    ("TJK-MOES,,MOES@example.tj,ru", "the address is in line 2 already"),
    ("TJK-MOES,,a@b.tj,de", "language: it is none of"),
])  # fmt: skip
def test_contacts_are_checked(remind: Remind, tmp_path: Path, line: str, fault: str) -> None:
    run = remind(contacts=f"{CONTACTS}{line}\n")
    assert run.returncode == 1
    assert f"contacts.csv:4: {fault}" in run.stderr
    assert not (tmp_path / "letters").exists()


def test_check_reports_faults_of_contacts_and_a_refresh_does_not_read_them(raw: Path, refresh: Run) -> None:
    (raw / "contacts.csv").write_text(CONTACTS.replace("MOES", "MOEX"), encoding="utf-8")
    run = npa("check", "--raw", raw, "--warehouse", raw / "warehouse", "--as-of", AS_OF)
    assert run.stderr.startswith("npa: the input was rejected, 1 problem:\ncontacts.csv:2: no agency has this id")
    assert "up to date" in refresh().stdout


def test_mails_are_sent_once_a_day(send: Send, server: MailServer, tmp_path: Path) -> None:
    assert send() == ["TJK-AOS (ru): sent", "TJK-MOES (tg): sent"]
    assert server.was_encrypted == [True, True]
    message = server.mails[-1]
    assert _check_workbooks(message) == ["Ҳисобот TJK-MOES.xlsx", "радшуда TJK-MOES.xlsx"]
    assert (message["From"], message["X-Unsent"]) == ("npa@stat.example", None)
    assert message["Date"]
    assert message["Message-ID"]
    assert send() == [NOTHING]
    ledger = _ledger(tmp_path).read_text(encoding="utf-8")
    assert [json.loads(line)["state"] for line in ledger.splitlines()] == ["begun", "sent"] * 2
    for secret in (PASSWORD, "example.tj", "Раҳимов"):
        assert secret not in ledger
    assert send(2) == ["TJK-AOS (ru): sent", "TJK-MOES (tg): sent"]


def test_what_is_new_on_the_same_day_is_sent_alone(send: Send, server: MailServer, tmp_path: Path) -> None:
    send()
    lines = [json.loads(line) for line in _ledger(tmp_path).read_text(encoding="utf-8").splitlines()]
    older = [line | {"causes": [cause for cause in line["causes"] if "refused" not in cause]} for line in lines]
    _ledger(tmp_path).write_text("".join(f"{json.dumps(line)}\n" for line in older), encoding="utf-8")
    assert send() == ["TJK-AOS (ru): sent", "TJK-MOES (tg): sent"]
    assert _check_workbooks(server.mails[-1]) == ["радшуда TJK-MOES.xlsx"]


def test_a_refused_mail_may_be_sent_again_and_the_others_go(send: Send, server: MailServer) -> None:
    server.refuses = {"aos@example.tj"}
    with pytest.raises(WarehouseFault, match="did not take 1 of the mails: TJK-AOS: 550 no such mailbox"):
        send()
    assert len(server.mails) == 1
    server.refuses = set()
    assert send() == ["TJK-AOS (ru): sent"]


def test_a_mail_of_which_nobody_knows_is_not_sent_again(
    send: Send, server: MailServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.breaks = True
    with pytest.raises(WarehouseFault, match="It may have arrived, so it is not sent again today"):
        send()
    server.breaks = False
    assert send() == ["TJK-MOES (tg): sent"]
    assert "TJK-AOS: a mail of 2021-01-01 was begun" in capsys.readouterr().err
    assert len(server.mails) == 2


# The ledger is opened twice to be read; then for each of the lines begun and sent it is opened, written and synced.
@pytest.mark.kills
@pytest.mark.parametrize(("at", "is_begun", "came"), [(3, False, 0), (5, True, 0), (6, True, 1), (8, True, 1)])
def test_a_killed_run_sends_nothing_twice_on_a_day(
    home: Path, process: Warm, tmp_path: Path, at: int, is_begun: bool, came: int
) -> None:
    """What was begun counts as sent on that day, whether it arrived or not, and is said; a day later all goes again."""
    plain = MailServer()
    setting = {"NPA_SMTP_HOST": "127.0.0.1", "NPA_SMTP_PORT": str(plain.port), "NPA_SMTP_FROM": "npa@stat.example"}
    setting |= {"NPA_SMTP_SECURITY": "none"}
    folders = ["--raw", tmp_path / "raw", "--warehouse", home, "--output", tmp_path / "letters", "--agency", "AOS"]

    def run(**fault: Any) -> tuple[Ran, int]:
        plain.mails = []
        ran = process.run("remind", *folders, "--send", setting=setting, **fault)
        return ran, len(plain.mails)

    ran, mails = run(watch=str(home), on="reminders.jsonl", at=at, do="kill")
    assert (ran.returncode, mails) == (-signal.SIGKILL, came)
    ran, mails = run()
    assert (ran.returncode, mails) == (0, 0 if is_begun else 1)
    is_unknown = is_begun and at < 8  # the last line is written, and only not synced
    assert ("TJK-AOS: a mail of" in ran.stderr) == is_unknown, ran.stderr
    assert run()[1] == 0
    assert run(days=1)[1] == 1
    plain.close()


def test_nothing_is_sent_if_it_cannot_be_logged(send: Send, server: MailServer, tmp_path: Path) -> None:
    _ledger(tmp_path).mkdir()
    with pytest.raises(OSError, match="directory"):
        send()
    assert server.mails == []


def test_a_server_that_does_not_let_npa_in(send: Send, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ({"password": "wr0ng"}, {"port": 1}):
        with pytest.raises(WarehouseFault, match="did not let npa in") as raised:
            send(**wrong)
        assert "wr0ng" not in str(raised.value)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(WarehouseFault, match="certificate verify failed"):
        send()
    assert server.mails == []


def test_the_command_sends(remind: Remind) -> None:
    plain = MailServer()
    settings = {"NPA_SMTP_HOST": "127.0.0.1", "NPA_SMTP_PORT": str(plain.port), "NPA_SMTP_FROM": "npa@stat.example"}
    run = remind("--send", "--agency", "MOES", NPA_SMTP_SECURITY="none", **settings)
    plain.close()
    assert (run.returncode, len(plain.mails)) == (0, 1), run.stderr
    assert run.stdout.endswith("1 mails\nTJK-MOES (tg): sent\n")
    assert re.search(r"1 mails; last mail on \d{4}-\d\d-\d\d\n$", remind("--agency", "MOES").stdout)


@pytest.mark.parametrize(("settings", "fault"), [
    ({}, "set NPA_SMTP_HOST and NPA_SMTP_FROM"),
    ({"NPA_SMTP_PASSWORD": "a"}, "go together"),
    ({"NPA_SMTP_PASSWORD": "a", "NPA_SMTP_USER": "b", "NPA_SMTP_SECURITY": "none"}, "in the clear"),
    ({"NPA_SMTP_PASSWORD": "ё", "NPA_SMTP_USER": "b"}, "ASCII"),
    ({"NPA_SMTP_SECURITY": "ssl"}, "it is starttls, tls or none"),
    ({"NPA_SMTP_PORT": "25a"}, "it is a number"),
    ({"NPA_SMTP_FROM": "npa"}, "it is one address"),
])  # fmt: skip
def test_settings_are_checked(remind: Remind, settings: dict[str, str], fault: str) -> None:
    server = {"NPA_SMTP_HOST": "127.0.0.1", "NPA_SMTP_FROM": "npa@stat.example"} if settings else {}
    run = remind("--send", **(server | settings))
    assert run.returncode == 2
    assert fault in run.stderr
