"""Every staff page and every handler on it × every kind of caller, as permissions.toml says."""

import ast
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from nicegui import Client
from nicegui import app as nicegui_app
from nicegui.elements.mixins.value_element import ValueElement
from nicegui.elements.timer import Timer

import service.desk
from service.desk.visit import Desk, Visit
from store import RequestKind
from tests.service.callers import KINDS, Callers, is_staff, people_of
from tests.service.talk import talking
from tests.service.test_permissions import DECLARED, GENEROUS
from vocabulary import Item, Right, Role

_ITEM = Item("item", "An item", "It is here.", "Things", Decimal("9.90"), 3, {})
DESK_FOLDER = Path(service.desk.__file__).parent
PAGES: dict[str, dict[str, str]] = DECLARED["pages"]
LIBRARY: dict[str, list[str]] = DECLARED["library"]
HANDLERS: dict[str, str] = DECLARED["handlers"]
MAY: dict[str, set[str]] = {right: set(kinds.split()) for right, kinds in DECLARED["rights"].items()}


@pytest.fixture
async def callers(tmp_path: Path) -> AsyncIterator[Callers]:
    async with talking(tmp_path, desk=True, **GENEROUS) as talk:
        people = await people_of(talk)
        await _fill(people)
        yield people


async def _fill(people: Callers) -> None:
    """Something on every page: a conversation that waits, one that is taken, people, colleagues, requests."""
    services = people.talk.services
    waiting, taken = people.own["guest"], people.own[Role.CUSTOMER]
    async with services.db.transaction() as tx:
        await tx.inbox.receive(taken.conversation_id, "message-0002", "write to ada@example.org")
        # More than one page of the catalogue.
        await tx.catalogue.replace_all([replace(_ITEM, id=f"item-{number}") for number in range(30)])
        await tx.escalations.request(waiting.conversation_id, "message-0001", "asked for a person", 50)
        mine = await tx.escalations.request(taken.conversation_id, "message-0001", "asked for a person", 50)
        await tx.escalations.claim(mine.id, people.accounts[Role.ADMIN])
        closed = await tx.accounts.create(Role.AGENT, name="Was Here", email="was@example.org")
        await tx.accounts.disable(closed.id)
        gone = await tx.accounts.create(Role.CUSTOMER, name="Closed Account", email="closed@example.org")
        await tx.accounts.disable(gone.id)
        people.other.extra["closed"] = gone.id
        asked = people.accounts[Role.CUSTOMER]
        for kind in RequestKind:
            await tx.requests.add(asked, kind, by="self", words="please")
    async with services.db.transaction() as tx:
        for _ in range(60):
            await tx.audit.add("command", "keys.list", purpose="running the installation")


def _desk(people: Callers) -> Desk:
    desk = people.talk.app.state.desk
    assert isinstance(desk, Desk)
    return desk


async def _opened(people: Callers, path: str, kind: str) -> tuple[int, str, Client | None]:
    """The status, where it leads, and the page that was made."""
    before = set(Client.instances)
    response = await people.talk.client.get(f"/desk{path}", headers=await people.headers(kind))
    made = [Client.instances[one] for one in set(Client.instances) - before]
    return response.status_code, response.headers.get("location", ""), made[0] if made else None


def _address(people: Callers, path: str, *, key: str | None = None) -> str:
    key = key or (
        people.own[Role.CUSTOMER].conversation_id if "conversations" in path else people.accounts[Role.CUSTOMER]
    )
    return path.replace("{key}", key)


async def test_the_file_names_every_page_and_nothing_else_is_served(callers: Callers) -> None:
    served = {str(getattr(route, "path", "")) for route in nicegui_app.routes}
    assert {path for path in served if not path.startswith(tuple(LIBRARY["paths"]))} == set(PAGES)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_page_opens_for_whom_the_file_names(callers: Callers, kind: str) -> None:
    wrong = []
    for path, line in PAGES.items():
        status, leads_to, _ = await _opened(callers, _address(callers, path), kind)
        if kind in line["opens"].split():
            right = status == 200
        elif is_staff(kind):
            right = status == 303 and leads_to.startswith("/desk/") and leads_to != "/desk/login"
        else:
            right = status == 303 and leads_to == ("/account" if kind == Role.CUSTOMER else "/desk/login")
        if not right:
            wrong.append(f"{path}: {status} {leads_to}")
    assert not wrong


async def test_pages_about_things_that_do_not_exist_lead_back(callers: Callers) -> None:
    for path in ("/people/{key}", "/conversations/{key}"):
        for key in (*(f"{kind}_AAAAAAAAAAAAAAAAAAAAAA" for kind in "apc"), "nothing", "%00"):
            status, leads_to, _ = await _opened(callers, path.replace("{key}", key), Role.ADMIN)
            assert status == 303 and leads_to.startswith("/desk"), (path, key)
    # A colleague is no customer, though the id exists.
    status, _, _ = await _opened(callers, f"/people/{callers.accounts[Role.AUDITOR]}", Role.ADMIN)
    assert status == 303


