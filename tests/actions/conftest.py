"""A context over a real temporary database, with fake scorers at the edge."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from actions import ActionContext, Settings
from emotion import LoadedPlugin, Panel
from privacy import NOTICE_VERSION, KeyRing
from store import Database, MediaStore, NewConversation
from tests.actions.fake_scorers import FakePlugin, FakeTextScorer, FakeVoiceScorer
from vocabulary import Modality, Purpose, Signal


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

    def plug_in(self, modality: Modality) -> FakePlugin:
        """As if a package with this scorer were installed."""
        plugin = FakePlugin(modality)
        panel = Panel(text=self.text, voice=self.voice, plugins=[LoadedPlugin(plugin, "tests")])
        self.context = replace(self.context, panel=panel)
        return plugin


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
        panel=Panel(text=text, voice=voice),
    )
    yield World(context, conversation, text, voice)
    await db.close()
