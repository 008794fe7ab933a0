"""Which conversation is which telephone call, and who calls. The number is sealed by the caller's own key."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import KeyRing
from store.schema import TelephoneCallRow
from store.vault import Vault

_PURPOSE: Final = "telephone-number"
_MARK: Final = "telephone-call"
_LONGEST_NUMBER: Final = 200


@dataclass(frozen=True)
class TelephoneCall:
    """One telephone call. number: as the provider tells it (+49…, or sip:…), which proves nothing about who calls;
    None if it was withheld. call_mark: stands for the provider's id of the call."""

    conversation_id: str
    call_mark: str
    number: str | None
    at: datetime


class Telephone:
    """Repository of telephone calls."""

    def __init__(self, session: AsyncSession, keyring: KeyRing, vault: Vault) -> None:
        self._session = session
        self._keyring = keyring
        self._vault = vault

    async def begin(self, conversation_id: str, provider_call: str, number: str | None) -> TelephoneCall:
        """Note that this conversation is that call. The provider's id must be new: see find()."""
        sealed = None
        if number is not None:
            sealer = await self._vault.sealer_of_conversation(conversation_id)
            sealed = sealer.seal(number[:_LONGEST_NUMBER], _PURPOSE)
        row = TelephoneCallRow(
            conversation_id=conversation_id, call_mark=self._mark(provider_call), sealed=sealed, at=datetime.now(UTC)
        )
        self._session.add(row)
        await self._session.flush()
        return await self._opened(row)

    async def find(self, provider_call: str) -> TelephoneCall | None:
        """The call with the provider's id, if it ever came here."""
        row = await self._session.scalar(
            select(TelephoneCallRow).where(TelephoneCallRow.call_mark == self._mark(provider_call))
        )
        return None if row is None else await self._opened(row)

    async def of_conversation(self, conversation_id: str) -> TelephoneCall | None:
        """The telephone call that a conversation is; None for one of another channel."""
        row = await self._session.get(TelephoneCallRow, conversation_id)
        return None if row is None else await self._opened(row)

    def _mark(self, provider_call: str) -> str:
        return self._keyring.fingerprint(provider_call, purpose=_MARK)

    async def _opened(self, row: TelephoneCallRow) -> TelephoneCall:
        number = None if row.sealed is None else str(await self._vault.open(row.sealed, _PURPOSE))
        return TelephoneCall(row.conversation_id, row.call_mark, number, row.at)
