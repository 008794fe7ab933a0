"""The ledger, assessed turns, and what a withdrawal deletes."""

from datetime import UTC, datetime

import pytest

from store import Database, NewConversation, NotFound
from vocabulary import (
    Assessment,
    CustomerState,
    Decision,
    Emotion,
    Feature,
    Modality,
    ModalityScore,
    Mode,
    Purpose,
    Signal,
    StateName,
)

DECISION = Decision(Mode.SLOW, offers_allowed=False, escalate=True, reason="Asked three times.", priority=70)


def assessment(conversation_id: str, message_id: str, *modalities: Modality, state: bool = True) -> Assessment:
    probabilities = (0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)
    return Assessment(
        conversation_id=conversation_id,
        message_id=message_id,
        scores=tuple(
            ModalityScore(modality, probabilities, 0.6, features=(Feature("pitch", 1.0, "raised voice"),))
            for modality in modalities
        ),
        absent={Modality.FACE: "no consent"},
        emotion=Emotion(probabilities, 0.6, {one: 1 / len(modalities) for one in modalities}, False, True)
        if modalities
        else None,
        state=CustomerState(55.0, 5.0, StateName.STRESSED, 0.5, 2) if state else None,
    )


async def test_ledger_keeps_every_answer_and_the_last_counts(db: Database, conversation: NewConversation) -> None:
    customer = conversation.customer_id
    async with db.transaction() as tx:
        assert await tx.consents.granted(customer) == frozenset()
        receipt = await tx.consents.record(customer, Signal.TEXT, Purpose.ASSIST, True, "1")
        await tx.consents.record(customer, Signal.VOICE, Purpose.ASSIST, True, "1")
        assert await tx.consents.granted(customer) == {Signal.TEXT, Signal.VOICE}
        await tx.consents.record(customer, Signal.TEXT, Purpose.ASSIST, False, "1")
    async with db.reading() as tx:
        assert await tx.consents.granted(customer) == {Signal.VOICE}
        history = await tx.consents.history(customer)
    assert history[0] == receipt
    assert [answer.granted for answer in history] == [True, True, False]
    assert receipt.at.tzinfo is not None


async def test_assessment_comes_back_as_it_was(db: Database, conversation: NewConversation) -> None:
    given = assessment(conversation.id, "message-1", Modality.TEXT, Modality.VOICE)
    async with db.transaction() as tx:
        assessment_id = await tx.assessments.save(given, DECISION, previous_id="a_before")
    async with db.reading() as tx:
        stored = await tx.assessments.get(conversation.id, "message-1")
        assert stored == await tx.assessments.latest(conversation.id)
    assert stored is not None
    assert (stored.id, stored.assessment, stored.decision) == (assessment_id, given, DECISION)
    assert stored.previous_id == "a_before"


