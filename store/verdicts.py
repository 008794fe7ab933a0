"""What people say about an assessed turn: the customer's own word, and the agent's who read along."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from store.conversations import lock_conversation
from store.schema import VerdictRow
from store.sealing import Sealer
from vocabulary import Author, Perceived

_PURPOSE: Final = "verdict"


@dataclass(frozen=True)
class Verdict:
    """One person's last word about one assessed turn.

    author: customer or agent. source: the id of whoever says it. perceived: against the level that was shown.
    label: what the emotion really was, one of LABELS; None if only the level was judged.
    shown_label, shown_confidence: what had been shown; None where no emotion was.
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


class Verdicts:
    """Repository of verdicts: at most one for each person and turn; a new one takes the place of the old."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

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
                sealed=self._sealer.seal(said, _PURPOSE),
                at=datetime.now(UTC),
            )
        )
        await self._session.flush()

    async def of_conversation(self, conversation_id: str) -> list[Verdict]:
        """Every verdict on a conversation's turns, oldest first."""
        rows = await self._session.scalars(
            select(VerdictRow).where(VerdictRow.conversation_id == conversation_id).order_by(VerdictRow.number)
        )
        return [self._open(row) for row in rows]

    async def all(self) -> list[Verdict]:
        """Every verdict, oldest first."""
        rows = await self._session.scalars(select(VerdictRow).order_by(VerdictRow.number))
        return [self._open(row) for row in rows]

    async def version(self) -> tuple[int, datetime | None]:
        """Changes whenever `all` would."""
        # Not by the highest number: SQLite gives the number of a deleted last row again.
        row = (await self._session.execute(select(func.count(), func.max(VerdictRow.at)))).one()
        return int(row[0]), row[1]

    async def forget_turn(self, conversation_id: str, message_id: str) -> int:
        """Delete what was said about a turn whose assessment is deleted; gives the number."""
        result: CursorResult[Any] = await self._session.execute(  # type: ignore[assignment]
            delete(VerdictRow).where(VerdictRow.conversation_id == conversation_id, VerdictRow.message_id == message_id)
        )
        return result.rowcount

    def _open(self, row: VerdictRow) -> Verdict:
        said: Mapping[str, Any] = self._sealer.open(row.sealed, _PURPOSE)
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
        )
