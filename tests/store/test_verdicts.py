"""What people say about a turn: the last word of each counts, sealed, forgotten with the turn."""

from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text, update

from store import Database, NewConversation, NotFound, StoreSettings, Verdict
from store.schema import VerdictRow
from store.verdicts import RECENT_OF_SOURCE
from vocabulary import Author, Perceived


def verdict(conversation_id: str, source: str = "staff-1", perceived: Perceived = Perceived.LESS_UPSET) -> Verdict:
    return Verdict(conversation_id, "message-1", Author.AGENT, source, perceived, "sadness", "anger", 0.8, counts=True)


async def put(db: Database, *verdicts: Verdict) -> None:
    async with db.transaction() as tx:
        for one in verdicts:
            await tx.verdicts.put(one)


async def test_the_last_word_of_each_person_counts(db: Database, conversation: NewConversation) -> None:
    first = verdict(conversation.id)
    other = verdict(conversation.id, "staff-2", Perceived.MORE_UPSET)
    await put(db, first, other, replace(first, perceived=Perceived.AS_SHOWN, label=None))
    async with db.reading() as tx:
        found = await tx.verdicts.of_conversation(conversation.id)
        assert [(one.source, one.perceived, one.label) for one in found] == [
            ("staff-2", Perceived.MORE_UPSET, "sadness"),
            ("staff-1", Perceived.AS_SHOWN, None),
        ]
        assert found == await tx.verdicts.recent()


async def test_only_what_may_improve_the_service_moves_the_thresholds(
    db: Database, conversation: NewConversation
) -> None:
    counting, other = verdict(conversation.id), replace(verdict(conversation.id, "staff-2"), counts=False)
    await put(db, counting, other)
    async with db.transaction() as tx:
        assert [one.source for one in await tx.verdicts.recent()] == ["staff-1"]
        before = await tx.verdicts.version()
        await tx.verdicts.count_no_more(conversation.id, "message-1")
        assert await tx.verdicts.recent() == [] and await tx.verdicts.version() != before
        assert len(await tx.verdicts.of_conversation(conversation.id)) == 2


async def test_the_version_changes_with_every_verdict(db: Database, conversation: NewConversation) -> None:
    seen = set()
    for one in (verdict(conversation.id), verdict(conversation.id), verdict(conversation.id, "staff-2")):
        await put(db, one)
        async with db.reading() as tx:
            seen.add(await tx.verdicts.version())
    async with db.transaction() as tx:
        assert await tx.verdicts.forget_turn(conversation.id, "message-1") == 2
        seen.add(await tx.verdicts.version())
    assert len(seen) == 4


async def test_it_is_ciphertext_on_disk(db: Database, conversation: NewConversation, settings: StoreSettings) -> None:
    await put(db, verdict(conversation.id))
    engine = create_engine(f"sqlite:///{settings.home / 'attune.db'}")
    with engine.connect() as connection:
        row = str(connection.execute(text("SELECT * FROM verdicts")).one())
    engine.dispose()
    assert "less_upset" not in row and "sadness" not in row


async def test_an_unknown_conversation_is_refused(db: Database) -> None:
    with pytest.raises(NotFound):
        await put(db, verdict("nobody"))


async def test_a_damaged_verdict_is_left_out_and_the_others_count(db: Database, conversation: NewConversation) -> None:
    await put(db, verdict(conversation.id), verdict(conversation.id, "staff-2"))
    async with db.transaction() as tx:
        await tx._session.execute(update(VerdictRow).where(VerdictRow.source == "staff-1").values(sealed="damaged"))
    async with db.reading() as tx:
        assert [one.source for one in await tx.verdicts.recent()] == ["staff-2"]
        assert [one.source for one in await tx.verdicts.of_conversation(conversation.id)] == ["staff-2"]


async def test_many_words_of_one_person_leave_room_for_the_others(db: Database, conversation: NewConversation) -> None:
    await put(db, verdict(conversation.id, "staff-2"))
    await put(db, *(replace(verdict(conversation.id), message_id=f"message-{number}") for number in range(30)))
    async with db.reading() as tx:
        found = await tx.verdicts.recent()
    assert [one.source for one in found] == ["staff-2"] + ["staff-1"] * RECENT_OF_SOURCE
    assert found[-1].message_id == "message-29"
