"""Receipts: what an action with effects has done for a message, so that it is done once."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from store.schema import ReceiptRow
from store.vault import PersonSealer, Vault

_PURPOSE = "receipt"


class Receipts:
    """Repository of receipts. The first one of a message and action counts."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def get(self, conversation_id: str, message_id: str, action: str) -> dict[str, Any] | None:
        """The stored result, or None if the action has not been done for this message."""
        row = await self._session.get(ReceiptRow, (conversation_id, message_id, action))
        if row is None:
            return None
        return open_receipt(await self._vault.opener([row.sealed]), row)

    async def put(self, conversation_id: str, message_id: str, action: str, result: Mapping[str, Any]) -> None:
        """Store a result; call it in the transaction of the effect. A stored one is kept."""
        if await self._session.get(ReceiptRow, (conversation_id, message_id, action)) is None:
            sealer = await self._vault.sealer_of_conversation(conversation_id)
            self._session.add(
                ReceiptRow(
                    conversation_id=conversation_id,
                    message_id=message_id,
                    action=action,
                    sealed=seal_receipt(sealer, result),
                    at=datetime.now(UTC),
                )
            )
            await self._session.flush()


def open_receipt(sealer: PersonSealer, row: ReceiptRow) -> dict[str, Any]:
    """The stored result."""
    result: dict[str, Any] = sealer.open(row.sealed, _PURPOSE)
    return result


def seal_receipt(sealer: PersonSealer, result: Mapping[str, Any]) -> str:
    """The result as one ciphertext."""
    return sealer.seal(dict(result), _PURPOSE)
