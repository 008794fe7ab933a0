"""Health, money troubles and minors: nothing of the turn is scored, kept or read again, by rule."""

import pytest

from tests.actions.conftest import World
from tests.actions.test_assess import assess, clip
from tests.actions.test_verdicts import say
from tests.actions.trackers import TrackerBuilder
from vocabulary import NEVER_ASSESSED, SAID_UNDER_AGE, Modality, Mode, Signal

ILL = "I was in hospital for weeks and this is ridiculous"
POOR = "I lost my job and can't pay the rent, this is ridiculous"
ALL = (Signal.TEXT, Signal.VOICE, Signal.FACE, Signal.BEHAVIOUR)


@pytest.mark.parametrize("text", [ILL, POOR])
async def test_no_signal_of_such_a_turn_reaches_a_scorer(world: World, text: str) -> None:
    await world.consent(*ALL)
    clip_id = world.context.media.put_clip(clip())
    frame_id = await world.photograph("message-1")
    await world.walk("address")
    await world.receive("message-1", text, clip_id)
    builder = TrackerBuilder(world.conversation.id)
    builder.user(text, "complaint", message_id="message-1", clip_id=clip_id, frame_ids=(frame_id,))
    slots = await assess(world, builder)
    assert (world.text.texts, world.voice.clips, world.face.frames, world.behaviour.steps) == ([], [], [], [])
    async with world.context.db.reading() as tx:
        stored = await tx.assessments.get(world.conversation.id, "message-1")
        assert await tx.baselines.get(world.conversation.id) is None
    assert stored is not None and stored.assessment.was_left_out
    assert (stored.assessment.scores, stored.assessment.emotion, stored.assessment.state) == ((), None, None)
    assert {stored.assessment.absent[Modality(signal.value)] for signal in ALL} == {NEVER_ASSESSED}
    # Which topic it was is kept nowhere.
    assert "health" not in str(stored) and "money" not in str(stored)
    assert not stored.decision.may_ask and slots["attune_mode"] == "neutral"
    assert world.context.media.get_clip(clip_id) is None and world.context.media.get_bytes(frame_id) is None


async def test_without_consent_not_even_that_is_noted(world: World) -> None:
    stored = await say(world, "message-1", ILL)
    assert NEVER_ASSESSED not in stored.assessment.absent.values()


async def test_the_level_and_the_manner_outlive_such_a_turn(world: World) -> None:
    await world.consent(Signal.TEXT)
    world.text.cue = 0.97
    before = await say(world, "message-1")
    assert before.decision.mode is Mode.NO_SELL
    between = await say(world, "message-2", ILL)
    assert (between.decision.mode, between.decision.offers_allowed) == (Mode.NO_SELL, False)
    assert between.previous_id == before.id
    world.text.label, world.text.cue = "neutral", 0.05
    after = await say(world, "message-3", "where is it")
    assert before.assessment.state is not None and after.assessment.state is not None
    assert after.assessment.state.frustration == pytest.approx(0.8 * before.assessment.state.frustration, abs=1)
    assert after.previous_id == before.id
    await world.consent(Signal.TEXT, granted=False)
    async with world.context.db.reading() as tx:
        assert await tx.assessments.timeline(world.conversation.id) == []


async def test_a_later_message_is_not_read_together_with_it(world: World) -> None:
    await world.consent(Signal.TEXT)
    await world.receive("message-1", ILL)
    await world.receive("message-2", "where is it")
    builder = TrackerBuilder(world.conversation.id)
    builder.user(ILL, "complaint", message_id="message-1").bot("I hope you get well soon.")
    builder.user("where is it", "order_status", message_id="message-2")
    await assess(world, builder)
    assert world.text.texts == ["where is it"] and world.text.context == []


async def test_who_says_to_be_under_age_is_never_assessed_again(world: World) -> None:
    await world.consent(*ALL)
    await say(world, "message-1")
    stored = await say(world, "message-2", "I'm 15 and this is ridiculous")
    assert stored.assessment.absent[Modality.TEXT] == SAID_UNDER_AGE and stored.assessment.state is None
    async with world.context.db.reading() as tx:
        customer = await tx.customers.get(world.conversation.customer_id)
        assert customer is not None and customer.minor
        assert await tx.consents.granted(world.conversation.customer_id) == frozenset()
        assert await tx.assessments.get(world.conversation.id, "message-1") is None
        withdrawn = await tx.events.recent(type="consent.changed")
    assert len(withdrawn) == len(ALL)
    await say(world, "message-3")
    assert world.text.texts == ["this is ridiculous"]


async def test_a_minor_still_gets_a_person(world: World) -> None:
    message = "I'm 15 and I want to talk to a person"
    await world.receive("message-1", message)
    builder = TrackerBuilder(world.conversation.id).user(message, "attune_talk_to_person", message_id="message-1")
    assert (await assess(world, builder))["attune_escalate"] is True
