"""When a conversation's session is closed and a new one opened, so that turns stay fast.

Rasa replays the whole session several times a turn and posts it to every custom action, so the time of a turn
grows with the session. A roll-over keeps the slots and an active form, and forgets the rest.
"""

from typing import Collection, List, Optional

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    DEFAULT_SLOT_NAMES,
    REQUESTED_SLOT,
)
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from .replies import asks

SOFT_LIMIT_EVENTS = 200
"""About twenty turns. Chosen by measuring: docs/decisions/0013-session-roll-over.md."""
PATIENCE = 1.5
"""How far beyond the limit a better moment is waited for."""


def should_roll_over(
    tracker: DialogueStateTracker, soft_limit: int = SOFT_LIMIT_EVENTS, forms: Collection[str] = ()
) -> bool:
    """Is the session long enough, and is this a moment at which nothing is lost?

    Never while paused, when an action is still due, or inside a loop that counts messages, as two-stage fallback
    does. From the soft limit on it waits until no form is active and the bot's last words ask nothing; at PATIENCE
    times the limit it no longer waits, and takes an active form (one of `forms`) along.
    """
    if len(tracker.events) < soft_limit:
        return False
    loop = tracker.active_loop_name
    at_rest = (
        tracker.latest_action_name == ACTION_LISTEN_NAME
        and tracker.followup_action is None
        and not tracker.is_paused()
        and (loop is None or loop in forms)
    )
    nothing_open = loop is None and not asks(_last_words(tracker))
    return at_rest and (nothing_open or len(tracker.events) >= PATIENCE * soft_limit)


def roll_over_events(tracker: DialogueStateTracker) -> List[Event]:
    """What opens the new session: the start, every slot that is set, the form if one is active, and listening.

    Rasa's own session start copies every SlotSet of the old session, which would keep the session long.
    """
    carried = [
        SlotSet(slot.name, slot.value)
        for slot in tracker.slots.values()
        if slot.name not in DEFAULT_SLOT_NAMES and slot.value != slot.initial_value
    ]
    form: List[Event] = []
    if tracker.active_loop_name is not None:
        form = [
            ActionExecuted(tracker.active_loop_name),
            ActiveLoop(tracker.active_loop_name),
            SlotSet(REQUESTED_SLOT, tracker.get_slot(REQUESTED_SLOT)),
        ]
    return [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        *carried,
        *form,
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


def _last_words(tracker: DialogueStateTracker) -> Optional[BotUttered]:
    return next((event for event in reversed(tracker.events) if isinstance(event, BotUttered)), None)
