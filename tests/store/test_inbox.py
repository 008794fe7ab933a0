"""The inbox: nothing lost, nothing doubled, in order, unreadable on disk."""

import asyncio
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import text

from privacy import KeyRing
from store import AlreadyExists, Button, Database, HeardWord, NewConversation, NotFound, Reply, StoreSettings
from tests.store.processes import in_other_processes
from vocabulary import Author, MessageStatus, Suggestion


async def test_message_goes_from_received_over_sent_to_answered(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        received = await tx.inbox.receive(conversation.id, "message-1", "Where is my order?", clip_id="clip")
    assert received.created
    assert (received.message.seq, received.message.status) == (1, MessageStatus.RECEIVED)
    assert received.message.clip_id == "clip"
    async with db.transaction() as tx:
        assert await tx.inbox.conversations_with_work() == [conversation.id]
        await tx.inbox.mark_sent(conversation.id, "message-1")
        assert await tx.inbox.count_attempt(conversation.id, "message-1") == 1
        assert await tx.inbox.count_attempt(conversation.id, "message-1") == 2
    async with db.transaction() as tx:
        waiting = await tx.inbox.next_unanswered(conversation.id)
        assert waiting is not None
        assert (waiting.status, waiting.attempts) == (MessageStatus.SENT, 2)
        replies = await tx.inbox.answer(conversation.id, "message-1", [Reply("On its way."), Reply("Tomorrow.")])
    assert [(reply.seq, reply.text, reply.reply_to) for reply in replies] == [
        (2, "On its way.", "message-1"),
        (3, "Tomorrow.", "message-1"),
    ]
    async with db.reading() as tx:
        assert await tx.inbox.next_unanswered(conversation.id) is None
        assert await tx.inbox.conversations_with_work() == []
        question = await tx.inbox.get(conversation.id, "message-1")
        assert question is not None
        assert question.status == MessageStatus.ANSWERED
        assert question.answered_at is not None
        assert question.answered_at.tzinfo is not None


async def test_second_answer_gives_the_first_replies(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", "hi")
        first = await tx.inbox.answer(conversation.id, "message-1", [Reply("hello")])
        second = await tx.inbox.answer(conversation.id, "message-1", [Reply("hello again")])
        await tx.inbox.mark_sent(conversation.id, "message-1")
        assert await tx.inbox.next_unanswered(conversation.id) is None
    assert first == second
    async with db.reading() as tx:
        assert await tx.inbox.replies_to(conversation.id, "message-1") == first


async def test_oldest_unanswered_message_is_next(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        for number in range(3):
            await tx.inbox.receive(conversation.id, f"message-{number}", str(number))
        await tx.inbox.answer(conversation.id, "message-1", [])
        await tx.inbox.answer(conversation.id, "message-0", [])
        waiting = await tx.inbox.next_unanswered(conversation.id)
    assert waiting is not None
    assert waiting.id == "message-2"


async def test_reply_comes_back_with_everything_that_it_carries(db: Database, conversation: NewConversation) -> None:
    reply = Reply(
        text="Look:",
        buttons=(Button("Yes", '/affirm{"x": "1"}'),),
        suggestions=(Suggestion("i1", "Kettle", Decimal("19.90"), "kettles", 0.5, "It fits."),),
        image="https://example.org/a.png",
    )
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", "Yes", payload="/affirm")
        await tx.inbox.answer(conversation.id, "message-1", [reply])
    async with db.reading() as tx:
        question, answer = await tx.inbox.history(conversation.id)
    assert question.payload == "/affirm"
    assert Reply(answer.text, answer.buttons, answer.suggestions, answer.image) == reply


async def test_content_cannot_be_read_in_the_files(
    db: Database, conversation: NewConversation, settings: StoreSettings
) -> None:
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", "pineapple", payload="/mango")
        await tx.inbox.answer(conversation.id, "message-1", [Reply("papaya", (Button("guava", "/lychee"),))])
        await tx.escalations.request(conversation.id, "message-1", "durian", 10)
        await tx.receipts.put(conversation.id, "message-1", "action_x", {"fruit": "rambutan"})
        await tx.orders.add_complaint(conversation.id, "jackfruit")
    content = b"".join(path.read_bytes() for path in settings.home.glob("attune.db*"))
    assert conversation.id.encode() in content
    for fruit in (b"pineapple", b"mango", b"papaya", b"guava", b"lychee", b"durian", b"rambutan", b"jackfruit"):
        assert fruit not in content


async def test_same_id_in_two_conversations_is_two_messages(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        other = await tx.conversations.create()
        assert (await tx.inbox.receive(conversation.id, "message-1", "a")).created
        assert (await tx.inbox.receive(other.id, "message-1", "b")).created


async def test_repeated_id_keeps_the_first_text(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", "first")
    async with db.transaction() as tx:
        again = await tx.inbox.receive(conversation.id, "message-1", "second")
    assert not again.created
    assert again.message.text == "first"


async def test_an_agent_shares_the_numbering_and_makes_no_work(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", "hi")
        await tx.inbox.answer(conversation.id, "message-1", [])
        first = await tx.inbox.add_agent_message(conversation.id, "s_1", "agent-01", "Hello, I am Ana.")
        assert await tx.inbox.add_agent_message(conversation.id, "s_1", "agent-01", "Hello?") == first
        assert await tx.inbox.conversations_with_work() == []
        history = await tx.inbox.history(conversation.id, after_seq=1)
    assert [(message.seq, message.author) for message in history] == [(2, Author.AGENT)]


async def test_id_of_another_author_is_refused(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", "hi")
        with pytest.raises(AlreadyExists):
            await tx.inbox.add_agent_message(conversation.id, "s_1", "message-1", "hi")


async def test_unknown_conversation_and_message_are_named(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        with pytest.raises(NotFound, match="c_nowhere"):
            await tx.inbox.receive("c_nowhere", "message-1", "hi")
        with pytest.raises(NotFound, match="message-9"):
            await tx.inbox.answer(conversation.id, "message-9", [])
        with pytest.raises(NotFound, match="message-9"):
            await tx.inbox.count_attempt(conversation.id, "message-9")


async def test_history_is_paged_by_number(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        for number in range(5):
            await tx.inbox.receive(conversation.id, f"message-{number}", str(number))
        page = await tx.inbox.history(conversation.id, after_seq=1, limit=2)
    assert [message.text for message in page] == ["1", "2"]


@given(text=st.text(max_size=300))
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_text_comes_back_as_it_was(db: Database, conversation: NewConversation, text: str) -> None:
    async with db.transaction() as tx:
        other = await tx.conversations.create()
        await tx.inbox.receive(other.id, "message-1", text)
    async with db.reading() as tx:
        (message,) = await tx.inbox.history(other.id)
    assert message.text == text


async def test_same_message_twenty_times_at_once_is_stored_once(db: Database, conversation: NewConversation) -> None:
    async def receive() -> bool:
        async with db.transaction() as tx:
            return (await tx.inbox.receive(conversation.id, "message-1", "hi")).created

    created = await asyncio.gather(*(receive() for _ in range(20)))
    assert created.count(True) == 1
    async with db.reading() as tx:
        assert len(await tx.inbox.history(conversation.id)) == 1


async def test_four_processes_writing_at_once_lose_and_double_nothing(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing
) -> None:
    async def work(database: Database) -> int:
        created = 0
        for number in range(25):
            async with database.transaction() as tx:
                received = await tx.inbox.receive(conversation.id, f"message-{number}", str(number))
                created += received.created
            async with database.transaction() as tx:
                await tx.inbox.answer(conversation.id, f"message-{number}", [Reply(f"reply {number}")])
        return created

    created = await asyncio.to_thread(in_other_processes, settings, keyring, [work] * 4)
    assert sum(created) == 25
    async with db.reading() as tx:
        history = await tx.inbox.history(conversation.id)
        found = await tx.conversations.get(conversation.id)
    assert [message.seq for message in history] == list(range(1, 51))
    assert {message.text for message in history if message.author == Author.BOT} == {
        f"reply {number}" for number in range(25)
    }
    assert found is not None
    assert found.last_seq == 50


async def test_heard_words_are_sealed_and_gone_with_the_answer(db: Database, conversation: NewConversation) -> None:
    words = (HeardWord("Order", 0.97), HeardWord("417203.", 0.31), HeardWord("please"))
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", "Order 417203. please", heard=words)
    async with db.reading() as tx:
        message = await tx.inbox.get(conversation.id, "message-1")
        stored = (await tx._session.execute(text("SELECT heard FROM messages"))).scalar_one()
    assert message is not None and message.heard == words
    assert "417203" not in stored
    async with db.transaction() as tx:
        await tx.inbox.answer(conversation.id, "message-1", [Reply("It is on its way.")])
    async with db.reading() as tx:
        answered = await tx.inbox.get(conversation.id, "message-1")
        stored = (await tx._session.execute(text("SELECT heard FROM messages WHERE seq = 1"))).scalar_one()
    assert answered is not None and answered.heard == ()
    assert stored is None


async def test_a_typed_message_has_no_heard_words(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        received = await tx.inbox.receive(conversation.id, "message-1", "417203")
    assert received.message.heard == ()


async def test_a_correction_of_another_process_is_seen_even_if_the_message_was_read_before(
    db: Database, conversation: NewConversation
) -> None:
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", "odor", spoken=True)
        assert (await tx.inbox.get(conversation.id, "message-1")) is not None
        # What another process commits between the reading and the lock, where the database lets it.
        await tx._session.execute(text("UPDATE messages SET corrected_by = 'other-id-1' WHERE id = 'message-1'"))
        received = await tx.inbox.correct(conversation.id, "message-1", "mine-id-01", "order")
    assert not received.created
