"""contacts.csv: to whom reminders go. It holds names and addresses of persons, and enters no release."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Literal

from transforms.errors import InputProblem, problem_in
from transforms.quality.text import sentence
from transforms.tables.strict_csv import Cell, TableRow, Text, read_table

# What mail servers everywhere accept: moes@example.tj. Letters of other alphabets, and several addresses, are none.
_ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([\w-]+\.)+[\w-]{2,}", re.ASCII)


class Contact(TableRow):
    """A person or office that is written to."""

    file = "contacts.csv"
    agency_id: Text
    name: Cell
    email: Text
    language: Literal["en", "ru", "tg"]


def read_contacts(data: bytes, path: str, agencies: Collection[str]) -> tuple[list[Contact], list[InputProblem]]:
    """Return the rows of the table at `path`, and what is wrong with it. `agencies` are the ids of those that exist."""
    read = list(read_table(Contact, data, path))
    contacts = [row for row in read if isinstance(row, Contact)]
    problems = [row for row in read if isinstance(row, InputProblem)]
    return contacts, [*problems, *_faults(contacts, path, agencies)]


def _faults(contacts: list[Contact], path: str, agencies: Collection[str]) -> Iterator[InputProblem]:
    """Yield the unknown agencies, what is no address, and the second row of an address of an agency."""
    lines: dict[tuple[str, str], int] = {}
    for row in contacts:
        if row.agency_id not in agencies:
            near = get_close_matches(row.agency_id, agencies, 1)
            hint = sentence("The nearest id is {agency_id}. ", agency_id=near[0]) if near else ""
            what, remedy = "no agency has this id", "{hint}Write the id that the table dim_agency has."
            yield problem_in(path, row.line, what, remedy, row.agency_id, hint=hint)
        if not _ADDRESS.fullmatch(row.email):
            what = "email: it is no address"
            remedy = "Write one address, like office@moes.example; of several, a row each."
            yield problem_in(path, row.line, what, remedy, row.email)
        if (first := lines.setdefault((row.agency_id, row.email.casefold()), row.line)) != row.line:
            what, remedy = "the address is in line {first} already", "Keep one of the two rows."
            yield problem_in(path, row.line, what, remedy, row.email, first=first)
