"""The consent ledger, and what a withdrawal deletes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import (
    NOTICE_VERSION,
    behaviour_uses,
    consented_since,
    effective_consent,
    may_be_under_age,
    new_id,
    signals_in_calls,
    superseded,
)
from store.assessments import Assessments
from store.baselines import SpeakerBaselines
from store.behaviour import Behaviour
from store.conversations import ensure_customer, lock_customer
from store.errors import StoreError
from store.frames import Frames
from store.inbox import Inbox
from store.interactions import Interactions
from store.schema import ConsentRow, CustomerRow
from store.slates import Slates
from store.verdicts import Verdicts
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

    def facts(self) -> dict[str, Any]:
        """What the event `consent.changed` says of it."""
        return {
            "signal": self.signal.value,
            "purpose": self.purpose.value,
            "granted": self.granted,
            "text_version": self.text_version,
        }


@dataclass(frozen=True)
class Answered:
    """What an answer led to. receipts: one for each row of the ledger, the customer's own answer first.

    media_ids: recordings and pictures that wait for their turn and may not be used any more. Deleting them in the
    media store is the caller's, after the transaction.
    """

    receipts: tuple[ConsentReceipt, ...] = ()
    media_ids: tuple[str, ...] = ()


class Consents:
    """Repository of answers: rows are added, never changed."""

    def __init__(
        self,
        session: AsyncSession,
        *,
        inbox: Inbox,
        assessments: Assessments,
        verdicts: Verdicts,
        baselines: SpeakerBaselines,
        behaviour: Behaviour,
        frames: Frames,
        interactions: Interactions,
        slates: Slates,
    ) -> None:
        self._session = session
        self._inbox = inbox
        self._assessments = assessments
        self._verdicts = verdicts
        self._baselines = baselines
        self._behaviour = behaviour
        self._frames = frames
        self._interactions = interactions
        self._slates = slates

    async def answer(
        self, customer_id: str, signal: Signal, purpose: Purpose, granted: bool, text_version: str
    ) -> Answered:
        """Add an answer. A no deletes, in the same transaction, what the signal led to under this use; a no to ASSIST
        is a no to the further uses as well.

        Raises: StoreError, code minor, for a yes of somebody under age.
        """
        minor = await self._locked(customer_id)
        if granted and minor:
            raise StoreError(
                "emotion is never assessed for somebody under age; expected no consent to be asked for.", code="minor"
            )
        ended: tuple[Purpose, ...] = ()
        media_ids: tuple[str, ...] = ()
        if not granted and purpose is Purpose.ASSIST:
            ended = superseded(await self.history(customer_id), signal)
            media_ids = await self._pending_media(customer_id, signal)
        receipts = [await self._add(customer_id, signal, one, granted, text_version) for one in (purpose, *ended)]
        if not granted:
            for one in (purpose, *ended):
                await self._forget(customer_id, signal, one)
        return Answered(tuple(receipts), media_ids)

    async def record(
        self, customer_id: str, signal: Signal, purpose: Purpose, granted: bool, text_version: str
    ) -> ConsentReceipt:
        """The same where no media can be waiting; gives the receipt of the answer itself."""
        return (await self.answer(customer_id, signal, purpose, granted, text_version)).receipts[0]

    async def withdraw_all(self, customer_id: str, text_version: str = NOTICE_VERSION) -> Answered:
        """Say no to every signal and use that is allowed now."""
        answered: list[Answered] = []
        await self._locked(customer_id)
        for purpose in Purpose:
            granted = sorted(await self.granted(customer_id, purpose))
            answered += [await self.answer(customer_id, signal, purpose, False, text_version) for signal in granted]
        return _together(answered)

    async def set_minor(self, customer_id: str, minor: bool) -> Answered:
        """Note that a customer is under age, or is not. Of somebody under age nothing may be allowed or kept: every
        consent is withdrawn, with what it led to."""
        await self._locked(customer_id)
        await self._session.execute(update(CustomerRow).where(CustomerRow.id == customer_id).values(minor=minor))
        return await self.withdraw_all(customer_id) if minor else Answered()

    async def note_birth_year(self, customer_id: str, birth_year: int | None) -> Answered:
        """The same by the year in the customer's account. None says nothing, and changes nothing."""
        if birth_year is None:
            return Answered()
        return await self.set_minor(customer_id, may_be_under_age(birth_year, datetime.now(UTC).year))

    async def obey(self, customer_id: str) -> Answered:
        """Delete whatever the ledger does not allow now: after two customers' ledgers became one."""
        media_ids: list[str] = []
        for purpose in Purpose:
            granted = await self.granted(customer_id, purpose)
            for signal in Signal:
                if signal not in granted:
                    if purpose is Purpose.ASSIST:
                        media_ids += await self._pending_media(customer_id, signal)
                    await self._forget(customer_id, signal, purpose)
        return Answered((), tuple(media_ids))

    async def granted(self, customer_id: str, purpose: Purpose = Purpose.ASSIST) -> frozenset[Signal]:
        """The signals that may be used now; empty for a customer who was never asked."""
        return effective_consent(await self.history(customer_id), purpose)

    async def granted_in_calls(self, customer_id: str) -> frozenset[Signal]:
        """The signals that may be scored in a call now: a yes to a notice that said nothing of calls covers none."""
        return signals_in_calls(await self.history(customer_id))

    async def behaviour_uses(self, customer_id: str) -> dict[Purpose, datetime]:
        """What may be done with what the customer does in the shop, and since when without a break: PERSONALISE, to
        keep it and to suggest to them by it; IMPROVE, to learn from it for everybody. Only answers to a notice that
        says so count."""
        return behaviour_uses(await self.history(customer_id))

    async def granted_since(self, customer_id: str, purpose: Purpose = Purpose.ASSIST) -> dict[Signal, datetime]:
        """The same signals, with the time from which on each was allowed without a break."""
        return consented_since(await self.history(customer_id), purpose)

    async def history(self, customer_id: str) -> list[ConsentReceipt]:
        """Every answer, oldest first."""
        rows = await self._session.scalars(
            select(ConsentRow).where(ConsentRow.customer_id == customer_id).order_by(ConsentRow.number)
        )
        return [_from_row(row) for row in rows]

    async def _locked(self, customer_id: str) -> bool:
        """Keep others from adding to this customer's conversations and answers; gives whether they are under age."""
        await lock_customer(self._session, customer_id)
        await ensure_customer(self._session, customer_id, datetime.now(UTC))
        minor = select(CustomerRow.minor).where(CustomerRow.id == customer_id).with_for_update()
        return bool(await self._session.scalar(minor))

    async def _add(
        self, customer_id: str, signal: Signal, purpose: Purpose, granted: bool, text_version: str
    ) -> ConsentReceipt:
        row = ConsentRow(
            id=new_id("r"),
            customer_id=customer_id,
            signal=signal.value,
            purpose=purpose.value,
            granted=granted,
            text_version=text_version,
            at=datetime.now(UTC),
        )
        self._session.add(row)
        await self._session.flush()
        return _from_row(row)

    async def _pending_media(self, customer_id: str, signal: Signal) -> tuple[str, ...]:
        if signal is Signal.FACE:
            return await self._frames.of_customer(customer_id)
        return await self._inbox.pending_clips(customer_id) if signal is Signal.VOICE else ()

    async def _forget(self, customer_id: str, signal: Signal, purpose: Purpose) -> None:
        """Delete what a signal led to under one use."""
        if purpose is Purpose.IMPROVE:
            if signal is Signal.BEHAVIOUR:
                await self._interactions.count_no_more(customer_id)
            await self._slates.count_no_more(customer_id, signal)
            for verdict in await self._verdicts.counting_of(customer_id):
                stored = await self._assessments.get(verdict.conversation_id, verdict.message_id)
                if stored is None or signal in await self._assessments.rests_on(customer_id, stored.id):
                    await self._verdicts.count_no_more(verdict.conversation_id, verdict.message_id)
            return
        await self._assessments.delete_for_signal(customer_id, signal, purpose)
        await self._slates.forget_signal(customer_id, signal)
        if purpose is Purpose.PERSONALISE and signal is Signal.BEHAVIOUR:
            await self._interactions.forget(customer_id)
        if purpose is Purpose.ASSIST and signal is Signal.VOICE:
            await self._baselines.forget_customer(customer_id)
        if purpose is Purpose.ASSIST and signal is Signal.BEHAVIOUR:
            await self._behaviour.forget_customer(customer_id)
        if purpose is Purpose.ASSIST and signal is Signal.FACE:
            await self._frames.forget_customer(customer_id)


def _together(answered: Sequence[Answered]) -> Answered:
    return Answered(
        tuple(receipt for one in answered for receipt in one.receipts),
        tuple(media_id for one in answered for media_id in one.media_ids),
    )


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
