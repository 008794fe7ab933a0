"""Voice profiles: one for each conversation, gone with the session and with the consent for voice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from store import Database, NewConversation, NotFound, StoreSettings
from vocabulary import Purpose, Signal

PROFILE = {"model": "voice-2", "turns": 2, "mean": [180.5], "squares": [3.0]}


async def put(db: Database, conversation_id: str) -> None:
    async with db.transaction() as tx:
        await tx.baselines.put(conversation_id, PROFILE)


async def get(db: Database, conversation_id: str) -> object:
    async with db.reading() as tx:
        return await tx.baselines.get(conversation_id)


def change(settings: StoreSettings, statement: str, **values: object) -> None:
    engine = create_engine(f"sqlite:///{settings.home / 'attune.db'}")
    with engine.begin() as connection:
        connection.execute(text(statement), values)
    engine.dispose()


async def test_profile_comes_back_as_it_was_and_is_replaced(db: Database, conversation: NewConversation) -> None:
    assert await get(db, conversation.id) is None
    await put(db, conversation.id)
    assert await get(db, conversation.id) == PROFILE
    async with db.transaction() as tx:
        await tx.baselines.put(conversation.id, {**PROFILE, "turns": 3})
    assert await get(db, conversation.id) == {**PROFILE, "turns": 3}


async def test_profile_is_ciphertext_on_disk(
    db: Database, conversation: NewConversation, settings: StoreSettings
) -> None:
    await put(db, conversation.id)
    engine = create_engine(f"sqlite:///{settings.home / 'attune.db'}")
    with engine.connect() as connection:
        sealed = connection.execute(text("SELECT sealed FROM speaker_baselines")).scalar_one()
    engine.dispose()
    assert "180.5" not in sealed and "voice-2" not in sealed


async def test_profile_ends_with_its_session(
    db: Database, conversation: NewConversation, settings: StoreSettings
) -> None:
    await put(db, conversation.id)
    old = datetime.now(UTC) - timedelta(hours=1, minutes=1)
    change(settings, "UPDATE speaker_baselines SET at = :at", at=old.strftime("%Y-%m-%d %H:%M:%S.%f"))
    assert await get(db, conversation.id) is None
    async with db.transaction() as tx:
        assert await tx.baselines.purge_expired() == 1
        assert await tx.baselines.purge_expired() == 0


async def test_a_live_profile_is_not_purged(db: Database, conversation: NewConversation) -> None:
    await put(db, conversation.id)
    async with db.transaction() as tx:
        assert await tx.baselines.purge_expired() == 0


async def test_withdrawal_of_voice_deletes_it_everywhere_and_of_text_does_not(
    db: Database, conversation: NewConversation
) -> None:
    async with db.transaction() as tx:
        other = await tx.conversations.create()
    for one in (conversation, other):
        await put(db, one.id)
    async with db.transaction() as tx:
        await tx.consents.record(conversation.customer_id, Signal.TEXT, Purpose.ASSIST, False, "1")
    assert await get(db, conversation.id) == PROFILE
    async with db.transaction() as tx:
        await tx.consents.record(conversation.customer_id, Signal.VOICE, Purpose.ASSIST, False, "1")
    assert await get(db, conversation.id) is None
    assert await get(db, other.id) == PROFILE


async def test_a_damaged_profile_is_no_profile(
    db: Database, conversation: NewConversation, settings: StoreSettings
) -> None:
    await put(db, conversation.id)
    change(settings, "UPDATE speaker_baselines SET sealed = 'AAAA'")
    assert await get(db, conversation.id) is None


async def test_profile_of_nobody_is_refused(db: Database) -> None:
    with pytest.raises(NotFound):
        await put(db, "no-such-conversation")
