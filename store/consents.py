"""The consent ledger, and what a withdrawal deletes."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import consented_since, effective_consent, new_id
from store.assessments import Assessments
from store.baselines import SpeakerBaselines
from store.behaviour import Behaviour
from store.conversations import ensure_customer, lock_customer
from store.frames import Frames
from store.schema import ConsentRow
from vocabulary import Purpose, Signal


@dataclass(frozen=True)
class ConsentReceipt:
    """One answer of a customer. text_version: the notice that was shown."""

    id: str
    customer_id: str
    signal: Signal
    purpose: Purpose
    granted: bool
    text_version: str
    at: datetime


class Consents:
    """Repository of answers: rows are added, never changed."""

    def __init__(
        self,
        session: AsyncSession,
        assessments: Assessments,
        baselines: SpeakerBaselines,
        behaviour: Behaviour,
        frames: Frames,
    ) -> None:
        self._session = session
        self._assessments = assessments
        self._baselines = baselines
        self._behaviour = behaviour
        self._frames = frames

    async def record(
        self, customer_id: str, signal: Signal, purpose: Purpose, granted: bool, text_version: str
    ) -> ConsentReceipt:
        """Add an answer. A no to Purpose.ASSIST deletes, in the same transaction, what the signal led to."""
        await lock_customer(self._session, customer_id)
        now = datetime.now(UTC)
        await ensure_customer(self._session, customer_id, now)
        row = ConsentRow(
            id=new_id("r"),
            customer_id=customer_id,
            signal=signal.value,
            purpose=purpose.value,
            granted=granted,
            text_version=text_version,
            at=now,
        )
        self._session.add(row)
        await self._session.flush()
        if not granted and purpose == Purpose.ASSIST:
            await self._assessments.delete_for_signal(customer_id, signal)
            if signal is Signal.VOICE:
                await self._baselines.forget_customer(customer_id)
            if signal is Signal.BEHAVIOUR:
                await self._behaviour.forget_customer(customer_id)
            if signal is Signal.FACE:
                await self._frames.forget_customer(customer_id)
        return _from_row(row)

    async def granted(self, customer_id: str, purpose: Purpose = Purpose.ASSIST) -> frozenset[Signal]:
        """The signals that may be used now; empty for a customer who was never asked."""
        return effective_consent(await self.history(customer_id), purpose)

    async def granted_since(self, customer_id: str, purpose: Purpose = Purpose.ASSIST) -> dict[Signal, datetime]:
        """The same signals, with the time from which on each was allowed without a break."""
        return consented_since(await self.history(customer_id), purpose)

    async def history(self, customer_id: str) -> list[ConsentReceipt]:
        """Every answer, oldest first."""
        rows = await self._session.scalars(
            select(ConsentRow).where(ConsentRow.customer_id == customer_id).order_by(ConsentRow.number)
        )
        return [_from_row(row) for row in rows]


def _from_row(row: ConsentRow) -> ConsentReceipt:
    return ConsentReceipt(
        id=row.id,
        customer_id=row.customer_id,
        signal=Signal(row.signal),
        purpose=Purpose(row.purpose),
        granted=row.granted,
        text_version=row.text_version,
        at=row.at,
    )
