"""When a conversation's session is closed and a new one opened, so that turns stay fast.

Rasa replays the whole session several times a turn and posts it to every custom action, so the time of a turn
grows with the session. A roll-over keeps the slots and forgets the rest.
"""

from typing import List, Optional

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    DEFAULT_SLOT_NAMES,
)
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

SOFT_LIMIT_EVENTS = 200
"""About twenty turns. Chosen by measuring: docs/decisions/0013-session-roll-over.md."""


def should_roll_over(tracker: DialogueStateTracker, soft_limit: int = SOFT_LIMIT_EVENTS) -> bool:
    """Is the session long enough, and is this a moment at which nothing is lost?

    Never inside a form or another loop, while paused, or when an action is still due. From the soft limit on it
    waits for a moment when the bot's last words ask nothing; at twice the limit it no longer waits for that.
    """
    if len(tracker.events) < soft_limit:
        return False
    at_rest = (
        tracker.latest_action_name == ACTION_LISTEN_NAME
        and tracker.active_loop is None
        and tracker.followup_action is None
        and not tracker.is_paused()
    )
    return at_rest and (len(tracker.events) >= 2 * soft_limit or not _asks(_last_words(tracker)))


def roll_over_events(tracker: DialogueStateTracker) -> List[Event]:
    """What opens the new session: the start, every slot that is set, and listening.

    Rasa's own session start copies every SlotSet of the old session, which would keep the session long.
    """
    carried = [
        SlotSet(slot.name, slot.value)
        for slot in tracker.slots.values()
        if slot.name not in DEFAULT_SLOT_NAMES and slot.value != slot.initial_value
    ]
    return [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        *carried,
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


def _last_words(tracker: DialogueStateTracker) -> Optional[BotUttered]:
    return next((event for event in reversed(tracker.events) if isinstance(event, BotUttered)), None)


def _asks(words: Optional[BotUttered]) -> bool:
    if words is None:
        return False
    return bool(words.data.get("buttons")) or (words.text or "").rstrip().endswith("?")
