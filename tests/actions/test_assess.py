"""The assessment: what is scored, what is stored, and what never is."""

import asyncio
import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa_sdk.executor import CollectingDispatcher

from actions.assess import AssessAction
from tests.actions.conftest import World
from tests.actions.fake_scorers import score
from tests.actions.trackers import TrackerBuilder
from vocabulary import Assessment, Author, Clip, Feature, Modality, Purpose, Said, Signal

MESSAGE = "message-1"


async def assess(world: World, builder: TrackerBuilder) -> dict[str, Any]:
    events = await AssessAction(world.context).run(CollectingDispatcher(), builder.tracker(), {})
    assert [event["event"] for event in events] == ["slot"] * len(events)
    return {event["name"]: event["value"] for event in events}


def said(world: World, text: str = "this is ridiculous", **message: Any) -> TrackerBuilder:
    return TrackerBuilder(world.conversation.id).user(text, "complaint", message_id=MESSAGE, **message)


async def stored_assessment(world: World, message_id: str = MESSAGE) -> Assessment:
    async with world.context.db.reading() as tx:
        stored = await tx.assessments.get(world.conversation.id, message_id)
    assert stored is not None
    return stored.assessment


def clip() -> Clip:
    return Clip(np.zeros(16_000, dtype=np.float32))


async def test_consented_text_is_scored_stored_and_returned_as_slots_only(world: World) -> None:
    await world.consent(Signal.TEXT)
    await world.receive(MESSAGE, "this is ridiculous")
    slots = await assess(world, said(world))
    assert set(slots) == {
        "attune_mode",
        "attune_escalate",
        "attune_clarify",
        "attune_assessed_message",
        "attune_assessment_id",
        "attune_receipt",
    }
    assert slots["attune_assessed_message"] == MESSAGE
    assert slots["attune_receipt"] == f"{MESSAGE}:action_attune_assess"
    async with world.context.db.reading() as tx:
        stored = await tx.assessments.get(world.conversation.id, MESSAGE)
    assert stored is not None
    assert stored.id == slots["attune_assessment_id"]
    assert [one.modality for one in stored.assessment.scores] == [Modality.TEXT]
    assert stored.assessment.emotion is not None
    assert stored.assessment.emotion.label == "anger"
    assert stored.assessment.absent == {
        Modality.VOICE: "no clip",
        Modality.FACE: "no consent",
        Modality.BEHAVIOUR: "no consent",
    }


async def test_without_consent_nothing_is_scored_and_no_state_exists(world: World) -> None:
    await world.receive(MESSAGE, "this is ridiculous")
    slots = await assess(world, said(world))
    assert world.text.texts == []
    assert slots["attune_mode"] == "neutral"
    async with world.context.db.reading() as tx:
        stored = await tx.assessments.get(world.conversation.id, MESSAGE)
    assert stored is not None
    assert stored.assessment.scores == ()
    assert stored.assessment.emotion is None
    assert stored.assessment.state is None
    assert stored.assessment.absent[Modality.TEXT] == "no consent"


async def test_repeated_call_for_one_message_scores_once(world: World) -> None:
    await world.consent(Signal.TEXT)
    await world.receive(MESSAGE, "this is ridiculous")
    first = await assess(world, said(world))
    assert await assess(world, said(world)) == first
    assert len(world.text.texts) == 1


async def test_clip_is_scored_by_id_and_gone_after_the_turn(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.VOICE)
    clip_id = world.context.media.put_clip(clip())
    await world.receive(MESSAGE, "this is ridiculous", clip_id)
    await assess(world, said(world, clip_id=clip_id))
    assert len(world.voice.clips) == 1
    assert world.context.media.get_clip(clip_id) is None


async def test_voice_without_voice_consent_is_absent(world: World) -> None:
    await world.consent(Signal.TEXT)
    clip_id = world.context.media.put_clip(clip())
    await world.receive(MESSAGE, "this is ridiculous", clip_id)
    await assess(world, said(world, clip_id=clip_id))
    assert world.voice.clips == []


