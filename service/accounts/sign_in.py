"""Signing in: a new session, with a new token, after every proof that succeeds."""

import logging
from dataclasses import dataclass

from privacy import hash_password, password_matches
from service.accounts.guard import Guard
from service.accounts.pace import Pace
from service.errors import NotAllowed
from service.sign_outs import SignOuts
from store import Account, Database, NotFound, Transaction
from vocabulary import Role

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Visitor:
    """Who asks, as far as it is known. address: the network address. device: the browser in words.

    token: of the session that the browser has already; it ends when another one begins.
    """

    address: str
    device: str
    token: str | None = None


@dataclass(frozen=True)
class Opened:
    """A session that has just begun. token: for the browser's cookie."""

    token: str
    account: Account


class SignIn:
    """Proves who somebody is and opens their session. All ways to sign in end in open()."""

    def __init__(
        self, db: Database, guard: Guard, pace: Pace, sign_outs: SignOuts, *, admin_second_factor: bool
    ) -> None:
        self._db = db
        self._guard = guard
        self._pace = pace
        self._sign_outs = sign_outs
        self._admin_second_factor = admin_second_factor

    def second_factor_missing(self, account: Account) -> bool:
        """Whether this account may do nothing but set up its second factor."""
        return lacks_second_factor(account, of_admins=self._admin_second_factor)

    async def by_password(self, email: str, password: str, code: str | None, visitor: Visitor) -> Opened:
        """Sign in. code: of the second factor, or a recovery code, where the account has one.

        Raises: NotAllowed (401 wrong_credentials; second_factor: the password is right, now the code), Refused (429
        locked). An unknown address, a wrong password and a disabled account cannot be told apart, nor by time.
        """
        with self._guard.trying(email, visitor.address):
            async with self._pace.even():
                opened = await self._by_password(email, password, code, visitor)
        self._guard.succeeded(email, visitor.address)
        return opened

    async def _by_password(self, email: str, password: str, code: str | None, visitor: Visitor) -> Opened:
        async with self._pace.hashing(), self._db.reading() as tx:
            account = await tx.accounts.verify_password(email, password)
        if account is None:
            log.warning("sign-in refused", extra={"code": "wrong_credentials"})
            raise NotAllowed("wrong_credentials", "E-mail or password is wrong.")
        if account.has_second_factor:
            await self._check_code(account, email, code, visitor)
        await self._renew_hash(account, password)
        return await self.open(account.id, visitor, second_factor=account.has_second_factor)

    async def open(self, account_id: str, visitor: Visitor, *, second_factor: bool = False) -> Opened:
        """Begin a session; the one that the browser had ends. Raises: NotAllowed if the account is closed."""
        async with self._db.transaction() as tx:
            opened, ended = await self.open_in(tx, account_id, visitor, second_factor=second_factor)
        if ended is not None:
            self._sign_outs.publish(ended)
        return opened

    async def open_in(
        self, tx: Transaction, account_id: str, visitor: Visitor, *, second_factor: bool = False
    ) -> tuple[Opened, str | None]:
        """The same inside a transaction; gives the id of the session that ended too, to be published afterwards."""
        ended = await tx.sessions.end_token(visitor.token) if visitor.token else None
        try:
            token = await tx.sessions.open(account_id, visitor.device, second_factor=second_factor)
        except NotFound:
            raise NotAllowed("wrong_credentials", "This account is closed.") from None
        account = await tx.accounts.get(account_id)
        assert account is not None
        log.info("signed in", extra={"role": account.role.value})
        return Opened(token, account), ended

    async def check_password(self, account: Account, password: str, visitor: Visitor) -> None:
        """Ask for the password again before something of weight. Raises: NotAllowed (401), Refused (429)."""
        with self._guard.trying(account.id, visitor.address):
            async with self._pace.hashing(), self._db.reading() as tx:
                right = await tx.accounts.password_is(account.id, password)
        if not right:
            raise NotAllowed("wrong_credentials", "This is not your password.")
        self._guard.succeeded(account.id, visitor.address)

    async def check_hash(self, name: str, stored: str, password: str, visitor: Visitor) -> None:
        """The same for a password that belongs to no account yet. name: what tries are counted by."""
        with self._guard.trying(name, visitor.address):
            right = await self._pace.work(password_matches, stored, password)
        if not right:
            raise NotAllowed("wrong_credentials", "This is not the password that was chosen.")
        self._guard.succeeded(name, visitor.address)

    def forgive(self, account: Account) -> None:
        """The owner has proved by mail who they are: wrong tries are forgotten."""
        for name in (account.id, account.email or ""):
            self._guard.forgive(name)

    async def sign_out(self, token: str) -> None:
        """End the session with this token; what it has open closes. An unknown token is no error."""
        async with self._db.transaction() as tx:
            ended = await tx.sessions.end_token(token)
        if ended is not None:
            self._sign_outs.publish(ended)

    async def sign_out_everywhere(self, account_id: str) -> None:
        """End every session of an account; what they have open closes."""
        async with self._db.transaction() as tx:
            await tx.sessions.end_all(account_id)
        self._sign_outs.publish(account_id)

    async def _check_code(self, account: Account, name: str, code: str | None, visitor: Visitor) -> None:
        if not code:
            # The password was right: no guess to be counted.
            self._guard.undone(name, visitor.address)
            raise NotAllowed("second_factor", "Please enter the code of your authenticator app.")
        async with self._db.transaction() as tx:
            right = await tx.second_factor.check(account.id, code)
        if not right:
            log.warning("sign-in refused", extra={"code": "second_factor"})
            raise NotAllowed("second_factor", "This code is wrong or was used before. Please enter the next one.")

    async def _renew_hash(self, account: Account, password: str) -> None:
        async with self._db.reading() as tx:
            outdated = await tx.accounts.has_outdated_hash(account.id)
        if outdated:
            renewed = await self._pace.work(hash_password, password)
            async with self._db.transaction() as tx:
                await tx.accounts.renew_hash(account.id, renewed)


def lacks_second_factor(account: Account, *, of_admins: bool) -> bool:
    """Whether a second factor is demanded of this account that it has not set up. of_admins: the setting demands it."""
    return of_admins and account.role is Role.ADMIN and not account.has_second_factor
