"""The warehouse: releases, the link to the current one, the lock of the one writer. Imports nothing heavy."""

import contextlib
import fcntl
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.problems import NpaError


class WarehouseFault(NpaError):
    """Something around the warehouse failed; another try may help."""

    exit_code = 3


class NoRelease(NpaError):
    """Nothing has been published yet."""


# What every manifest says, and of each table.
_PARTS = {"release_id", "published_at", "as_of", "software_version", "input_fingerprint", "inputs", "outputs", "files"}
_OUTPUT = {"table", "path", "rows", "sha256"}


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A folder of releases. `current` is a link to the newest good one, switched by one rename."""

    root: Path

    @property
    def releases(self) -> Path:
        """One folder a release."""
        return self.root / "releases"

    @property
    def current(self) -> Path:
        """The link that readers follow."""
        return self.root / "current"

    def check_link(self) -> None:
        """`current` is a link, or nothing is there yet."""
        if self.current.exists() and not self.current.is_symlink():
            raise WarehouseFault(
                f"{self.current} is not the link that npa keeps there, but a folder or file. Move it away, then run "
                "npa refresh: the releases themselves stand in " + str(self.releases) + "."
            )

    def current_release(self) -> Path:
        """Folder of the current release."""
        self.check_link()
        if self.root.exists() and not self.root.is_dir():
            raise WarehouseFault(f"{self.root} is no folder. Name the folder of releases by --warehouse.")
        if not self.current.is_symlink():
            raise NoRelease(
                f"{self.root} holds no release yet. Run npa refresh, or name another folder by --warehouse."
            )
        if not (self.current / "manifest.json").is_file():
            raise WarehouseFault(
                f"{self.current} leads to {self.current.readlink()}, which is no complete release. "
                "Run npa refresh --force."
            )
        return self.current.resolve()

    def manifest(self, release: Path) -> dict[str, Any]:
        """What a release says of itself."""
        path = release / "manifest.json"
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            files, outputs = found["files"], found["outputs"]
            is_whole = found.keys() >= _PARTS and {"path", "bytes"} <= files[0].keys() and outputs[0].keys() >= _OUTPUT
        except (OSError, ValueError, TypeError, AttributeError, LookupError) as error:
            raise WarehouseFault(f"{path} cannot be read ({error!r}). Run npa refresh --force.") from error
        if not is_whole:
            raise WarehouseFault(f"{path} is not the manifest of a release. Run npa refresh --force.")
        return dict(found)

    def published(self, fingerprint: str) -> str | None:
        """Id of the current release if it was made from just this input, and all its files are there, as large as they
        were when it was published."""
        try:
            release = self.current_release()
            manifest = self.manifest(release)
        except NpaError:
            self.check_link()
            return None
        if manifest["input_fingerprint"] != fingerprint:
            return None
        is_whole = all(_size(release / file["path"]) == file["bytes"] for file in manifest["files"])
        return str(manifest["release_id"]) if is_whole else None

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer. The lock dies with its process; what dead runs left over is cleared away."""
        with faults_of(self.root):
            self.releases.mkdir(parents=True, exist_ok=True)
            self.check_link()
            lock = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise WarehouseFault(
                    f"another refresh is writing to {self.root} (process {_holder(lock)}). Wait until it has ended."
                ) from None
            with faults_of(self.root):
                os.ftruncate(lock, 0)
                os.pwrite(lock, str(os.getpid()).encode(), 0)
                self._clear()
            yield
        finally:
            os.close(lock)

    def _clear(self) -> None:
        for left in sorted(self.root.glob(".staging-*")):
            print(f"cleared away {left.name}, left over by a run that died", file=sys.stderr)
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()

    @contextlib.contextmanager
    def staging(self, release_id: str) -> Iterator[Path]:
        """A folder to build a release in; gone afterwards, unless it was published."""
        folder = self.root / f".staging-{release_id}"
        try:
            with faults_of(self.root):
                folder.mkdir()
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, staged: Path, release_id: str) -> None:
        """Move a finished release to its place and switch the link: readers see the old one or the new one."""
        with faults_of(self.root):
            for path in [*staged.rglob("*"), staged]:
                _sync(path)
            staged.rename(self.releases / release_id)
            _sync(self.releases)
            link = self.root / f".staging-link-{release_id}"
            try:
                link.symlink_to(Path("releases") / release_id, target_is_directory=True)
                link.replace(self.current)
            finally:
                link.unlink(missing_ok=True)
            _sync(self.root)


def _holder(lock: int) -> str:
    """Who holds the lock, by the number that it wrote there; one that has the lock only just may be about to write it,
    over that of a run that has ended."""
    number = ""
    for _ in range(100):
        number = os.pread(lock, 20, 0).decode()
        if number and Path("/proc", number).exists():
            break
        time.sleep(0.01)
    return number or "unknown"


@contextlib.contextmanager
def faults_of(root: Path) -> Iterator[None]:
    """Say in a sentence what the file system refuses."""
    try:
        yield
    except OSError as error:
        where = error.filename or root
        raise WarehouseFault(
            f"{where}: {error.strerror or error}. The warehouse cannot be written; nothing was "
            "published, and the last good release stands."
        ) from error


def _size(path: Path) -> int | None:
    """Bytes of a file; None where there is none."""
    return path.stat().st_size if path.is_file() else None


def _sync(path: Path) -> None:
    """Have a file, or the entries of a folder, on the disk before what comes next."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
