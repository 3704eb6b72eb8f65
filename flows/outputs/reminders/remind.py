"""`npa remind`: letters to the agencies that owe something, written into a folder."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import duckdb

from flows.outputs.agency_languages import agency_languages
from flows.outputs.connection import agency_id_of, fetch, interruptible, opened
from flows.outputs.files import delivered_together
from flows.outputs.reminders.debts import Debt, debts_of
from flows.outputs.reminders.ledger import sent_on
from flows.outputs.reminders.letter import Letter, letter_to
from flows.outputs.reminders.mail import address, mail
from flows.releases.warehouse import Warehouse
from flows.runtime.settings import mail_sender
from flows.sources.reports.contacts import read_contacts
from transforms.errors import InputProblem, InputRejected
from transforms.reports.registers.contacts import Contact

_NOUNS = {"missing": "reports missing", "due": "due soon", "refused": "rows refused"}
_NOUNS |= {"contradiction": "contradictions"}
DAYS = 30  # in which a report that is due soon is due


@dataclass(frozen=True, slots=True)
class Asked:
    """Which letters: to one agency (None: to all), in a language (None: in that of each contact), about reports due
    within so many days of `as_of` (None: that of the release)."""

    agency: str | None = None
    language: str | None = None
    as_of: date | None = None
    days: int = DAYS


@dataclass(frozen=True, slots=True)
class Reminder:
    """What an agency owes on a day, and who of it is told in one language."""

    agency_id: str
    language: str
    day: date
    debts: list[Debt]
    contacts: list[Contact]

    def letter(self, con: duckdb.DuckDBPyConnection) -> Letter:
        """Return the letter about it."""
        return letter_to(con, self.agency_id, self.language, self.day, self.debts)


def write_reminders(
    warehouse: Warehouse, raw: Path, asked: Asked, output: Path, problems: list[InputProblem] | None = None
) -> list[str]:
    """Write a folder for each agency that owes something: the letter, its workbooks, and a mail for each address;
    return a line for each, and one on refused rows of no agency. What is wrong with contacts.csv is added to
    `problems`, and there are no mails then; without that list InputRejected is raised."""
    with opened(warehouse.current_release() / "npa.duckdb") as con, delivered_together(output, warehouse) as draft:
        last = sent_on(warehouse)
        found = interruptible(con, lambda: reminders(con, raw, asked, problems))
        return interruptible(con, lambda: [*_write(con, draft, found, last), *_of_nobody(con)])


def reminders(
    con: duckdb.DuckDBPyConnection, raw: Path, asked: Asked, problems: list[InputProblem] | None = None
) -> list[Reminder]:
    """Return what each agency owes, by agency and language."""
    (release,) = fetch(con, "SELECT as_of FROM release")
    agency_id = agency_id_of(con, asked.agency) if asked.agency else None
    contacts, faults = read_contacts(raw, [row["agency_id"] for row in fetch(con, "SELECT agency_id FROM dim_agency")])
    if faults and problems is None:
        raise InputRejected(faults)
    if problems is not None and faults:
        problems += faults
        contacts = []
    day = asked.as_of or release["as_of"]
    found, usual = [], agency_languages(con)
    for agency, debts in debts_of(con, day, asked.days, agency_id).items():
        own = [contact for contact in contacts if contact.agency_id == agency]
        told_in: list[str] = sorted({each.language for each in own})
        languages = [asked.language] if asked.language else told_in or [usual[agency]]
        for language in languages:
            told = [each for each in own if asked.language or each.language == language]
            found.append(Reminder(agency, language, day, debts, told))
    return found


def _write(
    con: duckdb.DuckDBPyConnection, folder: Path, found: list[Reminder], last: Mapping[str, date]
) -> Iterator[str]:
    """Write the letters, and yield a line for each; `last` is the day of the last mail to an agency."""
    if not found:
        yield "no agency owes anything: nothing was written"
    for reminder in found:
        letter, stem = reminder.letter(con), f"{reminder.agency_id}/letter-{reminder.language}"
        (folder / letter.agency_id).mkdir(exist_ok=True)
        workbooks = workbooks_of(con, letter, folder / letter.agency_id)
        text = letter.text().replace("\n", "\r\n")
        (folder / f"{stem}.txt").write_text(text, encoding="utf-8-sig", newline="")  # for old programs
        for number, contact in enumerate(reminder.contacts, 1):
            message = mail_to(contact, letter, workbooks)
            suffix = f"-{number}" if len(reminder.contacts) > 1 else ""
            (folder / f"{stem}{suffix}.eml").write_bytes(message.as_bytes())
        count = f"{len(reminder.contacts)} mails" if reminder.contacts else "no address in contacts.csv"
        before = f"; last mail on {last[letter.agency_id]}" if letter.agency_id in last else ""
        yield f"{letter.agency_id} ({letter.language}): {', '.join(_counted(letter))}; {count}{before}"


def workbooks_of(con: duckdb.DuckDBPyConnection, letter: Letter, folder: Path) -> dict[str, bytes]:
    """Write the workbooks of a letter into a folder, and return them by name."""
    for kind, name in letter.attachments.items():
        letter.write_attachment(con, kind, folder / name)
    return {name: (folder / name).read_bytes() for name in letter.attachments.values()}


def mail_to(contact: Contact, letter: Letter, workbooks: dict[str, bytes]) -> EmailMessage:
    """Return a letter as a mail to a contact."""
    sender = address("", mail_sender()) if mail_sender() else None
    return mail(letter.subject, letter.text(), address(contact.name, contact.email), sender, workbooks)


def _counted(letter: Letter) -> Iterator[str]:
    """Yield how much of each kind is owed."""
    counts = Counter[str]()
    for debt in letter.debts:
        counts[debt.kind] += debt.rows[0].get("reports", 1)
    yield from (f"{counts[kind]} {noun}" for kind, noun in _NOUNS.items() if counts[kind])


def _of_nobody(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    sql = "SELECT count(*) AS n FROM rejected_row WHERE state = 'open' AND agency_id IS NULL"
    (row,) = fetch(con, sql)
    if row["n"]:
        yield f"{row['n']} refused rows or files name no agency, and are in no letter (npa rejected lists them)"
