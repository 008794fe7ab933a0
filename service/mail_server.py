"""Where mail is handed over, as the settings say it."""

import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from service.addresses import LOOPBACK

_PORTS: Final = {"smtps": 465, "smtp": 587, "smtp+clear": 25}


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
        if parts.scheme == "smtp+clear" and host not in LOOPBACK:
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
