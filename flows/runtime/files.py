"""Files that are whole or not there: how they are written, and who may read them. Imports nothing heavy."""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

FOLDER, FILE = 0o755, 0o644


def make_readable(path: Path | int) -> None:
    """Let everybody read a file or folder, by its path or handle; only the owner may write. Raises OSError."""
    mode = os.stat(path).st_mode  # noqa: PTH116
    wanted = FOLDER if stat.S_ISDIR(mode) else FILE
    if stat.S_IMODE(mode) != wanted:  # what belongs to another is left alone where it is right
        os.chmod(path, wanted)  # noqa: PTH101


@contextlib.contextmanager
def replacing(path: Path, aside: Path) -> Iterator[None]:
    """Put the file `aside`, which the block writes on the same disk, in the place of `path`, by one rename after its
    bytes are on the disk. Where the block or the disk fails, `aside` is removed, and `path` is what it was.

    Raises OSError."""
    try:
        yield
        sync(aside)
        aside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Have a file, or the entries of a folder, on the disk before what comes next."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def link(source: Path, target: Path) -> None:
    """Give a file that nobody writes to again a second name, or copy it if the file system cannot. Raises OSError."""
    target.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        os.link(source, target)
        return
    shutil.copyfile(source, target)


def size_of(path: Path) -> int | None:
    """Bytes of a file; None where there is none."""
    return path.stat().st_size if path.is_file() else None
