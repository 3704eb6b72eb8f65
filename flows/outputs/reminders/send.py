"""`npa remind --send`: each letter by mail to its contacts, never twice about one thing on one day."""

import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.outputs.connection import opened
from flows.outputs.reminders.ledger import Entry, Ledger, entry, open_ledger
from flows.outputs.reminders.mail import to_send
from flows.outputs.reminders.remind import Asked, Reminder, mail_to, reminders, workbooks_of
from flows.outputs.reminders.smtp import NotTaken, connected, hand_over
from flows.releases.warehouse import Warehouse
from flows.runtime.settings import MailServer
from transforms.errors import WarehouseFault
from transforms.reports.registers.contacts import Contact


def send_reminders(
    warehouse: Warehouse, raw: Path, asked: Asked, server: MailServer, today: date, wait: float
) -> Iterator[str]:
    """Send a mail to each address about what was not sent to it today, and yield a line for each.

    Raises WarehouseFault if the server cannot be reached, if the connection ends, and at the end if the server did not
    take some of the mails."""
    failed = []
    with (
        opened(warehouse.current_release() / "npa.duckdb") as con,
        open_ledger(warehouse, wait) as ledger,
        TemporaryDirectory(prefix="npa-") as scratch,
    ):
        unsent = [*_unsent(reminders(con, raw, asked), ledger, today)]
        if not unsent:
            yield "nothing to send: no address, or all was sent today"
            return
        with connected(server) as smtp:
            for reminder, contact in unsent:
                letter = reminder.letter(con)
                about = entry(today, letter.agency_id, contact.email, (debt.cause for debt in letter.debts))
                draft = mail_to(contact, letter, workbooks_of(con, letter, Path(scratch)))
                name = f"<{about.key}@{server.sender.rpartition('@')[2]}>"
                ledger.write(about, "begun")
                if why := _refusal(smtp, to_send(draft, datetime.now(UTC), name), about):
                    failed.append(f"{letter.agency_id}: {why}")
                ledger.write(about, "failed" if why else "sent", why)
                yield f"{letter.agency_id} ({letter.language}): {'not sent' if why else 'sent'}"
    if failed:
        what = "the mail server did not take {n} of the mails: {reasons}. They may be sent again."
        raise WarehouseFault(what, n=len(failed), reasons="; ".join(failed))


def _refusal(smtp: smtplib.SMTP, message: EmailMessage, about: Entry) -> str:
    """Hand over a mail, and return why the server refuses it; an empty text if it does not. Raises WarehouseFault if
    nobody knows."""
    try:
        hand_over(smtp, message)
    except NotTaken as error:
        return str(error)
    except (OSError, smtplib.SMTPException) as error:
        what = (
            "the connection to the mail server ended while the mail to {agency_id} was handed over ({reason}). It may "
            "have arrived, so it is not sent again today. Run npa remind --send once more for the others."
        )
        raise WarehouseFault(what, agency_id=about.agency_id, reason=str(error) or type(error).__name__) from error
    return ""


def _unsent(found: list[Reminder], ledger: Ledger, today: date) -> Iterator[tuple[Reminder, Contact]]:
    """Yield what each contact is to be told, without what it was told today."""
    for reminder in found:
        for contact in reminder.contacts:
            sent = ledger.sent_on(today, reminder.agency_id, contact.email)
            if left := [debt for debt in reminder.debts if debt.cause not in sent]:
                yield replace(reminder, debts=left), contact
