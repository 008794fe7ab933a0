"""Every route × every kind of caller × what is theirs and what is somebody else's, as permissions.toml says."""

import asyncio
import json
import re
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from privacy import rights_of
from service.permit import permit
from tests.service.callers import KINDS, Callers, people_of
from tests.service.routes import routes_of
from tests.service.served import served
from tests.service.talk import talking
from vocabulary import STAFF_ROLES, Right, Role

DECLARED: dict[str, Any] = tomllib.loads(Path(__file__).with_name("permissions.toml").read_text(encoding="utf-8"))
ROUTES: dict[str, dict[str, Any]] = DECLARED["routes"]
REFUSALS = {
    "token_missing", "not_signed_in", "sign_in", "not_permitted", "not_staff", "unknown_conversation",
    "unknown_session", "signed_out",
}  # fmt: skip
# What a caller with every right may be told of a thing that this test leaves out, such as a consent.
OTHER_REASONS = {"no_consent", "not_an_answer", "wrong_credentials", "cross_site"}
GENEROUS = {"address_burst": 100_000, "message_burst": 100_000, "conversation_burst": 100_000, "steps_burst": 10_000}


@pytest.fixture
async def callers(tmp_path: Path) -> AsyncIterator[Callers]:
    async with talking(tmp_path, desk=True, **GENEROUS) as talk:
        yield await people_of(talk)


async def test_every_route_declares_what_the_file_says(callers: Callers) -> None:
    found = {route.call: route.says for route in routes_of(callers.talk.app)}
    mounts = {call: "public" for call in found if call.startswith("MOUNT") or call == "GET /openapi.json"}
    assert {**found, **mounts} == {call: line["says"] for call, line in ROUTES.items()}


async def test_a_route_without_a_declaration_would_be_found(callers: Callers) -> None:
    router = APIRouter()
    router.add_api_route("/open", lambda: None, methods=["GET"])
    router.add_api_route("/kept", lambda: None, methods=["GET"], dependencies=[permit(Right.CASE_VIEW)])
    app = type(callers.talk.app)(openapi_url=None)
    app.include_router(router, prefix="/api")
    assert {route.call: route.says for route in routes_of(app)} == {"GET /api/open": "", "GET /api/kept": "case.view"}


@pytest.mark.parametrize("kind", KINDS)
async def test_every_route_lets_through_whom_the_file_names(callers: Callers, kind: str) -> None:
    wrong = []
    for call, line in ROUTES.items():
        if call.startswith(("MOUNT", "SOCKET")):
            continue
        for whose in ("own", "other"):
            response = await _asked(callers, call, line, kind, whose)
            if _was_refused(call, response, absent=line.get("absent", False)) is _reaches(line, kind, whose):
                wrong.append(f"{call}, {whose}: {response.status_code} {response.text[:80]}")
    assert not wrong


def _reaches(line: dict[str, Any], kind: str, whose: str) -> bool:
    """What the file says. Without a word about other people's things there are none behind this route."""
    if line["says"] == "public":
        return True
    if whose == "other" and kind == "guest" and line.get("guests"):
        return False
    return kind in line.get(whose, line["own"]).split()


async def _asked(callers: Callers, call: str, line: dict[str, Any], kind: str, whose: str) -> httpx.Response:
    method, _, path = call.partition(" ")
    things = callers.own_of(kind) if whose == "own" else callers.other
    if whose == "own" and "{session_id}" in call and kind in set(Role):
        things = await callers.with_session(Role(kind))
    values = line.get("path", {})
    path = re.sub(r"\{(\w+)\}", lambda found: things.value(values.get(found[1], found[1])), path)
    params = {"conversation": things.conversation_id} if line.get("guests") and kind == "guest" else {}
    headers = await callers.headers(kind)
    return await callers.talk.client.request(method, path, headers=headers, params=params, json=line.get("body"))


def _was_refused(call: str, response: httpx.Response, *, absent: bool) -> bool:
    """Whether the caller was kept out. Anything but a clear refusal or a clear passage fails the test."""
    assert response.status_code < 500 or response.status_code == 503, response.text
    if response.status_code not in (401, 403, 404):
        return False
    try:
        code = response.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        code = ""
    if code in REFUSALS:
        return True
    told = f"{response.status_code} {response.text}"
    assert absent or code in OTHER_REASONS, f"{call} neither refuses nor lets through: {told}"
    return False


async def test_the_chat_socket_opens_for_the_same_callers(callers: Callers) -> None:
    line = ROUTES["SOCKET /api/conversations/{conversation_id}/socket"]
    wrong = []
    async with served(callers.talk.app) as host:
        for kind in KINDS:
            for whose in ("own", "other"):
                things = callers.own_of(kind) if whose == "own" else callers.other
                headers = await callers.headers(kind)
                token = headers.pop("Authorization", "").removeprefix("Bearer ")
                opened = await _greeted(host, things.conversation_id, token, headers)
                if opened is not (kind in line[whose].split()):
                    wrong.append(f"{kind}, {whose}: {opened}")
    assert not wrong


async def _greeted(host: str, conversation_id: str, token: str, headers: dict[str, str]) -> bool:
    address = f"ws://{host}/api/conversations/{conversation_id}/socket"
    async with connect(address, proxy=None, additional_headers=headers) as socket, asyncio.timeout(5):
        await socket.send(json.dumps({"type": "auth", "token": token}))
        try:
            return bool(json.loads(await socket.recv())["type"] == "hello")
        except ConnectionClosed:
            assert socket.close_code in (4401, 4404), socket.close_code
            return False


async def test_nobody_tells_a_strange_conversation_from_one_that_does_not_exist(callers: Callers) -> None:
    """The same status, code and words: nothing says that the conversation exists."""
    for kind in KINDS:
        if kind == "operator":
            continue
        answers = set()
        for conversation_id in (callers.other.conversation_id, "c_AAAAAAAAAAAAAAAAAAAAAA"):
            headers = await callers.headers(kind)
            response = await callers.talk.client.get(f"/api/conversations/{conversation_id}", headers=headers)
            answers.add((response.status_code, response.text))
        assert len(answers) == 1, kind


async def test_the_file_s_rights_are_those_of_the_table(callers: Callers) -> None:
    told = {right: set(kinds.split()) for right, kinds in DECLARED["rights"].items()}
    for right, kinds in told.items():
        assert kinds == {kind for kind in STAFF_ROLES if Right(right) in rights_of(kind)}, right
