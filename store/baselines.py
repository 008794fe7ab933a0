"""How a customer usually sounds: a voice profile of one session, sealed, covered by the consent for voice."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import DecryptionError
from store.changed_rows import changed_rows
from store.conversations import lock_conversation
from store.schema import ConversationRow, SpeakerBaselineRow
from store.vault import Vault

SESSION: Final = timedelta(hours=1)
"""A profile lives this long after the turn that it was last heard in: then the session is over, and it goes."""

_PURPOSE = "speaker_baseline"


class SpeakerBaselines:
    """Repository of profiles: at most one for each conversation."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def get(self, conversation_id: str) -> dict[str, Any] | None:
        """The profile as put() was given it; None if there is none, its session is over, or it cannot be opened."""
        row = await self._session.get(SpeakerBaselineRow, conversation_id)
        if row is None or row.at < datetime.now(UTC) - SESSION:
            return None
        try:
            profile: dict[str, Any] = await self._vault.open(row.sealed, _PURPOSE)
        except DecryptionError:
            return None
        return profile

    async def put(self, conversation_id: str, profile: Mapping[str, Any]) -> None:
        """Keep the profile with the newest turn in it, in place of the one before. Raises: NotFound."""
        await lock_conversation(self._session, conversation_id)
        sealer = await self._vault.sealer_of_conversation(conversation_id)
        sealed, now = sealer.seal(dict(profile), _PURPOSE), datetime.now(UTC)
        row = await self._session.get(SpeakerBaselineRow, conversation_id)
        if row is None:
            self._session.add(SpeakerBaselineRow(conversation_id=conversation_id, sealed=sealed, at=now))
        else:
            row.sealed, row.at = sealed, now
        await self._session.flush()

    async def forget_customer(self, customer_id: str) -> int:
        """Delete the profiles of all conversations of a customer; gives their number."""
        theirs = select(ConversationRow.id).where(ConversationRow.customer_id == customer_id)
        return await changed_rows(
            self._session, delete(SpeakerBaselineRow).where(SpeakerBaselineRow.conversation_id.in_(theirs))
        )

    async def purge_expired(self) -> int:
        """Delete the profiles of sessions that are over; gives their number."""
        oldest = datetime.now(UTC) - SESSION
        return await changed_rows(self._session, delete(SpeakerBaselineRow).where(SpeakerBaselineRow.at < oldest))
