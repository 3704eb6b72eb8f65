"""A process that has everything loaded and forks `npa`, so that a refresh starts at once, with a fault anywhere in it.

Run as a program it reads one JSON object a line (see `Warm.run`) and answers each with the status of the command."""

import ctypes
import errno
import importlib
import json
import os
import pkgutil
import resource
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flows
import schemas
import transforms
from flows import cli

# Python's audit events by which files are opened, made, moved and removed; "fsync" and "write" are our own.
_TOUCHES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.truncate", "fsync", "write"}
_WITH_PREFECT = tuple(f"flows.{name}" for name in ("nightly", "operations.prefect_", "operations.scheduler"))
_MAKES = _TOUCHES - {"os.remove", "os.rmdir", "os.truncate"}


@dataclass(frozen=True, slots=True)
class Ran:
    """The outcome of a command; a negative status is the signal that ended it."""

    returncode: int
    stdout: str
    stderr: str
    touched: list[str]  # each touch of a file under `watch`, in order: the event and the path


class Warm:
    """The client's side of the process, which runs commands."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder

    def run(self, *arguments: object, kill_after: float | None = None, **fault: object) -> Ran:
        """Run a command, killed after some seconds, or with a fault: `do` (see _deed) at the `at`-th touch of a file
        under `watch` whose path ends with `on` (`lasting`: and at every later one), or `before` a stage; `target`: the
        file that changes; `delay`: seconds until a signal; `largest`: bytes that a file may have; `is_nobody`: modes
        apply to root too; `setting`: variables of the environment; `days`: how far the clock is ahead; `cwd`: the
        folder that it runs in."""
        names = {"stdout": self._folder / "out", "stderr": self._folder / "err", "touched": self._folder / "touched"}
        request = {"arguments": list(map(str, arguments)), "kill_after": kill_after, **fault}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request | names, default=str) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        output = {name: path.read_text(encoding="utf-8") for name, path in names.items()}
        return Ran(status, output["stdout"], output["stderr"], output["touched"].splitlines())


@contextmanager
def warm(folder: Path, root: Path) -> Iterator[Warm]:
    """Yield the process, which stores the output of commands in `folder`; it ends with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    quiet = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "NPA_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.warm_process"], text=True, cwd=root, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, env=quiet | {"PYTHONPATH": str(root)},
    )  # fmt: skip
    try:
        yield Warm(process, folder)
    finally:
        process.communicate("")


# The server's side of the process


def _serve() -> None:
    _load()
    for line in sys.stdin:
        request = json.loads(line)
        for name in ("stdout", "stderr", "touched"):
            Path(request[name]).write_text("", encoding="utf-8")
        pid = os.fork()
        if not pid:
            _command(request)
        if request["kill_after"] is not None:
            time.sleep(request["kill_after"])
            os.kill(pid, signal.SIGKILL)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def _load() -> None:
    """Import what commands import, except Prefect."""
    cli._be_quick()
    for package in (schemas, transforms, flows):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(_WITH_PREFECT):
                importlib.import_module(module.name)


