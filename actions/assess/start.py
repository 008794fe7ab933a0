"""What a turn goes on from: the turn before, or, where the customer wishes it, how an earlier conversation ended."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from actions.assess.permission import Permission, allowed
from actions.assess.verdicts import corrected_state
from actions.turn import Turn
from emotion import carried_over
from store import Conversation, StoredAssessment, Transaction
from vocabulary import CustomerState, Decision, Purpose, Signal


@dataclass(frozen=True)
class Start:
    """previous_id: the assessment whose state is continued; None for a fresh start. state: as people's corrections left
    it. decision: of the turn before in this conversation, for its manner. carried: the state is an earlier
    conversation's."""

    previous_id: str | None = None
    state: CustomerState | None = None
    decision: Decision | None = None
    carried: bool = False


async def start_of(
    tx: Transaction, turn: Turn, conversation: Conversation, permission: Permission, granted: frozenset[Signal]
) -> Start:
    """Read inside the transaction that stores: a withdrawal meanwhile has deleted what it led to.

    A hand-back starts a fresh state: what happened before was settled by a person. granted: what may be scored of this
    turn; without any, an old level must not live on.
    """
    before = await tx.assessments.latest(turn.conversation_id, after=conversation.handed_back_at)
    if before is None:
        if granted and conversation.handed_back_at is None:
            return await _from_elsewhere(tx, conversation, permission)
        return Start()
    # The question is asked where it crosses no other one; until then it is still open. Only the turn that wanted it
    # is looked at: a later session does not hold the words of an earlier one.
    asked = turn.clarified or not before.decision.clarify
    decision = replace(before.decision, clarified=before.decision.clarified and asked)
    with_state: StoredAssessment | None = before
    if before.assessment.was_left_out:
        with_state = await tx.assessments.by_id(before.previous_id) if before.previous_id else None
    if with_state is None:
        return Start(decision=decision)
    state = await corrected_state(tx, with_state, conversation.handed_back_at) if granted else None
    return Start(with_state.id, state, decision)


async def _from_elsewhere(tx: Transaction, conversation: Conversation, permission: Permission) -> Start:
    """How the last conversation ended, if every signal behind it may be used for later ones."""
    since = await tx.consents.granted_since(conversation.customer_id, Purpose.PERSONALISE)
    may_carry = allowed(since, permission.received_at)
    if not may_carry:
        return Start()
    earlier = await tx.assessments.latest_elsewhere(conversation.customer_id, conversation.id)
    if earlier is None or not await tx.assessments.rests_on(conversation.customer_id, earlier.id) <= may_carry:
        return Start()
    there = await tx.conversations.get(earlier.assessment.conversation_id)
    if there is None or (there.handed_back_at is not None and there.handed_back_at > earlier.at):
        return Start()
    ended = await corrected_state(tx, earlier, there.handed_back_at)
    state = None if ended is None else carried_over(ended, earlier.at, datetime.now(UTC))
    return Start() if state is None else Start(earlier.id, state, carried=True)
