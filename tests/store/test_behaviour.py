"""Steps are sealed, ordered by our own clock, bounded, gone within the hour and with the consent."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from store import Database, NotFound, PastStep, StoreSettings
from store.behaviour import MOST_STEPS
from store.conversations import NewConversation
from store.schema import StepBatchRow
from vocabulary import Assessment, Decision, Modality, ModalityScore, Mode, Purpose, Signal, StepKind

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def past(*names: str, ago_ms: int = 1000) -> list[PastStep]:
    return [PastStep(name, StepKind.ENTER, ago_ms - 10 * number) for number, name in enumerate(names)]


async def add(db: Database, conversation: NewConversation, batch: str, steps: list[PastStep], tab: str = "one") -> bool:
    async with db.transaction() as tx:
        return await tx.behaviour.add(conversation.id, batch, tab, steps, since=LONG_AGO)


async def names(db: Database, conversation: NewConversation) -> list[str]:
    async with db.reading() as tx:
        return [step.name for step in await tx.behaviour.recent(conversation.id, since=LONG_AGO)]


async def test_steps_come_back_in_the_order_in_which_they_happened(db: Database, conversation: NewConversation) -> None:
    await add(db, conversation, "later", past("pay", "thanks", ago_ms=500), tab="two")
    await add(db, conversation, "late", past("cart", "address", ago_ms=60_000))
    async with db.reading() as tx:
        steps = await tx.behaviour.recent(conversation.id, since=LONG_AGO)
    assert [step.name for step in steps] == ["cart", "address", "pay", "thanks"]
    assert [step.tab for step in steps] == [0, 0, 1, 1]
    assert steps[0].at_ms == 0 and steps[1].at_ms == 10 and 59_000 < steps[2].at_ms < 70_000


async def test_a_batch_counts_once(db: Database, conversation: NewConversation) -> None:
    assert await add(db, conversation, "b1", past("cart"))
    assert not await add(db, conversation, "b1", past("pay"))
    assert await names(db, conversation) == ["cart"]


async def test_what_happened_before_the_consent_is_not_kept(db: Database, conversation: NewConversation) -> None:
    since = datetime.now(UTC) - timedelta(seconds=5)
    async with db.transaction() as tx:
        steps = [*past("before", ago_ms=20_000), *past("after", ago_ms=1000)]
        await tx.behaviour.add(conversation.id, "b1", "one", steps, since=since)
    assert await names(db, conversation) == ["after"]


async def test_only_a_stretch_of_time_can_be_asked_for(db: Database, conversation: NewConversation) -> None:
    await add(db, conversation, "b1", [*past("early", ago_ms=60_000), *past("middle", ago_ms=30_000), *past("late")])
    now = datetime.now(UTC)
    async with db.reading() as tx:
        steps = await tx.behaviour.recent(
            conversation.id, since=now - timedelta(seconds=45), until=now - timedelta(seconds=10)
        )
    assert [step.name for step in steps] == ["middle"]


async def test_the_oldest_go_when_there_are_too_many(db: Database, conversation: NewConversation) -> None:
    for number in range(7):
        await add(db, conversation, f"b{number}", past(*[f"s{number}"] * 100, ago_ms=2000))
    kept = await names(db, conversation)
    assert len(kept) == MOST_STEPS and set(kept) == {"s3", "s4", "s5", "s6"}


async def test_after_an_hour_nothing_is_read_and_the_purge_deletes(db: Database, conversation: NewConversation) -> None:
    await add(db, conversation, "b1", past("cart"))
    async with db.transaction() as tx:
        await tx._session.execute(update(StepBatchRow).values(at=datetime.now(UTC) - timedelta(minutes=61)))
    assert await names(db, conversation) == []
    async with db.transaction() as tx:
        await tx.behaviour.purge_expired()
        assert await tx._session.scalar(select(func.count()).select_from(StepBatchRow)) == 0


async def test_names_are_sealed_on_disk(db: Database, conversation: NewConversation, settings: StoreSettings) -> None:
    await add(db, conversation, "b1", past("secret-step"))
    with sqlite3.connect(settings.home / "attune.db") as plain:
        assert "secret-step" not in "".join(plain.iterdump())


async def test_a_withdrawal_deletes_the_steps_and_keeps_only_that_help_was_offered(
    db: Database, conversation: NewConversation
) -> None:
    await add(db, conversation, "b1", past("cart"))
    async with db.transaction() as tx:
        assert await tx.behaviour.offer_help(conversation.id, "b1")
        await tx.consents.record(conversation.customer_id, Signal.TEXT, Purpose.ASSIST, False, "1")
    assert await names(db, conversation) == ["cart"]
    async with db.transaction() as tx:
        await tx.consents.record(conversation.customer_id, Signal.BEHAVIOUR, Purpose.ASSIST, False, "1")
        assert not await tx.behaviour.offer_help(conversation.id, "b1")
        assert not await tx.behaviour.offer_help(conversation.id, "b2")
        assert await tx.behaviour.help_was_offered(conversation.id)
    assert await names(db, conversation) == []


async def test_a_withdrawal_deletes_what_the_steps_led_to(db: Database, conversation: NewConversation) -> None:
    score = ModalityScore(Modality.BEHAVIOUR, (1 / 7,) * 7, 1 / 7, frustration_cue=0.4, known_labels=())
    decision = Decision(Mode.NEUTRAL, True, False, "The dialogue runs normally.")
    async with db.transaction() as tx:
        await tx.assessments.save(Assessment(conversation.id, "message-1", scores=(score,)), decision)
        await tx.consents.record(conversation.customer_id, Signal.BEHAVIOUR, Purpose.ASSIST, False, "2")
        assert await tx.assessments.get(conversation.id, "message-1") is None


async def test_of_many_who_ask_at_once_one_gets_the_offer(db: Database, conversation: NewConversation) -> None:
    async def ask(batch: str) -> bool:
        async with db.transaction() as tx:
            return await tx.behaviour.offer_help(conversation.id, batch)

    got = await asyncio.gather(*(ask(f"b{number}") for number in range(8)))
    assert sum(got) == 1
    assert await ask(f"b{got.index(True)}")


async def test_an_unknown_conversation_is_named(db: Database) -> None:

    with pytest.raises(NotFound):
        async with db.transaction() as tx:
            await tx.behaviour.add("c_nobody", "b1", "one", [], since=LONG_AGO)


async def test_steps_that_cannot_be_opened_are_left_out(db: Database, conversation: NewConversation) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    async with db.transaction() as tx:
        for batch in ("batch-1", "batch-2"):
            await tx.behaviour.add(conversation.id, batch, "tab", [PastStep(batch, StepKind.ENTER, 0)], since=since)
        await tx._session.execute(update(StepBatchRow).where(StepBatchRow.id == "batch-1").values(sealed="damaged"))
        assert [step.name for step in await tx.behaviour.recent(conversation.id, since=since)] == ["batch-2"]
