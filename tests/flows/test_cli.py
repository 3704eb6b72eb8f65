"""The command line: wrong usage, errors as sentences, and commands that do not load Prefect."""

import re
import subprocess
import sys
from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from flows.commands.options import count, duration
from tests.support.command import environment, npa
from tests.support.paths import ROOT
from tests.support.small_country import make_raw


def test_wrong_usage() -> None:
    assert npa("refresh", "--as-of", "yesterday").returncode == 2
    assert npa("refrsh").returncode == 2
    assert npa().returncode == 2


@pytest.mark.parametrize(("words", "status"), [
    ("ImportError('libx.so: failed to map segment from shared object')", 3),
    ("RuntimeError(\"can't start new thread\")", 3),
    ("ImportError('libx.so: no such symbol')", 1),
])  # fmt: skip
def test_no_memory_for_a_library_or_a_thread(words: str, status: int) -> None:
    code = f"""
import sys
from flows import cli
from flows.operations import health
def fail(*arguments):
    raise ImportError("x cannot be had") from {words}
health.print_health = fail
sys.exit(cli.main(["health"]))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert (done.stderr == "npa: there is not enough memory for this; the last good release stays current.\n") is (
        status == 3
    )


def test_a_direct_refresh_never_imports_prefect(tmp_path: Path) -> None:
    """Check the modules, because importing Prefect takes longer than a refresh of the real plan."""
    code = """
import sys
from flows import cli
def check():
    loaded = {name.partition(".")[0] for name in sys.modules} & {"prefect", "prefect_dask", "distributed", "apprise"}
    assert not loaded, loaded
check()
assert cli.main(sys.argv[1:]) == 0
check()
"""
    command = [
        "refresh",
        "--runner",
        "direct",
        "--raw",
        make_raw(tmp_path / "raw"),
        "--warehouse",
        tmp_path / "warehouse",
    ]
    done = subprocess.run([sys.executable, "-c", code, *map(str, command)], cwd=ROOT, env=environment(),
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("published")


def test_texts_of_options_are_read_or_refused() -> None:
    assert [duration(text) for text in ("30s", "26h", " 90m ", "2d")] == [30, 93600, 5400, 172800]
    assert [count(text) for text in ("1", "0030", "9999")] == [1, 30, 9999]
    for convert, texts in ((duration, ("26", "h", "1.5h", "-1h")), (count, ("0", "000", "10000", "1.5", " 1", "+1"))):
        for text in texts:
            with pytest.raises(ArgumentTypeError, match=re.escape(f"{text!r} is no ")):
                convert(text)
