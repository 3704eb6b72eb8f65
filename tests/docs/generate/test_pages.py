"""Generated pages, which must not be stale."""

import shutil
from pathlib import Path

import pytest

from docs.generate import pages
from tests.support.paths import ROOT


def test_a_stale_page_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    (tmp_path / "raw").symlink_to(ROOT / "raw")
    monkeypatch.setattr(pages, "_DOCS", tmp_path / "docs")
    generated = pages.pages()
    monkeypatch.setattr(pages, "pages", lambda: generated)
    assert pages.main(["--check"]) == 0
    page = tmp_path / "docs" / "reference" / "tables.md"
    page.write_text(page.read_text(encoding="utf-8").replace("One row per", "A row per", 1), encoding="utf-8")
    assert pages.main(["--check"]) == 1
    assert capsys.readouterr().err == f"{page} is stale: run make docs\n"
