"""What the bot said in a turn, read from the tracker's events."""

from typing import Any, Dict, Iterable, List, Optional

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import BotUttered, Event, SlotSet


def replies_from(events: Iterable[Event]) -> List[Dict[str, Any]]:
    """Every bot message, in order: text, buttons, custom, image.

    The first answer and a repeated one are both built from stored events, so that they are equal.
    """
    return [_reply(event) for event in events if isinstance(event, BotUttered)]


def asks(words: Optional[BotUttered]) -> bool:
    """Whether the bot waits for an answer to these words: they end in a question or offer buttons."""
    if words is None:
        return False
    data = words.data or {}
    return bool(data.get("buttons") or data.get("quick_replies")) or (words.text or "").rstrip().endswith("?")


def awaited(events: Iterable[Event]) -> Optional[str]:
    """The slot that a form has asked for last among the events of a turn; None if the turn ended its form.

    A form that still waits for what it asked before, after an answer in between, sets the slot again.
    """
    asked = [event.value for event in events if isinstance(event, SlotSet) and event.key == REQUESTED_SLOT]
    return str(asked[-1]) if asked and asked[-1] else None


def _reply(event: BotUttered) -> Dict[str, Any]:
    data = event.data or {}
    buttons = list(data.get("buttons") or []) + list(data.get("quick_replies") or [])
    return {
        "text": event.text or None,
        "buttons": [
            {"title": str(button.get("title", "")), "payload": str(button.get("payload") or "")} for button in buttons
        ],
        "custom": data.get("custom") or None,
        "image": data.get("image") or None,
    }
