"""The warehouse: releases, the link to the current one, and what its one writer does. Imports nothing heavy."""

import contextlib
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.releases.writer_lock import Turn, locked
from flows.runtime.files import make_readable, size_of
from transforms.errors import NoRelease, NpaError, WarehouseFault

NEW = ".staging-new-"  # the beginning of the link to a release that is about to be published, until it is `current`
# The keys of every manifest, and of each table in it.
_PARTS = {"release_id", "published_at", "as_of", "software_version", "input_fingerprint", "inputs", "outputs", "files"}
_OUTPUT = {"table", "path", "rows", "sha256"}


@dataclass(unsafe_hash=True)
class Warehouse:
    """A folder of releases. `current` is a link to the newest good one, switched by one rename."""

    root: Path

    def __post_init__(self) -> None:
        self.releases = self.root / "releases"  # has a folder for each release
        self.current = self.root / "current"  # the link that readers follow
        self.lock = self.root / ".lock"
        self.log = self.root / "refresh_log.jsonl"  # of every attempt to refresh
        self.hold = self.root / "hold.json"  # of a rollback
        self.last_manifest = self.root / "last_manifest.json"  # a copy of the manifest that was published last
        self.cache = self.root / "cache"  # of results that the next refresh may need; safe to delete

    def check_link(self) -> None:
        """Raise WarehouseFault if `current` is anything but a link or missing."""
        if self.current.exists() and not self.current.is_symlink():
            what = (
                "{current} is not the link that npa keeps there, but a folder or file. Move it away, then run npa "
                "refresh: the releases themselves stand in {releases}."
            )
            raise WarehouseFault(what, current=self.current, releases=self.releases)

    def current_release(self) -> Path:
        """Return the folder of the current release. Raises NoRelease and WarehouseFault."""
        self.check_link()
        if self.root.exists() and not self.root.is_dir():
            raise WarehouseFault("{root} is no folder. Name the folder of releases by --warehouse.", root=self.root)
        if not self.current.is_symlink():
            what = "{root} holds no release yet. Run npa refresh, or name another folder by --warehouse."
            raise NoRelease(what, root=self.root)
        with _readable(self.current):
            if not (self.current / "manifest.json").is_file():
                what = "{current} leads to {target}, which is no complete release. Run npa refresh --force."
                raise WarehouseFault(what, current=self.current, target=self.current.readlink())
        return self.current.resolve()

    def manifest(self, release: Path) -> dict[str, Any]:
        """Return the manifest of a release. Raises WarehouseFault."""
        return self.read_manifest(release / "manifest.json")

    @staticmethod
    def read_manifest(path: Path) -> dict[str, Any]:
        """Return the manifest in a file. Raises WarehouseFault."""
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            files, outputs = manifest["files"], manifest["outputs"]
            is_whole = manifest.keys() >= _PARTS and files and outputs
            is_whole = is_whole and all({"path", "bytes"} <= file.keys() for file in files)
            is_whole = is_whole and all(output.keys() >= _OUTPUT for output in outputs)
        except (OSError, ValueError, TypeError, AttributeError, LookupError) as error:
            what = "{path} cannot be read ({error}). Run npa refresh --force."
            raise WarehouseFault(what, path=path, error=repr(error)) from error
        if not is_whole:
            raise WarehouseFault("{path} is not the manifest of a release. Run npa refresh --force.", path=path)
        return dict(manifest)

    def release_ids(self) -> list[str]:
        """Return the ids of the complete releases, the newest first, with those that cannot be read."""
        with _readable(self.releases):
            paths = list(self.releases.iterdir()) if self.releases.is_dir() else []
        return sorted((path.name for path in paths if _is_release(path)), reverse=True)

    def current_id(self) -> str | None:
        """Return the id of the release that `current` leads to, even if it is damaged; None before the first."""
        return self.current.readlink().name if self.current.is_symlink() else None

    def published(self, fingerprint: str) -> str | None:
        """Return the id of the current release if it was made from this input, and its files have their sizes."""
        try:
            release = self.current_release()
            manifest = self.manifest(release)
            is_whole = all(size_of(release / file["path"]) == file["bytes"] for file in manifest["files"])
        except (NpaError, PermissionError):
            self.check_link()
            return None
        return str(manifest["release_id"]) if is_whole and manifest["input_fingerprint"] == fingerprint else None

    @contextlib.contextmanager
    def writing(self, task: str, wait: float = 0.0) -> Iterator[Turn]:
        """Be the one writer, to do `task`, after waiting for at most `wait` seconds; remove what dead runs left. Raises
        WarehouseFault if another process goes on writing."""
        with faults_of(self.root):
            new_folders = [folder for folder in (self.releases, *self.releases.parents) if not folder.exists()]
            self.releases.mkdir(parents=True, exist_ok=True)
            for folder in new_folders:
                make_readable(folder)
            self.check_link()
        with contextlib.ExitStack() as stack:
            with faults_of(self.root):
                turn = stack.enter_context(locked(self.lock, task, wait))
            self._clear()
            yield turn

    @contextlib.contextmanager
    def staging(self, release_id: str) -> Iterator[Path]:
        """Yield a folder to build a release in, which is removed at the end unless it was published."""
        folder = self.root / f".staging-{release_id}"
        try:
            with faults_of(self.root):
                folder.mkdir()
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _clear(self) -> None:
        """Remove what runs that died left half done, and print it; a failure stops no run. A release whose link was not
        yet switched was never seen by readers: it is removed too."""
        for link in self.root.glob(f"{NEW}*"):
            release = self.releases / link.name.removeprefix(NEW)
            if release.name != self.current_id() and release.exists():
                with _tolerated(release):
                    release.rename(link.with_name(f".staging-{release.name}"))
        for path in sorted(self.root.glob(".staging-*")):
            with _tolerated(path):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
                print(f"cleared away {path.name}, left over by a run that died", file=sys.stderr)


@contextlib.contextmanager
def _tolerated(path: Path) -> Iterator[None]:
    """Print a failure to remove `path`, and go on."""
    try:
        yield
    except OSError as error:
        print(f"{error.filename or path} cannot be cleared away: {error.strerror}", file=sys.stderr)


@contextlib.contextmanager
def faults_of(root: Path) -> Iterator[None]:
    """Raise WarehouseFault for what the file system refuses."""
    try:
        yield
    except OSError as error:
        what = (
            "{where}: {reason}. The warehouse cannot be written; nothing was published, and the last "
            "good release stays current."
        )
        raise WarehouseFault(what, where=error.filename or root, reason=error.strerror or error) from error


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Raise WarehouseFault for what cannot be read."""
    try:
        yield
    except OSError as error:
        what = (
            "{path} cannot be read ({reason}). Let npa read it, or run npa refresh --force, which makes a release anew."
        )
        raise WarehouseFault(what, path=path, reason=error.strerror) from error


def _is_release(path: Path) -> bool:
    try:
        return (path / "manifest.json").is_file()
    except PermissionError:
        return True
