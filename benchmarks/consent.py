"""Random flips of consent between frames, clips, steps and turns, and while a turn is being scored."""

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from benchmarks.consent_oracle import Oracle, Pending
from benchmarks.consent_world import SILENCE, World
from privacy import NOTICE_VERSION
from service.errors import ServiceError
from service.steps import StepBatch
from store import Conversation, PastStep
from vocabulary import Perceived, Purpose, Signal, StepKind

FULL: Final = 100_000
SIGNALS: Final = (Signal.TEXT, Signal.VOICE, Signal.FACE, Signal.BEHAVIOUR)
PER_CUSTOMER: Final = 30
"""Flips of one customer; then the next one comes."""

PER_DATABASE: Final = 4000
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the disk's speed is not what is measured
_WORDS: Final = ("where is it", "this is ridiculous", "thank you")
_NEVER: Final = ("I was in hospital and this is ridiculous", "I lost my job and can't pay the rent")


def bench_consent(flips: int, seed: int, progress: Callable[[int], None] = lambda _: None) -> dict[str, Any]:
    """Flip, and hold what reached a scorer and what is stored against a separate record of the customers' will.

    Result: flips, violations, their kinds, and what happened in between: turns, of them flipped while they were scored,
    scores that were stored, pictures, recordings, batches of steps, verdicts. seed: of every choice.
    """
    return asyncio.run(_run(flips, random.Random(seed), progress))


