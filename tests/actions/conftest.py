"""A context over a real temporary database, with fake scorers at the edge."""

import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from actions import ActionContext, Settings
from emotion import LoadedPlugin, Panel
from privacy import NOTICE_VERSION, KeyRing
from store import Database, MediaStore, NewConversation, PastStep
from tests.actions.fake_scorers import FakeBehaviourScorer, FakeFaceScorer, FakePlugin, FakeTextScorer, FakeVoiceScorer
from vocabulary import Modality, Purpose, Signal, StepKind


@dataclass
class World:
    """One customer's conversation and everything that an action works with."""

    context: ActionContext
    conversation: NewConversation
    text: FakeTextScorer
    voice: FakeVoiceScorer
    face: FakeFaceScorer
    behaviour: FakeBehaviourScorer

    async def consent(self, *signals: Signal, granted: bool = True) -> None:
        async with self.context.db.transaction() as tx:
            for signal in signals:
                await tx.consents.record(self.conversation.customer_id, signal, Purpose.ASSIST, granted, NOTICE_VERSION)

    async def receive(self, message_id: str, text: str, clip_id: str | None = None) -> None:
        async with self.context.db.transaction() as tx:
            await tx.inbox.receive(self.conversation.id, message_id, text, clip_id=clip_id)

    async def photograph(self, message_id: str, conversation_id: str | None = None) -> str:
        """Keep a small picture of a message, as the upload does; gives its id."""
        content = io.BytesIO()
        Image.new("RGB", (8, 8), "grey").save(content, "PNG")
        frame_id = self.context.media.put_bytes(content.getvalue())
        async with self.context.db.transaction() as tx:
            await tx.frames.add(conversation_id or self.conversation.id, message_id, frame_id)
        return frame_id

    async def walk(self, *names: str, conversation_id: str | None = None) -> None:
        """Store steps on the host's page, as they come in now."""
        steps = [PastStep(name, StepKind.ENTER, ago_ms=0) for name in names]
        where, batch = conversation_id or self.conversation.id, f"batch-{time.monotonic_ns()}"
        async with self.context.db.transaction() as tx:
            await tx.behaviour.add(where, batch, "tab", steps, since=datetime.now(UTC) - timedelta(minutes=1))

    def plug_in(self, modality: Modality) -> FakePlugin:
        """As if a package with this scorer were installed."""
        plugin = FakePlugin(modality)
        panel = Panel(text=self.text, voice=self.voice, plugins=[LoadedPlugin(plugin, "tests")])
        self.context = replace(self.context, panel=panel)
        return plugin


@asynccontextmanager
async def a_world(home: Path) -> AsyncIterator[World]:
    """A database with one conversation in a folder."""
    settings = Settings(home=home)
    keyring = KeyRing.load_or_create(settings.key_file)
    db = Database(settings, keyring)
    await db.upgrade()
    async with db.transaction() as tx:
        conversation = await tx.conversations.create()
    text, voice, face, behaviour = FakeTextScorer(), FakeVoiceScorer(), FakeFaceScorer(), FakeBehaviourScorer()
    context = ActionContext(
        settings=settings,
        db=db,
        media=MediaStore(settings.media_dir, keyring, settings.media_ttl_s),
        recommender=None,  # type: ignore[arg-type]  # only the recommend action asks it, and its tests bring a real one
        panel=Panel(text=text, voice=voice, face=face, behaviour=behaviour),
    )
    yield World(context, conversation, text, voice, face, behaviour)
    await db.close()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path) as made:
        yield made
