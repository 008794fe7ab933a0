"""What is kept of a turn: decided, stored and forgotten in one transaction, under the consent of that moment."""

from dataclasses import replace
from datetime import UTC, datetime

from actions.assess.permission import NO_CONSENT, SIGNAL_OF, Permission, allowed
from actions.assess.verdicts import Recalibrator, corrected_state
from actions.turn import Turn
from emotion import Audience, FusionOptions, Readings, explain, fuse, update_state
from journey import Levels, decide
from store import StoredAssessment, Transaction
from vocabulary import Assessment, Decision, DialogueEvidence, Signal


async def store_assessment(
    tx: Transaction,
    turn: Turn,
    evidence: DialogueEvidence,
    permission: Permission,
    readings: Readings,
    fusion: FusionOptions,
    recalibrator: Recalibrator,
) -> tuple[str, Decision]:
    """Re-check consent, fuse what is still allowed, decide and store; gives the assessment's id and the decision.

    The id is "" for a conversation that the store does not know. A message that was stored meanwhile by another call
    keeps its first assessment, decision and profile.
    """
    granted: frozenset[Signal] = frozenset()
    previous: StoredAssessment | None = None
    conversation = await tx.conversations.locked(turn.conversation_id) if permission.conversation is not None else None
    if conversation is not None:
        first = await tx.assessments.get(turn.conversation_id, turn.message_id)
        if first is not None:
            return first.id, first.decision
        since = await tx.consents.granted_since(conversation.customer_id)
        granted = allowed(since, permission.received_at)
        # Read here and not before scoring: a withdrawal meanwhile deletes the state that it led to.
        # A hand-back starts a fresh state: what happened before was settled by a person.
        previous = await tx.assessments.latest(turn.conversation_id, after=conversation.handed_back_at)
    recalibration = await recalibrator.current(tx)
    fusion = replace(fusion, certain_from=min(1.0, max(0.0, fusion.certain_from + recalibration.certain_shift)))
    kept = tuple(score for score in readings.scores if SIGNAL_OF[score.modality] in granted)
    withdrawn = {score.modality: NO_CONSENT for score in readings.scores if score not in kept}
    fused = fuse(kept, options=fusion)
    # Without any consent there is no state either: an old level must not live on.
    state = None
    if granted:
        handed_back = conversation.handed_back_at if conversation is not None else None
        state = update_state(await corrected_state(tx, previous, handed_back), fused, evidence, now=datetime.now(UTC))
    before = None
    if previous is not None:
        # The question is asked where it crosses no other one; until then it is still open. Only the turn that wanted it
        # is looked at: a later session does not hold the words of an earlier one.
        asked = turn.clarified or not previous.decision.clarify
        before = replace(previous.decision, clarified=previous.decision.clarified and asked)
    decision = decide(state, fused, evidence, before, levels=Levels().shifted(recalibration.level_shift))
    if conversation is None:
        return "", decision
    assessment = Assessment(
        turn.conversation_id,
        turn.message_id,
        scores=kept,
        absent={**readings.absent, **withdrawn},
        emotion=fused,
        state=state,
    )
    explanations = {
        audience.value: explain(assessment, decision, audience=audience, options=fusion)
        for audience in (Audience.CUSTOMER, Audience.AGENT)
    }
    assessment_id = await tx.assessments.save(assessment, decision, previous.id if previous else None, explanations)
    if readings.baseline is not None and Signal.VOICE in granted:
        await tx.baselines.put(turn.conversation_id, readings.baseline.to_dict())
    await tx.events.add(
        "assessment.stored",
        {"message_id": turn.message_id, "modalities": [score.modality.value for score in kept]},
        conversation_id=turn.conversation_id,
    )
    return assessment_id, decision
