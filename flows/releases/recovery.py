"""What runs that died left over: found by its name, cleared away by the next one, and said. Imports nothing heavy."""

import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

NEW = ".staging-new-"  # the link to a release that is about to be published, until it becomes `current`


def clear(root: Path, releases: Path, current: str | None) -> None:
    """Clear a warehouse of what is half done, to be called by its one writer. Says on standard error what it removes,
    and what it cannot: that fails no run."""
    for link in sorted(root.glob(f"{NEW}*")):
        _take_out(link, releases, current)
    for left in sorted(root.glob(".staging-*")):
        if _done(partial(_remove, left), left):
            print(f"cleared away {left.name}, left over by a run that died", file=sys.stderr)


def _take_out(link: Path, releases: Path, current: str | None) -> None:
    """Of a run that died before it led readers to its release: that is taken out of the releases, to be cleared too."""
    release_id = link.name.removeprefix(NEW)
    place = releases / release_id
    if release_id != current and place.exists():
        _done(lambda: place.rename(link.with_name(f".staging-{release_id}")), place)


def _remove(left: Path) -> None:
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left)
    else:
        left.unlink()


def _done(deed: Callable[[], object], path: Path) -> bool:
    try:
        deed()
    except OSError as error:
        print(f"{error.filename or path} cannot be cleared away: {error.strerror}", file=sys.stderr)
        return False
    return True
