"""The outbox: messages to people outside the chat, kept until they are sent or given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import DecryptionError, new_id
from store.changed_rows import changed_rows
from store.schema import NotificationRow
from store.vault import Vault

_PURPOSE: Final = "notification"
WAITING: Final = "waiting"
SENT: Final = "sent"
FAILED: Final = "failed"


@dataclass(frozen=True)
class Delivery:
    """One message that the caller has claimed and must now send.

    channel: mail, push or phone. address: an e-mail address, a phone number, or the id of a push subscription.
    attempt: from 1. link: where the message leads; empty if nowhere. about: the conversation that it is about, if any.
    """

    id: str
    account_id: str | None
    kind: str
    channel: str
    address: str
    subject: str
    text: str
    link: str
    attempt: int
    created_at: datetime
    about: str = ""


@dataclass(frozen=True)
class NotificationRecord:
    """That a message was or is to be sent, without its words. state: waiting, sent or failed."""

    id: str
    kind: str
    channel: str
    state: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None


class Notifications:
    """Repository of the outbox. Words and address are sealed by the account's key, or by a key of the message's own."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def add(
        self,
        *,
        kind: str,
        channel: str,
        address: str,
        subject: str,
        text: str,
        link: str = "",
        account_id: str | None = None,
        after: timedelta = timedelta(0),
        about: str = "",
    ) -> str:
        """Put a message into the outbox, in the transaction of what it tells; gives its id.

        after: how long it waits there first.
        """
        notification_id = new_id("n")
        sealer = await self._vault.sealer(account_id or notification_id)
        now = datetime.now(UTC)
        content = {"address": address, "subject": subject, "text": text, "link": link, "about": about}
        self._session.add(
            NotificationRow(
                id=notification_id,
                account_id=account_id,
                kind=kind,
                channel=channel,
                sealed=sealer.seal(content, _PURPOSE),
                state=WAITING,
                attempts=0,
                created_at=now,
                due_at=now + after,
            )
        )
        await self._session.flush()
        return notification_id

    async def any_due(self) -> bool:
        """Whether claim() would find something now. Reads only."""
        found = await self._session.scalar(select(NotificationRow.id).where(*_due(datetime.now(UTC))).limit(1))
        return found is not None

    async def claim(self, most: int, lease: timedelta) -> list[Delivery]:
        """Take up to `most` messages that are due; nobody else gets them before the lease is over.

        Commit, then send. A claim whose holder died is due again after the lease. A message whose person was erased
        meanwhile is failed here.
        """
        now = datetime.now(UTC)
        rows = await self._session.scalars(
            select(NotificationRow).where(*_due(now)).order_by(NotificationRow.due_at, NotificationRow.id).limit(most)
        )
        claimed = []
        for row in rows.all():
            taken = (
                update(NotificationRow)
                .where(
                    NotificationRow.id == row.id,
                    NotificationRow.state == WAITING,
                    NotificationRow.attempts == row.attempts,
                )
                .values(attempts=row.attempts + 1, due_at=now + lease)
                .execution_options(synchronize_session=False)
            )
            if await changed_rows(self._session, taken) == 1:
                claimed.append(row)
        opener = await self._vault.opener([row.sealed for row in claimed])
        deliveries = []
        for row in claimed:
            try:
                content = opener.open(row.sealed, _PURPOSE)
            except DecryptionError:
                await self._settle(row.id, row.account_id, FAILED)
                continue
            deliveries.append(
                Delivery(
                    id=row.id,
                    account_id=row.account_id,
                    kind=row.kind,
                    channel=row.channel,
                    address=str(content["address"]),
                    subject=str(content["subject"]),
                    text=str(content["text"]),
                    link=str(content["link"]),
                    attempt=row.attempts + 1,
                    created_at=row.created_at,
                    about=str(content["about"]),
                )
            )
        return deliveries

    async def sent(self, delivery: Delivery) -> None:
        """The message left; its words and its address are deleted."""
        await self._settle(delivery.id, delivery.account_id, SENT)

    async def failed(self, delivery: Delivery) -> None:
        """The message is given up; its words and its address are deleted."""
        await self._settle(delivery.id, delivery.account_id, FAILED)

    async def withdraw(self, delivery: Delivery) -> None:
        """The message is not needed any more; nothing of it stays."""
        await self._session.execute(delete(NotificationRow).where(NotificationRow.id == delivery.id))
        if delivery.account_id is None:
            await self._vault.destroy(delivery.id)

    async def retry(self, delivery: Delivery, after: timedelta) -> None:
        """Try again later."""
        await self._session.execute(
            update(NotificationRow)
            .where(
                NotificationRow.id == delivery.id,
                NotificationRow.state == WAITING,
                NotificationRow.attempts == delivery.attempt,
            )
            .values(due_at=datetime.now(UTC) + after)
        )

    async def of_account(self, account_id: str) -> list[NotificationRecord]:
        """What was and is to be sent to an account, oldest first, without words."""
        rows = await self._session.scalars(
            select(NotificationRow)
            .where(NotificationRow.account_id == account_id)
            .order_by(NotificationRow.created_at, NotificationRow.id)
        )
        return [
            NotificationRecord(row.id, row.kind, row.channel, row.state, row.attempts, row.created_at, row.sent_at)
            for row in rows
        ]

    async def last_of(self, account_id: str, kind: str) -> datetime | None:
        """When a message of this kind was last put into the outbox for an account; None if never."""
        found: datetime | None = await self._session.scalar(
            select(NotificationRow.created_at)
            .where(NotificationRow.account_id == account_id, NotificationRow.kind == kind)
            .order_by(NotificationRow.created_at.desc())
            .limit(1)
        )
        return found

    async def _settle(self, notification_id: str, account_id: str | None, state: str) -> None:
        await self._session.execute(
            update(NotificationRow)
            .where(NotificationRow.id == notification_id)
            .values(state=state, sealed="", sent_at=datetime.now(UTC) if state == SENT else None)
        )
        if account_id is None:
            await self._vault.destroy(notification_id)


def _due(now: datetime) -> Sequence[Any]:
    return NotificationRow.state == WAITING, NotificationRow.due_at <= now