async def test_clip_of_another_message_is_never_scored(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.VOICE)
    stolen = world.context.media.put_clip(clip())
    await world.receive(MESSAGE, "this is ridiculous")
    await assess(world, said(world, clip_id=stolen))
    assert world.voice.clips == []
    assert world.context.media.get_clip(stolen) is not None


async def test_agent_s_message_never_reaches_a_scorer_even_if_rasa_were_given_it(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.VOICE)
    async with world.context.db.transaction() as tx:
        await tx.inbox.add_agent_message(world.conversation.id, "s_1", MESSAGE, "I am furious too")
    await assess(world, said(world, "I am furious too"))
    assert world.text.texts == []


async def test_consent_withdrawn_while_scoring_stores_nothing(world: World) -> None:
    await world.consent(Signal.TEXT)
    await world.receive(MESSAGE, "this is ridiculous")
    loop = asyncio.get_running_loop()

    def withdraw() -> None:
        asyncio.run_coroutine_threadsafe(world.consent(Signal.TEXT, granted=False), loop).result(5)

    world.text.before_answer = withdraw
    slots = await assess(world, said(world))
    assert slots["attune_mode"] == "neutral"
    async with world.context.db.reading() as tx:
        stored = await tx.assessments.get(world.conversation.id, MESSAGE)
    assert stored is not None
    assert stored.assessment.scores == ()
    assert stored.assessment.state is None


async def test_a_message_from_before_the_consent_is_not_scored_however_late_it_is_answered(world: World) -> None:
    await world.receive(MESSAGE, "this is ridiculous")
    await world.consent(Signal.TEXT)
    await assess(world, said(world))
    assert world.text.texts == []


async def test_a_message_from_before_a_withdrawal_is_not_scored_under_a_new_consent(world: World) -> None:
    await world.consent(Signal.TEXT)
    await world.receive(MESSAGE, "this is ridiculous")
    await world.consent(Signal.TEXT, granted=False)
    await world.consent(Signal.TEXT)
    await assess(world, said(world))
    assert world.text.texts == []


async def test_a_repeated_yes_does_not_shut_out_what_was_said_under_the_first(world: World) -> None:
    await world.consent(Signal.TEXT)
    await world.receive(MESSAGE, "this is ridiculous")
    await world.consent(Signal.TEXT)
    await assess(world, said(world))
    assert world.text.texts == ["this is ridiculous"]


async def test_earlier_messages_reach_the_scorer_only_from_the_consent_on(world: World) -> None:
    await world.receive("unconsented", "where is my parcel now")
    await world.consent(Signal.TEXT)
    await world.receive("consented", "my parcel is not here")
    await world.receive(MESSAGE, "where is my parcel now")
    builder = TrackerBuilder(world.conversation.id)
    builder.user("where is my parcel now", "order_status", message_id="unconsented")
    builder.user("my parcel is not here", "order_status", message_id="consented")
    await assess(world, builder.user("where is my parcel now", "order_status", message_id=MESSAGE))
    assert world.text.context == [Said(Author.CUSTOMER, "my parcel is not here")]


async def test_the_assistant_s_answers_reach_the_scorer_only_with_the_message_that_they_answer(world: World) -> None:
    await world.receive("unconsented", "where is my parcel now")
    await world.consent(Signal.TEXT)
    await world.receive("consented", "my parcel is not here")
    await world.receive(MESSAGE, "great, again")
    builder = TrackerBuilder(world.conversation.id)
    builder.user("where is my parcel now", "order_status", message_id="unconsented").bot("Parcel 417203 is late.")
    builder.user("my parcel is not here", "order_status", message_id="consented").bot("I found nothing.")
    await assess(world, builder.user("great, again", "complaint", message_id=MESSAGE))
    assert world.text.context == [Said(Author.CUSTOMER, "my parcel is not here"), Said(Author.BOT, "I found nothing.")]


