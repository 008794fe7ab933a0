"""Signing out reaches what is still open: chat sockets and staff pages close at once."""

from collections import defaultdict
from collections.abc import Callable


class SignOuts:
    """Tells those who listen that a session or an account was signed out. For one process; another process's sockets
    find out when they ask the database again."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Callable[[], None]]] = defaultdict(set)

    def publish(self, *ids: str) -> None:
        """These sessions are over, or every session of these accounts. Call it after the commit."""
        for one in ids:
            for heard in list(self._listeners.get(one, ())):
                heard()

    def listen(self, heard: Callable[[], None], *ids: str) -> Callable[[], None]:
        """Call `heard` when one of these sessions or accounts is signed out; gives what stops the listening."""
        for one in ids:
            self._listeners[one].add(heard)

        def stop() -> None:
            for one in ids:
                listeners = self._listeners.get(one)
                if listeners is not None:
                    listeners.discard(heard)
                    if not listeners:
                        del self._listeners[one]

        return stop
