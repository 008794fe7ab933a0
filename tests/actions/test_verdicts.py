"""A person's word about a turn outranks the model in this conversation, and moves the shop's thresholds slowly."""

import pytest

from actions.turn import CLARIFY_RESPONSE
from journey import decision
from store import StoredAssessment, Verdict
from tests.actions.conftest import World
from tests.actions.test_assess import assess
from tests.actions.trackers import TrackerBuilder
from vocabulary import Author, Perceived, Signal


async def say(world: World, message_id: str, text: str = "this is ridiculous") -> StoredAssessment:
    await world.receive(message_id, text)
    await assess(world, TrackerBuilder(world.conversation.id).user(text, "complaint", message_id=message_id))
    async with world.context.db.reading() as tx:
        stored = await tx.assessments.get(world.conversation.id, message_id)
    assert stored is not None
    return stored


async def judge(world: World, message_id: str, perceived: Perceived, *, source: str = "") -> None:
    async with world.context.db.transaction() as tx:
        await tx.verdicts.put(
            Verdict(
                world.conversation.id,
                message_id,
                Author.AGENT if source else Author.CUSTOMER,
                source or world.conversation.customer_id,
                perceived,
                shown_label="anger",
                shown_confidence=0.7,
                counts=True,
            )
        )


async def test_less_upset_lowers_the_level_at_once_and_holds_it_down(world: World) -> None:
    await world.consent(Signal.TEXT)
    first = await say(world, "message-1")
    assert first.assessment.state is not None and first.assessment.state.frustration > 50
    await judge(world, "message-1", Perceived.LESS_UPSET)
    second, third = await say(world, "message-2"), await say(world, "message-3")
    for stored, below in ((second, 50), (third, 62)):
        assert stored.assessment.state is not None and stored.assessment.state.frustration < below
        assert not stored.decision.escalate


async def test_without_a_word_the_same_messages_raise_the_level(world: World) -> None:
    await world.consent(Signal.TEXT)
    await say(world, "message-1")
    second = await say(world, "message-2")
    assert second.assessment.state is not None and second.assessment.state.frustration > 70


async def test_more_upset_raises_a_level_that_read_too_low(world: World) -> None:
    world.text.label, world.text.cue = "neutral", 0.05
    await world.consent(Signal.TEXT)
    first = await say(world, "message-1", "where is it")
    assert first.assessment.state is not None and first.assessment.state.frustration < 10
    await judge(world, "message-1", Perceived.MORE_UPSET)
    second = await say(world, "message-2", "where is it")
    assert second.assessment.state is not None and second.assessment.state.frustration >= 50


async def test_many_people_move_the_thresholds_and_one_person_hardly(world: World) -> None:
    from actions.assess.verdicts import Recalibrator

    await world.consent(Signal.TEXT)
    recalibrator = Recalibrator()
    for number in range(40):
        await judge(world, f"message-{number}", Perceived.LESS_UPSET, source="staff-1")
    async with world.context.db.reading() as tx:
        alone = (await recalibrator.current(tx)).level_shift
    for number in range(40):
        await judge(world, f"message-{number}", Perceived.LESS_UPSET, source=f"staff-{number + 2}")
    async with world.context.db.reading() as tx:
        together = (await recalibrator.current(tx)).level_shift
    assert 0 < alone <= 2.0 < together < 10.0


async def test_what_a_turn_meant_is_explained_and_goes_with_the_consent(world: World) -> None:
    await world.consent(Signal.TEXT)
    stored = await say(world, "message-1")
    assert set(stored.explanations) == {"customer", "agent"}
    assert any("your words" in sentence for sentence in stored.explanations["customer"])
    await judge(world, "message-1", Perceived.LESS_UPSET)
    await world.consent(Signal.TEXT, granted=False)
    async with world.context.db.reading() as tx:
        assert await tx.verdicts.recent() == []
        assert await tx.assessments.get(world.conversation.id, "message-1") is None


async def test_a_word_about_a_turn_from_before_a_hand_back_leaves_the_fresh_state_alone(world: World) -> None:
    await world.consent(Signal.TEXT)
    await say(world, "message-1")
    async with world.context.db.transaction() as tx:
        asked = await tx.escalations.request(world.conversation.id, "message-1", "asked", 50)
        await tx.escalations.claim(asked.id, "s_1")
        await tx.escalations.give_back(asked.id, "s_1")
    world.text.label, world.text.cue = "neutral", 0.05
    await say(world, "message-2", "where is it")
    await judge(world, "message-1", Perceived.MORE_UPSET)
    third = await say(world, "message-3", "where is it")
    assert third.assessment.state is not None and third.assessment.state.frustration < 10
    await judge(world, "message-3", Perceived.MORE_UPSET)
    fourth = await say(world, "message-4", "where is it")
    assert fourth.assessment.state is not None and fourth.assessment.state.frustration >= 50


async def test_the_neutral_question_is_not_asked_again_because_a_new_session_has_begun(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision, "is_uncertain", lambda emotion: emotion is not None)
    await world.consent(Signal.TEXT)
    asked = []
    for number in range(4):
        message_id = f"message-{number}"
        builder = TrackerBuilder(world.conversation.id)
        if number == 1:
            builder.user("this is ridiculous", "complaint", message_id="message-0")
            question = {"event": "bot", "text": "Is this going the way you hoped?"}
            builder.events.append({**question, "metadata": {"utter_action": CLARIFY_RESPONSE}})
        # From the third message on, the session was rolled over and does not hold the question.
        await world.receive(message_id, "this is ridiculous")
        slots = await assess(world, builder.user("this is ridiculous", "complaint", message_id=message_id))
        asked.append(slots["attune_clarify"])
    assert asked == [True, False, False, False]
