"""Conversations, their owner, and the steps of a hand-over."""

import asyncio

import pytest

from privacy import KeyRing
from store import AlreadyClaimed, Database, EscalationStateError, NewConversation, NotFound, StoreSettings
from tests.store.processes import in_other_processes
from vocabulary import EscalationState, Owner


async def owner_of(db: Database, conversation: NewConversation) -> tuple[Owner, str | None]:
    async with db.reading() as tx:
        found = await tx.conversations.get(conversation.id)
    assert found is not None
    return found.owner, found.agent_id


async def test_token_opens_its_own_conversation_only(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        other = await tx.conversations.create()
        opened = await tx.conversations.authenticate(conversation.id, conversation.token)
        assert opened is not None
        assert opened.customer_id == conversation.customer_id
        for conversation_id, token in (
            (conversation.id, other.token),
            (conversation.id, ""),
            (conversation.id, "\ud800"),
            ("c_nowhere", conversation.token),
        ):
            assert await tx.conversations.authenticate(conversation_id, token) is None


async def test_foreign_senders_get_a_conversation_and_a_pseudonym_once(db: Database) -> None:
    async with db.transaction() as tx:
        first = await tx.conversations.ensure("+49 170 1234567")
        assert await tx.conversations.ensure("+49 170 1234567") == first
        assert await tx.conversations.authenticate(first.id, "") is None
    assert first.customer_id.startswith("p_")


async def test_request_makes_the_conversation_wait_and_counts_once(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        first = await tx.escalations.request(conversation.id, "message-1", "asked", 40)
        again = await tx.escalations.request(conversation.id, "message-2", "asked again", 60)
    assert again.id == first.id
    assert (again.reason, again.priority, again.state) == ("asked", 60, EscalationState.REQUESTED)
    assert await owner_of(db, conversation) == (Owner.WAITING, None)


async def test_hand_over_goes_from_request_over_claim_to_hand_back(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        requested = await tx.escalations.request(conversation.id, "message-1", "asked", 40)
        claimed = await tx.escalations.claim(requested.id, "s_1")
        assert await tx.escalations.claim(requested.id, "s_1") == claimed
    assert (claimed.state, claimed.claimed_by) == (EscalationState.CLAIMED, "s_1")
    assert await owner_of(db, conversation) == (Owner.AGENT, "s_1")
    async with db.transaction() as tx:
        # A request while an agent answers is the hand-over that is open.
        assert (await tx.escalations.request(conversation.id, "message-2", "again", 10)).id == requested.id
        returned = await tx.escalations.give_back(requested.id, "s_1")
        assert await tx.escalations.give_back(requested.id, "s_1") == returned
        assert await tx.escalations.of_conversation(conversation.id) is None
    assert returned.state == EscalationState.RETURNED
    assert await owner_of(db, conversation) == (Owner.BOT, None)
    async with db.transaction() as tx:
        found = await tx.conversations.get(conversation.id)
        assert found is not None
        assert found.handed_back_at is not None
        # The message that led to the hand-over does not lead to another one when its turn is repeated.
        repeated = await tx.escalations.request(conversation.id, "message-1", "asked", 40)
        assert repeated.id == requested.id
        fresh = await tx.escalations.request(conversation.id, "message-3", "asked", 40)
        assert fresh.id != requested.id
    assert await owner_of(db, conversation) == (Owner.WAITING, None)


async def test_only_who_claimed_may_end_it(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        requested = await tx.escalations.request(conversation.id, "message-1", "asked", 40)
        with pytest.raises(EscalationStateError, match="Claim it first"):
            await tx.escalations.give_back(requested.id, "s_1")
        await tx.escalations.claim(requested.id, "s_1")
        with pytest.raises(AlreadyClaimed, match="s_1"):
            await tx.escalations.claim(requested.id, "s_2")
        with pytest.raises(EscalationStateError):
            await tx.escalations.close(requested.id, "s_2")
        await tx.escalations.close(requested.id, "s_1")
        with pytest.raises(EscalationStateError) as caught:
            await tx.escalations.claim(requested.id, "s_2")
        with pytest.raises(NotFound):
            await tx.escalations.claim("e_nowhere", "s_1")
    assert caught.value.code == "escalation_ended"


async def test_queue_is_by_priority_then_by_age(db: Database) -> None:
    async with db.transaction() as tx:
        for message_id, priority in (("first", 20), ("urgent", 90), ("second", 20), ("over", 1000)):
            made = await tx.conversations.create()
            await tx.escalations.request(made.id, message_id, "asked", priority)
        queue = await tx.escalations.open()
    assert [(one.message_id, one.priority) for one in queue] == [
        ("over", 100),
        ("urgent", 90),
        ("first", 20),
        ("second", 20),
    ]


async def test_of_six_agents_claiming_at_once_one_gets_it(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing
) -> None:
    async with db.transaction() as tx:
        requested = await tx.escalations.request(conversation.id, "message-1", "asked", 40)

    def agent(staff_id: str):  # type: ignore[no-untyped-def]
        async def claim(database: Database) -> int:
            try:
                async with database.transaction() as tx:
                    await tx.escalations.claim(requested.id, staff_id)
            except AlreadyClaimed:
                return 0
            return 1

        return claim

    won = await asyncio.to_thread(in_other_processes, settings, keyring, [agent(f"s_{number}") for number in range(6)])
    assert sorted(won) == [0, 0, 0, 0, 0, 1]


async def test_of_many_requests_at_once_one_is_open(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing
) -> None:
    def asking(message_id: str):  # type: ignore[no-untyped-def]
        async def ask(database: Database) -> int:
            async with database.transaction() as tx:
                await tx.escalations.request(conversation.id, message_id, "asked", 40)
            return 1

        return ask

    await asyncio.to_thread(in_other_processes, settings, keyring, [asking(f"m-{n}") for n in range(6)])
    async with db.reading() as tx:
        assert len(await tx.escalations.open()) == 1
