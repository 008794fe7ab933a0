"""What is kept of a turn: decided, stored and forgotten in one transaction, under the consent of that moment."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from actions.assess.permission import NO_CONSENT, SIGNAL_OF, Permission, allowed
from actions.assess.start import Start, start_of
from actions.assess.verdicts import Recalibrator
from actions.turn import Turn
from emotion import Audience, FusionOptions, Readings, explain, fuse, update_state
from journey import Levels, decide, decide_unassessed
from store import Transaction
from vocabulary import NEVER_ASSESSED, Assessment, Decision, DialogueEvidence, Signal

_CARRIED: Final = {
    "customer": "How your last conversation ended counts a little, as you have allowed.",
    "agent": "The level began with what was left of an earlier conversation's, as the customer has allowed.",
}


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
    start = Start()
    conversation = await tx.conversations.locked(turn.conversation_id) if permission.conversation is not None else None
    if conversation is not None:
        first = await tx.assessments.get(turn.conversation_id, turn.message_id)
        if first is not None:
            return first.id, first.decision
        since = await tx.consents.granted_since(conversation.customer_id)
        granted = allowed(since, permission.received_at)
        start = await start_of(tx, turn, conversation, permission, granted)
    kept = tuple(score for score in readings.scores if SIGNAL_OF[score.modality] in granted)
    withdrawn = {score.modality: NO_CONSENT for score in readings.scores if score not in kept}
    absent = {**readings.absent, **withdrawn}
    if NEVER_ASSESSED in absent.values():
        decision = decide_unassessed(evidence, start.decision)
        if conversation is None:
            return "", decision
        left_out = Assessment(turn.conversation_id, turn.message_id, absent=absent)
        return await _save(tx, left_out, decision, start, fusion), decision
    recalibration = await recalibrator.current(tx)
    fusion = replace(fusion, certain_from=min(1.0, max(0.0, fusion.certain_from + recalibration.certain_shift)))
    fused = fuse(kept, options=fusion)
    # Without any consent there is no state either: an old level must not live on.
    state = update_state(start.state, fused, evidence, now=datetime.now(UTC)) if granted else None
    decision = decide(state, fused, evidence, start.decision, levels=Levels().shifted(recalibration.level_shift))
    if conversation is None:
        return "", decision
    assessment = Assessment(
        turn.conversation_id, turn.message_id, scores=kept, absent=absent, emotion=fused, state=state
    )
    assessment_id = await _save(tx, assessment, decision, start, fusion)
    if readings.baseline is not None and Signal.VOICE in granted:
        await tx.baselines.put(turn.conversation_id, readings.baseline.to_dict())
    return assessment_id, decision


async def _save(
    tx: Transaction, assessment: Assessment, decision: Decision, start: Start, fusion: FusionOptions
) -> str:
    explanations = {
        audience.value: explain(assessment, decision, audience=audience, options=fusion)
        for audience in (Audience.CUSTOMER, Audience.AGENT)
    }
    if start.carried and assessment.state is not None:
        explanations = {audience: (*told, _CARRIED[audience]) for audience, told in explanations.items()}
    assessment_id = await tx.assessments.save(assessment, decision, start.previous_id, explanations)
    await tx.events.add(
        "assessment.stored",
        {"message_id": assessment.message_id, "modalities": [score.modality.value for score in assessment.scores]},
        conversation_id=assessment.conversation_id,
    )
    return assessment_id
