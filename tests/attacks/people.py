"""People with accounts, as an attacker finds them."""

from dataclasses import dataclass

import httpx

from privacy import hash_password
from store import Account
from tests.service.talk import Talk
from vocabulary import Role

PASSWORD = "plum orbit kettle ninety"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


async def person(talk: Talk, email: str = "ana@example.org", role: Role = Role.CUSTOMER, name: str = "Ana") -> Account:
    """An account with PASSWORD and a proved address."""
    async with talk.services.db.transaction() as tx:
        return await tx.accounts.create(
            role, name=name, email=email, password_hash=hash_password(PASSWORD), email_verified=True
        )


@dataclass(frozen=True)
class From:
    """A browser at an address of its own, with cookies of its own."""

    talk: Talk
    address: str

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.talk.app, raise_app_exceptions=False, client=(self.address, 40_000))
        return httpx.AsyncClient(transport=transport, base_url="http://attune.test", headers=SAME_SITE)


async def sign_in(
    client: httpx.AsyncClient, password: str = PASSWORD, email: str = "ana@example.org"
) -> httpx.Response:
    """One try."""
    return await client.post("/api/account/login", json={"email": email, "password": password})
