"""Browsers that take notifications for an account."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import new_id
from store.changed_rows import changed_rows
from store.schema import PushSubscriptionRow
from store.sealing import Sealer
from store.vault import Vault

_PURPOSE: Final = "push_subscription"
MOST: Final = 10
"""Browsers of one account; the oldest makes room for a new one."""


@dataclass(frozen=True)
class PushSubscription:
    """What a browser gave. endpoint: https address at its push service. p256dh, auth: its keys, base64url."""

    id: str
    account_id: str
    endpoint: str
    p256dh: str
    auth: str
    created_at: datetime


class PushSubscriptions:
    """Repository of subscriptions, sealed by the account's key."""

    def __init__(self, session: AsyncSession, sealer: Sealer, vault: Vault) -> None:
        self._session = session
        self._sealer = sealer
        self._vault = vault

    async def add(self, account_id: str, *, endpoint: str, p256dh: str, auth: str) -> str:
        """Store a browser; gives its id. One that another account had before now belongs to this one."""
        fingerprint = self._fingerprint(endpoint)
        await self._session.execute(delete(PushSubscriptionRow).where(PushSubscriptionRow.fingerprint == fingerprint))
        for old in (await self.of_account(account_id))[: -MOST + 1 or None]:
            await self.drop(old.id)
        sealer = await self._vault.sealer(account_id)
        subscription_id = new_id("ps")
        self._session.add(
            PushSubscriptionRow(
                id=subscription_id,
                account_id=account_id,
                fingerprint=fingerprint,
                sealed=sealer.seal({"endpoint": endpoint, "p256dh": p256dh, "auth": auth}, _PURPOSE),
                created_at=datetime.now(UTC),
            )
        )
        await self._session.flush()
        return subscription_id

    async def get(self, subscription_id: str) -> PushSubscription | None:
        """One browser; None once it is gone."""
        row = await self._session.get(PushSubscriptionRow, subscription_id)
        return None if row is None else (await self._open([row]))[0]

    async def of_account(self, account_id: str) -> list[PushSubscription]:
        """The browsers of an account, oldest first."""
        rows = await self._session.scalars(
            select(PushSubscriptionRow)
            .where(PushSubscriptionRow.account_id == account_id)
            .order_by(PushSubscriptionRow.created_at, PushSubscriptionRow.id)
        )
        return await self._open(list(rows))

    async def remove(self, account_id: str, endpoint: str) -> bool:
        """Delete an account's browser by its address; whether it was there."""
        statement = delete(PushSubscriptionRow).where(
            PushSubscriptionRow.account_id == account_id,
            PushSubscriptionRow.fingerprint == self._fingerprint(endpoint),
        )
        return await changed_rows(self._session, statement) > 0

    async def drop(self, subscription_id: str) -> None:
        """Delete a browser that its push service no longer knows."""
        await self._session.execute(delete(PushSubscriptionRow).where(PushSubscriptionRow.id == subscription_id))

    async def _open(self, rows: list[PushSubscriptionRow]) -> list[PushSubscription]:
        opener = await self._vault.opener([row.sealed for row in rows])
        opened = [(row, opener.open(row.sealed, _PURPOSE)) for row in rows]
        return [
            PushSubscription(row.id, row.account_id, value["endpoint"], value["p256dh"], value["auth"], row.created_at)
            for row, value in opened
        ]

    def _fingerprint(self, endpoint: str) -> str:
        return self._sealer.keyring.fingerprint(endpoint, purpose=_PURPOSE)
