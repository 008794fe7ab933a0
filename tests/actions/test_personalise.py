"""How one conversation ended reaches the next only under consent to that use, and goes with it."""

from datetime import UTC, datetime, timedelta

import pytest

from emotion import carried_over
from store import StoredAssessment
from tests.actions.conftest import World
from tests.actions.test_assess import assess
from tests.actions.test_verdicts import judge, say
from tests.actions.trackers import TrackerBuilder
from vocabulary import CustomerState, Perceived, Purpose, Signal, StateName


async def allow(world: World, signal: Signal, purpose: Purpose, granted: bool = True) -> None:
    async with world.context.db.transaction() as tx:
        await tx.consents.record(world.conversation.customer_id, signal, purpose, granted, "3")


async def say_elsewhere(world: World, message_id: str = "message-9", text: str = "hello") -> StoredAssessment:
    """A message in a new conversation of the same customer, read as neutral."""
    world.text.label, world.text.cue = "neutral", 0.05
    async with world.context.db.transaction() as tx:
        other = await tx.conversations.create(customer_id=world.conversation.customer_id)
        await tx.inbox.receive(other.id, message_id, text)
    await assess(world, TrackerBuilder(other.id).user(text, "greet", message_id=message_id))
    async with world.context.db.reading() as tx:
        stored = await tx.assessments.get(other.id, message_id)
    assert stored is not None and stored.assessment.state is not None
    return stored


def level(stored: StoredAssessment) -> float:
    assert stored.assessment.state is not None
    return stored.assessment.state.frustration


async def test_without_this_use_every_conversation_starts_afresh(world: World) -> None:
    await world.consent(Signal.TEXT)
    await say(world, "message-1")
    second = await say_elsewhere(world)
    assert level(second) < 5 and second.previous_id is None


async def test_with_it_the_next_conversation_begins_where_the_last_one_ended(world: World) -> None:
    await world.consent(Signal.TEXT)
    await allow(world, Signal.TEXT, Purpose.PERSONALISE)
    first = await say(world, "message-1")
    second = await say_elsewhere(world)
    assert second.previous_id == first.id and 30 < level(second) < 45
    assert not second.decision.escalate
    assert any("last conversation" in line for line in second.explanations["customer"])


async def test_every_signal_behind_the_earlier_level_must_be_allowed(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.BEHAVIOUR)
    await allow(world, Signal.TEXT, Purpose.PERSONALISE)
    await world.walk("address")
    await say(world, "message-1")
    assert (await say_elsewhere(world)).previous_id is None


async def test_withdrawing_the_use_deletes_what_went_on_from_there_and_nothing_else(world: World) -> None:
    await world.consent(Signal.TEXT)
    await allow(world, Signal.TEXT, Purpose.PERSONALISE)
    await say(world, "message-1")
    second = await say_elsewhere(world)
    await allow(world, Signal.TEXT, Purpose.PERSONALISE, granted=False)
    async with world.context.db.reading() as tx:
        assert await tx.assessments.get(second.assessment.conversation_id, "message-9") is None
        assert await tx.assessments.get(world.conversation.id, "message-1") is not None
        assert await tx.consents.granted(world.conversation.customer_id) == {Signal.TEXT}


async def test_withdrawing_the_signal_reaches_later_conversations_too(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.BEHAVIOUR)
    for signal in (Signal.TEXT, Signal.BEHAVIOUR):
        await allow(world, signal, Purpose.PERSONALISE)
    await world.walk("address")
    await say(world, "message-1")
    second = await say_elsewhere(world)
    assert second.previous_id is not None
    await world.consent(Signal.BEHAVIOUR, granted=False)
    async with world.context.db.reading() as tx:
        # Its own score is of the text alone; the level that it went on from was not.
        assert await tx.assessments.get(second.assessment.conversation_id, "message-9") is None
        for purpose in Purpose:
            assert await tx.consents.granted(world.conversation.customer_id, purpose) <= {Signal.TEXT}


async def test_a_correction_of_the_earlier_conversation_counts(world: World) -> None:
    await world.consent(Signal.TEXT)
    await allow(world, Signal.TEXT, Purpose.PERSONALISE)
    first = await say(world, "message-1")
    second = await say(world, "message-2")
    assert level(second) > level(first)
    await judge(world, "message-2", Perceived.LESS_UPSET)
    corrected = await say_elsewhere(world)
    assert corrected.previous_id == second.id
    # Four fifths of the 35 below which nobody is called frustrated; without the correction of 45, the most there is.
    assert level(corrected) == pytest.approx(0.8 * 35, abs=1)


async def test_what_a_person_has_settled_is_not_taken_over(world: World) -> None:
    await world.consent(Signal.TEXT)
    await allow(world, Signal.TEXT, Purpose.PERSONALISE)
    await say(world, "message-1")
    async with world.context.db.transaction() as tx:
        asked = await tx.escalations.request(world.conversation.id, "message-1", "asked", 50)
        await tx.escalations.claim(asked.id, "s_1")
        await tx.escalations.give_back(asked.id, "s_1")
    assert (await say_elsewhere(world)).previous_id is None


@pytest.mark.parametrize(("before", "hours", "after"), [(80, 0, 45), (80, 24, 40), (80, 72, 10), (80, 97, None)])
def test_half_of_the_level_is_left_after_a_day(before: float, hours: float, after: float | None) -> None:
    now = datetime(2026, 1, 10, tzinfo=UTC)
    ended = CustomerState(before, 3.0, StateName.FRUSTRATED, 0.8, 4, floor=50.0)
    state = carried_over(ended, now - timedelta(hours=hours), now)
    if after is None:
        assert state is None
        return
    assert state is not None
    assert state.frustration == pytest.approx(after, abs=0.01)
    assert (state.name, state.floor, state.ceiling, state.confidence) == (StateName.CALM, 0.0, 100.0, 0.4)


def test_an_end_in_the_future_counts_as_now() -> None:
    now = datetime(2026, 1, 10, tzinfo=UTC)
    ended = CustomerState(40.0, 0.0, StateName.CALM, 0.8, 4)
    state = carried_over(ended, now + timedelta(days=2), now)
    assert state is not None and state.frustration == 40.0
