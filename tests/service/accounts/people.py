"""People who sign in: their browsers, and the mails and messages that they get."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from privacy import hash_password
from store import Account, Delivery
from tests.service.talk import Talk, talking, until
from vocabulary import Role

PASSWORD = "violet tram beneath the lemon"
NEW_PASSWORD = "seven quiet kettles on ice"
HASH = hash_password(PASSWORD)
_TOKEN = re.compile(r"#(?:verify|reset)=(\S+)")
_DIGITS = re.compile(r"\b\d{6}\b")


@dataclass
class Letterbox:
    """Takes what would be sent."""

    taken: list[Delivery] = field(default_factory=list)

    async def send(self, delivery: Delivery) -> None:
        self.taken.append(delivery)

    async def close(self) -> None:
        pass

    async def next(self, address: str) -> Delivery:
        """The next message to an address."""
        await until(lambda: any(one.address == address for one in self.taken))
        found = next(one for one in self.taken if one.address == address)
        self.taken.remove(found)
        return found

    async def token(self, address: str) -> str:
        """The token in the link of the next mail."""
        mail = await self.next(address)
        found = _TOKEN.search(mail.link)
        assert found is not None, mail
        return found[1]

    async def digits(self, number: str) -> str:
        """The code in the next message to a telephone."""
        message = await self.next(number)
        found = _DIGITS.search(message.text)
        assert found is not None
        return found[0]


@dataclass
class Place:
    """A started application whose messages arrive in `letters`."""

    talk: Talk
    letters: Letterbox
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self, address: str = "192.0.2.1", agent: str = "Firefox/130 (X11; Linux)", **options: Any) -> "Browser":
        """A browser with cookies of its own, at a network address."""
        transport = httpx.ASGITransport(self.talk.app, raise_app_exceptions=False, client=(address, 40000))
        base = options.pop("base_url", "http://attune.test")
        client = httpx.AsyncClient(transport=transport, base_url=base, headers={"User-Agent": agent}, **options)
        self.browsers.append(client)
        return Browser(client, self)

    async def account(self, email: str = "ana@example.org", role: Role = Role.CUSTOMER, **details: Any) -> Account:
        """An account with PASSWORD, made directly."""
        async with self.talk.services.db.transaction() as tx:
            return await tx.accounts.create(
                role, name="Ana Quist", email=email, password_hash=HASH, email_verified=True, **details
            )

    async def signed_in(self, email: str = "ana@example.org", role: Role = Role.CUSTOMER, **where: Any) -> "Browser":
        """A browser that is signed in to a new account."""
        await self.account(email, role)
        browser = self.browser(**where)
        assert (await browser.login(email)).status_code == 200
        return browser


@dataclass
class Browser:
    """One browser: what it asks of /api/account."""

    client: httpx.AsyncClient
    place: Place

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.client.post(f"/api/account/{path}", json=body)

    async def get(self, path: str = "") -> httpx.Response:
        return await self.client.get(f"/api/account{'/' if path else ''}{path}")

    async def patch(self, **body: Any) -> httpx.Response:
        return await self.client.patch("/api/account", json=body)

    async def delete(self, path: str, **body: Any) -> httpx.Response:
        return await self.client.request("DELETE", f"/api/account/{path}", json=body or None)

    async def login(self, email: str = "ana@example.org", password: str = PASSWORD, **more: Any) -> httpx.Response:
        return await self.post("login", email=email, password=password, **more)

    @property
    def token(self) -> str | None:
        """The session's token in the cookie."""
        return self.client.cookies.get("attune_session")

    def take(self, token: str) -> None:
        """Have this token as the cookie."""
        self.client.cookies.clear()
        self.client.cookies.set("attune_session", token, domain="attune.test", path="/")


def code_of(response: httpx.Response) -> tuple[int, str]:
    """Status and error code."""
    return response.status_code, response.json()["error"]["code"]


@asynccontextmanager
async def place_in(home: Path, **changes: Any) -> AsyncIterator[Place]:
    """A started application in `home`, quick to answer unless told otherwise."""
    changes = {"account_answer_s": 0.0, "account_burst": 1000, "phone_region": "GB", **changes}
    async with talking(home, **changes) as talk:
        letters = Letterbox()
        talk.services.outbox._senders._by_channel.update(mail=letters, phone=letters)
        place = Place(talk, letters)
        try:
            yield place
        finally:
            await asyncio.gather(*(one.aclose() for one in place.browsers))
