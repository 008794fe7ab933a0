"""Steps of a shop's page: sealed, for an hour, so many for each conversation, gone with the consent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import DecryptionError
from store.conversations import lock_conversation
from store.schema import ConversationRow, HelpOfferRow, StepBatchRow
from store.vault import PersonSealer, Vault
from vocabulary import LONGEST_VISIT_MS, MOST_TABS, Step, StepKind

KEPT_FOR: Final = timedelta(hours=1)
MOST_STEPS: Final = 400
"""Of one conversation: ten busy minutes are fewer. The oldest go first."""

_PURPOSE: Final = "steps"


@dataclass(frozen=True)
class PastStep:
    """A step as a page reports it: how many milliseconds ago it happened, so that no clock but ours counts."""

    name: str
    kind: StepKind
    ago_ms: int


class Behaviour:
    """Repository of steps and of the offer of help."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def add(
        self, conversation_id: str, batch_id: str, tab: str, steps: Sequence[PastStep], *, since: datetime
    ) -> bool:
        """Keep what happened after `since`; False if this batch was stored before. tab: any name of the tab.

        Call it in the transaction that has read the consent; since: when that was given. Raises: NotFound.
        """
        await lock_conversation(self._session, conversation_id)
        if await self._session.get(StepBatchRow, (conversation_id, batch_id)) is not None:
            return False
        now = datetime.now(UTC)
        earliest = max(since, now - KEPT_FOR)
        kept = [
            [step.name, step.kind.value, _epoch_ms(at), tab]
            for step in steps
            if (at := now - timedelta(milliseconds=step.ago_ms)) >= earliest
        ]
        sealer = await self._vault.sealer_of_conversation(conversation_id)
        self._session.add(
            StepBatchRow(
                conversation_id=conversation_id,
                id=batch_id,
                sealed=sealer.seal(kept, _PURPOSE),
                count=len(kept),
                at=now,
            )
        )
        await self._session.flush()
        await self._trim(conversation_id)
        return True

    async def recent(self, conversation_id: str, *, since: datetime, until: datetime | None = None) -> list[Step]:
        """What happened after `since` and up to `until`, in order; at most the last hour.

        since: when the consent was given, or later: steps that an earlier turn was scored with must not count twice.
        """
        since = max(since, datetime.now(UTC) - KEPT_FOR)
        rows = await self._session.scalars(
            select(StepBatchRow)
            .where(StepBatchRow.conversation_id == conversation_id, StepBatchRow.at >= since)
            .order_by(StepBatchRow.at)
        )
        batches = rows.all()
        opener = await self._vault.opener(row.sealed for row in batches)
        raw = [entry for row in batches for entry in _opened(opener, row)]
        first, last = _epoch_ms(since), _epoch_ms(until or datetime.now(UTC))
        within = sorted((entry for entry in raw if first <= entry[2] <= last), key=lambda entry: int(entry[2]))
        tabs: dict[str, int] = {}
        return [
            Step(
                name=name,
                kind=StepKind(kind),
                at_ms=min(at - within[0][2], LONGEST_VISIT_MS),
                tab=min(tabs.setdefault(tab, len(tabs)), MOST_TABS - 1),
            )
            for name, kind, at, tab in within
        ]

    async def offer_help(self, conversation_id: str, batch_id: str) -> bool:
        """Take the conversation's one offer of help for this batch. True if it is this batch's, also when asked again.

        Raises: NotFound.
        """
        await lock_conversation(self._session, conversation_id)
        offer = await self._session.get(HelpOfferRow, conversation_id)
        if offer is None:
            self._session.add(HelpOfferRow(conversation_id=conversation_id, batch_id=batch_id, at=datetime.now(UTC)))
            await self._session.flush()
            return True
        return offer.batch_id == batch_id

    async def help_was_offered(self, conversation_id: str) -> bool:
        """Whether the one offer has been made."""
        return await self._session.get(HelpOfferRow, conversation_id) is not None

    async def forget_customer(self, customer_id: str) -> None:
        """Delete the steps of all conversations of a customer. That help was offered stays: it is not offered again."""
        own = select(ConversationRow.id).where(ConversationRow.customer_id == customer_id)
        await self._session.execute(delete(StepBatchRow).where(StepBatchRow.conversation_id.in_(own)))
        await self._session.execute(
            update(HelpOfferRow).where(HelpOfferRow.conversation_id.in_(own)).values(batch_id=None)
        )

    async def purge_expired(self) -> None:
        """Delete what is older than an hour."""
        await self._session.execute(delete(StepBatchRow).where(StepBatchRow.at < _expired()))

    async def _trim(self, conversation_id: str) -> None:
        rows = await self._session.execute(
            select(StepBatchRow.id, StepBatchRow.count)
            .where(StepBatchRow.conversation_id == conversation_id)
            .order_by(StepBatchRow.at.desc())
        )
        total = 0
        for batch_id, count in rows.all():
            total += count
            if total > MOST_STEPS:
                await self._session.execute(
                    delete(StepBatchRow).where(
                        StepBatchRow.conversation_id == conversation_id, StepBatchRow.id == batch_id
                    )
                )


def _opened(opener: PersonSealer, row: StepBatchRow) -> list[Any]:
    try:
        return list(opener.open(row.sealed, _PURPOSE))
    except DecryptionError:
        # Nobody can ask for these steps again, and they must not end the turn.
        return []


def _expired() -> datetime:
    return datetime.now(UTC) - KEPT_FOR


def _epoch_ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
