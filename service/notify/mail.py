"""Mail over SMTP, never unencrypted beyond this machine."""

import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from service.notify.errors import SendFailed
from store import Delivery

_PORTS: Final = {"smtps": 465, "smtp": 587, "smtp+clear": 25}
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_TIMEOUT_S: Final = 20.0


@dataclass(frozen=True, repr=False)
class MailServer:
    """Where mail is handed over. scheme: smtps (TLS from the first byte), smtp (STARTTLS is demanded) or smtp+clear
    (no TLS; on this machine only)."""

    scheme: str
    host: str
    port: int
    username: str | None
    password: str | None
    ca_file: Path | None = None

    @classmethod
    def parse(cls, url: str, ca_file: Path | None = None) -> "MailServer":
        """From ATTUNE_SMTP_URL. Raises: ValueError, without the address, which holds a password."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            host, port, parts = "", None, urlsplit("")
        if parts.scheme not in _PORTS or not host or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(
                "the address of the mail server cannot be read; expected smtps://user:password@host:465 or "
                "smtp://user:password@host:587, with special characters of the password written as %40"
            )
        if parts.scheme == "smtp+clear" and host not in _LOCAL:
            raise ValueError(
                f"smtp+clear:// leads to {host}; expected a server on this machine. Use smtps:// or smtp://, "
                "so that codes and links do not travel in the clear"
            )
        return cls(
            scheme=parts.scheme,
            host=host,
            port=port or _PORTS[parts.scheme],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            ca_file=ca_file,
        )

    def context(self) -> ssl.SSLContext:
        """Checks the server's certificate against the system's, and against ca_file if that is set."""
        context = ssl.create_default_context()
        if self.ca_file is not None:
            context.load_verify_locations(cafile=self.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def __repr__(self) -> str:
        return f"MailServer({self.scheme}://{self.host}:{self.port})"


def sender_address(mail_from: str) -> Address:
    """From ATTUNE_MAIL_FROM. Raises: ValueError."""
    name, spec = parseaddr(mail_from)
    try:
        address = Address(display_name=name, addr_spec=spec)
    except (ValueError, MessageError, IndexError):
        address = Address()
    if not address.username or not address.domain or not mail_from.isprintable():
        raise ValueError(f"{mail_from!r} is no sender; expected one such as Shop <service@shop.example>")
    return address


class MailSender:
    """Hands each message to the mail server in a connection of its own."""

    def __init__(self, server: MailServer, mail_from: str) -> None:
        self._server = server
        self._from = sender_address(mail_from)
        self._context = None if server.scheme == "smtp+clear" else server.context()

    async def send(self, delivery: Delivery) -> None:
        """Raises: SendFailed."""
        message = self._message(delivery)
        server = self._server
        try:
            await aiosmtplib.send(
                message,
                sender=self._from.addr_spec,
                recipients=[delivery.address],
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.scheme == "smtps",
                start_tls=server.scheme == "smtp",
                tls_context=self._context,
                timeout=_TIMEOUT_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as err:
            codes = [refused.code for refused in err.recipients]
            raise SendFailed(
                "recipient_refused", "the server refuses the address", retryable=max(codes) < 500
            ) from None
        except aiosmtplib.SMTPAuthenticationError:
            raise SendFailed("smtp_login", "user or password in ATTUNE_SMTP_URL are wrong", retryable=True) from None
        except aiosmtplib.SMTPResponseException as err:
            raise SendFailed(f"smtp_{err.code}", "the server refuses the message", retryable=err.code < 500) from None
        except aiosmtplib.SMTPNotSupported:
            raise SendFailed("smtp_not_supported", "the server lacks what the message needs", retryable=False) from None
        except (aiosmtplib.SMTPException, OSError) as err:
            raise SendFailed(
                "smtp_unreachable", f"{server!r} cannot be used ({type(err).__name__})", retryable=True
            ) from None

    async def close(self) -> None:
        """It holds nothing between messages."""

    def _message(self, delivery: Delivery) -> EmailMessage:
        message = EmailMessage()
        try:
            message["From"] = self._from
            # As one address: "a@example.org, b@example.org" must not reach two people.
            message["To"] = Address(addr_spec=delivery.address)
            message["Subject"] = delivery.subject
        except (ValueError, MessageError, IndexError):
            raise SendFailed("address_invalid", "the stored address is none", retryable=False) from None
        message["Date"] = format_datetime(delivery.created_at)
        # The same at each attempt, so that mailboxes see a repetition as one message.
        message["Message-ID"] = f"<{delivery.id}@{self._from.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"{delivery.text}\n\n{delivery.link}\n" if delivery.link else f"{delivery.text}\n")
        return message
