"""Files packed by gzip or as a zip of one file: unpacked in pieces, never in memory, up to the limits of a file.

Workbooks are zips too, and stay as they are."""

import errno
import gzip
import lzma
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from flows.sources.formats.files.refusals import LARGEST_FILE, LARGEST_RATIO, NO_BOMB, problem, size_of
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.text.encodings import signature

_CHUNK = 1 << 18  # bytes
_SIGNED = 16  # bytes by which a format is known
_LISTED = 5  # files of a zip that a message names
_OFFICE = ("xl/", "word/", "ppt/", "content.xml", "[Content_Types].xml")  # parts of workbooks and other documents
_DAMAGES = (EOFError, BadZipFile, gzip.BadGzipFile, NotImplementedError, ValueError, lzma.LZMAError, struct.error,
            zlib.error)  # fmt: skip


def packing(path: Path) -> str | None:
    """Return "gzip" or "zip" for a file that is packed, None for any other, and for workbooks. Raises as `unpacked`."""
    with path.open("rb") as file:
        kind = signature(file.read(_SIGNED))
    is_packed = kind == "gzip" or (kind == "zip" and not _is_office(path))
    return kind if is_packed else None


def unpacked(path: Path, folder: Path) -> Path:
    """Return the file itself if it is not packed, else a copy of what is in it, under its own name below `folder`.

    Raises InputProblem for a zip of no or several files, for one with a password, for what is damaged, unpacks to more
    than is read, or is packed twice; OSError."""
    if not (kind := packing(path)):
        return path
    copy = Path(mkdtemp(dir=folder)) / path.name
    packed = path.stat().st_size
    with copy.open("wb") as target, gzip.GzipFile(path) if kind == "gzip" else _only_file(path) as content:
        for piece in _pieces(content):
            target.write(piece)
            _check_size(target.tell(), packed)
    if packing(copy):
        raise InputProblem("the file is packed twice", "Unpack it, and put the file that is in it there.")
    return copy


def _is_office(path: Path) -> bool:
    names = [info.filename.replace("\\", "/").lstrip("/") for info in _listed(path)]
    return len(names) > 1 and any(name.startswith(_OFFICE) for name in names)


def _listed(path: Path) -> list[ZipInfo]:
    fault = InputProblem("the file begins as a zip and is cut off or damaged", "Get the whole file again.")
    with _reading(fault), ZipFile(path) as archive:
        return archive.infolist()


@contextmanager
def _reading(fault: InputProblem) -> Iterator[None]:
    """Raise `fault` for an error about the contents of a file; an OSError of the disk passes."""
    try:
        yield
    except _DAMAGES as error:
        raise fault from error
    except OSError as error:
        if error.errno not in (None, errno.EINVAL):  # None is of bz2; EINVAL is a place before the file's beginning
            raise
        raise fault from error


@contextmanager
def _only_file(path: Path) -> Iterator[IO[bytes]]:
    """Open the only file of a zip, and close both after; folders, and what macOS and desktops add unseen, are none."""
    files = [info for info in _listed(path) if not (info.is_dir() or _is_added(info.filename))]
    if len(files) != 1:
        listed = ", ".join(info.filename for info in files[:_LISTED]) + (", …" if len(files) > _LISTED else "")
        what = sentence("the zip has {count} files, and npa reads a zip of one", count=len(files))
        raise InputProblem(what, "Unpack it, and put the files of the data set there.", value=listed or None)
    if files[0].flag_bits & 1:
        raise InputProblem("the zip has a password", "Unpack it, and put the file that is in it there.")
    with ZipFile(path) as archive:
        with _reading(_damaged()):
            content = archive.open(files[0])
        with content:
            yield content


def _is_added(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _pieces(content: gzip.GzipFile | IO[bytes]) -> Iterator[bytes]:
    while True:
        with _reading(_damaged()):
            piece = content.read(_CHUNK)
        if not piece:
            return
        yield piece


def _damaged() -> InputProblem:
    what = "what is packed in the file is damaged or cut off, or packed by a method that npa does not know"
    return InputProblem(what, "Get the whole file again, or unpack it and put the file that is in it there.")


def _check_size(size: int, packed: int) -> None:
    if size > LARGEST_FILE:
        what, remedy = "what is packed in the file has more than {size}", "Divide it, or take what is needed of it."
        raise problem(what, None, remedy, size=size_of(LARGEST_FILE))
    if size > NO_BOMB and size > LARGEST_RATIO * packed:
        what = "the file unpacks to more than {ratio} times its size, as files do that are made to fill a disk"
        raise problem(
            what, None, "If it is right, unpack it and put the file that is in it there.", ratio=LARGEST_RATIO
        )