def _command(request: dict[str, Any]) -> None:
    """Be the command, and end as its process does."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in enumerate(("stdout", "stderr"), 1):
        os.dup2(os.open(request[name], os.O_WRONLY | os.O_TRUNC), number)
    os.environ |= request.get("setting", {})
    os.chdir(request.get("cwd", "."))
    status = 1
    try:
        _put_faults(request)
        status = cli.main(request["arguments"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:  # a user would see a traceback
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))  # for coverage.py
        os._exit(status)


def _put_faults(request: dict[str, Any]) -> None:
    if request.get("largest"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["largest"], resource.RLIM_INFINITY))
    if request.get("is_nobody"):
        _be_subject_to_modes()
    if request.get("days"):
        _put_off_the_clock(request["days"])
    deed = _deed(request)
    if "before" in request:
        _at_a_stage(request, deed)
    if "watch" in request:
        _at_a_touch(request, deed)


def _at_a_stage(request: dict[str, Any], deed: Callable[[], None]) -> None:
    from flows.runtime import progress

    @contextmanager
    def shown(stage: str) -> Iterator[None]:
        if stage == request["before"]:
            deed()
        yield

    progress.shown = shown


def _at_a_touch(request: dict[str, Any], deed: Callable[[], None]) -> None:
    """Call `deed` at a touch of a file, and note the touches."""
    noted = os.open(request["touched"], os.O_WRONLY | os.O_APPEND)
    kinds = _MAKES if request.get("do") == "fill" else _TOUCHES
    count, is_doing = 0, False
    write, pwrite, fsync = os.write, os.pwrite, os.fsync

    def touch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count, is_doing
        if event not in kinds or is_doing or not (path := _path(event, arguments)).startswith(request["watch"]):
            return
        if not path.endswith(request.get("on", "")) or (
            request.get("do") == "fill" and not _is_written(event, arguments)
        ):
            return
        count += 1
        write(noted, f"{event} {path}\n".encode(errors="backslashreplace"))
        at = request.get("at")
        if at is not None and (count == at or (request.get("lasting") and count > at)):
            is_doing = True
            try:
                deed()
            finally:
                is_doing = False

    def audited(event: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(handle: int, *arguments: Any) -> Any:
            sys.audit(event, handle)
            return call(handle, *arguments)

        return run

    os.write, os.pwrite, os.fsync = audited("write", write), audited("write", pwrite), audited("fsync", fsync)
    sys.addaudithook(touch)


def _path(event: str, arguments: tuple[Any, ...]) -> str:
    """Return the file that is touched, or the new path of a link."""
    path = arguments[1] if event == "os.symlink" else arguments[0]
    if isinstance(path, int):
        path = str(Path("/proc/self/fd", str(path)).readlink())
    return os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else ""


def _is_written(event: str, arguments: tuple[Any, ...]) -> bool:
    return event != "open" or bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))


def _deed(request: dict[str, Any]) -> Callable[[], None]:
    """Return the report "about the latest year", "then the one reported last, then the agency printed first"."""
    target = Path(request.get("target", "/nowhere"))

    def fill() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), request["watch"])

    def change() -> None:
        with target.open("ab") as file:
            file.write(b"\n")

    def cut() -> None:
        os.truncate(target, target.stat().st_size // 2)

    def replace() -> None:
        copy = target.with_name(".aside")
        copy.write_bytes(target.read_bytes())
        copy.replace(target)

    def send(number: int) -> Callable[[], None]:
        if "delay" in request:
            return threading.Timer(request["delay"], os.kill, (os.getpid(), number)).start
        return lambda: os.kill(os.getpid(), number)

    deeds: dict[str, Callable[[], None]] = {
        "fill": fill, "change": change, "cut": cut, "replace": replace, "remove": target.unlink,
        "kill": send(signal.SIGKILL), "stop": send(signal.SIGTERM), "interrupt": send(signal.SIGINT),
    }  # fmt: skip
    return deeds.get(request.get("do", ""), lambda: None)


def _be_subject_to_modes() -> None:
    """Give up what lets root read everything: CAP_DAC_OVERRIDE (1) and CAP_DAC_READ_SEARCH (2), see capabilities(7)."""
    if os.geteuid():
        return
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.capget(head, sets) == 0
    for place in range(3):
        sets[place] &= ~0b110
    assert libc.capset(head, sets) == 0


def _put_off_the_clock(days: float) -> None:
    """Move the clock by some days."""
    from datetime import datetime, timedelta, tzinfo

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=days)

    for module in [m for name, m in sys.modules.items() if name.startswith("flows.")]:
        if vars(module).get("datetime") is datetime:
            module.datetime = Wrong  # type: ignore[attr-defined]


if __name__ == "__main__":
    _serve()
