"""What the rest of the service says when a person has to be told something outside the chat."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from service.notify.choices import CHOSEN_KINDS, Choices
from store import Account, Transaction

CHANNELS: Final = ("mail", "push", "phone")
ACCOUNT: Final = "account"
"""The kind that nobody can switch off: codes, links, and what changed about one's own account."""

# What a mail's subject line, a push message and a text message can carry.
_MOST_SUBJECT: Final = 150
_MOST_TEXT: Final = 4000


class Reachable(Protocol):
    """An account, as far as it is needed to reach its person."""

    @property
    def id(self) -> str:
        """The account's id."""

    @property
    def email(self) -> str | None:
        """Where mail goes; None without one."""

    @property
    def phone(self) -> str | None:
        """In the form +441632960000; None without one."""


@dataclass(frozen=True)
class Words:
    """What a person is told: a subject of one line, a text, and a link that it is about (empty: none).

    Written by this product; they never name an emotion, and hold nothing of what was said in a conversation.
    """

    subject: str
    text: str
    link: str = ""

    def __post_init__(self) -> None:
        if not self.subject.strip() or len(self.subject) > _MOST_SUBJECT or not self.subject.isprintable():
            raise ValueError(
                f"a subject of {len(self.subject)} characters; expected one printable line of 1 to {_MOST_SUBJECT}"
            )
        if not self.text.strip() or len(self.text) > _MOST_TEXT:
            raise ValueError(f"a text of {len(self.text)} characters; expected 1 to {_MOST_TEXT}")


class Notifier:
    """Puts messages into the outbox, in the caller's transaction: they leave if and only if it commits."""

    def __init__(self, site: str = "") -> None:
        self.site = site
        """The address of this installation, which links begin with."""
        self.written = asyncio.Event()
        """Set when there may be something to send."""

    async def send(
        self,
        tx: Transaction,
        to: Reachable | str,
        kind: str,
        channel: str,
        words: Words,
        *,
        address: str | None = None,
        after: timedelta = timedelta(0),
        about: str = "",
    ) -> None:
        """Send, whatever the person's settings say: for codes, links and what a person must know.

        to: an account, or an e-mail address or phone number that has none. channel: mail, push or phone; push reaches
        every browser of the account. address: in place of the account's own, such as a new one to be proved.
        after: how long it waits first. about: a conversation; if its customer looks at it meanwhile, nothing is sent.
        An account without an address on this channel is not told.
        Raises: ValueError for a channel or a kind that does not exist.
        """
        if channel not in CHANNELS:
            raise ValueError(f"channel {channel!r}; expected one of {', '.join(CHANNELS)}")
        if kind not in (ACCOUNT, *CHOSEN_KINDS):
            raise ValueError(f"kind {kind!r}; expected one of {', '.join((ACCOUNT, *CHOSEN_KINDS))}")
        account_id = None if isinstance(to, str) else to.id
        for target in [address] if address else await _addresses(tx, to, channel):
            await tx.notifications.add(
                kind=kind,
                channel=channel,
                address=target,
                subject=words.subject,
                text=words.text,
                link=words.link,
                account_id=account_id,
                after=after,
                about=about,
            )
        self.written.set()

    async def tell(
        self,
        tx: Transaction,
        account: Account,
        kind: str,
        words: Words,
        *,
        after: timedelta = timedelta(0),
        about: str = "",
    ) -> None:
        """Send on the channels that the person has chosen for this kind; mail only to an address that is proved.

        Raises: ValueError for a kind that nobody can choose.
        """
        if kind not in CHOSEN_KINDS:
            raise ValueError(f"kind {kind!r}; expected one of {', '.join(CHOSEN_KINDS)}")
        choices = Choices.stored(await tx.accounts.notification_settings(account.id))
        if choices.mail[kind] and account.email_verified:
            text = f"{words.text}\n\nWhich messages you get is your choice: {self.site}/account#notifications"
            mail = Words(words.subject, text, words.link)
            await self.send(tx, account, kind, "mail", mail, after=after, about=about)
        if choices.push[kind]:
            await self.send(tx, account, kind, "push", words, after=after, about=about)


async def _addresses(tx: Transaction, to: Reachable | str, channel: str) -> list[str]:
    if isinstance(to, str):
        return [to]
    if channel == "push":
        return [subscription.id for subscription in await tx.push.of_account(to.id)]
    own = to.email if channel == "mail" else to.phone
    return [own] if own else []
