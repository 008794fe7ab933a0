"""What the channel asks of a tracker store: the current session, one atomic save, and what was said in a turn.

Rasa wraps every store in `FailSafeTrackerStore`, which answers a failed read with an empty conversation and a failed
write with success. The ledger talks to the store inside, so that failures are seen.
"""

import asyncio
import itertools
from typing import Any, List, Optional

from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, TrackerStore
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from .errors import TrackerUnavailableError


class Ledger:
    """The tracker store of an agent, with its failures. Every method raises TrackerUnavailableError.

    A store of ours answers from an index and says beforehand whether it takes writes; any other store works too,
    by reading the whole conversation.
    """

    def __init__(self, store: TrackerStore) -> None:
        self._store: Any = store

    @classmethod
    def of(cls, agent: Agent) -> "Ledger":
        """The ledger of an agent's store, without Rasa's fail-safe wrapper."""
        store = agent.tracker_store
        return cls(store._tracker_store if isinstance(store, FailSafeTrackerStore) else store)

    @property
    def is_durable(self) -> bool:
        """False if conversations end with the process."""
        return not isinstance(self._store, InMemoryTrackerStore)

    async def check_writable(self) -> None:
        """Find a locked database before any action runs."""
        if hasattr(self._store, "check_writable"):
            # In a thread: it may wait for the database's busy timeout, and other conversations go on meanwhile.
            await self._guarded(asyncio.get_running_loop().run_in_executor(None, self._store.check_writable))

    async def turn_events(self, sender: str, message_id: str) -> Optional[List[Event]]:
        """The stored events of a message's turn; None if the message is not stored."""
        if hasattr(self._store, "turn_events"):
            try:
                found: Optional[List[Event]] = self._store.turn_events(sender, message_id)
                return found
            except Exception as err:  # noqa: BLE001 - any failure of a foreign part; its text may hold content
                raise _unavailable(err) from None
        tracker = await self._guarded(self._store.retrieve_full_tracker(sender))
        return None if tracker is None else _turn_in(tracker, message_id)

    async def session(self, sender: str) -> DialogueStateTracker:
        """The current session, or an empty tracker."""
        tracker = await self._guarded(self._store.retrieve(sender))
        return tracker if tracker is not None else self._store.init_tracker(sender)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the new events, all or none."""
        await self._guarded(self._store.save(tracker))

    @staticmethod
    async def _guarded(work: Any) -> Any:
        try:
            return await work
        except Exception as err:  # noqa: BLE001 - any failure of a foreign part; its text may hold content
            raise _unavailable(err) from None


def _turn_in(tracker: DialogueStateTracker, message_id: str) -> Optional[List[Event]]:
    from_message = list(itertools.dropwhile(lambda event: not _is(event, message_id), tracker.events))
    if not from_message:
        return None
    return list(
        itertools.takewhile(lambda event: not isinstance(event, UserUttered) or _is(event, message_id), from_message)
    )


def _is(event: Event, message_id: str) -> bool:
    return isinstance(event, UserUttered) and event.message_id == message_id


def _unavailable(err: Exception) -> TrackerUnavailableError:
    # The cause holds the rows that could not be written, so only its kind is named.
    return TrackerUnavailableError(
        f"The tracker store failed ({type(err).__name__}); nothing of this turn was kept. Send the message again."
    )