async def test_turn_is_assessed_once(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        first = await tx.assessments.save(assessment(conversation.id, "message-1", Modality.TEXT), DECISION)
        second = await tx.assessments.save(assessment(conversation.id, "message-1"), DECISION)
        assert first == second
        assert len(await tx.assessments.timeline(conversation.id)) == 1


async def test_latest_can_start_after_the_hand_back(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        await tx.assessments.save(assessment(conversation.id, "message-1", Modality.TEXT), DECISION)
    handed_back = datetime.now(UTC)
    async with db.transaction() as tx:
        assert await tx.assessments.latest(conversation.id, after=handed_back) is None
        await tx.assessments.save(assessment(conversation.id, "message-2", Modality.TEXT), DECISION)
        latest = await tx.assessments.latest(conversation.id, after=handed_back)
    assert latest is not None
    assert latest.assessment.message_id == "message-2"


async def test_assessment_of_an_unknown_conversation_is_refused(db: Database) -> None:
    async with db.transaction() as tx:
        with pytest.raises(NotFound):
            await tx.assessments.save(assessment("c_nowhere", "message-1"), DECISION)


async def test_withdrawal_deletes_the_signal_and_the_states_that_remember_it(
    db: Database, conversation: NewConversation
) -> None:
    async with db.transaction() as tx:
        other = await tx.conversations.create(customer_id=conversation.customer_id)
        stranger = await tx.conversations.create()
        for message_id, modalities in (
            ("before", [Modality.TEXT]),
            ("spoken", [Modality.TEXT, Modality.VOICE]),
            ("after", [Modality.TEXT]),
        ):
            await tx.assessments.save(assessment(conversation.id, message_id, *modalities), DECISION)
        await tx.assessments.save(assessment(conversation.id, "unscored", state=False), DECISION)
        await tx.assessments.save(assessment(other.id, "written", Modality.TEXT), DECISION)
        await tx.assessments.save(assessment(stranger.id, "spoken", Modality.VOICE), DECISION)
        await tx.consents.record(conversation.customer_id, Signal.VOICE, Purpose.ASSIST, False, "1")
    async with db.reading() as tx:
        left = [stored.assessment.message_id for stored in await tx.assessments.timeline(conversation.id)]
        assert left == ["before", "unscored"]
        assert len(await tx.assessments.timeline(other.id)) == 1
        assert len(await tx.assessments.timeline(stranger.id)) == 1


async def test_withdrawing_another_purpose_deletes_nothing(db: Database, conversation: NewConversation) -> None:
    async with db.transaction() as tx:
        await tx.assessments.save(assessment(conversation.id, "message-1", Modality.VOICE), DECISION)
        await tx.consents.record(conversation.customer_id, Signal.VOICE, Purpose.IMPROVE, False, "1")
        assert len(await tx.assessments.timeline(conversation.id)) == 1


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("Frustration reached 74 of 100. Frustration is 74 of 100, so nothing is offered.", None),
        ("The customer asked for a person. Frustration is 40 of 100, so slowly.", "The customer asked for a person."),
        ("The message is about a possible danger.", "The message is about a possible danger."),
    ],
)
async def test_withdrawal_takes_the_level_out_of_a_hand_over_s_reason(
    db: Database, conversation: NewConversation, reason: str, kept: str | None
) -> None:
    async with db.transaction() as tx:
        await tx.consents.record(conversation.customer_id, Signal.TEXT, Purpose.ASSIST, True, "1")
        await tx.inbox.receive(conversation.id, "message-1", "hello")
        await tx.assessments.save(assessment(conversation.id, "message-1", Modality.TEXT), DECISION)
        await tx.escalations.request(conversation.id, "message-1", reason, 74)
    async with db.transaction() as tx:
        await tx.consents.record(conversation.customer_id, Signal.TEXT, Purpose.ASSIST, False, "1")
    async with db.reading() as tx:
        escalation = await tx.escalations.of_conversation(conversation.id)
    assert escalation is not None
    assert "74" not in escalation.reason and "40" not in escalation.reason
    assert escalation.priority == 50, "the level is no place in the queue any more"
    if kept is not None:
        assert escalation.reason == kept


@pytest.mark.parametrize(("first", "later", "left"), [(50, 87, 50), (60, 91, 50), (100, 91, 100), (80, 60, 80)])
async def test_withdrawal_takes_back_what_a_later_message_raised(
    db: Database, conversation: NewConversation, first: int, later: int, left: int
) -> None:
    async with db.transaction() as tx:
        await tx.consents.record(conversation.customer_id, Signal.TEXT, Purpose.ASSIST, True, "1")
        await tx.escalations.request(conversation.id, "message-1", "The customer asked for a person.", first)
        await tx.assessments.save(assessment(conversation.id, "message-2", Modality.TEXT), DECISION)
        await tx.escalations.request(conversation.id, "message-2", "Frustration reached 87 of 100.", later)
    async with db.transaction() as tx:
        await tx.consents.record(conversation.customer_id, Signal.TEXT, Purpose.ASSIST, False, "1")
    async with db.reading() as tx:
        escalation = await tx.escalations.of_conversation(conversation.id)
    assert escalation is not None and escalation.priority == left
