"""Notifications to a real receiver: a failed night is reported once per new cause, and once when it is good again."""

import shutil
import time
from pathlib import Path

import pytest

from flows.operations import notify
from flows.releases.warehouse import Warehouse
from flows.runtime.settings import WrongSetting
from tests.support.command import npa
from tests.support.receiver import Receiver
from transforms.errors import InputProblem, InputRejected, WarehouseFault

# apprise 1.13 still imports it where it exists.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.fixture
def home(tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    monkeypatch.setenv("NPA_NOTIFY", receiver.address)
    return Warehouse(tmp_path / "warehouse")


def _night(warehouse: Warehouse, *problems: InputProblem) -> None:
    """Notify of a night that finds these problems."""
    try:
        with notify.notifying(warehouse):
            if problems:
                raise InputRejected(problems)
    except InputRejected:
        pass


def _problem(value: str, line: int = 7) -> InputProblem:
    return InputProblem("unknown agency", "Add it to aliases.csv.", path="plans/a/plan.txt", line=line, value=value)


def test_each_cause_is_reported_once_and_recovery_once(home: Warehouse, receiver: Receiver) -> None:
    _night(home)
    assert receiver.titles() == []
    _night(home, _problem("NOBODY"))
    assert (
        'plans/a/plan.txt:7: unknown agency: "NOBODY". Add it to aliases.csv.' in receiver.notifications[0]["message"]
    )
    assert receiver.titles() == ["npa: the refresh was rejected"]
    _night(home, _problem("NOBODY", line=9))  # the next night, a few lines further down
    assert receiver.titles() == []
    _night(home, _problem("NOBODY"), _problem("NEITHER"))
    assert receiver.titles() == ["npa: the refresh was rejected"]
    _night(home, _problem("NEITHER"))
    assert receiver.titles() == []
    _night(home)
    _night(home)
    assert receiver.titles() == ["npa: good again"]
    _night(home, _problem("NOBODY"))
    assert receiver.titles() == ["npa: the refresh was rejected"]


def test_details_that_vary_from_night_to_night_are_not_a_new_cause(home: Warehouse, receiver: Receiver) -> None:
    for pid, day in ((41, "24"), (1234567, "25")):
        since = f"2026-11-{day}T01:30:00Z"
        with pytest.raises(WarehouseFault), notify.notifying(home):
            raise WarehouseFault(f"another refresh is writing (process {pid} on host, since {since}: npa refresh)")
    assert receiver.titles() == ["npa: the refresh failed"]
    with pytest.raises(WarehouseFault), notify.notifying(home):
        raise WarehouseFault("No space left on device")
    assert receiver.titles() == ["npa: the refresh failed"]


def test_a_stopped_night_sends_no_notification(home: Warehouse, receiver: Receiver) -> None:
    with pytest.raises(KeyboardInterrupt), notify.notifying(home):
        raise KeyboardInterrupt
    assert receiver.titles() == []


def test_an_address_that_failed_is_notified_the_next_time(
    home: Warehouse, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    other = Receiver()
    monkeypatch.setenv("NPA_NOTIFY", f"{receiver.address} {other.address}")
    other.status = 500
    _night(home, _problem("NOBODY"))
    assert (len(receiver.titles()), other.titles()) == (1, [])
    output = capfd.readouterr().err
    assert output == (
        "npa: a notification failed: address 2 of NPA_NOTIFY (json://…) could not be reached; "
        "it will be told the next time\n"
    )
    other.status = 200
    _night(home, _problem("NOBODY"))
    assert (receiver.titles(), len(other.titles())) == ([], 1)
    assert "s3cret" not in (home.root / "notified.json").read_text()
    other.server.shutdown()
    other.server.server_close()


def test_notified_json_cannot_be_read_or_written(
    home: Warehouse, receiver: Receiver, capfd: pytest.CaptureFixture[str]
) -> None:
    home.root.mkdir()
    (home.root / "notified.json").write_text('{"told": {"a": 1}}')
    _night(home, _problem("NOBODY"))
    assert len(receiver.titles()) == 1
    (home.root / "notified.json").unlink()
    (home.root / "notified.json").mkdir()
    _night(home, _problem("NOBODY"))
    assert len(receiver.titles()) == 1
    assert "a notification failed: " in capfd.readouterr().err


def test_long_news_are_cut(home: Warehouse, receiver: Receiver) -> None:
    _night(home, *(_problem("x" * 5000 + str(number)) for number in range(300)))
    (message,) = receiver.notifications
    assert "… and 290 more" in message["message"]
    assert len(message["message"]) < 10_000


@pytest.mark.parametrize("address", ["nothing", "nosuch://user:s3cret@host", "json://"])
def test_an_invalid_address_is_refused_without_its_secrets(
    address: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("NPA_NOTIFY", address)
    with pytest.raises(WrongSetting, match="address 1 of NPA_NOTIFY") as fault:
        notify.check_addresses()
    notify.send(Warehouse(tmp_path), notify.News("a", "b", ("c",)))
    assert "s3cret" not in str(fault.value) + capfd.readouterr().err


def test_a_refresh_from_cron_and_a_watchdog_report_one_cause_once(
    raw: Path, plan: Path, plain_warehouse: Path, tmp_path: Path, receiver: Receiver
) -> None:
    shutil.copytree(plain_warehouse, tmp_path / "warehouse", symlinks=True)
    options, environment = ["--warehouse", tmp_path / "warehouse"], {"NPA_NOTIFY": receiver.address}
    plan.write_text(plan.read_text(encoding="utf-8").replace("TNMAC, MOD", "NOBODY, MOD", 1), encoding="utf-8")
    refresh = ["refresh", *options, "--raw", raw, "--runner", "direct"]
    assert npa(*refresh, env=environment).returncode == 1
    assert receiver.titles() == []  # a person at a terminal sees the error
    assert npa(*refresh, "--notify", env=environment).returncode == 1
    assert 'unknown agency: "NOBODY"' in receiver.notifications[0]["message"]
    assert npa("health", *options, "--notify", env=environment).returncode == 1
    assert receiver.titles() == ["npa: the refresh was rejected"]
    unset = npa(*refresh, "--notify")
    assert (unset.returncode, "NPA_NOTIFY is not set" in unset.stderr) == (2, True)


def test_a_watchdog_reports_data_that_is_too_old(plain_warehouse: Path, tmp_path: Path, receiver: Receiver) -> None:
    shutil.copytree(plain_warehouse, tmp_path / "warehouse", symlinks=True)
    command, environment = (
        ["health", "--warehouse", tmp_path / "warehouse", "--notify"],
        {"NPA_NOTIFY": receiver.address},
    )
    published = (plain_warehouse / "current" / "manifest.json").stat().st_mtime
    time.sleep(max(0.0, published + 4 - time.time()))  # the release may have been made a moment ago
    for max_age in ("1s", "2s"):
        bad = npa(*command, "--max-age", max_age, env=environment)
        assert (bad.returncode, bad.stderr) == (1, "")
    assert receiver.titles() == ["npa: the data is not healthy"]
    assert npa(*command, env=environment).returncode == 0
    assert receiver.titles() == ["npa: good again"]
