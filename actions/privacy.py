"""Conversational consent: switch emotion off, and say what is known."""

from typing import ClassVar

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneAction, Event
from actions.turn import Turn
from actions.withdrawals import withdraw
from vocabulary import Mode, Signal


class EmotionOffAction(AttuneAction):
    """Withdraws every consent of this customer; the ledger deletes what was derived under it."""

    action_name: ClassVar[str] = "action_attune_emotion_off"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Withdraw and confirm."""
        await withdraw(
            self.context,
            turn.conversation_id,
            lambda tx, conversation: tx.consents.withdraw_all(conversation.customer_id),
        )
        dispatcher.utter_message(response="utter_attune_emotion_off")
        # No question either that this message's own reading has asked for.
        slots = {"attune_mode": Mode.NEUTRAL.value, "attune_clarify": False}
        return [*(dict(SlotSet(name, value)) for name, value in slots.items()), self.resolved(turn)]


class WhatKnownAction(AttuneAction):
    """Says what is stored about this conversation, in numbers."""

    action_name: ClassVar[str] = "action_attune_what_known"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Count messages and assessed turns; name the signals that are switched on."""
        messages = assessed = 0
        granted: frozenset[Signal] = frozenset()
        async with self.context.db.reading() as tx:
            conversation = await tx.conversations.get(turn.conversation_id)
            if conversation is not None:
                messages = len(await tx.inbox.history(turn.conversation_id))
                timeline = await tx.assessments.timeline(turn.conversation_id)
                assessed = sum(1 for stored in timeline if stored.assessment.scores)
                granted = await tx.consents.granted(conversation.customer_id)
        signals = " and ".join(sorted(signal.value for signal in granted)) or "nothing"
        dispatcher.utter_message(
            response="utter_attune_what_known",
            attune_messages=messages,
            attune_assessed=assessed,
            attune_signals=signals,
        )
        return [self.resolved(turn)]
