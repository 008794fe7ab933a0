"""One made-up customer with the product's own code around: the ledger, the steps, the pictures, the assessment.

Scorers are quick and note what reaches them; everything between the customer and them is the product's.
"""

import asyncio
import io
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import ActionContext
from actions import Settings as ActionSettings
from actions.assess import AssessAction
from emotion import Panel, SpeakerBaseline, VoiceReading
from service.consenting import Consenting
from service.hub import Hub
from service.pictures import Pictures
from service.steps import Steps
from service.verdicts import Verdicts
from store import Conversation, Database, MediaStore
from vocabulary import LABELS, Clip, Frame, Modality, ModalityScore, Said, Step

QUICK: Final = ("neutral", "anger")
SILENCE: Final = Clip(np.zeros(1600, dtype=np.float32))


class Watch:
    """What has reached a scorer in this turn. between: called once, while the first of them scores."""

    def __init__(self) -> None:
        self.seen: list[Modality] = []
        self.between: Callable[[], None] | None = None
        self._numbers = 0

    def score(self, modality: Modality) -> ModalityScore:
        """Note the modality and give a score; every other one is an angry one."""
        self.seen.append(modality)
        between, self.between = self.between, None
        if between is not None:
            between()
        self._numbers += 1
        label = QUICK[self._numbers % 2]
        spread = tuple(0.7 if name == label else 0.05 for name in LABELS)
        cue = 0.9 if label == "anger" else 0.05
        return ModalityScore(modality, spread, 0.7, frustration_cue=cue if modality is Modality.TEXT else None)


@dataclass
class Scorers:
    """All four, over one watch."""

    watch: Watch = field(default_factory=Watch)

    def panel(self) -> Panel:
        return Panel(
            text=_Text(self.watch), voice=_Voice(self.watch), face=_Face(self.watch), behaviour=_Way(self.watch)
        )


@dataclass
class _Text:
    watch: Watch

    def score(self, text: str, *, context: Sequence[Said] = ()) -> ModalityScore:
        return self.watch.score(Modality.TEXT)


@dataclass
class _Voice:
    watch: Watch

    def score(self, clip: Clip, *, baseline: SpeakerBaseline | None = None) -> VoiceReading:
        return VoiceReading(self.watch.score(Modality.VOICE), (baseline or SpeakerBaseline()).updated("quick", [0.0]))


@dataclass
class _Face:
    watch: Watch

    def score(self, frames: Sequence[Frame]) -> ModalityScore:
        return self.watch.score(Modality.FACE)


@dataclass
class _Way:
    watch: Watch

    def score(self, steps: Sequence[Step]) -> ModalityScore:
        return self.watch.score(Modality.BEHAVIOUR)


class World:
    """The parts of both processes that consent has to do with, over one database in a folder."""

    def __init__(self, home: Path) -> None:
        self._home = home
        settings = ActionSettings(home=home, database_url="")
        keyring = settings.keyring()
        self.db = Database(settings, keyring)
        self.media = MediaStore(settings.media_dir, keyring, settings.media_ttl_s)
        self.watch = Watch()
        hub = Hub()
        self.pictures = Pictures(self.db, self.media)
        self.consenting = Consenting(self.db, self.pictures, hub)
        self.steps = Steps(self.db)
        self.verdicts = Verdicts(self.db, hub)
        context = ActionContext(
            settings=settings,
            db=self.db,
            media=self.media,
            recommender=None,  # type: ignore[arg-type]  # the assessment suggests nothing
            panel=Scorers(self.watch).panel(),
        )
        self._assess = AssessAction(context)
        content = io.BytesIO()
        Image.new("RGB", (8, 8), "grey").save(content, "PNG")
        self.picture = content.getvalue()

    async def open(self) -> None:
        """Make the database. tables: the same one, read without the product."""
        await self.db.upgrade()
        self.tables = sqlite3.connect(f"file:{self._home / 'attune.db'}?mode=ro", uri=True, isolation_level=None)

    async def close(self) -> None:
        """Let it go."""
        self.tables.close()
        await self.db.close()

    async def assess(
        self, conversation: Conversation, message_id: str, text: str, clip_id: str | None, frame_ids: Sequence[str]
    ) -> None:
        """Run the action of one turn as the action server does. Raises: RuntimeError if it failed."""
        tracker = _tracker(conversation.id, message_id, text, clip_id, frame_ids)
        events = await self._assess.run(CollectingDispatcher(), tracker, {})
        if any(":failed:" in str(event.get("value")) for event in events):
            raise RuntimeError("the assessment of a turn failed; its log line says why.")

    def during(self, act: Callable[[], Any]) -> None:
        """Let a coroutine run to its end while the next scorer scores, in the loop of the caller."""
        loop = asyncio.get_running_loop()
        self.watch.between = lambda: asyncio.run_coroutine_threadsafe(act(), loop).result(30)


def _tracker(
    conversation_id: str, message_id: str, text: str, clip_id: str | None, frame_ids: Sequence[str]
) -> Tracker:
    parsed = {"text": text, "intent": {"name": "inform", "confidence": 0.9}, "intent_ranking": [], "entities": []}
    metadata = {"message_id": message_id, "clip_id": clip_id, "frame_ids": list(frame_ids)}
    return Tracker.from_dict(
        {
            "sender_id": conversation_id,
            "slots": {},
            "latest_message": parsed,
            "events": [
                {"event": "session_started"},
                {"event": "user", "text": text, "metadata": metadata, "parse_data": parsed},
            ],
            "paused": False,
            "active_loop": {},
            "latest_action_name": "action_listen",
        }
    )
