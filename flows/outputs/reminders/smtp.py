"""The mail server: connected once, encrypted, and asked to take one mail after the other."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from email.message import EmailMessage

from flows.runtime.settings import MailServer
from transforms.errors import WarehouseFault
from transforms.printable import printable

_TIMEOUT = 60.0  # seconds


class NotTaken(Exception):
    """A mail that the server has refused for certain: it may be sent again."""


@contextlib.contextmanager
def connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Yield a connection. Raises WarehouseFault if there is none; the password is in no message."""
    try:
        smtp = _connect(server)
    except (OSError, smtplib.SMTPException) as error:
        what = "the mail server {host}:{port} did not let npa in: {reason}. Check the settings NPA_SMTP_…"
        reason = printable(_reason(error))
        raise WarehouseFault(what, host=server.host, port=server.port, reason=reason) from None
    with smtp:
        yield smtp


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT)
    try:
        if server.security == "starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def hand_over(smtp: smtplib.SMTP, message: EmailMessage) -> None:
    """Give a mail to the server. Raises NotTaken if the server refuses it; OSError or SMTPException where the
    connection ends, and nobody knows."""
    try:
        smtp.send_message(message)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as error:
        raise NotTaken(printable(_reason(error))) from None


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        error = smtplib.SMTPResponseException(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        return f"{error.smtp_code} {' '.join(said.split())}"
    return str(error) or type(error).__name__
