"""What every action of ours shares: the receipt that proves it ran, and how it fails."""

import logging
import time
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import ActionContext
from actions.turn import OUTCOME_SLOT, REFUSED, RESOLVED, Turn

log = logging.getLogger(__name__)

RECEIPT_SLOT: Final = "attune_receipt"
Event = dict[str, Any]


class AttuneAction(Action):  # type: ignore[misc]
    """One custom action.

    Subclasses set `action_name` and write `act`. The base adds the receipt without which the channel
    takes the whole turn as failed (Rasa marks an action executed even when its server is down).
    An exception in `act` is logged by type and leaves a receipt that says so; the turn is undone and tried again.
    """

    action_name: ClassVar[str]

    def __init__(self, context: ActionContext) -> None:
        self.context = context

    def name(self) -> str:
        """The name in Rasa's domain."""
        return self.action_name

    @abstractmethod
    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Do the work; the events to apply, without the receipt."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]) -> list[Event]:
        """Called by the SDK."""
        started = time.perf_counter()
        turn = Turn.from_tracker(tracker.current_state())
        try:
            events = await self.act(turn, dispatcher)
        except Exception as err:  # noqa: BLE001 - whatever fails, the turn must end without a receipt
            # Rasa logs the body of an error answer, which holds the conversation. A receipt of the failure
            # makes the channel undo the turn and keeps the content out of every log.
            log.error(
                "action failed",
                extra={
                    "action": self.action_name,
                    "message_id": turn.message_id,
                    "error": type(err).__name__,
                    "code": getattr(err, "code", None),
                },
            )
            return [dict(SlotSet(RECEIPT_SLOT, f"{turn.message_id}:failed:{self.action_name}"))]
        log.info(
            "action finished",
            extra={
                "action": self.action_name,
                "message_id": turn.message_id,
                "duration_ms": round((time.perf_counter() - started) * 1000, 1),
            },
        )
        return [*events, self._receipt(turn)]

    def _receipt(self, turn: Turn) -> Event:
        return dict(SlotSet(RECEIPT_SLOT, f"{turn.message_id}:{self.action_name}"))

    @staticmethod
    def resolved(turn: Turn) -> Event:
        """The customer got what this turn asked for: calms the frustration level, ends the count of repeats."""
        return dict(SlotSet(OUTCOME_SLOT, f"{turn.message_id}:{RESOLVED}"))

    @staticmethod
    def refused(turn: Turn) -> Event:
        """The shop could not do what was asked: evidence of friction for the decision."""
        return dict(SlotSet(OUTCOME_SLOT, f"{turn.message_id}:{REFUSED}"))


class AttuneFormValidation(AttuneAction):
    """The `validate_<form>` action of a form.

    Subclasses write `async def validate_<slot>(self, value, turn, dispatcher) -> dict[str, Any]` for the slots
    that need it; the returned slots are set ({"shop_order_number": None} asks again).
    Slots without such a method keep the value that Rasa extracted.
    """

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Validate what this message filled."""
        events: list[Event] = []
        for slot, value in self._slots_to_validate.items():
            validate: Callable[[Any, Turn, CollectingDispatcher], Awaitable[dict[str, Any]]] | None
            validate = getattr(self, f"validate_{slot}", None)
            if validate is None:
                events.append(dict(SlotSet(slot, value)))
                continue
            result = await validate(value, turn, dispatcher)
            events.extend(dict(SlotSet(name, checked)) for name, checked in result.items())
        return events

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]) -> list[Event]:
        """Called by the SDK for each message while the form is active."""
        # One instance serves all conversations at once: the slots live in a copy, never in the instance.
        copy = type(self)(self.context)
        copy._slots_to_validate = dict(tracker.slots_to_validate())
        events = await AttuneAction.run(copy, dispatcher, tracker, domain)
        turn = Turn.from_tracker(tracker.current_state())
        # A form takes any SlotSet for a validated slot and then never rejects a message, so that no question in the
        # middle of it is answered. The form's own events prove that this ran.
        return [event for event in events if event != self._receipt(turn)]

    _slots_to_validate: Mapping[str, Any] = {}