def _listeners(client: Client) -> Iterator[tuple[str, Any]]:
    """Every function of ours that this page's browser can call: (what it hangs on, the function)."""
    for element in list(client.elements.values()):
        if isinstance(element, Timer):
            yield "timer", element.callback
        if isinstance(element, ValueElement):
            for handler in element._change_handlers:
                # An editor of the library counts its own characters.
                if not getattr(handler, "__module__", "").startswith("nicegui."):
                    yield "change", handler
        for listener in element._event_listeners.values():
            of_library = getattr(listener.handler, "__module__", "").startswith("nicegui.")
            if listener.handler is not None and not (of_library and listener.type.startswith(tuple(LIBRARY["events"]))):
                yield listener.type, listener.handler


async def _all_pages(callers: Callers) -> AsyncIterator[Client]:
    everything = [(_address(callers, path), kind) for path in PAGES for kind in (Role.ADMIN, Role.AUDITOR)]
    everything += [
        (f"/people/{callers.other.extra['closed']}", Role.ADMIN),
        (f"/people/{callers.own['guest'].customer_id}", Role.ADMIN),
        (f"/conversations/{callers.own['guest'].conversation_id}", Role.ADMIN),
    ]
    for address, kind in everything:
        _, _, client = await _opened(callers, address, kind)
        if client is not None:
            yield client


async def test_every_handler_on_every_page_is_guarded_by_the_right_that_the_file_names(callers: Callers) -> None:
    seen: dict[str, set[str]] = {}
    async for client in _all_pages(callers):
        waiting, done = list(_listeners(client)), set()
        while waiting:
            kind, handler = waiting.pop()
            assert hasattr(handler, "right"), f"{client.page.path}: {kind} calls {handler!r}, which is not guarded"
            seen.setdefault(handler.handler, set()).add(handler.right.value)
            if handler.handler.endswith((".asked", ".preview", ".edit")) and handler.handler not in done:
                # A question opens a dialog, a preview asks for a yes, a form is opened: their buttons count, too.
                done.add(handler.handler)
                with client:
                    await handler()
                waiting += list(_listeners(client))
    told = {name: set(rights.split()) for name, rights in HANDLERS.items()}
    assert seen == told


def test_every_guard_in_the_code_is_in_the_file() -> None:
    """Also those that no page of the test draws."""
    in_code = set()
    for path in DESK_FOLDER.glob("*_p*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "guarded":
                right = ast.unparse(node.args[1])
                in_code.add((path.stem, right))
    told = {(name.partition(".")[0], right) for name, rights in HANDLERS.items() for right in rights.split()}
    for module, right in in_code:
        if match := re.fullmatch(r"Right\.(\w+)", right):
            assert (module, Right[match[1]].value) in told, f"{module} guards by {right}"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_handler_lets_through_whom_the_file_names(callers: Callers, kind: str) -> None:
    """Its session may have lost the right, ended, or never been one, after the page was drawn."""
    desk = _desk(callers)
    _, _, client = await _opened(callers, "/", Role.ADMIN)
    assert client is not None
    admin = await callers.session(Role.ADMIN)
    async with callers.talk.services.db.reading() as tx:
        session = await desk.gate.session(tx, admin)
    token = await callers.session(Role(kind)) if kind in set(Role) else str(uuid4())
    with client:
        visit = Visit(desk, token, session, client)
        wrong = []
        for right, kinds in MAY.items():
            ran = []

            async def probe(ran: list[str] = ran) -> None:
                ran.append("ran")

            await visit.guarded(probe, Right(right))()
            await visit.guarded_quietly(probe, Right(right))()
            if ran != ["ran", "ran"] * (kind in kinds):
                wrong.append(f"{right}: {ran}")
    assert not wrong
    assert set(MAY) >= {right for rights in HANDLERS.values() for right in rights.split()}


async def test_a_session_that_ends_takes_every_handler_with_it(callers: Callers) -> None:
    desk = _desk(callers)
    _, _, client = await _opened(callers, "/", Role.ADMIN)
    assert client is not None
    token = await callers.session(Role.ADMIN)
    async with callers.talk.services.db.reading() as tx:
        session = await desk.gate.session(tx, token)
    ran: list[str] = []

    async def probe() -> None:
        ran.append("ran")

    with client:
        handler = Visit(desk, token, session, client).guarded(probe, Right.CASE_VIEW)
        await handler()
        async with callers.talk.services.db.transaction() as tx:
            await tx.sessions.end_token(token)
        await handler()
    assert ran == ["ran"]
