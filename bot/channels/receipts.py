"""Did everything in a turn really run? Rasa marks an action as executed even when it failed.

`MessageProcessor._run_action` catches every exception of an action, logs it, and stores `ActionExecuted` with no
events; `ActionExtractSlots` swallows the errors of actions in slot mappings. So each custom action of ours
leaves a receipt, and a turn without one is taken back. How each kind of action is proved:

custom action   SlotSet(attune_receipt, "<message id>:<action>"), as many as executions
any of ours     SlotSet(attune_receipt, "<message id>:failed:<action>") says that it failed inside and caught it
assessment      SlotSet(attune_assessed_message, <message id>) during slot extraction
loop            at least one event of its own: a form that ran sets `requested_slot` or ends its loop, two-stage
                fallback opens or ends its loop or speaks. A validator needs no receipt: an error in it loses the
                form's events. If it leaves one with nothing validated, the form never rejects a message any more
                (`FormAction.validate` takes any SlotSet for a validated slot), so it must not.
anything else   nothing: responses, listening and Rasa's own actions do not leave the process
"""

from collections import Counter
from enum import Enum
from fnmatch import fnmatchcase
from typing import Callable, Iterable, List, Sequence, Tuple

from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered

RECEIPT_SLOT = "attune_receipt"
ASSESSED_SLOT = "attune_assessed_message"
ASSESS_ACTION = "action_attune_assess"
FAILED = "failed:"


class ActionKind(Enum):
    """How an action of a turn is proved."""

    CUSTOM = "custom"
    LOOP = "loop"
    OTHER = "other"


def unproved_actions(
    events: Sequence[Event],
    message_id: str,
    kind_of: Callable[[str], ActionKind],
    patterns: Iterable[str] = ("*",),
) -> List[str]:
    """Names of the actions among `events` that ran without proof; empty for a complete turn.

    events: those of the turn, from its user message on.
    patterns: which custom actions leave receipts ("action_attune_*" in a bot with actions of its own).
    """
    wanted = tuple(patterns)
    executed: "Counter[str]" = Counter()
    unproved = []
    for position, event in enumerate(events):
        if not isinstance(event, ActionExecuted) or not event.action_name:
            continue
        kind = kind_of(event.action_name)
        if kind is ActionKind.CUSTOM and _is_wanted(event.action_name, wanted):
            executed[event.action_name] += 1
        elif kind is ActionKind.LOOP and _left_nothing(events[position + 1 :]):
            unproved.append(event.action_name)
    receipts = Counter(_receipts(events, message_id))
    unproved += [name for name, times in executed.items() if receipts[name] < times]
    return unproved + _failures(receipts)


def unproved_extractions(
    events: Sequence[Event], message_id: str, actions: Iterable[str], patterns: Iterable[str] = ("*",)
) -> List[str]:
    """Names of the slot-mapping actions among `actions` that left no proof during slot extraction."""
    wanted = tuple(patterns)
    proved = set(_receipts(events, message_id))
    if any(isinstance(event, SlotSet) and event.key == ASSESSED_SLOT and event.value == message_id for event in events):
        proved.add(ASSESS_ACTION)
    return [name for name in actions if _is_wanted(name, wanted) and name not in proved] + _failures(proved)


def split_receipt(value: object) -> Tuple[str, str]:
    """(message id, action) of a receipt; two empty strings when it is none."""
    message_id, colon, action = str(value).partition(":")
    return (message_id, action) if colon else ("", "")


def _receipts(events: Iterable[Event], message_id: str) -> List[str]:
    found = [split_receipt(event.value) for event in events if isinstance(event, SlotSet) and event.key == RECEIPT_SLOT]
    return [action for owner, action in found if owner == message_id]


def _failures(receipts: Iterable[str]) -> List[str]:
    return [name[len(FAILED) :] for name in receipts if name.startswith(FAILED)]


def _left_nothing(following: Sequence[Event]) -> bool:
    return not following or isinstance(following[0], (ActionExecuted, UserUttered)) or _is_prediction(following[0])


def _is_prediction(event: Event) -> bool:
    # Policies attach these before the next action; they are not the loop's own work.
    return event.type_name in ("user_featurization", "loop_interrupted", "action_execution_rejected")


def _is_wanted(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
