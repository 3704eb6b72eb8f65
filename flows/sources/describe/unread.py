"""The composite codes of a file that nothing reads, by the dataset.toml that describes the file already."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flows.sources.input_file import InputFile
from flows.sources.statistics.datasets import DESCRIPTION, Received, receive_folder
from flows.sources.statistics.load import MEMORY, database
from flows.sources.statistics.staged_files import stage_files
from transforms.statistics.loading.staging import Staging, prepare
from transforms.statistics.loading.unread_codes import unread_codes
from transforms.statistics.loading.validation import Judged


def unread_lines(path: Path) -> list[str]:
    """Return a line for each composite code of a file that nothing in [[composite]] reads, or what is wrong with the
    dataset.toml in a folder above; none where that does not name the file, or has no [[composite]]."""
    path = path.absolute()
    home = next((folder for folder in path.parents if (folder / DESCRIPTION).is_file()), None)
    if home is None:
        return []
    files = {file.relative_to(home).as_posix(): InputFile(file, "") for file in home.rglob("*") if file.is_file()}
    received, problems = receive_folder(home.name, files)
    if received is None:
        return [f"- {problem}" for problem in problems]
    name = f"{home.name}/{path.relative_to(home).as_posix()}"
    is_composite = name in received.files and received.dataset.composite
    return list(_lines(replace(received, files={name: path}))) if is_composite else []


def _lines(received: Received) -> Iterator[str]:
    judged = Judged()
    with tempfile.TemporaryDirectory(prefix="npa-describe-") as name, database(Path(name), MEMORY) as con:
        staging = Staging(con, received.dataset, prepare(con, received.dataset, {}))
        stage_files(staging, received, Path(name), judged)
        yield from (f"- {problem}" for problem in judged.problems)
        for file, column, codes in unread_codes(staging):
            yield f"{column}: {len(codes):,} of {len(file.composite[column]):,}"
            yield from (f"    {code.text}  {code.label[:80]}".rstrip() + f"  ×{code.rows:,}" for code in codes)
