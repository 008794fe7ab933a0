"""What was offered, kept for whoever asks why, and for policies that may learn from it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from store import Database, NewConversation
from vocabulary import Purpose, Signal

SLATE = {"choice": {"policy": "linucb-1", "propensity": 0.5, "arms": {"kettle-1": [0.1, 1.0]}}}
OUTCOME = {"clicked": ["kettle-1"], "reward": 0.7}


async def offered(db: Database, talk: NewConversation, message_id: str, *signals: Signal, settle: bool = True) -> None:
    async with db.transaction() as tx:
        assert await tx.slates.add(talk.id, message_id, talk.customer_id, SLATE, "linucb-1", signals=signals)
        if settle:
            assert await tx.slates.settle(talk.id, message_id, OUTCOME, counts=True)


async def test_the_first_slate_of_a_message_stays_and_is_settled_once(
    db: Database, conversation: NewConversation
) -> None:
    await offered(db, conversation, "message-1", Signal.TEXT, settle=False)
    async with db.transaction() as tx:
        again = await tx.slates.add(conversation.id, "message-1", conversation.customer_id, {}, "other")
        assert not again
        waiting = await tx.slates.unsettled(datetime.now(UTC) + timedelta(seconds=1))
        assert [one.message_id for one in waiting] == ["message-1"]
        assert await tx.slates.unsettled(datetime.now(UTC) - timedelta(hours=1)) == []
        assert await tx.slates.settled() == [] and not waiting[0].counts
        assert await tx.slates.settle(conversation.id, "message-1", OUTCOME, counts=True, signals={Signal.VOICE})
        assert not await tx.slates.settle(conversation.id, "message-1", {}, counts=False)
        assert not await tx.slates.settle(conversation.id, "message-2", OUTCOME, counts=True)
    async with db.reading() as tx:
        found = await tx.slates.of_message(conversation.id, "message-1")
        assert found is not None and found.slate == SLATE and found.outcome == OUTCOME and found.counts
        assert (found.signals, found.outcome_signals) == ({Signal.TEXT}, {Signal.VOICE})
        assert await tx.slates.settled() == await tx.slates.newest() == [found]
        assert await tx.slates.of_conversation(conversation.id) == [found]
        assert await tx.slates.version() == (1, found.settled_at)
        assert await tx.slates.of_message(conversation.id, "message-2") is None


async def test_nothing_of_a_slate_is_readable_in_the_database(db: Database, conversation: NewConversation) -> None:
    await offered(db, conversation, "message-1")
    async with db.reading() as tx:
        rows = (await tx._session.execute(text("SELECT sealed || outcome FROM slates"))).all()
    assert len(rows) == 1 and "kettle" not in rows[0][0] and "clicked" not in rows[0][0]


async def test_pages_of_settled_slates_are_whole_and_in_order(db: Database, conversation: NewConversation) -> None:
    for number in range(7):
        await offered(db, conversation, f"message-{number}")
    async with db.transaction() as tx:
        # The same time for all: the order is that of the messages then.
        await tx._session.execute(text("UPDATE slates SET settled_at = '2026-03-01 12:00:00.000000'"))
    seen: list[str] = []
    after = None
    async with db.reading() as tx:
        while page := await tx.slates.settled(after, limit=3):
            seen += [one.message_id for one in page]
            last = page[-1]
            assert last.settled_at is not None
            after = (last.settled_at, last.conversation_id, last.message_id)
    assert seen == [f"message-{number}" for number in range(7)]


async def test_a_policy_learns_nothing_from_a_slate_that_is_settled_without_leave(
    db: Database, conversation: NewConversation
) -> None:
    await offered(db, conversation, "message-1", settle=False)
    async with db.transaction() as tx:
        assert await tx.slates.settle(conversation.id, "message-1", None, counts=True)
        found = await tx.slates.of_message(conversation.id, "message-1")
        assert found is not None and found.outcome is None and found.settled_at is not None and not found.counts
        assert await tx.slates.settled() == [] and await tx.slates.version() == (0, None)


@pytest.mark.parametrize(
    ("signal", "purpose", "left", "counting"),
    [
        (Signal.BEHAVIOUR, Purpose.IMPROVE, 3, 0),
        (Signal.TEXT, Purpose.IMPROVE, 3, 2),
        (Signal.TEXT, Purpose.PERSONALISE, 2, 2),
        (Signal.BEHAVIOUR, Purpose.PERSONALISE, 2, 2),
        (Signal.TEXT, Purpose.ASSIST, 2, 2),
        (Signal.VOICE, Purpose.ASSIST, 3, 3),
    ],
)
async def test_a_withdrawal_takes_what_rested_on_the_signal(
    db: Database, conversation: NewConversation, signal: Signal, purpose: Purpose, left: int, counting: int
) -> None:
    async with db.transaction() as tx:
        other = await tx.conversations.create()
    await offered(db, conversation, "of text", Signal.TEXT)
    await offered(db, conversation, "of behaviour", Signal.BEHAVIOUR)
    await offered(db, conversation, "of nothing")
    await offered(db, other, "somebody else's", *Signal)
    async with db.transaction() as tx:
        await tx.consents.answer(conversation.customer_id, signal, purpose, False, "4")
    async with db.reading() as tx:
        assert len(await tx.slates.of_conversation(conversation.id)) == left
        assert len(await tx.slates.settled()) == counting + 1
