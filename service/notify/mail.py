"""Mail over SMTP, never unencrypted beyond this machine."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

import aiosmtplib

from service.mail_server import MailServer, sender_address
from service.notify.errors import SendFailed
from store import Delivery

_TIMEOUT_S: Final = 20.0


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
