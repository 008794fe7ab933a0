"""A context over a real temporary database, with fake scorers at the edge."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from actions import ActionContext, Settings
from privacy import NOTICE_VERSION, KeyRing
from store import Database, MediaStore, NewConversation
from tests.actions.fake_scorers import FakeTextScorer, FakeVoiceScorer
from vocabulary import Purpose, Signal


@dataclass
class World:
    """One customer's conversation and everything that an action works with."""

    context: ActionContext
    conversation: NewConversation
    text: FakeTextScorer
    voice: FakeVoiceScorer

    async def consent(self, *signals: Signal, granted: bool = True) -> None:
        async with self.context.db.transaction() as tx:
            for signal in signals:
                await tx.consents.record(self.conversation.customer_id, signal, Purpose.ASSIST, granted, NOTICE_VERSION)

    async def receive(self, message_id: str, text: str, clip_id: str | None = None) -> None:
        async with self.context.db.transaction() as tx:
            await tx.inbox.receive(self.conversation.id, message_id, text, clip_id=clip_id)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    settings = Settings(home=tmp_path)
    keyring = KeyRing.load_or_create(settings.key_file)
    db = Database(settings, keyring)
    await db.upgrade()
    async with db.transaction() as tx:
        conversation = await tx.conversations.create()
    text, voice = FakeTextScorer(), FakeVoiceScorer()
    context = ActionContext(
        settings=settings,
        db=db,
        media=MediaStore(settings.media_dir, keyring, settings.media_ttl_s),
        recommender=None,  # type: ignore[arg-type]  # only the recommend action asks it, and its tests bring a real one
        text_scorer=text,  # type: ignore[arg-type]
        voice_scorer=voice,  # type: ignore[arg-type]
    )
    yield World(context, conversation, text, voice)
    await db.close()
