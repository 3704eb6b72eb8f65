"""All pages: links lead somewhere, every page is listed, named commands and options exist."""

import re
from pathlib import Path

import pytest

from tests.support.command import npa
from tests.support.markdown import page
from tests.support.paths import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "benchmarks/README.md", ROOT / "warehouse/README.md"])
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def _anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    for link in _LINK.findall(path.read_text(encoding="utf-8")):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


def test_every_page_is_in_the_index() -> None:
    listed = {(DOCS / link).resolve() for link in _LINK.findall(page("docs/index.md")) if not link.startswith("https")}
    pages = {path for path in DOCS.rglob("*.md") if path.parent.name != "decisions"} | {DOCS / "decisions/README.md"}
    assert pages - listed == {DOCS / "index.md"}


def test_every_decision_is_dated_and_listed() -> None:
    listed = re.findall(r"^\| ([\d-]+) \| \[(.*)\]\((.*)\) \|$", page("docs/decisions/README.md"), re.MULTILINE)
    titles = {}
    for path in sorted((DOCS / "decisions").glob("2*.md")):
        heading = re.match(r"# (\d{4}-\d\d-\d\d): (.*)\n", path.read_text(encoding="utf-8"))
        assert heading, path.name
        assert path.name.startswith(heading[1])
        titles[path.name] = (heading[1], heading[2])
    assert {name: (day, title) for day, title, name in listed} == titles


# By users, beside the sources of this repository.
_ADDED = ("raw/evidence", "raw/withdrawn.csv", "raw/received.csv", "raw/contacts.csv", "raw/public.csv")
_PATH = re.compile(r"`((?:flows|transforms|schemas|tests|raw|benchmarks|deploy|docs)/[\w./*-]*)")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_exist(path: Path) -> None:
    if path.name == "CHANGELOG.md":  # it names what was
        return
    names = [name for name in _PATH.findall(path.read_text(encoding="utf-8")) if not name.startswith(_ADDED)]
    assert [name for name in names if not any(ROOT.glob(name.rstrip("/.")))] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_and_options_exist(path: Path) -> None:
    if path.name == "CHANGELOG.md":  # the changelog names former commands and options
        return
    manual = npa("--help").stdout
    commands = set(re.findall(r"^    (\w+) ", manual.split("commands:")[1].split("options:")[0], re.MULTILINE))
    for command, rest in re.findall(r"`npa ([a-z]+)((?: [^`]*)?)`", path.read_text(encoding="utf-8")):
        assert command in commands, f"npa {command}"
        known = _manual(command)
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in known, f"npa {command} {option}"


def _manual(command: str) -> str:
    return npa(*(["dataset", "describe"] if command == "dataset" else [command]), "--help").stdout
