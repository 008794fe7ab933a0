"""Setting up and removing the second factor of one's own account."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from privacy import SELF, totp_uri
from service.accounts import letters
from service.accounts.sign_in import Opened, SignIn, Visitor
from service.errors import NotAllowed, Refused
from service.notify import Notifier
from service.sign_outs import SignOuts
from store import Account, Database, SignedIn, StoreError, Transaction

_ISSUER: Final = "Attune"
_PURPOSE: Final = "the person's own account"


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app needs. qr_svg: a picture of `uri`."""

    secret: str
    uri: str
    qr_svg: str


class SecondFactors:
    """An authenticator app beside the password. Accounts without a password set one first."""

    def __init__(self, db: Database, notifier: Notifier, sign_in: SignIn, sign_outs: SignOuts) -> None:
        self._db = db
        self._notifier = notifier
        self._sign_in = sign_in
        self._sign_outs = sign_outs

    async def start(self, account: Account) -> Enrolment:
        """A new secret; it counts once confirm() has seen a code of it. Raises: Refused (409)."""
        if not account.has_password:
            raise Refused("password_needed", "Please choose a password first: this comes beside it.", status=409)
        async with self._db.transaction() as tx:
            try:
                secret = await tx.second_factor.start(account.id)
            except StoreError as err:
                if err.code != "second_factor_exists":
                    raise
                raise Refused(err.code, "There is a second factor. Remove it first.", status=409) from None
        uri = totp_uri(secret, account.email or account.phone or account.name, _ISSUER)
        return Enrolment(secret, uri, _picture(uri))

    async def confirm(self, signed_in: SignedIn, code: str, visitor: Visitor) -> tuple[Opened, Sequence[str]]:
        """Take it into use: this browser gets a new token, every other session ends; gives the recovery codes, once.

        Raises: NotAllowed (401 wrong_code), Refused (409 second_factor_not_started).
        """
        account = signed_in.account
        async with self._db.transaction() as tx:
            try:
                codes = await tx.second_factor.confirm(account.id, code)
            except StoreError as err:
                if err.code != "second_factor_not_started":
                    raise
                raise Refused(err.code, "Please begin with the picture to scan.", status=409) from None
            if codes is None:
                raise NotAllowed("wrong_code", "This code is wrong. Please enter the one that the app shows now.")
            await tx.sessions.end_all(account.id)
            opened, _ = await self._sign_in.open_in(tx, account.id, visitor, second_factor=True)
            await self._note(tx, account, "account.second_factor", "A second factor was set up for your account.")
        self._sign_outs.publish(account.id)
        return opened, codes

    async def remove(self, signed_in: SignedIn, password: str, visitor: Visitor) -> Opened:
        """Do without; every other session ends. Raises: NotAllowed (401), Refused (429)."""
        account = signed_in.account
        await self._sign_in.check_password(account, password, visitor)
        async with self._db.transaction() as tx:
            await tx.second_factor.remove(account.id)
            await tx.sessions.end_all(account.id)
            opened, _ = await self._sign_in.open_in(tx, account.id, visitor)
            await self._note(tx, account, "account.no_second_factor", "The second factor of your account was removed.")
        self._sign_outs.publish(account.id)
        return opened

    async def _note(self, tx: Transaction, account: Account, act: str, what: str) -> None:
        await tx.audit.add(SELF, act, subject=account.id, purpose=_PURPOSE)
        words = letters.changed(what, f"{self._notifier.site}/account")
        await self._notifier.send(tx, account, "account", "mail", words)


def _picture(uri: str) -> str:
    import segno

    out = io.BytesIO()
    segno.make(uri, error="m").save(out, kind="svg", xmldecl=False, scale=4, border=4, light="#fff")
    return out.getvalue().decode()
