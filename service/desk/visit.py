"""One open staff page: who looks at it, how it learns of changes, and how it is closed."""

import asyncio
import functools
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from nicegui import Client, core, ui

from service.accounts.cookie import session_token
from service.desk.audit_work import AuditWork
from service.desk.catalogue_work import CatalogueWork
from service.desk.figures_work import FiguresWork
from service.desk.gate import Gate
from service.desk.papers_work import PapersWork
from service.desk.people_work import PeopleWork
from service.desk.requests_work import RequestsWork
from service.desk.staff_work import StaffWork
from service.desk.suggestions_work import SuggestionsWork
from service.desk.work import DeskWork
from service.errors import NotAllowed, ServiceError
from service.hub import Hub
from service.sign_outs import SignOuts
from store import Account, Database, SignedIn, StoreError
from vocabulary import Right

log = logging.getLogger(__name__)

Handler = Callable[..., Awaitable[Any]]
Guarded = Callable[..., Awaitable[None]]

# Changes within this time are drawn once.
_REDRAW_EVERY_S = 0.4
# Waiting times grow by themselves.
_REDRAW_ANYWAY_S = 15.0
# Browsers get a moment to leave by themselves; then their sockets are cut.
_LEAVE_WITHIN_S = 0.3
SIGNED_OUT: Final = "/signed-out"


@dataclass(frozen=True)
class Works:
    """What the desk can do, by subject; each checks the session's right by itself."""

    cases: DeskWork
    people: PeopleWork
    staff: StaffWork
    requests: RequestsWork
    figures: FiguresWork
    audit: AuditWork
    papers: PapersWork
    catalogue: CatalogueWork
    suggestions: SuggestionsWork


class Desk:
    """What all staff pages share. open_pages: by session and by account, so that signing out reaches every tab."""

    def __init__(self, db: Database, gate: Gate, works: Works, hub: Hub, sign_outs: SignOuts) -> None:
        self.db = db
        self.gate = gate
        self.works = works
        self.hub = hub
        self.sign_outs = sign_outs
        self.open_pages: dict[str, set[Client]] = defaultdict(set)
        self._closing: set[asyncio.Task[None]] = set()
        sign_outs.listen(self._signed_out)

    async def signed_in(self, request: Request) -> tuple[str, SignedIn]:
        """The session of a member of staff, with its token. Raises: NotAllowed (401, or 403 for a customer)."""
        token = session_token(request)
        if token is None:
            raise NotAllowed("signed_out", "Please sign in.")
        async with self.db.reading() as tx:
            return token, await self.gate.session(tx, token)

    async def visit(self, request: Request, right: Right) -> "Visit":
        """The visit of a member of staff with this right. Raises: NotAllowed (401, 403)."""
        token, session = await self.signed_in(request)
        if right not in self.gate.rights(session.account):
            raise NotAllowed("not_permitted", "This page is not open to you.", status=403)
        return Visit(self, token, session, ui.context.client)

    async def sign_out(self, token: str) -> None:
        """End the session; every page and socket that it has open is closed."""
        async with self.db.transaction() as tx:
            ended = await tx.sessions.end_token(token)
        if ended is not None:
            self.sign_outs.publish(ended)

    def _signed_out(self, key: str) -> None:
        """key: of a session, or of an account whose sessions have all ended."""
        pages = self.open_pages.pop(key, set())
        if pages:
            task = asyncio.create_task(self._close(pages))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    @staticmethod
    async def _close(pages: set[Client]) -> None:
        for client in pages:
            client.open(SIGNED_OUT)
        await asyncio.sleep(_LEAVE_WITHIN_S)
        for client in pages:
            for socket_id, _ in list(core.sio.manager.get_participants("/", client.id)):
                await core.sio.disconnect(socket_id)


class Visit:
    """One page, open in one browser tab, of one session."""

    def __init__(self, desk: Desk, token: str, session: SignedIn, client: Client) -> None:
        self.desk = desk
        self.token = token
        self.member: Account = session.account
        self.rights = desk.gate.rights(session.account)
        self._client = client
        self._keys = (session.session_id, session.account.id)
        for key in self._keys:
            desk.open_pages[key].add(client)
        client.on_delete(self._left)

    def may(self, right: Right) -> bool:
        """Whether to show what needs this right. Doing it is checked again, when it is done."""
        return right in self.rights

    async def check(self, right: Right) -> None:
        """Raises: NotAllowed, once the session has ended or lost this right."""
        async with self.desk.db.reading() as tx:
            await self.desk.gate.require(tx, self.token, right)

    def guarded(self, handler: Handler, right: Right) -> Guarded:
        """A handler of an event that checks session and right before its work, and tells what went wrong.

        Every handler that a browser can reach goes through here; a test looks at each element of each page.
        """

        @functools.wraps(handler)
        async def checked(*args: Any) -> None:
            # In the page's own slot: the element that was clicked may be drawn anew, and be gone, meanwhile.
            with self._client:
                try:
                    await self.check(right)
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

        _declare(checked, handler, right)
        return checked

    def guarded_quietly(self, handler: Callable[[], Awaitable[None]], right: Right) -> Callable[[], Awaitable[None]]:
        """For what runs by itself: a lost session leads to the sign-in page, anything else waits for the next time."""

        @functools.wraps(handler)
        async def checked() -> None:
            with self._client:
                try:
                    await self.check(right)
                    await handler()
                except NotAllowed:
                    ui.navigate.to("/login")
                except (ServiceError, StoreError) as err:
                    log.warning("desk page not redrawn", extra={"code": err.code})

        _declare(checked, handler, right)
        return checked

    def redraw_on_change(
        self, draw: Callable[[], Awaitable[None]], right: Right, *, conversation_id: str | None = None
    ) -> None:
        """Call `draw` soon after something changed (in one conversation, or in any), and now and then."""
        pending = {"changed": False, "idle_s": 0.0}

        def changed(changed_id: str) -> None:
            if conversation_id in (None, changed_id):
                pending["changed"] = True

        guarded = self.guarded_quietly(draw, right)

        @functools.wraps(draw)
        async def tick() -> None:
            pending["idle_s"] += _REDRAW_EVERY_S
            if pending["changed"] or pending["idle_s"] >= _REDRAW_ANYWAY_S:
                pending.update(changed=False, idle_s=0.0)
                await guarded()

        self._client.on_delete(self.desk.hub.listen(changed))
        _declare(tick, draw, right)
        ui.timer(_REDRAW_EVERY_S, tick)

    def _left(self) -> None:
        for key in self._keys:
            pages = self.desk.open_pages.get(key)
            if pages is not None:
                pages.discard(self._client)
                if not pages:
                    del self.desk.open_pages[key]


def _declare(checked: Any, handler: Handler, right: Right) -> None:
    """Leave on the handler what it is and which right it asks for, for whoever reviews the pages."""
    module = handler.__module__.removeprefix("service.desk.")
    checked.right = right
    checked.handler = f"{module}.{handler.__qualname__}".replace(".<locals>", "")
