"""What is kept of a turn: decided, stored and forgotten in one transaction, under the consent of that moment."""

from datetime import UTC, datetime

from actions.assess.permission import NO_CONSENT, SIGNAL_OF, Permission, allowed
from actions.turn import Turn
from emotion import FusionOptions, Readings, fuse, update_state
from journey import decide
from store import StoredAssessment, Transaction
from vocabulary import Assessment, Decision, DialogueEvidence, Signal


async def store_assessment(
    tx: Transaction,
    turn: Turn,
    evidence: DialogueEvidence,
    permission: Permission,
    readings: Readings,
    fusion: FusionOptions,
) -> tuple[str, Decision]:
    """Re-check consent, fuse what is still allowed, decide and store; gives the assessment's id and the decision.

    The id is "" for a conversation that the store does not know.
    """
    granted: frozenset[Signal] = frozenset()
    previous: StoredAssessment | None = None
    if permission.conversation is not None:
        since = await tx.consents.granted_since(permission.conversation.customer_id)
        granted = allowed(since, permission.received_at)
        # Read here and not before scoring: a withdrawal meanwhile deletes the state that it led to.
        # A hand-back starts a fresh state: what happened before was settled by a person.
        previous = await tx.assessments.latest(turn.conversation_id, after=permission.conversation.handed_back_at)
    kept = tuple(score for score in readings.scores if SIGNAL_OF[score.modality] in granted)
    withdrawn = {score.modality: NO_CONSENT for score in readings.scores if score not in kept}
    fused = fuse(kept, options=fusion)
    # Without any consent there is no state either: an old level must not live on.
    state = None
    if granted:
        state = update_state(previous.assessment.state if previous else None, fused, evidence, now=datetime.now(UTC))
    decision = decide(state, fused, evidence, previous.decision if previous else None)
    if permission.conversation is None:
        return "", decision
    assessment = Assessment(
        turn.conversation_id,
        turn.message_id,
        scores=kept,
        absent={**readings.absent, **withdrawn},
        emotion=fused,
        state=state,
    )
    assessment_id = await tx.assessments.save(assessment, decision, previous.id if previous else None)
    if readings.baseline is not None and Signal.VOICE in granted:
        await tx.baselines.put(turn.conversation_id, readings.baseline.to_dict())
    await tx.events.add(
        "assessment.stored",
        {"message_id": turn.message_id, "modalities": [score.modality.value for score in kept]},
        conversation_id=turn.conversation_id,
    )
    return assessment_id, decision
