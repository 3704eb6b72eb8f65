"""An input file, and how to see that it changes while it is read. Imports nothing heavy."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from transforms.errors import WarehouseFault
from transforms.quality.catalogue import Message


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file of the raw data: its path, its SHA-256, and why it cannot be read."""

    path: Path
    sha256: str
    fault: Message | None = None
    state: tuple[int, ...] = ()  # `file_state` before it was read


def file_state(path: Path) -> tuple[int, ...]:
    """Return what changes when a file is written, or another takes its place."""
    state = path.stat()
    return state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns


def check_exists(path: Path, name: str) -> None:
    """Raise WarehouseFault if nothing is there any more; a link that leads nowhere is something."""
    if not path.exists() and not path.is_symlink():
        raise _vanished(name)


def _vanished(name: str) -> WarehouseFault:
    what = "{name} was taken away while the inputs were read. Nothing was published; try again."
    return WarehouseFault(what, name=name)


def check_unchanged(files: Mapping[str, InputFile]) -> None:
    """Raise WarehouseFault for the first file, by name, that changed since it was hashed: another try sees it whole."""
    for name, file in files.items():
        try:
            is_same = file.fault is not None or file_state(file.path) == file.state
        except FileNotFoundError:
            raise _vanished(name) from None
        except OSError as error:
            what = "{name} can be read no more ({reason}). Nothing was published."
            raise WarehouseFault(what, name=name, reason=error.strerror) from error
        if not is_same:
            raise WarehouseFault("{name} changed while it was read. Nothing was published; try again.", name=name)
