"""Repeating, not understanding, and asking what was meant."""

from typing import Any, ClassVar, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneAction, Event
from actions.turn import FALLBACK_INTENTS, PENDING_SLOT, Turn

FALLBACKS_BEFORE_PERSON: Final = 2


class RepeatAction(AttuneAction):
    """Says the assistant's last words again."""

    action_name: ClassVar[str] = "action_attune_repeat"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Repeat, or say that there is nothing yet."""
        if not turn.latest_bot_texts:
            dispatcher.utter_message(response="utter_attune_nothing_to_repeat")
        for text in turn.latest_bot_texts:
            dispatcher.utter_message(text=text)
        return []


class FallbackAction(AttuneAction):
    """Apologises; after two failures in a row it offers a person."""

    action_name: ClassVar[str] = "action_attune_fallback"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Ask to rephrase, or offer a person."""
        if turn.evidence.fallbacks >= FALLBACKS_BEFORE_PERSON:
            dispatcher.utter_message(response="utter_attune_offer_person")
        else:
            dispatcher.utter_message(response="utter_attune_rephrase")
        return [dict(SlotSet(PENDING_SLOT, None))]


class AskAffirmationAction(AttuneAction):
    """Rasa's first fallback step: "did you mean …?" about the likeliest intent, with buttons."""

    action_name: ClassVar[str] = "action_default_ask_affirmation"

    def __init__(self, context: Any, phrases: dict[str, str] | None = None) -> None:
        super().__init__(context)
        self._phrases = phrases or {}

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Offer the likeliest intent that has a phrase; else ask to rephrase. The second failure offers a person."""
        if turn.evidence.fallbacks >= FALLBACKS_BEFORE_PERSON:
            dispatcher.utter_message(response="utter_attune_offer_person")
            return [dict(SlotSet(PENDING_SLOT, None))]
        intent = next(
            (name for name in turn.intent_ranking if name not in FALLBACK_INTENTS and name in self._phrases), None
        )
        if intent is None:
            dispatcher.utter_message(response="utter_attune_rephrase")
            return [dict(SlotSet(PENDING_SLOT, None))]
        dispatcher.utter_message(
            response="utter_attune_did_you_mean",
            attune_intent_phrase=self._phrases[intent],
            buttons=[
                {"title": "Yes", "payload": f"/{intent}"},
                {"title": "No, something else", "payload": "/deny"},
            ],
        )
        return [dict(SlotSet(PENDING_SLOT, intent))]


class ConfirmIntentAction(AttuneAction):
    """A typed or spoken "yes" after "did you mean …?": goes on as if the customer had said the intent."""

    action_name: ClassVar[str] = "action_attune_confirm_intent"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Replace this message's reading by the pending intent; a "yes" to nothing is acknowledged."""
        intent = turn.pending_intent
        if not intent:
            dispatcher.utter_message(response="utter_attune_acknowledge")
            return []
        return [
            dict(SlotSet(PENDING_SLOT, None)),
            {"event": "action", "name": "action_listen"},
            {
                "event": "user",
                "text": f"/{intent}",
                "parse_data": {"intent": {"name": intent, "confidence": 1.0}, "entities": [], "text": f"/{intent}"},
                "metadata": {"message_id": turn.message_id},
            },
        ]
