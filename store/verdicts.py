"""What people say about an assessed turn: the customer's own word, and the agent's who read along."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import DecryptionError
from store.changed_rows import changed_rows
from store.conversations import lock_conversation
from store.schema import ConversationRow, VerdictRow
from store.vault import PersonSealer, Vault
from vocabulary import Author, Perceived

RECENT: Final = 2000
RECENT_OF_SOURCE: Final = 20

_PURPOSE: Final = "verdict"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """One person's last word about one assessed turn.

    author: customer or agent. source: the id of whoever says it. perceived: against the level that was shown.
    label: what the emotion really was, one of LABELS; None if only the level was judged.
    shown_label, shown_confidence: what had been shown; None where no emotion was.
    counts: it may move the shop's thresholds, because every signal behind the reading may improve the service.
    """

    conversation_id: str
    message_id: str
    author: Author
    source: str
    perceived: Perceived
    label: str | None = None
    shown_label: str | None = None
    shown_confidence: float | None = None
    at: datetime | None = None
    counts: bool = False


class Verdicts:
    """Repository of verdicts: at most one for each person and turn; a new one takes the place of the old."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def put(self, verdict: Verdict) -> None:
        """Keep what a person says now. Raises: NotFound for an unknown conversation."""
        await lock_conversation(self._session, verdict.conversation_id)
        await self._session.execute(
            delete(VerdictRow).where(
                VerdictRow.conversation_id == verdict.conversation_id,
                VerdictRow.message_id == verdict.message_id,
                VerdictRow.source == verdict.source,
            )
        )
        sealer = await self._vault.sealer_of_conversation(verdict.conversation_id)
        said = {
            "perceived": verdict.perceived.value,
            "label": verdict.label,
            "shown_label": verdict.shown_label,
            "shown_confidence": verdict.shown_confidence,
        }
        self._session.add(
            VerdictRow(
                conversation_id=verdict.conversation_id,
                message_id=verdict.message_id,
                author=verdict.author.value,
                source=verdict.source,
                sealed=sealer.seal(said, _PURPOSE),
                counts=verdict.counts,
                at=datetime.now(UTC),
            )
        )
        await self._session.flush()

    async def of_conversation(self, conversation_id: str) -> list[Verdict]:
        """Every verdict on a conversation's turns, oldest first."""
        rows = await self._session.scalars(
            select(VerdictRow).where(VerdictRow.conversation_id == conversation_id).order_by(VerdictRow.number)
        )
        return await self._opened(rows.all())

    async def recent(self) -> list[Verdict]:
        """Of those that count, the newest RECENT_OF_SOURCE of every person, RECENT in all, oldest first: enough for the
        shop's thresholds, and nobody's words crowd out the others'."""
        place = func.row_number().over(partition_by=VerdictRow.source, order_by=VerdictRow.number.desc())
        ranked = select(VerdictRow.number, place.label("place")).where(VerdictRow.counts).subquery()
        newest = (
            select(ranked.c.number)
            .where(ranked.c.place <= RECENT_OF_SOURCE)
            .order_by(ranked.c.number.desc())
            .limit(RECENT)
        )
        rows = await self._session.scalars(
            select(VerdictRow).where(VerdictRow.number.in_(newest)).order_by(VerdictRow.number)
        )
        return await self._opened(rows.all())

    async def version(self) -> tuple[int, datetime | None]:
        """Changes whenever `recent` would."""
        # Not by the highest number: SQLite gives the number of a deleted last row again.
        row = (
            await self._session.execute(select(func.count(), func.max(VerdictRow.at)).where(VerdictRow.counts))
        ).one()
        return int(row[0]), row[1]

    async def counting_of(self, customer_id: str) -> list[Verdict]:
        """Every verdict on this customer's turns that counts, oldest first."""
        rows = await self._session.scalars(
            select(VerdictRow)
            .join(ConversationRow, ConversationRow.id == VerdictRow.conversation_id)
            .where(ConversationRow.customer_id == customer_id, VerdictRow.counts)
            .order_by(VerdictRow.number)
        )
        return await self._opened(rows.all())

    async def count_no_more(self, conversation_id: str, message_id: str) -> None:
        """Take the verdicts on one turn out of what moves the shop's thresholds; the conversation keeps them."""
        await self._session.execute(
            update(VerdictRow)
            .where(VerdictRow.conversation_id == conversation_id, VerdictRow.message_id == message_id)
            .values(counts=False)
        )

    async def forget_turn(self, conversation_id: str, message_id: str) -> int:
        """Delete what was said about a turn whose assessment is deleted; gives the number."""
        of_turn = (VerdictRow.conversation_id == conversation_id, VerdictRow.message_id == message_id)
        return await changed_rows(self._session, delete(VerdictRow).where(*of_turn))

    async def _opened(self, rows: Sequence[VerdictRow]) -> list[Verdict]:
        opener = await self._vault.opener(row.sealed for row in rows)
        found = []
        for row in rows:
            try:
                found.append(_open(opener, row))
            except (DecryptionError, LookupError, TypeError, ValueError):
                # Read in every turn of the shop: one damaged row must not end them all.
                log.error("a verdict cannot be opened", extra={"number": row.number})
        return found


def _open(opener: PersonSealer, row: VerdictRow) -> Verdict:
    said: Mapping[str, Any] = opener.open(row.sealed, _PURPOSE)
    return Verdict(
        conversation_id=row.conversation_id,
        message_id=row.message_id,
        author=Author(row.author),
        source=row.source,
        perceived=Perceived(said["perceived"]),
        label=said["label"],
        shown_label=said["shown_label"],
        shown_confidence=said["shown_confidence"],
        at=row.at,
        counts=row.counts,
    )
