"""Signing in by an outside provider."""

import json
import logging
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from privacy import SELF, ContactInvalid, DecryptionError, KeyRing, checked_email
from service.accounts import letters
from service.accounts.oidc import Identity, OidcClient, OidcError, OidcProvider
from service.accounts.sign_in import Opened, SignIn, Visitor
from service.errors import NotAllowed, Refused
from service.notify import Notifier
from service.sign_outs import SignOuts
from store import Account, AlreadyExists, Database, SignedIn, Transaction
from vocabulary import STAFF_ROLES, Role

log = logging.getLogger(__name__)
JOURNEY_S: Final = 600
"""How long a browser may stay at the provider."""

_PURPOSE: Final = "oidc-journey"
_PATH: Final = re.compile(r"/[A-Za-z0-9._~/-]*(?:#[A-Za-z0-9._~=/-]*)?")


class Providers:
    """The providers of this installation. What a journey needs on its return travels in a cookie, sealed.

    A login of a provider never takes over an account by its address alone: whoever has one signs in to it first, and
    then adds the provider.
    """

    def __init__(
        self,
        db: Database,
        keyring: KeyRing,
        notifier: Notifier,
        sign_in: SignIn,
        sign_outs: SignOuts,
        providers: Sequence[OidcProvider],
    ) -> None:
        self._db = db
        self._keyring = keyring
        self._sign_in = sign_in
        self._sign_outs = sign_outs
        self._notifier = notifier
        self._clients = {
            one.id: OidcClient(one, f"{notifier.site}/api/account/providers/{one.id}/back") for one in providers
        }

    def list(self) -> Sequence[OidcProvider]:
        """Those that the sign-in page offers."""
        return [client.provider for client in self._clients.values()]

    async def start(self, provider_id: str, next_path: str, signed_in: SignedIn | None) -> tuple[str, str]:
        """Where to send the browser, and the cookie for its return. Raises: Refused (404), OidcError."""
        departure = await self._client(provider_id).depart()
        journey = {
            "provider": provider_id,
            "state": departure.state,
            "nonce": departure.nonce,
            "verifier": departure.verifier,
            "next": safe_path(next_path),
            "account": None if signed_in is None else signed_in.account.id,
            "until": time.time() + JOURNEY_S,
        }
        return departure.url, self._keyring.encrypt(json.dumps(journey).encode(), purpose=_PURPOSE)

    async def back(
        self,
        provider_id: str,
        query: Mapping[str, str],
        cookie: str,
        visitor: Visitor,
        signed_in: SignedIn | None,
    ) -> tuple[str, Opened | None]:
        """The browser has come back: where to send it, and the session if one begins.

        A journey that was begun while signed in adds the provider to that account.
        Raises: Refused (404), OidcError; NotAllowed with a code that the page explains (second_factor, staff,
        address_known, login_taken).
        """
        client = self._client(provider_id)
        journey = self._journey(cookie, provider_id)
        identity = await client.arrive(query, journey["state"], journey["nonce"], journey["verifier"])
        ended: str | None = None
        opened: Opened | None = None
        async with self._db.transaction() as tx:
            if journey["account"] is not None:
                await self._add(tx, provider_id, identity, journey["account"], signed_in)
            else:
                account = await self._account(tx, provider_id, identity)
                if account.has_second_factor:
                    raise NotAllowed("second_factor", "This account has a second factor: sign in with the password.")
                opened, ended = await self._sign_in.open_in(tx, account.id, visitor)
        if ended is not None:
            self._sign_outs.publish(ended)
        return journey["next"], opened

    async def linked(self, account: Account) -> Sequence[str]:
        """The ids of the providers that open an account."""
        async with self._db.reading() as tx:
            return await tx.social.list(account.id)

    async def unlink(self, account: Account, provider_id: str) -> None:
        """The provider opens the account no more. Raises: Refused (404; 409 last_way: nothing else opens it)."""
        async with self._db.transaction() as tx:
            linked = await tx.social.list(account.id)
            if provider_id not in linked:
                raise Refused("unknown_provider", "This provider does not open your account.", status=404)
            if len(linked) == 1 and not account.has_password and not account.phone_verified:
                raise Refused("last_way", "Choose a password first: nothing else opens your account.", status=409)
            await tx.audit.add(SELF, "account.no_provider", subject=account.id, purpose="the person's own account")
            await tx.social.unlink(provider_id, account.id)

    async def _account(self, tx: Transaction, provider_id: str, identity: Identity) -> Account:
        account_id = await tx.social.account_of(provider_id, identity.subject)
        account = await tx.accounts.get(account_id) if account_id is not None else None
        if account is None:
            account = await self._create(tx, identity)
            await tx.social.link(provider_id, identity.subject, account.id)
        return account

    @staticmethod
    async def _create(tx: Transaction, identity: Identity) -> Account:
        try:
            email = None if identity.email is None else checked_email(identity.email)
        except ContactInvalid:
            email = None
        try:
            return await tx.accounts.create(
                Role.CUSTOMER,
                name=identity.name,
                email=email,
                language=identity.language,
                email_verified=email is not None,
            )
        except AlreadyExists:
            raise NotAllowed(
                "address_known", "Your address has an account. Sign in to it; then you can add this provider."
            ) from None

    async def _add(
        self, tx: Transaction, provider_id: str, identity: Identity, account_id: str, signed_in: SignedIn | None
    ) -> None:
        if signed_in is None or signed_in.account.id != account_id:
            raise NotAllowed("not_signed_in", "You were signed out meanwhile. Please sign in and try again.")
        if signed_in.account.role in STAFF_ROLES:
            raise NotAllowed("staff", "Members of staff sign in with their password.", status=403)
        await tx.audit.add(SELF, "account.provider", subject=account_id, purpose="the person's own account")
        try:
            await tx.social.link(provider_id, identity.subject, account_id)
        except AlreadyExists:
            raise NotAllowed("login_taken", "This login opens another account.", status=403) from None
        name = self._client(provider_id).provider.name
        words = letters.changed(f"Your account can be opened by {name} now.", f"{self._notifier.site}/account")
        await self._notifier.send(tx, signed_in.account, "account", "mail", words)

    def _journey(self, cookie: str, provider_id: str) -> dict[str, Any]:
        try:
            journey: dict[str, Any] = json.loads(self._keyring.decrypt(cookie, purpose=_PURPOSE))
        except (DecryptionError, ValueError):
            raise OidcError("invalid", "the browser has begun no journey to a provider") from None
        if journey["provider"] != provider_id or journey["until"] < time.time():
            raise OidcError("invalid", "the journey to the provider is over")
        return journey

    def _client(self, provider_id: str) -> OidcClient:
        if provider_id not in self._clients:
            raise Refused("unknown_provider", "There is no such provider here.", status=404)
        return self._clients[provider_id]


def safe_path(path: str) -> str:
    """A path on this site; anything else is the account page, so that nobody sends people elsewhere through us."""
    return path if len(path) <= 200 and _PATH.fullmatch(path) and "//" not in path else "/account"
