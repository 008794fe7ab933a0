"""What is stored of a message holds no personal data; the originals lie beside it, for those who may see them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from privacy import DecryptionError
from store import Database, NewConversation, Reply
from store.schema import MessageRow

WORDS = "My e-mail is ann.lee@example.org, order 417293."
HIDDEN = "My e-mail is [email 1], order 417293."


async def test_staff_see_placeholders_and_the_customer_their_own_words(
    db: Database, conversation: NewConversation
) -> None:
    async with db.transaction() as tx:
        received = await tx.inbox.receive(conversation.id, "message-1", WORDS)
        await tx.inbox.answer(conversation.id, "message-1", [Reply("I have written to ann.lee@example.org.")])
        await tx.inbox.add_agent_message(conversation.id, "staff-1", "message-2", "I call +44 20 7946 0958.")
    assert received.message.text == WORDS
    async with db.reading() as tx:
        own = await tx.inbox.history(conversation.id)
        seen = await tx.inbox.history(conversation.id, redacted=True)
        one = await tx.inbox.get(conversation.id, "message-1", redacted=True)
    assert [message.text for message in own] == [
        WORDS,
        "I have written to ann.lee@example.org.",
        "I call +44 20 7946 0958.",
    ]
    assert [message.text for message in seen] == [HIDDEN, "I have written to [email 1].", "I call [phone 1]."]
    assert one is not None and one.text == HIDDEN and one.revealable


async def test_text_that_looks_like_a_placeholder_comes_back_as_it_was(
    db: Database, conversation: NewConversation
) -> None:
    words = "[email 1] is not a@b.example but [email 2], a@b.example is."
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", words)
    async with db.reading() as tx:
        message = await tx.inbox.get(conversation.id, "message-1")
    assert message is not None and message.text == words


async def test_what_was_misheard_is_redacted_like_the_text(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", "write to ann@example.org", spoken=True)
        await tx.inbox.correct(conversation.id, "message-1", "correction-1", "write to anna@example.org")
    async with db.reading() as tx:
        seen = await tx.inbox.get(conversation.id, "message-1", redacted=True)
        own = await tx.inbox.get(conversation.id, "message-1")
    assert seen is not None and (seen.text, seen.misheard) == ("write to [email 1]", "write to [email 1]")
    assert own is not None and (own.text, own.misheard) == ("write to anna@example.org", "write to ann@example.org")


async def test_originals_are_forgotten_by_age_and_never_before_the_answer(
    db: Database, conversation: NewConversation
) -> None:
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", WORDS)
    later = datetime.now(UTC) + timedelta(days=1)
    async with db.transaction() as tx:
        assert await tx.overdue.delete("originals", later, None) == 0
        await tx.inbox.answer(conversation.id, "message-1", [Reply("Thank you.")])
        assert await tx.overdue.delete("originals", datetime.now(UTC) - timedelta(days=1), None) == 0
        assert await tx.overdue.delete("originals", later, None) == 1
    async with db.reading() as tx:
        message = await tx.inbox.get(conversation.id, "message-1")
        assert message is not None and message.text == HIDDEN and not message.revealable


async def test_the_sealed_text_itself_holds_no_personal_data(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", WORDS)
    async with db.reading() as tx:
        row = await tx._session.scalar(select(MessageRow))
        assert row is not None and "ann.lee" not in str(await tx.vault.open(row.sealed, "message"))
        assert row.originals is not None and "ann.lee" in str(await tx.vault.open(row.originals, "originals"))


async def test_without_the_persons_key_neither_words_nor_originals_can_be_read(
    db: Database, conversation: NewConversation
) -> None:
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", WORDS)
    async with db.transaction() as tx:
        assert await tx.vault.destroy(conversation.customer_id) == 1
    async with db.reading() as tx:
        for redacted in (False, True):
            try:
                await tx.inbox.history(conversation.id, redacted=redacted)
            except DecryptionError as err:
                assert err.code == "key_destroyed"
            else:
                raise AssertionError("an erased person's message was read")
