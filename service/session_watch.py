"""Whatever a session has open learns that the session is over."""

import asyncio
import logging
from typing import Final

from service.sign_outs import SignOuts
from store import Database, SignedIn, StoreError

log = logging.getLogger(__name__)
# For sessions that another process has ended, or that have come to their time.
_LOOK_EVERY_S: Final = 15.0


class SessionWatch:
    """Watches one session, from the moment it is made. signed_in: None for callers without one, who never sign out."""

    def __init__(self, db: Database, sign_outs: SignOuts, signed_in: SignedIn | None) -> None:
        self._db = db
        self._signed_in = signed_in
        self._heard = asyncio.Event()
        self._stop = sign_outs.listen(self._told) if signed_in is not None else lambda: None

    async def ended(self) -> None:
        """Wait until the session is over."""
        while not self._heard.is_set():
            try:
                async with asyncio.timeout(_LOOK_EVERY_S if self._signed_in is not None else None):
                    await self._heard.wait()
            except TimeoutError:
                if not await self._still_there():
                    return

    def close(self) -> None:
        """Watch no more."""
        self._stop()

    async def _still_there(self) -> bool:
        assert self._signed_in is not None
        try:
            async with self._db.reading() as tx:
                sessions = await tx.sessions.list(self._signed_in.account.id)
        except StoreError as err:
            log.warning("session not looked for", extra={"code": err.code})
            return True
        return any(one.id == self._signed_in.session_id for one in sessions)

    def _told(self, ended: str) -> None:
        if self._signed_in is not None and ended in (self._signed_in.session_id, self._signed_in.account.id):
            self._heard.set()
