"""One verified turn: run it, check that everything in it really ran, and only then store it.

Follows `MessageProcessor.handle_message` of Rasa 3.6 step by step, through the same methods, with three changes: the
tracker comes from the store itself and not from its fail-safe wrapper, the turn is checked before it is stored,
and a long session is rolled over first. Because nothing is stored before the check, a failed turn leaves the
tracker as it was, and so does a process that is killed in the middle.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import Any, AsyncIterator, Dict, List, Optional, Sequence
from weakref import WeakValueDictionary

from rasa.core.actions.action import RemoteAction, action_for_name_or_text
from rasa.core.actions.loops import LoopAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_VALIDATE_SLOT_MAPPINGS, SlotMappingType
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationResumed,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from .clarify import clarify, may_clarify
from .errors import BusyError, ChannelError, RequestError, TrackerUnavailableError, TurnIncompleteError
from .ledger import Ledger
from .receipts import ActionKind, unproved_actions, unproved_extractions
from .replies import awaited, replies_from
from .request import TurnRequest
from .rollover import SOFT_LIMIT_EVENTS, roll_over_events, should_roll_over

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TurnLimits:
    """lock_s: wait for another turn of the same conversation. turn_s: for the whole turn, in seconds.

    session_events: length of a session from which on it is rolled over. receipts: patterns of the names of
    the custom actions that leave receipts.
    """

    lock_s: float = 10.0
    turn_s: float = 20.0
    session_events: int = SOFT_LIMIT_EVENTS
    receipts: Sequence[str] = ("*",)


@dataclass(frozen=True)
class TurnResult:
    """repeated: the message was answered before; these are the stored replies. paused: a person has it.

    awaits: the slot that an open form has asked for with the last reply; None without one.
    """

    replies: List[Dict[str, Any]]
    repeated: bool = False
    paused: bool = False
    awaits: Optional[str] = None


class Turns:
    """Runs turns on an agent, one at a time per conversation."""

    def __init__(self, channel_name: str, limits: TurnLimits) -> None:
        self._channel_name = channel_name
        self._limits = limits
        # An entry lives as long as a turn holds or awaits its lock.
        self._locks: "WeakValueDictionary[str, asyncio.Lock]" = WeakValueDictionary()

    async def run(self, agent: Agent, request: TurnRequest) -> TurnResult:
        """Answer one message, exactly once. Raises: ChannelError; then the tracker is as it was before."""
        async with self._alone(agent, request.sender):
            ledger = Ledger.of(agent)
            stored = await ledger.turn_events(request.sender, request.message_id)
            if stored is not None:
                return TurnResult(replies_from(stored), repeated=True, awaits=awaited(stored))
            _check_intent(agent, request)
            await ledger.check_writable()
            try:
                return await asyncio.wait_for(self._turn(agent, ledger, request), self._limits.turn_s)
            except asyncio.TimeoutError:
                raise TurnIncompleteError(
                    f"The turn took longer than {self._limits.turn_s} s and was taken back. Send it again."
                ) from None

    async def resume(self, agent: Agent, sender: str) -> None:
        """Let the bot answer again after a person had the conversation. Raises: ChannelError."""
        async with self._alone(agent, sender):
            ledger = Ledger.of(agent)
            await ledger.check_writable()
            tracker = await ledger.session(sender)
            if tracker.events:
                tracker.update_with_events(_resume_events(tracker), agent.domain)
                await ledger.save(tracker)

    @contextlib.asynccontextmanager
    async def _alone(self, agent: Agent, sender: str) -> AsyncIterator[None]:
        if not agent.is_ready():
            raise BusyError("No model is loaded yet. Send the message again.")
        lock = self._locks.setdefault(sender, asyncio.Lock())
        try:
            await asyncio.wait_for(lock.acquire(), self._limits.lock_s)
        except asyncio.TimeoutError:
            raise BusyError(f"Another turn of {sender} is running. Send the message again.") from None
        try:
            # Rasa's own lock as well: its HTTP API writes to trackers too.
            async with agent.lock_store.lock(sender, wait_time_in_seconds=0.05):
                yield
        except LockError:
            raise BusyError(f"Another turn of {sender} is running. Send the message again.") from None
        finally:
            lock.release()

    async def _turn(self, agent: Agent, ledger: Ledger, request: TurnRequest) -> TurnResult:
        tracker = await ledger.session(request.sender)
        if tracker.is_paused():
            return TurnResult([], paused=True)
        if should_roll_over(tracker, self._limits.session_events, agent.domain.form_names):
            tracker.update_with_events(roll_over_events(tracker), agent.domain)
        try:
            await self._process(agent, tracker, request)
        except ChannelError:
            raise
        except Exception as err:  # noqa: BLE001 - any failure of a foreign part; its text may hold content
            log.error(
                "turn failed", extra={"message_id": request.message_id, "error": type(err).__name__}, exc_info=False
            )
            raise TurnIncompleteError(
                f"The turn failed ({type(err).__name__}) and was taken back. Send the message again."
            ) from None
        await ledger.save(tracker)
        events = await ledger.turn_events(request.sender, request.message_id)
        if events is None:
            raise TrackerUnavailableError("The turn is not in the tracker store. Send the message again.")
        return TurnResult(replies_from(events), awaits=awaited(events))

    async def _process(self, agent: Agent, tracker: DialogueStateTracker, request: TurnRequest) -> None:
        processor: MessageProcessor = agent.processor
        output = CollectingOutputChannel()
        message = UserMessage(
            request.text,
            output,
            request.sender,
            input_channel=self._channel_name,
            message_id=request.message_id,
            metadata=request.metadata,
        )
        tracker.model_id = processor.model_metadata.model_id
        if tracker.assistant_id is None:
            tracker.assistant_id = processor.model_metadata.assistant_id
        await processor._update_tracker_session(tracker, output, message.metadata)
        await processor._handle_message_with_tracker(message, tracker)
        tracker = await processor.run_action_extract_slots(output, tracker)
        # Before any action with effects runs.
        self._check_extraction(agent, tracker, request)
        await processor._run_prediction_loop(output, tracker)
        if not tracker.is_paused() and tracker.latest_action_name != ACTION_LISTEN_NAME:
            # Rasa stops after ten actions in a row; the next turn must still find the bot listening.
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME), agent.domain)
        self._check_actions(agent, tracker, request)
        if may_clarify(tracker, _turn_events(tracker, request.message_id), request.message_id):
            await clarify(agent, tracker, output)

    def _check_extraction(self, agent: Agent, tracker: DialogueStateTracker, request: TurnRequest) -> None:
        wanted = extraction_actions(agent.domain)
        _raise_if_any(
            unproved_extractions(
                _turn_events(tracker, request.message_id), request.message_id, wanted, self._limits.receipts
            )
        )

    def _check_actions(self, agent: Agent, tracker: DialogueStateTracker, request: TurnRequest) -> None:
        def kind_of(name: str) -> ActionKind:
            return action_kind(name, agent)

        _raise_if_any(
            unproved_actions(
                _turn_events(tracker, request.message_id), request.message_id, kind_of, self._limits.receipts
            )
        )


def action_kind(name: str, agent: Agent) -> ActionKind:
    """How an action of this name runs in this domain: over the network, as a loop, or inside Rasa."""
    try:
        action = action_for_name_or_text(name, agent.domain, agent.action_endpoint)
    except RasaException:
        return ActionKind.OTHER
    if isinstance(action, RemoteAction):
        return ActionKind.CUSTOM
    return ActionKind.LOOP if isinstance(action, LoopAction) else ActionKind.OTHER


def extraction_actions(domain: Domain) -> List[str]:
    """Custom actions that slot extraction calls in every turn, whatever the message."""
    names: List[str] = []
    for slot in domain.slots:
        for mapping in slot.mappings:
            always = not any(mapping.get(key) for key in ("conditions", "intent", "not_intent"))
            if mapping.get("type") == SlotMappingType.CUSTOM.value and mapping.get("action") and always:
                names.append(mapping["action"])
    if ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions:
        names.append(ACTION_VALIDATE_SLOT_MAPPINGS)
    return list(dict.fromkeys(names))


def _check_intent(agent: Agent, request: TurnRequest) -> None:
    if request.intent is not None and request.intent not in agent.domain.intents:
        raise RequestError(
            422, "intent_unknown", f"payload names the intent {request.intent!r}, which the model does not know."
        )


def _raise_if_any(unproved: List[str]) -> None:
    if unproved:
        names = ", ".join(sorted(set(unproved)))
        raise TurnIncompleteError(f"No receipt from {names}; the turn was taken back. Send the message again.")


def _turn_events(tracker: DialogueStateTracker, message_id: str) -> List[Event]:
    """The events from this message on. Raises: TurnIncompleteError if the message is not in the tracker."""
    events = list(tracker.events)
    for position, event in enumerate(events):
        if isinstance(event, UserUttered) and event.message_id == message_id:
            return events[position:]
    raise TurnIncompleteError("The message did not reach the tracker. Send it again.")


def _resume_events(tracker: DialogueStateTracker) -> List[Event]:
    """Unpause, leave any form that the person's talk has overtaken, and forget what called the person."""
    cleared = {
        "attune_escalate": False,
        "attune_mode": "neutral",
        "attune_clarify": False,
        "attune_pending_intent": None,
    }
    events: List[Event] = [ConversationResumed()]
    if tracker.active_loop is not None:
        events += [ActiveLoop(None), SlotSet("requested_slot", None)]
    events += [SlotSet(name, value) for name, value in cleared.items() if name in tracker.slots]
    if tracker.latest_action_name != ACTION_LISTEN_NAME:
        events.append(ActionExecuted(ACTION_LISTEN_NAME))
    return events
