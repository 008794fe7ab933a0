"""One open staff page: who looks at it, how it learns of changes, and how it is closed."""

import asyncio
import functools
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from nicegui import Client, core, ui

from service.desk.cookie import SessionCookie
from service.desk.work import DeskWork
from service.errors import NotAllowed, ServiceError
from service.hub import Hub
from store import Account, StoreError
from vocabulary import Role

log = logging.getLogger(__name__)

# Changes within this time are drawn once.
_REDRAW_EVERY_S = 0.4
# Waiting times grow by themselves.
_REDRAW_ANYWAY_S = 15.0


class Desk:
    """What all staff pages share. open_pages: by session, so that signing out reaches every tab."""

    def __init__(self, work: DeskWork, cookie: SessionCookie, hub: Hub) -> None:
        self.work = work
        self.cookie = cookie
        self.hub = hub
        self.open_pages: dict[str, set[Client]] = defaultdict(set)

    async def visit(self, request: Request, role: Role = Role.AGENT) -> "Visit":
        """The visit of a signed-in member of staff. Raises: NotAllowed."""
        token = self.cookie.read(request)
        if token is None:
            raise NotAllowed("signed_out", "Please sign in.")
        member = await self.work.member(token, role)
        return Visit(self, token, member, ui.context.client)

    async def sign_out(self, token: str) -> None:
        """End the session and close every page and socket that it has open."""
        await self.work.sign_out(token)
        pages = self.open_pages.pop(token, set())
        for client in pages:
            client.open("/signed-out")
        # Browsers get a moment to leave by themselves; then their sockets are cut.
        await asyncio.sleep(0.3)
        for client in pages:
            for socket_id, _ in list(core.sio.manager.get_participants("/", client.id)):
                await core.sio.disconnect(socket_id)


class Visit:
    """One page, open in one browser tab, of one session."""

    def __init__(self, desk: Desk, token: str, member: Account, client: Client) -> None:
        self.desk = desk
        self.work = desk.work
        self.token = token
        self.member = member
        self._client = client
        desk.open_pages[token].add(client)
        client.on_delete(self._left)

    def guarded(self, handler: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        """A handler that checks the session before its work, and tells the agent what went wrong."""

        @functools.wraps(handler)
        async def checked(*args: Any) -> None:
            try:
                await self.work.member(self.token)
                await handler(*args)
            except NotAllowed as err:
                if err.status_code == 401:
                    ui.navigate.to("/login")
                else:
                    ui.notify(err.message, type="negative")
            except ServiceError as err:
                ui.notify(err.message, type="warning")
            except StoreError as err:
                log.error("desk action failed", extra={"code": err.code}, exc_info=err)
                ui.notify("This could not be stored right now. Please try again.", type="negative")

        return checked

    def redraw_on_change(self, draw: Callable[[], Awaitable[None]], *, conversation_id: str | None = None) -> None:
        """Call `draw` soon after something changed (in one conversation, or in any), and now and then."""
        pending = {"changed": False, "idle_s": 0.0}

        def changed(changed_id: str) -> None:
            if conversation_id in (None, changed_id):
                pending["changed"] = True

        async def tick() -> None:
            pending["idle_s"] += _REDRAW_EVERY_S
            if pending["changed"] or pending["idle_s"] >= _REDRAW_ANYWAY_S:
                pending.update(changed=False, idle_s=0.0)
                await draw()

        self._client.on_delete(self.desk.hub.listen(changed))
        ui.timer(_REDRAW_EVERY_S, self.guarded_quietly(tick))

    def guarded_quietly(self, handler: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """For what runs by itself: a lost session leads to the sign-in page, anything else waits for the next time."""

        async def checked() -> None:
            try:
                await handler()
            except NotAllowed:
                ui.navigate.to("/login")
            except (ServiceError, StoreError) as err:
                log.warning("desk page not redrawn", extra={"code": err.code})

        return checked

    def _left(self) -> None:
        pages = self.desk.open_pages.get(self.token)
        if pages is not None:
            pages.discard(self._client)
            if not pages:
                del self.desk.open_pages[self.token]
