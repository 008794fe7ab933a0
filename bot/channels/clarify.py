"""One neutral question after the answers of a turn whose assessment was too unsure to act on.

The question is said and not predicted: an extra action in the middle of a turn would break the rules that match whole
turns. It goes into the tracker like every other reply, so a repeated message finds it again.
"""

from typing import List

from rasa.core.actions.action import action_for_name_or_text
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.events import BotUttered, Event
from rasa.shared.core.trackers import DialogueStateTracker

from .receipts import ASSESSED_SLOT
from .replies import asks

CLARIFY_SLOT = "attune_clarify"
PENDING_SLOT = "attune_pending_intent"
CLARIFY_RESPONSE = "utter_attune_clarify"


def may_clarify(tracker: DialogueStateTracker, turn: List[Event], message_id: str) -> bool:
    """Whether the question was asked for by this message's assessment, and would not cross another one.

    A form asks its own questions, and so does a turn whose last reply ends in a question or offers buttons.
    """
    wanted = bool(_slot(tracker, CLARIFY_SLOT)) and _slot(tracker, ASSESSED_SLOT) == message_id
    if not wanted or tracker.is_paused() or tracker.active_loop is not None or _slot(tracker, PENDING_SLOT):
        return False
    said = [event for event in turn if isinstance(event, BotUttered)]
    return bool(said) and not asks(said[-1])


async def clarify(agent: Agent, tracker: DialogueStateTracker, output: OutputChannel) -> None:
    """Say the domain's neutral question; nothing if the domain has none."""
    if CLARIFY_RESPONSE not in agent.domain.responses:
        return
    action = action_for_name_or_text(CLARIFY_RESPONSE, agent.domain, agent.action_endpoint)
    tracker.update_with_events(
        await action.run(output, agent.processor.nlg, tracker, agent.domain),  # type: ignore[union-attr]
        agent.domain,
    )


def _slot(tracker: DialogueStateTracker, name: str) -> object:
    return tracker.get_slot(name) if name in tracker.slots else None
