"""Files that are written whole or not at all, and who may read them. Imports nothing heavy."""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path


def make_readable(path: Path | int) -> None:
    """Let everybody read a file or folder, by its path or handle; only the owner may write. Raises OSError."""
    mode = os.stat(path).st_mode  # noqa: PTH116
    right = 0o755 if stat.S_ISDIR(mode) else 0o644
    if stat.S_IMODE(mode) != right:  # chmod fails for files of other users, even if it would change nothing
        os.chmod(path, right)  # noqa: PTH101


@contextlib.contextmanager
def replacing(path: Path, temporary: Path) -> Iterator[None]:
    """Replace `path` by the file `temporary`, which the block writes on the same disk, in one rename after its bytes
    are on the disk. If the block or the disk fails, remove `temporary` and leave `path` as it was. Raises OSError."""
    try:
        yield
        sync(temporary)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Write a file, or the entries of a folder, to the disk before anything that follows. Raises OSError."""
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
    """Return the bytes of a file; None if it does not exist."""
    return path.stat().st_size if path.is_file() else None
