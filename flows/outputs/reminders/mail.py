"""A letter as a mail: the standard library's message, which mail programs open as a draft."""

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Policy(EmailPolicy):
    """SMTP's, but for the type of a workbook: it is longer than a line, and Python would encode it, so that no program
    knows it again."""

    def fold_binary(self, name: str, value: str) -> bytes:
        is_type = name.lower() == "content-type"
        return (SMTP.clone(max_line_length=900) if is_type else SMTP).fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n")


def mail(
    subject: str, text: str, to: Address, sender: Address | None, attachments: Mapping[str, bytes]
) -> EmailMessage:
    """Return a draft: without a day, and without a sender where none is set. Attachments are workbooks, by name."""
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = subject
    if sender:
        message["From"] = sender
    message["To"] = to
    message["X-Unsent"] = "1"  # Outlook then opens it for writing
    message.set_content(text, cte="base64")  # no server on the way need take eight bits
    for name, data in attachments.items():
        # In both headers: mail programs read one or the other.
        message.add_attachment(data, "application", _XLSX, filename=name, params={"name": name})
    if attachments:
        message.set_boundary("=_npa_=")  # in no base64; without it, the same mail would be other bytes each time
    return message


def to_send(draft: EmailMessage, moment: datetime, message_id: str) -> EmailMessage:
    """Return a draft as it is sent."""
    del draft["X-Unsent"]
    draft["Date"] = format_datetime(moment)
    draft["Message-ID"] = message_id
    return draft


def address(name: str, email: str) -> Address:
    """Return the address of a person; a name keeps no character that ends a header."""
    return Address("".join(character if character.isprintable() else " " for character in name), addr_spec=email)
