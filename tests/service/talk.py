"""One helper that makes a test of a conversation five lines long."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI

from privacy import hash_password
from service import Settings, create_app
from service.context import Services
from service.notices import Notice
from store import Message
from tests.service.fake_ears import FakeEars
from tests.service.fake_rasa import FakeActions, FakeRasa
from vocabulary import Owner, Role


def make_settings(home: Path, **changes: Any) -> Settings:
    """Settings of a test: real files, short pauses."""
    quick: dict[str, Any] = {
        "notice_after_s": 0.15,
        "rasa_timeout_s": 5.0,
        "retry_first_s": 0.02,
        "retry_longest_s": 0.05,
        "give_up_after": 3,
        "speech_voice": "none",
    }
    return Settings(home=home, **{**quick, **changes})


@dataclass
class Talk:
    """A started application, a client of it, and its fake neighbours."""

    app: FastAPI
    client: httpx.AsyncClient
    rasa: FakeRasa
    actions: FakeActions
    ears: FakeEars

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services

    async def start(self) -> "Customer":
        """A new conversation."""
        response = await self.client.post("/api/conversations")
        assert response.status_code == 201, response.text
        body = response.json()
        return Customer(self, body["conversation"], body["token"])

    async def staff(self, role: Role = Role.AGENT, name: str = "Kim Lee", email: str = "kim@example.org") -> str:
        """A new account's id."""
        password_hash = hash_password("correct horse")
        async with self.services.db.transaction() as tx:
            return (await tx.accounts.create(role, name=name, email=email, password_hash=password_hash)).id


async def until(holds: Callable[[], bool], *, within_s: float = 20) -> None:
    """Wait for something to become true: a machine under load needs longer than an idle one."""
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, f"not so within {within_s} s"
        await asyncio.sleep(0.01)


@dataclass
class Customer:
    """One conversation from the customer's side. session: of the account that it belongs to, as a cookie."""

    talk: Talk
    id: str
    token: str
    session: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        if self.session is not None:
            return {"Cookie": self.session, "Sec-Fetch-Site": "same-origin"}
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, path: str, **options: Any) -> httpx.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        if "content" in options:
            headers.setdefault("Content-Type", "application/json")
        return await self.talk.client.post(f"/api/conversations/{self.id}/{path}", headers=headers, **options)

    async def client_post(self, content: bytes) -> httpx.Response:
        """Send raw bytes as a JSON message."""
        return await self.post("messages", content=content)

    async def get(self, path: str = "") -> httpx.Response:
        address = f"/api/conversations/{self.id}" + (f"/{path}" if path else "")
        return await self.talk.client.get(address, headers=self.headers)

    async def write(self, text: str, message_id: str | None = None) -> str:
        """Send a message without waiting; its id."""
        message_id = message_id or str(uuid4())
        response = await self.post("messages", json={"id": message_id, "text": text})
        assert response.status_code == 202, response.text
        return message_id

    async def say(self, text: str, *, wait: float = 5) -> dict[str, Any]:
        """Send a message and wait for its turn."""
        response = await self.post(f"messages?wait={wait}", json={"id": str(uuid4()), "text": text})
        assert response.status_code == 200, response.text
        turn: dict[str, Any] = response.json()
        return turn

    async def consent(self, signal: str, granted: bool = True) -> httpx.Response:
        from privacy import NOTICE_VERSION

        return await self.talk.client.put(
            f"/api/conversations/{self.id}/consent",
            headers=self.headers,
            json={"signal": signal, "granted": granted, "text_version": NOTICE_VERSION},
        )

    async def history(self) -> list[Message]:
        """Everything stored, in order."""
        async with self.talk.services.db.reading() as tx:
            return await tx.inbox.history(self.id)

    async def noticed(self) -> Notice:
        """The notice that the customer sees, once there is one."""
        await until(lambda: self.talk.services.notices.current(self.id) is not None)
        notice = self.talk.services.notices.current(self.id)
        assert notice is not None
        return notice

    async def settled(self, *, within_s: float = 5) -> list[Message]:
        """The history once every message is answered."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            async with self.talk.services.db.reading() as tx:
                if await tx.inbox.next_unanswered(self.id) is None:
                    return await tx.inbox.history(self.id)
            await asyncio.sleep(0.01)
        raise AssertionError(f"not settled within {within_s} s")

    async def owner(self) -> Owner:
        async with self.talk.services.db.reading() as tx:
            conversation = await tx.conversations.get(self.id)
        assert conversation is not None
        return conversation.owner

    async def hand_over(self, *, reason: str = "asked for a person") -> str:
        """Put the conversation into the queue; the hand-over's id."""
        async with self.talk.services.db.transaction() as tx:
            return (await tx.escalations.request(self.id, "message-0001", reason, 50)).id


@asynccontextmanager
async def talking(
    home: Path, *, rasa: FakeRasa | None = None, desk: bool = False, **changes: Any
) -> AsyncIterator[Talk]:
    """A started application in `home`; starting a second one there is a restart."""
    rasa, actions, ears = rasa or FakeRasa(), FakeActions(), FakeEars()
    app = create_app(
        make_settings(home, **changes), rasa_transport=rasa, actions_transport=actions, ears=ears, desk=desk
    )
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://attune.test") as client:
            yield Talk(app, client, rasa, actions, ears)
