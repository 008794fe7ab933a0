"""What serves each way to reach a person outside the chat."""

from dataclasses import dataclass
from typing import Final

from service.settings import Settings

CONSOLE: Final = "console"
NONE: Final = "none"
"""In place of a sender for phones: nobody signs in by a code to their phone."""


@dataclass(frozen=True)
class SenderStatus:
    """What serves a channel. real: whether messages leave the console. note: what to set for a better one."""

    channel: str
    name: str
    real: bool
    note: str


_PHONE_NOTES: Final = {
    CONSOLE: "shown on the console, not sent: install a sender and set ATTUNE_PHONE_SENDER",
    NONE: "switched off: nobody signs in by phone",
}


def describe_senders(settings: Settings) -> list[SenderStatus]:
    """A line for each channel."""
    has_mail = bool(settings.smtp_url.get_secret_value())
    has_phone = settings.phone_sender not in (CONSOLE, NONE)
    return [
        SenderStatus(
            "mail",
            "SMTP" if has_mail else CONSOLE,
            has_mail,
            "" if has_mail else "shown on the console, not sent: set ATTUNE_SMTP_URL and ATTUNE_MAIL_FROM",
        ),
        SenderStatus(
            "phone codes",
            settings.phone_sender,
            has_phone,
            _PHONE_NOTES.get(settings.phone_sender, ""),
        ),
        SenderStatus("web push", "VAPID", True, f"to {len(settings.push_services)} push services"),
    ]
