"""Answers to the notice: checked, kept, obeyed at once, and told to every open page of the customer."""

import asyncio
from collections.abc import Awaitable, Callable

from privacy import NOTICE_VERSION, SPOKEN_NOTICE_VERSION, SPOKEN_SIGNALS, plugin_signals
from service.conversation_shapes import ConsentOut
from service.errors import NotAllowed, Refused
from service.hub import Hub
from service.pictures import Pictures
from store import Account, Answered, Conversation, Database, Lessons, TrackerFile, Transaction
from vocabulary import PLUGIN_MODALITIES, Owner, Purpose, Signal


class Consenting:
    """Takes answers of customers, from the chat and from the consent centre alike."""

    def __init__(
        self,
        db: Database,
        pictures: Pictures,
        hub: Hub,
        lessons: Lessons | None = None,
        tracker: TrackerFile | None = None,
    ) -> None:
        """lessons: the sentences in the training files. tracker: the assistant's memory. None: not looked after."""
        self._tracker = tracker
        self._db = db
        self._lessons = lessons
        self._pictures = pictures
        self._hub = hub

    async def answer(
        self, customer_id: str, signal: Signal, purpose: Purpose, granted: bool, text_version: str | None
    ) -> Answered:
        """Keep one answer. A no also deletes what the signal led to under this use.

        Raises: Refused (422 unknown_notice, unknown_signal; 409 assist_first), NotAllowed (403 minor).
        """
        _check(signal, purpose, granted, text_version)

        async def keep(tx: Transaction) -> Answered:
            if granted:
                await _check_customer(tx, customer_id, signal, purpose)
            return await tx.consents.answer(customer_id, signal, purpose, granted, text_version or NOTICE_VERSION)

        return await self.change(customer_id, keep)

    async def withdraw_all(self, customer_id: str) -> Answered:
        """A no to everything that is allowed."""
        return await self.change(customer_id, lambda tx: tx.consents.withdraw_all(customer_id))

    async def change(self, customer_id: str, act: Callable[[Transaction], Awaitable[Answered]]) -> Answered:
        """Let `act` change the ledger in one transaction, then delete the media and tell the open pages."""
        async with self._db.transaction() as tx:
            answered = await act(tx)
            await self._obeyed(tx, customer_id, answered)
        await self.told(customer_id, answered)
        return answered

    async def note_birth_year(self, tx: Transaction, before: Account, now: Account) -> Answered | None:
        """An account's birth year may have changed: somebody under age by it is not assessed from now on, and what was
        derived is deleted. None where nothing changes. Call told() after the commit."""
        if now.customer_id is None or now.birth_year == before.birth_year:
            return None
        answered = await tx.consents.note_birth_year(now.customer_id, now.birth_year)
        await self._obeyed(tx, now.customer_id, answered)
        return answered

    async def _forget_manner(self, tx: Transaction, customer_id: str) -> None:
        if self._tracker is not None:
            # Before the commit, as the sentences: without it the answer is not taken, and may be given again.
            await asyncio.to_thread(self._tracker.forget_manner, await tx.customers.conversations_of(customer_id))

    async def _obeyed(self, tx: Transaction, customer_id: str, answered: Answered) -> None:
        for receipt in answered.receipts:
            await tx.events.add("consent.changed", receipt.facts(), customer_id=customer_id)
        if any(not one.granted and one.purpose is not Purpose.IMPROVE for one in answered.receipts):
            await self._forget_manner(tx, customer_id)
        if self._lessons is not None:
            # Before the commit: a sentence too few does no harm, one that outlives its consent would.
            await asyncio.to_thread(self._lessons.obey, answered)

    async def join(self, guest_id: str, customer_id: str, tx: Transaction) -> Answered:
        """Give everything of a guest to a customer, the sentences in the training files included."""
        before = await _allowed(tx, guest_id) | await _allowed(tx, customer_id)
        answered = await tx.customers.join(guest_id, customer_id)
        if before - await _allowed(tx, customer_id):
            await self._forget_manner(tx, customer_id)
        if self._lessons is not None:
            await asyncio.to_thread(self._lessons.pass_on, guest_id, customer_id)
            if Signal.TEXT not in await tx.consents.granted(customer_id, Purpose.IMPROVE):
                await asyncio.to_thread(self._lessons.forget, customer_id)
        return answered

    async def told(self, customer_id: str | None, answered: Answered | None) -> None:
        """Delete media that may not be used any more, and tell every open page what holds now; nothing for None."""
        if customer_id is None or answered is None:
            return
        await self._pictures.delete(answered.media_ids)
        async with self._db.reading() as tx:
            consent = ConsentOut.of(await tx.consents.granted(customer_id)).model_dump()
            for conversation_id in await tx.customers.conversations_of(customer_id):
                self._hub.publish(conversation_id, {"type": "consent", "consent": consent})
                self._hub.changed(conversation_id)


async def may_ask(tx: Transaction, conversation: Conversation) -> bool:
    """Whether a consent that is not given may be asked for in this conversation now (journey decides by the turn)."""
    if conversation.owner is not Owner.BOT or conversation.handed_back_at is not None:
        return False
    customer = await tx.customers.get(conversation.customer_id)
    if customer is not None and customer.minor:
        return False
    latest = await tx.assessments.latest(conversation.id)
    return latest is None or latest.decision.may_ask


async def _allowed(tx: Transaction, customer_id: str) -> frozenset[tuple[Purpose, Signal]]:
    granted = {purpose: await tx.consents.granted(customer_id, purpose) for purpose in Purpose}
    return frozenset((purpose, signal) for purpose, signals in granted.items() for signal in signals)


def _check(signal: Signal, purpose: Purpose, granted: bool, text_version: str | None) -> None:
    # What is heard on the telephone covers less than the page.
    heard = text_version == SPOKEN_NOTICE_VERSION and signal in SPOKEN_SIGNALS and purpose is Purpose.ASSIST
    if text_version != NOTICE_VERSION and not heard and (granted or text_version is not None):
        raise Refused(
            "unknown_notice",
            f"text_version is no version of the notice; the current one is {NOTICE_VERSION}. Show that text first.",
        )
    if granted and signal.value in set(PLUGIN_MODALITIES) and signal not in plugin_signals():
        raise Refused(
            "unknown_signal",
            f"no plug-in that scores {signal} is installed here; install one, or leave this signal out.",
        )


async def _check_customer(tx: Transaction, customer_id: str, signal: Signal, purpose: Purpose) -> None:
    customer = await tx.customers.get(customer_id)
    if customer is not None and customer.minor:
        raise NotAllowed(
            "minor", "Emotion is never assessed for people under 18, so there is nothing to allow.", status=403
        )
    if purpose is not Purpose.ASSIST and signal not in await tx.consents.granted(customer_id):
        raise Refused(
            "assist_first",
            f"{signal} is off, so it can be used for nothing else. Allow it for this conversation (assist) first.",
            status=409,
        )
