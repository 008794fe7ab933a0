"""One sender for each channel, chosen by the settings; the console where nothing is set."""

import asyncio
import sys
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from privacy import Secrets
from service.channels import CONSOLE, NONE
from service.mail_server import MailServer, sender_address
from service.notify.errors import SenderInvalid, SendFailed
from service.notify.mail import MailSender
from service.notify.push import PushSender, PushServices, VapidKey
from store import Database, Delivery

if TYPE_CHECKING:
    from service.settings import Settings

PHONE_SENDERS: Final = "attune.phone_senders"
"""Entry points of this group bring senders of text messages: a callable without arguments that gives a Sender."""


@runtime_checkable
class Sender(Protocol):
    """What takes one message to one address."""

    async def send(self, delivery: Delivery) -> None:
        """Hand the message over for good. Raises: SendFailed."""

    async def close(self) -> None:
        """Give back what it holds."""


class ConsoleSender:
    """Writes to the process's console, which an operator reads. For trying out; production mode refuses it."""

    async def send(self, delivery: Delivery) -> None:
        # Printed, not logged: the one place where a code or a link is shown, because somebody has to get it.
        lines = [
            f"[{delivery.channel} to {delivery.address}: not sent, because no sender is set; shown here instead]",
            delivery.subject,
            delivery.text,
            *([delivery.link] if delivery.link else []),
        ]
        await asyncio.to_thread(_print, "\n".join(lines) + "\n")

    async def close(self) -> None:
        """It holds nothing."""


class NoSender:
    """Sends nothing: the channel is switched off."""

    async def send(self, delivery: Delivery) -> None:
        """Raises: SendFailed, always."""
        raise SendFailed("channel_off", "the channel is switched off", retryable=False)

    async def close(self) -> None:
        """It holds nothing."""


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


class Senders:
    """The senders of an installation."""

    def __init__(self, by_channel: dict[str, Sender]) -> None:
        self._by_channel = by_channel

    @classmethod
    def of(cls, settings: "Settings", secrets: Secrets, db: Database) -> "Senders":
        """As the settings say. Raises: SenderInvalid for a phone sender that is not installed, or is wrong."""
        return cls(
            {
                "mail": mail_sender(settings) or ConsoleSender(),
                "push": PushSender(
                    db,
                    VapidKey(secrets.session_secret),
                    PushServices(settings.push_services),
                    settings.push_contact or _contact(settings),
                ),
                "phone": _phone_sender(settings.phone_sender),
            }
        )

    async def send(self, delivery: Delivery) -> None:
        """Hand a message to its channel's sender. Raises: SendFailed."""
        sender = self._by_channel.get(delivery.channel)
        if sender is None:
            raise SendFailed("channel_unknown", "the message was stored by another version", retryable=False)
        await sender.send(delivery)

    async def close(self) -> None:
        """Close every sender."""
        for sender in self._by_channel.values():
            await sender.close()


def mail_sender(settings: "Settings") -> MailSender | None:
    """What sends mail; None while no mail server is set."""
    url = settings.smtp_url.get_secret_value()
    return MailSender(MailServer.parse(url, settings.smtp_ca_file), settings.mail_from) if url else None


def _contact(settings: "Settings") -> str:
    return f"mailto:{sender_address(settings.mail_from).addr_spec}" if settings.mail_from else settings.site


def _phone_sender(name: str) -> Sender:
    if name == CONSOLE:
        return ConsoleSender()
    if name == NONE:
        return NoSender()
    found = {entry.name: entry for entry in entry_points(group=PHONE_SENDERS)}
    if name not in found:
        known = ", ".join((CONSOLE, NONE, *sorted(found)))
        raise SenderInvalid(
            f"ATTUNE_PHONE_SENDER is {name!r}; expected one of {known}. Install the package that brings it "
            f"(entry point group {PHONE_SENDERS}), or choose another."
        )
    sender = found[name].load()()
    if not isinstance(sender, Sender):
        raise SenderInvalid(
            f"the phone sender {name!r} gives a {type(sender).__name__}; expected an object with the coroutines "
            "send(delivery) and close(). See docs/howto/notifications.md."
        )
    return sender
