"""What somebody else wrote, on a terminal: no command lets a control character through."""

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.command import environment, npa
from tests.support.paths import AS_OF, ROOT
from tests.support.report_lines import GOOD, HEADINGS
from transforms.printable import printable

_EVIL = "\x1b[31mred\x9b2J\x07\u202eback\u2066\ufeff"  # colour, a page that is wiped, a bell, text shown backwards
_OBEYED = "\x1b\x9b\x07\u202e\u2066\ufeff\r"
_QUESTION = "SELECT chr(27) || '[2J' || chr(8238) AS evil, ['\x9b' || chr(7)] AS nested"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two releases of reports, and data sets, that are full of control characters."""
    folder = tmp_path_factory.mktemp("hostile")
    raw = folder / "raw"
    for name in ("plans", "progress", "statistics/unicef-cme"):
        shutil.copytree(ROOT / "raw" / name, raw / name)
    report = raw / "progress" / f"a{_EVIL}.csv"
    report.parent.mkdir(exist_ok=True)
    for line in (GOOD, GOOD.replace("in_progress", f"done{_EVIL}")):
        report.write_text(f"{HEADINGS},Notes{_EVIL}\n{line},{_EVIL}x\n", encoding="utf-8")
        _run(folder, "refresh", "--force", "--accept-removals", "--runner", "direct", "--as-of", AS_OF)
    data = folder / "data.csv"
    data.write_text(f"REF_AREA,TIME_PERIOD,Sex{_EVIL},OBS_VALUE\nTJ,2019,men{_EVIL},1\nTJ,2020,b,x{_EVIL}\n")
    return folder


def _run(folder: Path, *arguments: object) -> str:
    command, *rest = arguments
    places = {"refresh": ("--raw", folder / "raw"), "check": ("--raw", folder / "raw")}.get(str(command), ())
    warehouse = () if command == "dataset" else ("--warehouse", folder / "warehouse")
    ran = npa(command, *rest, *places, *warehouse, cwd=folder)
    return ran.stdout + ran.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--as-of", AS_OF),
        ("refresh", "--force", "--runner", "direct", "--as-of", AS_OF),
        ("rejected",),
        *(("rejected", "--format", form) for form in ("csv", "json")),
        *(("query", "--format", form, _QUESTION) for form in ("table", "csv", "json")),
        ("query", f"SELECT no_column AS \"{_EVIL}\""),
        *(("diff", "--format", form) for form in ("table", "csv", "json")),
        ("status",),
        ("status", "--agency", f"X{_EVIL}"),
        ("releases",),
        ("health", "--format", "json"),
        ("dataset", "describe", "data.csv"),
        ("dataset", "describe", "data.csv", "--toml"),
        ("dataset", "describe", f"no{_EVIL}"),
        ("export", "sdmx", "--output", f"/dev/null/{_EVIL}"),
        ("template", "--agency", f"X{_EVIL}", "--output", "x.xlsx"),
        ("rollback", f"X{_EVIL}"),
        (f"X{_EVIL}",),
    ],
    ids=lambda arguments: printable(" ".join(map(str, arguments))),
)  # fmt: skip
def test_no_command_prints_what_a_terminal_obeys(hostile: Path, arguments: tuple[str, ...]) -> None:
    output = _run(hostile, *arguments)
    assert output.strip()
    assert not set(output) & set(_OBEYED), ascii(output)


def test_json_stays_json(hostile: Path) -> None:
    (row,) = json.loads(_run(hostile, "query", "--format", "json", _QUESTION))
    assert row == {"evil": "\x1b[2J\u202e", "nested": ["\x9b\x07"]}


def test_a_terminal_gets_colours_of_npa_and_no_others(hostile: Path) -> None:
    """Run in a real terminal, whose output a parent reads."""
    output = _in_a_terminal(hostile, "query", _QUESTION)
    assert "[2J" in output
    assert not set(output) & set(_OBEYED.replace("\r", "")), ascii(output)
    assert "\x1b[31mOverdue" in _in_a_terminal(hostile, "status").replace("\r\n", "")


def _in_a_terminal(folder: Path, *arguments: str) -> str:
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "flows.cli", *arguments, "--warehouse", str(folder / "warehouse")]
    with subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=environment(), cwd=ROOT):
        os.close(child)
        output = b""
        while piece := _read(parent):
            output += piece
    os.close(parent)
    return output.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # the other end is closed
        return b""


@given(st.text(st.characters(exclude_characters='"\\')))
def test_what_is_shown_is_read_back_as_json(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable() or not any(c < " " or "\x7f" <= c <= "\x9f" for c in shown)
    assert json.loads(f'"{shown}"') == text
