"""What a shop action answers, and doing what has effects once per message."""

from abc import ABC
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneAction, Event
from actions.turn import PENDING_SLOT, Turn
from store import Transaction


class Outcome(StrEnum):
    """What came of the customer's request."""

    RESOLVED = "resolved"
    REFUSED = "refused"


@dataclass(frozen=True)
class Reply:
    """A response of the domain with its variables, so that it varies by mode.

    buttons: (title, payload) besides those of the response.
    outcome: None while the request is still open.
    offers: the intent that a typed "yes" leads to; None if the reply asks nothing.
    slots: what the conversation remembers from it.
    """

    response: str
    variables: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[tuple[str, str], ...] = ()
    outcome: Outcome | None = None
    offers: str | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {
            "response": self.response,
            "variables": dict(self.variables),
            "buttons": [list(button) for button in self.buttons],
            "outcome": self.outcome.value if self.outcome else None,
            "offers": self.offers,
            "slots": dict(self.slots),
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            response=str(raw["response"]),
            variables=dict(raw["variables"]),
            buttons=tuple((str(title), str(payload)) for title, payload in raw["buttons"]),
            outcome=Outcome(raw["outcome"]) if raw["outcome"] else None,
            offers=raw["offers"],
            slots=dict(raw["slots"]),
        )


def utter(reply: Reply, dispatcher: CollectingDispatcher) -> None:
    """Say a reply; Rasa picks the variation for the mode."""
    dispatcher.utter_message(
        response=reply.response,
        buttons=[{"title": title, "payload": payload} for title, payload in reply.buttons],
        **reply.variables,
    )


class ShopAction(AttuneAction, ABC):
    """An action of the shop that answers with one reply."""

    def answer(self, reply: Reply, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Say the reply; the events that belong to it."""
        utter(reply, dispatcher)
        events = [dict(SlotSet(name, value)) for name, value in reply.slots.items()]
        if reply.offers or turn.slot(PENDING_SLOT):
            events.append(dict(SlotSet(PENDING_SLOT, reply.offers)))
        if reply.outcome is Outcome.RESOLVED:
            events.append(self.resolved(turn))
        elif reply.outcome is Outcome.REFUSED:
            events.append(self.refused(turn))
        return events

    async def once(self, turn: Turn, work: Callable[[Transaction], Awaitable[Reply]]) -> Reply:
        """Do the work and keep its reply in one transaction; the same message again gets the kept reply."""
        async with self.context.db.transaction() as tx:
            kept = await tx.receipts.get(turn.conversation_id, turn.message_id, self.action_name)
            if kept is not None:
                return Reply.from_dict(kept)
            reply = await work(tx)
            await tx.receipts.put(turn.conversation_id, turn.message_id, self.action_name, reply.to_dict())
            return reply
