"""A mail server of a test: it speaks enough of SMTP, with STARTTLS and a password, to be sent real mails."""

import base64
import contextlib
import socket
import socketserver
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO, cast

PASSWORD = "s3cret-w0rd"


class MailServer:
    """A server on this machine. `refuses` are recipients that it does not know; `breaks` ends the connection after a
    mail has come in, before it is confirmed."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses: set[str] = set()
        self.breaks = False
        self.was_encrypted: list[bool] = []
        outer = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if certificate:
            context.load_cert_chain(certificate)

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):  # a client that does not trust the certificate
                    outer._talk(self.request, context if certificate else None)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _talk(self, plain: socket.socket, context: ssl.SSLContext | None) -> None:
        with contextlib.ExitStack() as stack:
            connection, is_encrypted = plain, False
            lines = stack.enter_context(plain.makefile("rb"))

            def say(text: str) -> None:
                connection.sendall(text.encode() + b"\r\n")

            say("220 test")
            while line := lines.readline():
                verb, _, rest = line.decode().strip().partition(" ")
                match verb.upper():
                    case "EHLO":
                        say("\r\n".join(["250-test", *["250-STARTTLS"] * bool(context), "250 AUTH PLAIN"]))
                    case "STARTTLS" if context:
                        say("220 go on")
                        connection = stack.enter_context(_encrypted(connection, context))
                        lines, is_encrypted = stack.enter_context(connection.makefile("rb")), True
                    case "AUTH":
                        secret = base64.b64decode(rest.split()[1]).decode().split("\0")[-1]
                        say("235 welcome" if secret == PASSWORD else "535 wrong password")
                    case "RCPT" if any(name in rest for name in self.refuses):
                        say("550 no such mailbox")
                    case "DATA":
                        say("354 go on")
                        self._take(lines, is_encrypted)
                        if self.breaks:
                            return
                        say("250 taken")
                    case "QUIT":
                        say("221 bye")
                        return
                    case _:
                        say("250 ok")

    def _take(self, lines: BinaryIO, is_encrypted: bool) -> None:
        data = b""
        while (line := lines.readline()) != b".\r\n":
            data += line.removeprefix(b".")
        self.mails.append(message_from_bytes(data, policy=default))
        self.was_encrypted.append(is_encrypted)


def _encrypted(connection: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
    """Return the connection, encrypted from here on."""
    encrypted = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
    try:
        encrypted.do_handshake()
    except BaseException:
        encrypted.close()
        raise
    return encrypted


def certificate(folder: Path) -> Path:
    """Write a certificate of this machine that signs itself, with its key, and return its path."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "certificate.pem"
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.public_bytes(encoding))
    return path


def save_attachments(message: EmailMessage, folder: Path) -> list[Path]:
    """Save what is attached to a mail, as its reader does, and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for part in message.iter_attachments():
        paths.append(folder / str(part.get_filename()))
        paths[-1].write_bytes(cast("bytes", part.get_content()))
    return paths


def text_of(message: EmailMessage) -> str:
    """Return the text of a mail, as its reader sees it."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
