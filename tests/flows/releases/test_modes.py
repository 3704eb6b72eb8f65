"""Modes of the files of a warehouse: everybody can read them, whatever umask the shell had."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.marks import but
from tests.support.paths import ROOT
from tests.support.small_country import make_raw


@pytest.mark.parametrize("umask", but(pytest.mark.slow, [0o077, 0o027, 0o002, 0o000], [0o077]))
def test_files_are_0644_and_folders_0755(tmp_path: Path, umask: int) -> None:
    raw, home = make_raw(tmp_path / "raw"), tmp_path / "warehouse"

    def run(*command: object) -> None:
        arguments = [sys.executable, "-m", "flows.cli", *map(str, command), "--warehouse", str(home)]
        done = subprocess.run(arguments, cwd=ROOT, umask=umask, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    for day in ("2021-06-01", "2021-06-02"):
        run("refresh", "--raw", raw, "--runner", "direct", "--as-of", day)
    run("rollback", min(path.name for path in (home / "releases").iterdir()))
    modes = {path: path.lstat().st_mode for path in [home, *home.rglob("*")] if not path.is_symlink()}
    files = {path.name: stat.S_IMODE(mode) for path, mode in modes.items() if stat.S_ISREG(mode)}
    assert {"npa.duckdb", "data.parquet", "manifest.json", "refresh_log.jsonl", "hold.json", ".lock"} <= files.keys()
    files.pop(".hold-spare")  # a file that only takes space, which nobody reads
    assert set(files.values()) == {0o644}
    assert {stat.S_IMODE(mode) for mode in modes.values() if stat.S_ISDIR(mode)} == {0o755}
