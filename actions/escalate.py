"""`action_attune_escalate`: hands the conversation to a person."""

from typing import ClassVar

from rasa_sdk.events import ActionExecuted, ConversationPaused
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneAction, Event
from actions.turn import Turn


class EscalateAction(AttuneAction):
    """Writes the escalation; from then on the service routes the customer's messages to the agent."""

    action_name: ClassVar[str] = "action_attune_escalate"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Request a person once; a repeated call finds the open request."""
        async with self.context.db.transaction() as tx:
            stored = await tx.assessments.get(turn.conversation_id, turn.message_id)
            reason = "The customer asked for a person."
            priority = 50
            if stored is not None and stored.decision.escalate:
                reason, priority = stored.decision.reason, stored.decision.priority
            if await tx.conversations.get(turn.conversation_id) is not None:
                escalation = await tx.escalations.request(turn.conversation_id, turn.message_id, reason, priority)
                await tx.events.add(
                    "escalation.requested",
                    {"escalation_id": escalation.id},
                    conversation_id=turn.conversation_id,
                )
        dispatcher.utter_message(response="utter_attune_handed_over", attune_handoff=True)
        # The pause is a second guard only: a new session clears it. The owner row rules.
        return [dict(ActionExecuted("action_listen")), dict(ConversationPaused())]
