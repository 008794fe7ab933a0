"""No signal of a member of staff reaches a scorer, whatever is allowed and whatever Rasa is given."""

import numpy as np
import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.assess import AssessAction
from tests.actions.conftest import World
from tests.actions.trackers import TrackerBuilder
from vocabulary import Clip, Signal

WORDS = "I am furious with this customer"


def touched(world: World) -> list[object]:
    return [*world.text.texts, *world.voice.clips, *world.face.frames, *world.behaviour.steps]


async def assess(world: World, message_id: str, clip_id: str | None, frame_id: str | None) -> None:
    builder = TrackerBuilder(world.conversation.id).user(
        WORDS, "complaint", message_id=message_id, clip_id=clip_id, frame_ids=[frame_id] if frame_id else []
    )
    await AssessAction(world.context).run(CollectingDispatcher(), builder.tracker(), {})


async def test_agent_s_words_voice_and_face_are_left_alone_with_every_consent_given(world: World) -> None:
    await world.consent(*(Signal.TEXT, Signal.VOICE, Signal.FACE, Signal.BEHAVIOUR))
    clip_id = world.context.media.put_clip(Clip(np.zeros(16_000, dtype=np.float32)))
    async with world.context.db.transaction() as tx:
        await tx.inbox.add_agent_message(world.conversation.id, "a_staff", "agent-1", WORDS)
    frame_id = await world.photograph("agent-1")
    await world.walk("checkout")
    await assess(world, "agent-1", clip_id, frame_id)
    assert touched(world) == []
    async with world.context.db.reading() as tx:
        stored = await tx.assessments.get(world.conversation.id, "agent-1")
    assert stored is None or (stored.assessment.scores, stored.assessment.state) == ((), None)


async def test_customer_s_next_message_is_not_read_with_the_agent_s_words(world: World) -> None:
    await world.consent(Signal.TEXT)
    async with world.context.db.transaction() as tx:
        await tx.inbox.add_agent_message(world.conversation.id, "a_staff", "agent-1", WORDS)
    await world.receive("customer-1", "thank you")
    builder = TrackerBuilder(world.conversation.id).user(WORDS, "inform", message_id="agent-1")
    builder.user("thank you", "thank", message_id="customer-1")
    await AssessAction(world.context).run(CollectingDispatcher(), builder.tracker(), {})
    assert world.text.texts == ["thank you"]
    assert all(WORDS not in said.text for said in world.text.context)


@pytest.mark.parametrize("message_id", ["", "agent-unknown", "agent-1; DROP TABLE messages"])
async def test_message_that_nobody_sent_is_left_alone(world: World, message_id: str) -> None:
    await world.consent(Signal.TEXT)
    await assess(world, message_id or "none", None, None)
    assert touched(world) == []