async def test_the_scorer_sees_ten_earlier_messages_at_most(world: World) -> None:
    await world.consent(Signal.TEXT)
    builder = TrackerBuilder(world.conversation.id)
    for number in range(13):
        await world.receive(f"earlier-{number}", f"question {number}")
        builder.user(f"question {number}", "faq", message_id=f"earlier-{number}").bot(f"answer {number}")
    await world.receive(MESSAGE, "and now?")
    await assess(world, builder.user("and now?", "faq", message_id=MESSAGE))
    assert [said.text for said in world.text.context][::2] == [f"question {number}" for number in range(3, 13)]
    assert len(world.text.context) == 20


async def test_what_was_said_before_a_hand_back_is_no_context(world: World) -> None:
    await world.consent(Signal.TEXT)
    await world.receive("before", "nobody helps me")
    async with world.context.db.transaction() as tx:
        asked = await tx.escalations.request(world.conversation.id, "before", "asked", 50)
        await tx.escalations.claim(asked.id, "s_1")
        await tx.escalations.give_back(asked.id, "s_1")
    await world.receive(MESSAGE, "thanks")
    builder = TrackerBuilder(world.conversation.id).user("nobody helps me", "complaint", message_id="before")
    builder.bot("I hand you over to a colleague.")
    await assess(world, builder.user("thanks", "thank", message_id=MESSAGE))
    assert world.text.context == []


async def test_a_state_deleted_by_a_withdrawal_while_scoring_is_not_continued(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.VOICE)
    await world.receive("message-0", "this is ridiculous")
    await assess(world, TrackerBuilder(world.conversation.id).user("x y", "complaint", message_id="message-0"))
    await world.receive(MESSAGE, "and still nothing")
    loop = asyncio.get_running_loop()

    def withdraw() -> None:
        asyncio.run_coroutine_threadsafe(world.consent(Signal.TEXT, granted=False), loop).result(5)

    world.text.before_answer = withdraw
    await assess(world, said(world, "and still nothing"))
    async with world.context.db.reading() as tx:
        stored = await tx.assessments.get(world.conversation.id, MESSAGE)
    assert stored is not None and stored.previous_id is None and stored.assessment.scores == ()
    assert stored.assessment.state is None or stored.assessment.state.frustration == 0


async def test_slow_scorer_is_given_up_and_the_turn_goes_on(world: World) -> None:
    await world.consent(Signal.TEXT)
    await world.receive(MESSAGE, "this is ridiculous")
    world.context.settings.budget_ms = 50
    world.text.before_answer = lambda: time.sleep(0.3)
    slots = await assess(world, said(world))
    assert slots["attune_assessed_message"] == MESSAGE
    async with world.context.db.reading() as tx:
        stored = await tx.assessments.get(world.conversation.id, MESSAGE)
    assert stored is not None
    assert stored.assessment.absent[Modality.TEXT] == "out of time"


async def test_danger_escalates_without_any_consent(world: World) -> None:
    await world.receive(MESSAGE, "the toaster caught fire")
    slots = await assess(world, said(world, "the toaster caught fire"))
    assert slots["attune_escalate"] is True


async def test_unknown_conversation_is_decided_by_the_dialogue_and_not_stored(world: World) -> None:
    slots = await assess(world, TrackerBuilder("someone-else").user("hello", "greet", message_id=MESSAGE))
    assert slots["attune_assessment_id"] == ""
    assert slots["attune_mode"] == "neutral"
    assert world.text.texts == []


