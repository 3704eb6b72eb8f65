"""What arrives broken: a clear sentence with file, line, value and remedy, exit 1, and the last good release stands."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import FOLDER, Run, npa

Change = Callable[[Path], object]


def _text(old: str, new: str, count: int = 1) -> Change:
    """Replace a piece of the plan's text."""

    def change(raw: Path) -> None:
        path = next((raw / FOLDER).glob("*.txt"))
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, count), encoding="utf-8")

    return change


def _file(name: str, old: str, new: str) -> Change:
    """Replace a piece of a file beside the plan."""

    def change(raw: Path) -> None:
        path = raw / FOLDER / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def _bytes(change: Callable[[bytes], bytes]) -> Change:
    """Change the bytes of the plan."""

    def run(raw: Path) -> None:
        path = next((raw / FOLDER).glob("*.txt"))
        path.write_bytes(change(path.read_bytes()))

    return run


def _second_document(raw: Path) -> None:
    shutil.copytree(raw / FOLDER, raw / "plans" / "tjk-npa-again")


def _link(raw: Path) -> None:
    path = raw / FOLDER / "aliases.csv"
    outside = raw.parent / "aliases.csv"
    path.rename(outside)
    path.symlink_to(outside)


BROKEN: dict[str, tuple[Change, list[str]]] = {
    "unknown agency": (_text("CCR, GPO, MOJ", "CRC, GPO, MOJ"),
                       [":20:", 'unknown agency: "CRC"', 'nearest known spelling is "CCR"', "aliases.csv"]),
    "several unknown agencies": (lambda raw: (_text("MOES, MOJ, MLMEP, OO", "MOESS, MOJ, MLMEPP, OO")(raw),
                                              _text("TNMAC, MOD", "TNMACC, MOD")(raw)),
                                 ['"MOESS"', '"MLMEPP"', '"TNMACC"', 'nearest known spelling is "TNMAC"']),
    "period that no rule reads": (_text("as per set procedure", "some day"),
                                  [":120:", 'no rule reads the period: "some day"']),
    "reversed years": (_text("2019- 2021", "2021- 2019"), ["reversed", '"2021- 2019"']),
    "year outside the plan": (_text("\t2020\t", "\t2023\t"), ["outside that of the plan, 2018-2022", '"2023"']),
    "lost tab": (_text("2018-2019\tMOES", "2018-2019MOES"), [":18:"]),
    "too many filled cells": (_text("are enacted.", "are enacted.\tand more"), [":19:", "more than 6 columns filled"]),
    "no plan heading": (_text("NATIONAL PLAN OF ACTION", "PLAN", 3), ["no plan heading", "plan.toml"]),
    "measure number twice": (_text("\n4.\tState", "\n3.\tState"), ["measure number stands twice; 4 would"]),
    "measure numbers out of order": (_text("\n4.\tState", "\n7.\tState"), ["out of order; 4 would be next"]),
    "recommendation numbers": (_text("(Recommendations 20-22)", "(Recommendations 22-20)"),
                               ["does not ascend", "22-20"]),
    "recommendation zero": (_text("(Recommendation 9)", "(Recommendation 09)"), ['"09" is neither a number']),
    "agency cell ends in a comma": (_text("CAC, GPO", "CAC, GPO,"), ["after the last, is empty"]),
    "undeclared second print": (_file("duplicates.csv", "TJK-OPAC-2018-09-02", "TJK-OPAC-2018-09-01"),
                                ["printed twice", "duplicates.csv"]),
    "zero-width space": (_text("Family Code", "Family\u200b Code"), ["U+200B", "\\u200b"]),
    "a lone carriage return": (_text("Family Code", "Family\rCode"), ["U+000D"]),
    "truncated": (_bytes(lambda data: data[: len(data) // 2]), ["cut off"]),
    "empty": (_bytes(lambda _: b""), ["the file is empty"]),
    "binary": (_bytes(lambda _: b"\x7fELF\x02\0\0\0\x01\0\xff\xfe" * 99), ["binary"]),
    "UTF-16": (_bytes(lambda data: data.decode().encode("utf-16")), ["seems to be utf-16"]),
    "UTF-16 without mark": (_bytes(lambda data: data.decode().encode("utf-16-be")), ["seems to be utf-16-be"]),
    "cp1251": (_bytes(lambda data: data.decode().encode("cp1251")), ["cp1251"]),
    "no plan.toml": (lambda raw: (raw / FOLDER / "plan.toml").unlink(), ["plan.toml: the file is missing"]),
    "broken plan.toml": (_file("plan.toml", "[layout]", "[layout"), ["plan.toml: the file is not TOML", "line"]),
    "key missing in plan.toml": (_file("plan.toml", "measures = 35\n", ""), ["plan.0.expected.measures", "required"]),
    "unknown key in plan.toml": (_file("plan.toml", "country =", "colour = 1\ncountry ="), ["colour"]),
    "missing source": (_file("plan.toml", 'source = "n', 'source = "N'), ["a file that is not there"]),
    "source elsewhere": (_file("plan.toml", 'source = "', 'source = "../'), ["leaves the document's folder"]),
    "link elsewhere": (_link, ["the link leads out"]),
    "unknown file": (lambda raw: (raw / FOLDER / "alises.csv").touch(), ["alises.csv: nothing reads the file"]),
    "alias not used": (_file("aliases.csv", "CNL,", "LNC,"), ["does not print the alias any more", '"LNC"']),
    "old value gone": (_file("corrections.csv", "reason\n", "reason\nTJK-CRC-2018-09-01,period_text,2021,2019,x\n"),
                       ["corrections.csv:2", "does not match the document"]),
    "expected counts": (_file("plan.toml", "agency_links = 470", "agency_links = 471"),
                        ["470 agency_links, not the 471"]),
    "plan twice": (_second_document, ["another plan TJK-CRC-2018"]),
    "columns of a table": (_file("agencies.csv", "abbreviation,", "abbr,"),
                           ["agencies.csv:1", "abbreviation,agency_type"]),
    "unknown agency_type": (_file("agencies.csv", "DCA,state_agency", "DCA,bureau"),
                            ['agency_type: "bureau"', "ministry"]),
    "no plans at all": (lambda raw: shutil.rmtree(raw / "plans"), ["no such folder"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_refused_and_last_release_stands(refresh: Run, raw: Path, tmp_path: Path, name: str) -> None:
    before = (tmp_path / "warehouse" / "current").readlink()
    change, told = BROKEN[name]
    change(raw)
    bad = refresh()
    assert bad.returncode == 1, bad.stderr + bad.stdout
    assert "Traceback" not in bad.stderr
    for words in told:
        assert words in bad.stderr
    assert (tmp_path / "warehouse" / "current").readlink() == before
    assert not list((tmp_path / "warehouse").glob(".staging*"))
    dry = npa("check", "--raw", raw)
    assert (dry.returncode, dry.stderr) == (1, bad.stderr)


def test_several_faults_are_told_at_once(refresh: Run, raw: Path) -> None:
    for change, _ in (BROKEN["unknown agency"], BROKEN["reversed years"], BROKEN["zero-width space"]):
        change(raw)
    _file("aliases.csv", "CNL,", "LNC,")(raw)
    assert "U+200B" in (told := refresh().stderr)
    _text("\u200b", "")(raw)
    told = refresh().stderr
    assert all(words in told for words in ("unknown agency", "reversed", "LNC"))
    assert re.match(r"npa: the input was rejected, \d+ problems:\n", told)


def test_two_documents_of_one_country_that_disagree(refresh: Run, raw: Path) -> None:
    other = raw / "plans" / "tjk-npa-2023"
    shutil.copytree(raw / FOLDER, other)
    for path in other.iterdir():
        text = path.read_text(encoding="utf-8").replace("-2018-", "-2023-")
        text = re.sub(r"(2018|2019|2020|2021|2022)(?![.\d]*txt)", lambda m: str(int(m[1]) + 5), text)
        path.write_text(text.replace("MOC- Ministry of Culture", "MOC- Ministry of Commerce"), encoding="utf-8")
    (other / "plan.toml").write_text((raw / FOLDER / "plan.toml").read_text(encoding="utf-8"), encoding="utf-8")
    told = refresh().stderr
    assert "Ministry of Culture" in told
    assert "Ministry of Commerce" in told


def test_a_correction_is_published_with_a_judgement(refresh: Run, raw: Path, tmp_path: Path) -> None:
    row = (
        "TJK-CRC-2018-27-08,activity_text,8. Monitor the implementation of education system through through EMIS data "
    )
    row += "collection,8. Monitor the implementation of education system through EMIS data collection,through twice\n"
    with (raw / FOLDER / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write(row)
    assert refresh().returncode == 0
    sql = """SELECT activity_text, source_value, action FROM dim_activity JOIN quality_issue USING (activity_id)
             WHERE rule = 'corrected'"""
    told = npa("query", "--warehouse", tmp_path / "warehouse", "--format", "csv", sql).stdout
    assert (
        "system through EMIS data collection,8. Monitor the implementation of education system through through" in told
    )
    assert told.strip().endswith("corrected")


def test_validation_cannot_be_switched_off(refresh: Run) -> None:
    bad = refresh("--force", env={"PANDERA_VALIDATION_ENABLED": "False"})
    assert bad.returncode == 1
    assert "validation is switched off" in bad.stderr


# The warehouse


def test_a_folder_in_place_of_current(refresh: Run, tmp_path: Path) -> None:
    (tmp_path / "warehouse" / "current").unlink()
    (tmp_path / "warehouse" / "current").mkdir()
    bad = refresh()
    assert bad.returncode == 3
    assert "is not the link" in bad.stderr
    asked = npa("query", "--warehouse", tmp_path / "warehouse", "SELECT 1")
    assert asked.returncode == 3


def test_a_warehouse_that_cannot_be_written(refresh: Run, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "warehouse")
    (tmp_path / "warehouse").write_text("a file", encoding="utf-8")
    bad = refresh()
    assert bad.returncode == 3
    assert "cannot be written" in bad.stderr


@pytest.mark.parametrize("room", [0, 3000, 60_000, 4_000_000])
def test_a_disk_that_is_full(refresh: Run, tmp_path: Path, room: int) -> None:
    """No file may grow past `room` bytes: as a full disk, at another point each time."""
    before = (tmp_path / "warehouse" / "current").readlink()
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room})); "
        "from flows.cli import main; sys.exit(main())"
    )
    given = ["--raw", str(tmp_path / "raw"), "--warehouse", str(tmp_path / "warehouse"), "--as-of", "2020-01-01"]
    bad = subprocess.run([sys.executable, "-B", "-c", code, "refresh", "--runner", "direct", *given],
                         capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=False)  # fmt: skip
    assert bad.returncode == 3, bad.stderr
    assert "Traceback" not in bad.stderr
    assert "the last good release stands" in bad.stderr
    assert (tmp_path / "warehouse" / "current").readlink() == before
    assert refresh("--force").returncode == 0


def test_no_release_yet(tmp_path: Path) -> None:
    for command in (["query", "SELECT 1"], ["releases"]):
        asked = npa(*command, "--warehouse", tmp_path)
        assert asked.returncode == 1
        assert "holds no release yet" in asked.stderr


def test_wrong_usage() -> None:
    assert npa("refresh", "--as-of", "yesterday").returncode == 2
    assert npa("refrsh").returncode == 2
    assert npa().returncode == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_a_file_that_may_not_be_read(refresh: Run, plan: Path) -> None:
    plan.chmod(0)
    bad = refresh()
    assert bad.returncode == 1
    assert "cannot be read" in bad.stderr
