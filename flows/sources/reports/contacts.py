"""contacts.csv, next to the folders of the raw data: read when npa writes to people, and by no refresh."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from flows.sources.root_entries import CONTACTS
from transforms.errors import InputProblem, WarehouseFault

if TYPE_CHECKING:
    from transforms.reports.registers.contacts import Contact


def read_contacts(raw: Path, agencies: Collection[str]) -> "tuple[list[Contact], list[InputProblem]]":
    """Return the rows of contacts.csv, none without the file, and what is wrong with it. Raises WarehouseFault if the
    file cannot be read."""
    try:
        data = (raw / CONTACTS).read_bytes()
    except FileNotFoundError:
        return [], []
    except OSError as error:
        what = "{path} cannot be read: {reason}. Let npa read it."
        raise WarehouseFault(what, path=raw / CONTACTS, reason=error.strerror) from error
    from transforms.reports.registers.contacts import read_contacts as read

    return read(data, CONTACTS, agencies)