async def test_a_failing_scorer_is_absent_and_the_others_go_on(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await world.consent(Signal.TEXT, Signal.VOICE)
    clip_id = world.context.media.put_clip(clip())
    await world.receive(MESSAGE, "this is ridiculous", clip_id)

    def explode() -> None:
        raise RuntimeError("this is ridiculous")

    world.text.before_answer = explode
    await assess(world, said(world, clip_id=clip_id))
    stored = await stored_assessment(world)
    assert [one.modality for one in stored.scores] == [Modality.VOICE]
    assert stored.absent[Modality.TEXT] == "the text scorer failed"
    assert "ridiculous" not in caplog.text


async def test_a_slow_scorer_costs_its_own_modality_only(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.VOICE)
    clip_id = world.context.media.put_clip(clip())
    await world.receive(MESSAGE, "this is ridiculous", clip_id)
    world.context.settings.budget_ms = 150
    world.text.before_answer = lambda: time.sleep(0.5)
    await assess(world, said(world, clip_id=clip_id))
    stored = await stored_assessment(world)
    assert [one.modality for one in stored.scores] == [Modality.VOICE]
    assert stored.absent[Modality.TEXT] == "out of time"


async def test_the_voice_is_compared_with_the_turns_before(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.VOICE)
    for number in range(3):
        clip_id = world.context.media.put_clip(clip())
        await world.receive(f"message-{number}", "hello again", clip_id)
        builder = TrackerBuilder(world.conversation.id)
        await assess(world, builder.user("hello again", "greet", message_id=f"message-{number}", clip_id=clip_id))
    assert [baseline and baseline.turns for baseline in world.voice.baselines] == [None, 1, 2]


async def test_a_profile_of_the_voice_needs_consent_until_the_end(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.VOICE)
    clip_id = world.context.media.put_clip(clip())
    await world.receive(MESSAGE, "this is ridiculous", clip_id)
    loop = asyncio.get_running_loop()

    def withdraw() -> None:
        asyncio.run_coroutine_threadsafe(world.consent(Signal.VOICE, granted=False), loop).result(5)

    world.voice.before_answer = withdraw
    await assess(world, said(world, clip_id=clip_id))
    async with world.context.db.reading() as tx:
        assert await tx.baselines.get(world.conversation.id) is None
    assert [one.modality for one in (await stored_assessment(world)).scores] == [Modality.TEXT]


async def test_a_new_consent_does_not_bring_the_old_profile_back(world: World) -> None:
    await world.consent(Signal.VOICE)
    clip_id = world.context.media.put_clip(clip())
    await world.receive("message-0", "hello", clip_id)
    builder = TrackerBuilder(world.conversation.id)
    await assess(world, builder.user("hello", "greet", message_id="message-0", clip_id=clip_id))
    await world.consent(Signal.VOICE, granted=False)
    await world.consent(Signal.VOICE)
    clip_id = world.context.media.put_clip(clip())
    await world.receive(MESSAGE, "hello", clip_id)
    await assess(world, said(world, "hello", clip_id=clip_id))
    assert world.voice.baselines == [None, None]


async def test_a_plug_in_is_asked_with_consent_only_and_from_the_turn_before_on(world: World) -> None:
    plugin = world.plug_in(Modality.PHYSIOLOGICAL)
    await world.receive("message-0", "hello")
    await assess(world, TrackerBuilder(world.conversation.id).user("hello", "greet", message_id="message-0"))
    assert plugin.asked == []
    await world.consent(Signal.PHYSIOLOGICAL)
    for message_id in ("message-1", "message-2"):
        await world.receive(message_id, "hello")
        await assess(world, TrackerBuilder(world.conversation.id).user("hello", "greet", message_id=message_id))
    (first, second) = plugin.asked
    assert first[0] == world.conversation.id
    assert first[2] < second[2] and second[1] >= first[2]
    stored = await stored_assessment(world, "message-2")
    assert [one.modality for one in stored.scores] == [Modality.PHYSIOLOGICAL]


async def test_a_plug_in_s_score_is_not_kept_after_a_withdrawal_while_it_scores(world: World) -> None:
    plugin = world.plug_in(Modality.GESTURE)
    await world.consent(Signal.GESTURE)
    await world.receive(MESSAGE, "hello")
    loop = asyncio.get_running_loop()

    def withdraw() -> None:
        asyncio.run_coroutine_threadsafe(world.consent(Signal.GESTURE, granted=False), loop).result(5)

    plugin.before_answer = withdraw
    await assess(world, said(world, "hello"))
    stored = await stored_assessment(world)
    assert stored.scores == () and stored.absent[Modality.GESTURE] == "no consent"


async def test_a_plug_in_without_data_or_that_fails_is_absent(world: World) -> None:
    plugin = world.plug_in(Modality.PHYSIOLOGICAL)
    await world.consent(Signal.PHYSIOLOGICAL)
    plugin.gives = None
    await world.receive(MESSAGE, "hello")
    await assess(world, said(world, "hello"))
    assert (await stored_assessment(world)).absent[Modality.PHYSIOLOGICAL] == "no physiological data"
    plugin.gives = "beats"
    await world.receive("message-2", "hello")
    await assess(world, TrackerBuilder(world.conversation.id).user("hello", "greet", message_id="message-2"))
    absent = (await stored_assessment(world, "message-2")).absent
    assert absent[Modality.PHYSIOLOGICAL] == "the physiological scorer takes float, not str"


async def test_pictures_are_scored_by_id_and_gone_after_the_turn(world: World) -> None:
    await world.consent(Signal.FACE)
    frame_ids = (await world.photograph(MESSAGE), await world.photograph(MESSAGE))
    await world.receive(MESSAGE, "hello")
    await assess(world, said(world, "hello", frame_ids=frame_ids))
    assert len(world.face.frames) == 2
    assert [one.modality for one in (await stored_assessment(world)).scores] == [Modality.FACE]
    assert [world.context.media.get_bytes(frame_id) for frame_id in frame_ids] == [None, None]
    async with world.context.db.reading() as tx:
        assert await tx.frames.of_message(world.conversation.id, MESSAGE) == ()


async def test_pictures_without_consent_are_deleted_unseen(world: World) -> None:
    frame_id = await world.photograph(MESSAGE)
    await world.receive(MESSAGE, "hello")
    await assess(world, said(world, "hello", frame_ids=(frame_id,)))
    assert world.face.frames == []
    assert (await stored_assessment(world)).absent[Modality.FACE] == "no consent"
    assert world.context.media.get_bytes(frame_id) is None


async def test_a_picture_of_another_message_is_never_scored_nor_deleted(world: World) -> None:
    await world.consent(Signal.FACE)
    stolen = await world.photograph("message-of-tomorrow")
    await world.receive(MESSAGE, "hello")
    await assess(world, said(world, "hello", frame_ids=(stolen,)))
    assert world.face.frames == []
    assert (await stored_assessment(world)).absent[Modality.FACE] == "no picture"
    assert world.context.media.get_bytes(stolen) is not None


async def test_a_damaged_picture_is_left_out_and_named_only_when_it_is_the_only_one(world: World) -> None:
    await world.consent(Signal.FACE)
    frame_ids = []
    for message_id, with_good in ((MESSAGE, True), ("message-2", False)):
        damaged = world.context.media.put_bytes(b"GIF89a no picture")
        async with world.context.db.transaction() as tx:
            await tx.frames.add(world.conversation.id, message_id, damaged)
        frame_ids = [damaged, await world.photograph(message_id)] if with_good else [damaged]
        await world.receive(message_id, "hello")
        builder = TrackerBuilder(world.conversation.id)
        builder.user("hello", "greet", message_id=message_id, frame_ids=tuple(frame_ids))
        await assess(world, builder)
    assert len(world.face.frames) == 1
    assert "no JPEG" in (await stored_assessment(world, "message-2")).absent[Modality.FACE]


async def test_steps_are_scored_once_from_the_consent_to_the_message(world: World) -> None:
    await world.walk("before-consent")
    await asyncio.sleep(0.01)
    await world.consent(Signal.BEHAVIOUR)
    await world.walk("address", "payment")
    await asyncio.sleep(0.01)
    await world.receive("message-1", "hello")
    await asyncio.sleep(0.01)
    await world.walk("after-the-message")
    await assess(world, TrackerBuilder(world.conversation.id).user("hello", "greet", message_id="message-1"))
    assert [step.name for step in world.behaviour.steps] == ["address", "payment"]
    world.behaviour.steps.clear()
    await asyncio.sleep(0.01)
    await world.receive("message-2", "hello")
    await assess(world, TrackerBuilder(world.conversation.id).user("hello", "greet", message_id="message-2"))
    assert [step.name for step in world.behaviour.steps] == []


async def test_a_withdrawal_while_scoring_keeps_no_modality_of_that_signal(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.FACE, Signal.BEHAVIOUR)
    frame_id = await world.photograph(MESSAGE)
    await world.walk("address")
    await asyncio.sleep(0.01)
    await world.receive(MESSAGE, "hello")
    loop = asyncio.get_running_loop()

    def withdraw() -> None:
        for signal in (Signal.FACE, Signal.BEHAVIOUR):
            asyncio.run_coroutine_threadsafe(world.consent(signal, granted=False), loop).result(5)

    world.text.before_answer = withdraw
    await assess(world, said(world, "hello", frame_ids=(frame_id,)))
    stored = await stored_assessment(world)
    assert [one.modality for one in stored.scores] == [Modality.TEXT]
    assert stored.absent[Modality.FACE] == stored.absent[Modality.BEHAVIOUR] == "no consent"


async def test_hanging_modalities_do_not_keep_the_turn_waiting_twice(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.FACE)
    frame_id = await world.photograph(MESSAGE)
    await world.receive(MESSAGE, "hello")
    world.context.settings.budget_ms = 200
    world.text.before_answer = world.face.before_answer = lambda: time.sleep(1.0)
    started = time.monotonic()
    await assess(world, said(world, "hello", frame_ids=(frame_id,)))
    assert time.monotonic() - started < 0.9
    assert (await stored_assessment(world)).scores == ()


SIGNALS = (Signal.TEXT, Signal.VOICE, Signal.FACE, Signal.BEHAVIOUR)


@given(
    author=st.sampled_from(["customer", "agent", "nobody"]),
    granted=st.sets(st.sampled_from(SIGNALS)),
    own=st.booleans(),
    with_media=st.booleans(),
    number=st.integers(0, 10**9),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_nothing_is_scored_without_the_customer_s_own_consented_signal(
    world: World, author: str, granted: set[Signal], own: bool, with_media: bool, number: int
) -> None:
    for reached in (world.text.texts, world.voice.clips, world.face.frames, world.behaviour.steps):
        reached.clear()
    message_id = f"message-{number}-{time.monotonic_ns()}"
    async with world.context.db.transaction() as tx:
        conversation = await tx.conversations.create()
        for signal in SIGNALS:
            await tx.consents.record(conversation.customer_id, signal, Purpose.ASSIST, signal in granted, "1")
    clip_id = world.context.media.put_clip(clip()) if with_media else None
    frame_ids: tuple[str, ...] = ()
    if with_media:
        frame_ids = (await world.photograph(message_id if own else "another", conversation.id),)
        # Steps are kept by conversation: another conversation's never mix in.
        await world.walk("address", conversation_id=conversation.id if own else world.conversation.id)
        await asyncio.sleep(0.003)
    async with world.context.db.transaction() as tx:
        if author == "customer":
            await tx.inbox.receive(conversation.id, message_id, "hello", clip_id=clip_id if own else None)
        elif author == "agent":
            await tx.inbox.add_agent_message(conversation.id, "s_1", message_id, "hello")
    builder = TrackerBuilder(conversation.id)
    builder.user("hello", "greet", message_id=message_id, clip_id=clip_id, frame_ids=frame_ids)
    await assess(world, builder)
    by_customer, media = author == "customer", own and with_media
    assert bool(world.text.texts) == (by_customer and Signal.TEXT in granted)
    assert bool(world.voice.clips) == (by_customer and Signal.VOICE in granted and media)
    assert bool(world.face.frames) == (by_customer and Signal.FACE in granted and media)
    assert bool(world.behaviour.steps) == (by_customer and Signal.BEHAVIOUR in granted and media)


async def test_a_scorer_that_hangs_turn_after_turn_costs_no_other_modality(world: World) -> None:
    plugin = world.plug_in(Modality.GESTURE)
    await world.consent(Signal.TEXT, Signal.GESTURE)
    world.context.settings.budget_ms = 100
    released = threading.Event()
    plugin.before_answer = lambda: released.wait(30) and None
    action = AssessAction(world.context)
    reasons = []
    for number in range(8):
        message_id = f"message-{number}"
        await world.receive(message_id, "hello")
        builder = TrackerBuilder(world.conversation.id).user("hello", "greet", message_id=message_id)
        await action.run(CollectingDispatcher(), builder.tracker(), {})
        stored = await stored_assessment(world, message_id)
        assert [one.modality for one in stored.scores] == [Modality.TEXT]
        reasons.append(stored.absent[Modality.GESTURE])
    assert reasons == ["out of time"] * 3 + ["the gesture scorer hangs"] * 5
    released.set()
    await asyncio.sleep(0.05)
    await world.receive("message-9", "hello")
    builder = TrackerBuilder(world.conversation.id).user("hello", "greet", message_id="message-9")
    await action.run(CollectingDispatcher(), builder.tracker(), {})
    assert len((await stored_assessment(world, "message-9")).scores) == 2


async def test_media_that_cannot_be_read_in_time_or_at_all_cost_their_own_modality_only(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.consent(Signal.TEXT, Signal.VOICE, Signal.FACE)
    clip_id = world.context.media.put_clip(clip())
    frame_id = await world.photograph(MESSAGE)
    await world.receive(MESSAGE, "hello", clip_id)
    world.context.settings.budget_ms = 150

    def refuse(_: str) -> None:
        raise PermissionError("this is ridiculous")

    monkeypatch.setattr(world.context.media, "get_clip", refuse)
    monkeypatch.setattr(world.context.media, "get_bytes", lambda _: time.sleep(0.5))
    await assess(world, said(world, "hello", clip_id=clip_id, frame_ids=(frame_id,)))
    stored = await stored_assessment(world)
    assert [one.modality for one in stored.scores] == [Modality.TEXT]
    assert stored.absent[Modality.VOICE] == "the voice scorer failed"
    assert stored.absent[Modality.FACE] == "out of time"


@pytest.mark.parametrize("value", [np.float32(0.5), float("nan")])
async def test_a_plug_in_s_number_that_cannot_be_stored_makes_it_absent(world: World, value: Any) -> None:
    plugin = world.plug_in(Modality.GESTURE)
    await world.consent(Signal.TEXT, Signal.GESTURE)
    good = score(Modality.GESTURE, "anger")
    plugin.score = lambda _: replace(good, features=(Feature("speed", value, "faster"),))  # type: ignore[method-assign]
    await world.receive(MESSAGE, "hello")
    await assess(world, said(world, "hello"))
    stored = await stored_assessment(world)
    assert [one.modality for one in stored.scores] == [Modality.TEXT]
    assert stored.absent[Modality.GESTURE] == "the gesture scorer failed"


async def test_a_message_that_two_calls_assess_at_once_keeps_one_decision_and_counts_once(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.VOICE)
    clip_id = world.context.media.put_clip(clip())
    await world.receive(MESSAGE, "this is ridiculous", clip_id)
    labels = iter(["neutral", "anger"])
    both = threading.Barrier(2)

    def answer_differently() -> None:
        both.wait(5)
        world.text.label = next(labels)

    world.text.before_answer = answer_differently
    calls = [assess(world, said(world, clip_id=clip_id)) for _ in range(2)]
    first, second = await asyncio.gather(*calls)
    assert first == second
    async with world.context.db.reading() as tx:
        profile = await tx.baselines.get(world.conversation.id)
        assert profile is not None
        events = await tx.events.recent(type="assessment.stored")
    assert profile["turns"] == 1 and len(events) == 1
