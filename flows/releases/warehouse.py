"""The warehouse: releases, the link to the current one, what its one writer does. Imports nothing heavy."""

import contextlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.releases.recovery import clear
from flows.releases.writer_lock import Locked, Turn, locked
from flows.runtime.files import make_readable, size_of
from transforms.errors import NoRelease, NpaError, WarehouseFault
from transforms.quality.text import sentence

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

    @property
    def lock(self) -> Path:
        """What its one writer locks."""
        return self.root / ".lock"

    @property
    def log(self) -> Path:
        """What came of every attempt to refresh."""
        return self.root / "refresh_log.jsonl"

    @property
    def last_manifest(self) -> Path:
        """A copy of the manifest of the release that was published last."""
        return self.root / "last_manifest.json"

    @property
    def cache(self) -> Path:
        """Results that the next refresh may need; safe to delete."""
        return self.root / "cache"

    def check_link(self) -> None:
        """`current` is a link, or nothing is there yet."""
        if self.current.exists() and not self.current.is_symlink():
            raise WarehouseFault(
                sentence(
                    "{current} is not the link that npa keeps there, but a folder or file. Move it away, "
                    "then run npa refresh: the releases themselves stand in {releases}.",
                    current=self.current,
                    releases=self.releases,
                )
            )

    def current_release(self) -> Path:
        """Folder of the current release."""
        self.check_link()
        if self.root.exists() and not self.root.is_dir():
            raise WarehouseFault(
                sentence("{root} is no folder. Name the folder of releases by --warehouse.", root=self.root)
            )
        if not self.current.is_symlink():
            raise NoRelease(
                sentence(
                    "{root} holds no release yet. Run npa refresh, or name another folder by --warehouse.",
                    root=self.root,
                )
            )
        with _readable(self.current):
            is_complete = (self.current / "manifest.json").is_file()
        if not is_complete:
            raise WarehouseFault(
                sentence(
                    "{current} leads to {target}, which is no complete release. Run npa refresh --force.",
                    current=self.current,
                    target=self.current.readlink(),
                )
            )
        return self.current.resolve()

    def manifest(self, release: Path) -> dict[str, Any]:
        """What a release says of itself."""
        return self.read_manifest(release / "manifest.json")

    @staticmethod
    def read_manifest(path: Path) -> dict[str, Any]:
        """What the file of a manifest says."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            files, outputs = found["files"], found["outputs"]
            is_whole = found.keys() >= _PARTS and bool(files) and bool(outputs)
            is_whole &= all({"path", "bytes"} <= file.keys() for file in files)
            is_whole &= all(output.keys() >= _OUTPUT for output in outputs)
        except (OSError, ValueError, TypeError, AttributeError, LookupError) as error:
            raise WarehouseFault(
                sentence("{path} cannot be read ({error}). Run npa refresh --force.", path=path, error=repr(error))
            ) from error
        if not is_whole:
            raise WarehouseFault(
                sentence("{path} is not the manifest of a release. Run npa refresh --force.", path=path)
            )
        return dict(found)

    def release_ids(self) -> list[str]:
        """Ids of the complete releases, the newest first; those that cannot be read are among them."""
        with _readable(self.releases):
            found = list(self.releases.iterdir()) if self.releases.is_dir() else []
        return sorted((path.name for path in found if _is_release(path)), reverse=True)

    def current_id(self) -> str | None:
        """Id of the release that `current` leads to, whether or not that is whole; None before the first."""
        return self.current.readlink().name if self.current.is_symlink() else None

    def published(self, fingerprint: str) -> str | None:
        """Id of the current release if it was made from just this input, and all its files are there, as large as they
        were when it was published."""
        try:
            release = self.current_release()
            manifest = self.manifest(release)
            is_whole = all(size_of(release / file["path"]) == file["bytes"] for file in manifest["files"])
        except (NpaError, PermissionError):
            self.check_link()
            return None
        if manifest["input_fingerprint"] != fingerprint:
            return None
        return str(manifest["release_id"]) if is_whole else None

    @contextlib.contextmanager
    def writing(self, task: str, wait: float = 0.0) -> Iterator[Turn]:
        """Be the one writer, to do `task`, waiting for another for `wait` seconds at most. What dead runs left over is
        cleared away. Raises WarehouseFault where another goes on writing."""
        with faults_of(self.root):
            made = [folder for folder in (self.releases, *self.releases.parents) if not folder.exists()]
            self.releases.mkdir(parents=True, exist_ok=True)
            for folder in made:
                make_readable(folder)
            self.check_link()
        with contextlib.ExitStack() as held:
            try:
                with faults_of(self.root):
                    turn = held.enter_context(locked(self.lock, task, wait))
            except Locked as fault:
                who = sentence("another {task}", task=fault.holder.task) if fault.holder else sentence("another run")
                raise WarehouseFault(
                    sentence(
                        "{who} is writing to {root} ({holder}). Wait until it has ended, or have npa wait: --wait 600.",
                        who=who,
                        root=self.root,
                        holder=fault.holder or sentence("it has not said who it is"),
                    )
                ) from None
            clear(self.root, self.releases, self.current_id())
            yield turn

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


@contextlib.contextmanager
def faults_of(root: Path) -> Iterator[None]:
    """Say in a sentence what the file system refuses."""
    try:
        yield
    except OSError as error:
        where = error.filename or root
        raise WarehouseFault(
            sentence(
                "{where}: {reason}. The warehouse cannot be written; nothing was published, and the last "
                "good release stands.",
                where=where,
                reason=error.strerror or error,
            )
        ) from error


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say in a sentence what cannot be looked at."""
    try:
        yield
    except OSError as error:
        raise WarehouseFault(
            sentence(
                "{path} cannot be read ({reason}). Let npa read it, or run npa refresh --force, which "
                "makes a release anew.",
                path=path,
                reason=error.strerror,
            )
        ) from error


def _is_release(path: Path) -> bool:
    try:
        return (path / "manifest.json").is_file()
    except PermissionError:
        return True
