"""Files that change or vanish while they are read: what was read of them is not to be trusted. Nothing heavy."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from transforms.errors import WarehouseFault
from transforms.quality.text import sentence


class Seen(Protocol):
    """An input file as it was seen first."""

    @property
    def path(self) -> Path:
        """Where it is."""

    @property
    def fault(self) -> object:
        """Why it could not be read at all."""

    @property
    def state(self) -> tuple[int, ...]:
        """What `file_state` was before it was read."""


def file_state(path: Path) -> tuple[int, ...]:
    """What changes when a file is written, or another takes its place."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def is_gone(path: Path) -> bool:
    """Whether nothing is there any more; a link that leads nowhere is something."""
    return not path.exists() and not path.is_symlink()


def vanished(name: str) -> WarehouseFault:
    """Of a file that was there when its folder was read."""
    return WarehouseFault(
        sentence("{name} was taken away while the inputs were read. Nothing was published; try again.", name=name)
    )


def check_unchanged(*kinds: Mapping[str, Seen]) -> None:
    """Raises WarehouseFault that names the first file, of those by name, that is not what it was: another try sees it
    whole."""
    for name, file in _items(kinds):
        if file.fault is not None:
            continue
        try:
            is_same = file_state(file.path) == file.state
        except FileNotFoundError:
            raise vanished(name) from None
        except OSError as error:
            raise WarehouseFault(
                sentence(
                    "{name} can be read no more ({reason}). Nothing was published.", name=name, reason=error.strerror
                )
            ) from error
        if not is_same:
            raise WarehouseFault(
                sentence("{name} changed while it was read. Nothing was published; try again.", name=name)
            )


def _items(kinds: Iterable[Mapping[str, Seen]]) -> Iterable[tuple[str, Seen]]:
    for files in kinds:
        yield from files.items()
