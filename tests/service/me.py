"""A signed-in customer for tests of `/api/me`."""

from dataclasses import dataclass
from typing import Any

import httpx

from privacy import NOTICE_VERSION
from service.accounts.cookie import PLAIN_NAME
from tests.service.talk import Customer, Talk
from vocabulary import Role


@dataclass
class Me:
    """One account with a session, and its calls."""

    talk: Talk
    account_id: str
    customer_id: str
    token: str

    async def call(self, method: str, path: str, json: Any = None) -> httpx.Response:
        headers = {"Cookie": f"{PLAIN_NAME}={self.token}", "Sec-Fetch-Site": "same-origin"}
        return await self.talk.client.request(method, f"/api/me/{path}", json=json, headers=headers)

    async def allow(self, signal: str, purpose: str = "assist", granted: bool = True) -> httpx.Response:
        answer = {"signal": signal, "purpose": purpose, "granted": granted, "text_version": NOTICE_VERSION}
        return await self.call("PUT", "consents", answer)

    async def talks(self) -> Customer:
        """A new conversation of the account."""
        headers = {"Cookie": f"{PLAIN_NAME}={self.token}", "Sec-Fetch-Site": "same-origin"}
        response = await self.talk.client.post("/api/conversations", headers=headers)
        assert response.status_code == 201 and response.json()["joined"] is True, response.text
        made = response.json()
        return Customer(self.talk, made["conversation"], made["token"], session=headers["Cookie"])


async def signed_in(talk: Talk, email: str = "ada@example.org") -> Me:
    """A customer with an account, signed in."""
    async with talk.services.db.transaction() as tx:
        account = await tx.accounts.create(Role.CUSTOMER, name="Ada", email=email)
        assert account.customer_id is not None
        return Me(talk, account.id, account.customer_id, await tx.sessions.open(account.id, "A browser"))


async def as_guest(customer: Customer, method: str, path: str, json: Any = None) -> httpx.Response:
    """A call of a guest, who shows the conversation's token."""
    address = f"/api/me/{path}?conversation={customer.id}"
    return await customer.talk.client.request(method, address, json=json, headers=customer.headers)