async def _run(flips: int, chance: random.Random, progress: Callable[[int], None]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    violations: Counter[str] = Counter()
    began = time.perf_counter()
    while counts["flips"] < flips:
        where = _MEMORY if _MEMORY.is_dir() else None
        with tempfile.TemporaryDirectory(prefix="attune-consent-", dir=where) as folder:
            world = World(Path(folder))
            try:
                await world.open()
                until = min(flips, counts["flips"] + PER_DATABASE)
                while counts["flips"] < until:
                    life = _Life(world, chance, counts, until)
                    violations += await life.live()
                    progress(counts["flips"])
            finally:
                await world.close()
    return {
        **{name: counts[name] for name in ("flips", "turns", "flips_while_scoring", "scores_used", "scores_stored")},
        **{name: counts[name] for name in ("carried_over", "pictures", "recordings", "step_batches", "verdicts")},
        **{name: counts[name] for name in ("verdicts_seen_improving", "refused")},
        "violations": sum(violations.values()),
        "violations_by_kind": dict(violations),
        "seconds": round(time.perf_counter() - began, 1),
    }


class _Life:
    """One customer: conversations, messages, and a change of mind every so often."""

    def __init__(self, world: World, chance: random.Random, counts: Counter[str], until: int) -> None:
        self._world = world
        self._chance = chance
        self._counts = counts
        self._until = min(until, counts["flips"] + PER_CUSTOMER)
        self._conversations: list[Conversation] = []
        self._judged: list[tuple[str, str]] = []
        self._oracle = Oracle("")

    async def live(self) -> Counter[str]:
        """Until this customer's flips are done; gives what was found."""
        await self._begin()
        acts = (self._flip, self._write, self._turn, self._photograph, self._walk, self._judge, self._begin_again)
        while self._counts["flips"] < self._until:
            act = self._chance.choices(acts, weights=(60, 14, 14, 7, 6, 9, 10))[0]
            await act()
        while self._oracle.pending:
            await self._turn()
        self._counts["verdicts_seen_improving"] += self._oracle.counting
        return self._oracle.violations

    async def _begin(self) -> None:
        async with self._world.db.transaction() as tx:
            made = await tx.conversations.create(customer_id=self._oracle.customer_id or None)
            conversation = await tx.conversations.get(made.id)
        assert conversation is not None
        self._oracle.customer_id = made.customer_id
        self._conversations.append(conversation)

    async def _begin_again(self) -> None:
        if len(self._conversations) < 5:
            await self._begin()

    async def _flip(self) -> None:
        """One change of mind. Yes is said more often than no, so that there is something to take back."""
        signal, purpose = self._chance.choice(SIGNALS), self._chance.choices(tuple(Purpose), weights=(4, 4, 3))[0]
        if signal in self._oracle.granted[purpose] and self._chance.random() < 0.6:
            signal, purpose = self._chance.choice(SIGNALS), self._chance.choice(tuple(Purpose))
        allowed = signal in self._oracle.granted[purpose]
        if not allowed and purpose is not Purpose.ASSIST and signal not in self._oracle.granted[Purpose.ASSIST]:
            purpose = Purpose.ASSIST
        granted = not allowed
        await self._world.consenting.answer(
            self._oracle.customer_id, signal, purpose, granted, NOTICE_VERSION if granted else None
        )
        self._oracle.answered(signal, purpose, granted)
        self._counts["flips"] += 1
        if not granted:
            await self._look()

    async def _write(self) -> None:
        """A message comes in, sometimes spoken; the recording is kept whatever the consent, to tempt the product."""
        message_id = str(UUID(int=self._chance.getrandbits(128)))
        left_out = self._chance.random() < 0.1
        text = self._chance.choice(_NEVER if left_out else _WORDS)
        conversation = self._chance.choice(self._conversations)
        clip_id = None
        if self._chance.random() < 0.5:
            clip_id = await asyncio.to_thread(self._world.media.put_clip, SILENCE)
            self._counts["recordings"] += 1
        async with self._world.db.transaction() as tx:
            await tx.inbox.receive(conversation.id, message_id, text, clip_id=clip_id)
        allowed = set(self._oracle.granted[Purpose.ASSIST])
        self._oracle.pending.append(Pending(conversation, message_id, text, allowed, clip_id, left_out=left_out))

    async def _photograph(self) -> None:
        """A picture of a message that is still to come is taken with consent only; the message follows at once."""
        conversation = self._chance.choice(self._conversations)
        message_id = str(UUID(int=self._chance.getrandbits(128)))
        may = Signal.FACE in self._oracle.granted[Purpose.ASSIST]
        try:
            await self._world.pictures.attach(conversation, message_id, self._world.picture)
        except ServiceError:
            self._counts["refused"] += 1
            return
        self._counts["pictures"] += 1
        if not may:
            self._oracle.violations["a picture was taken without consent"] += 1
        if self._chance.random() < 0.3:
            await self._flip()
        async with self._world.db.transaction() as tx:
            frame_ids = await tx.frames.of_message(conversation.id, message_id)
            await tx.inbox.receive(conversation.id, message_id, "look")
        allowed = set(self._oracle.granted[Purpose.ASSIST])
        self._oracle.pending.append(Pending(conversation, message_id, "look", allowed, frame_ids=frame_ids))

    async def _walk(self) -> None:
        may = Signal.BEHAVIOUR in self._oracle.granted[Purpose.ASSIST]
        batch_id = f"batch-{self._chance.getrandbits(60)}"
        steps = [PastStep("address", StepKind.ENTER, ago_ms=0), PastStep("address", StepKind.ABORT, ago_ms=0)]
        try:
            await self._world.steps.take(
                self._chance.choice(self._conversations), StepBatch(batch_id, "tab-00001", idle=False, steps=steps)
            )
        except ServiceError:
            self._counts["refused"] += 1
            return
        self._counts["step_batches"] += 1
        if not may:
            self._oracle.violations["steps were taken without consent"] += 1

    async def _turn(self) -> None:
        """The oldest message is assessed, with a change of mind before, meanwhile, or at the same time."""
        if not self._oracle.pending:
            return
        message = self._oracle.pending[0]
        world, watch = self._world, self._world.watch
        watch.seen.clear()
        allowed = set(message.allowed)
        when = self._chance.random()
        flips = self._counts["flips"]
        if when < 0.25:
            world.during(self._flip)
        assessed = world.assess(message.conversation, message.id, message.text, message.clip_id, message.frame_ids)
        if 0.25 <= when < 0.4:
            await asyncio.gather(assessed, self._after(self._chance.random() * 0.004))
        else:
            await assessed
        watch.between = None
        self._oracle.pending.pop(0)
        self._counts["flips_while_scoring"] += self._counts["flips"] - flips
        self._counts["turns"] += 1
        self._counts["scores_used"] += len(watch.seen)
        self._oracle.reached(watch.seen, allowed, left_out=message.left_out)
        async with world.db.reading() as tx:
            stored = await tx.assessments.get(message.conversation.id, message.id)
        scores = stored.assessment.scores if stored is not None else ()
        self._counts["scores_stored"] += len(scores)
        if not {Signal(score.modality.value) for score in scores} <= message.allowed:
            self._oracle.violations["stored without consent"] += 1
        if stored is not None and stored.assessment.state is not None:
            self._judged.append((message.conversation.id, message.id))
            self._counts["carried_over"] += any("earlier conversation" in one for one in stored.explanations["agent"])
        for media_id in (message.clip_id, *message.frame_ids):
            if media_id is not None and await asyncio.to_thread(world.media.get_bytes, media_id) is not None:
                self._oracle.violations["media outlive the turn"] += 1
        await self._look()

    async def _after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._flip()

    async def _judge(self) -> None:
        """The customer says something about a reading; gone readings cannot be judged."""
        if not self._judged:
            return
        conversation_id, message_id = self._chance.choice(self._judged)
        try:
            await self._world.verdicts.by_customer(
                conversation_id, self._oracle.customer_id, message_id, self._chance.choice(tuple(Perceived))
            )
        except ServiceError:
            self._counts["refused"] += 1
            return
        self._counts["verdicts"] += 1
        await self._look()

    async def _look(self) -> None:
        async with self._world.db.reading() as tx:
            await self._oracle.look(tx, self._world.tables, [one.id for one in self._conversations])
