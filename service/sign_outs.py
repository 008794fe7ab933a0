"""Word that a session or an account is signed out, so that what it has open closes at once."""

from collections.abc import Callable


class SignOuts:
    """Passes on ids of sessions that have ended, and of accounts whose sessions have all ended."""

    def __init__(self) -> None:
        self._listeners: set[Callable[[str], None]] = set()

    def listen(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Call `listener` with each id; gives the function that ends it. Listeners return at once."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def publish(self, ended: str) -> None:
        """The id of a session or of an account; what changed is committed already."""
        for listener in tuple(self._listeners):
            listener(ended)
