"""Accounts by e-mail: registering, proving the address, choosing a new password."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from privacy import SELF, WeakPassword, check_password, hash_password, hash_token, new_token
from service.accounts import letters
from service.accounts.contacts import given_email
from service.accounts.pace import Pace
from service.accounts.sign_in import Opened, SignIn, Visitor
from service.errors import NotAllowed, Refused
from service.notify import Notifier
from service.sign_outs import SignOuts
from store import Account, AlreadyExists, CodeKind, Database, SignedIn, Taken, Transaction
from vocabulary import Role

VERIFY_WITHIN: Final = timedelta(hours=24)
RESET_WITHIN: Final = timedelta(hours=1)
# Mails to one address within an hour; more would be a way to fill a stranger's mailbox.
_MOST_MAILS: Final = 5
_WINDOW: Final = timedelta(hours=1)
_PURPOSE: Final = "the person's own account"


@dataclass(frozen=True)
class Registration:
    """What somebody who registers gives."""

    email: str
    password: str
    name: str = ""
    language: str | None = None
    birth_year: int | None = None


class Registrations:
    """What is given waits, sealed, until the link in the mail is opened; before that there is no account.

    Every answer is the same, and takes as long, whether an address has an account or not.
    """

    def __init__(self, db: Database, notifier: Notifier, sign_in: SignIn, pace: Pace, sign_outs: SignOuts) -> None:
        self._db = db
        self._notifier = notifier
        self._sign_in = sign_in
        self._pace = pace
        self._sign_outs = sign_outs

    async def register(self, given: Registration) -> str:
        """Send a link that makes the account; gives a mark for this browser's cookie, by which verify() knows it again.

        Raises: Refused (422 email_invalid, weak_password; 429).
        """
        email = given_email(given.email)
        await judge_password(self._pace, given.password, (email, given.name))
        async with self._pace.even():
            password_hash = await self._pace.work(hash_password, given.password)
            mark = new_token()
            leads_to: dict[str, Any] = {
                "email": email,
                "password_hash": password_hash,
                "name": given.name,
                "language": given.language,
                "birth_year": given.birth_year,
                "mark": hash_token(mark),
            }
            async with self._db.transaction() as tx:
                await limit_mails(tx, CodeKind.VERIFY_EMAIL, email)
                known = await tx.accounts.by_email(email)
                if known is not None:
                    # The same rows for a known address: counts and times tell nothing.
                    await tx.codes.make_link(CodeKind.VERIFY_EMAIL, email, VERIFY_WITHIN)
                    await self._notifier.send(tx, known, "account", "mail", letters.known_address(self._page()))
                else:
                    token = await tx.codes.make_link(CodeKind.VERIFY_EMAIL, email, VERIFY_WITHIN, leads_to=leads_to)
                    words = letters.confirm_address(self._page(f"#verify={token}"))
                    await self._notifier.send(tx, email, "account", "mail", words)
        return mark

    async def verify(
        self, token: str, visitor: Visitor, signed_in: SignedIn | None, *, mark: str = "", password: str | None = None
    ) -> Opened | Account:
        """Open the link of a mail: makes the account and signs in, or puts a new address in place of the old one.

        In another browser than the one that registered the password is asked for: whoever can read the mail but did not
        choose the password gets no account that somebody else can open.
        Raises: Refused (422 expired), NotAllowed (401 password_needed, wrong_credentials; not_signed_in: the new
        address is for another account than the one that is signed in).
        """
        await self._check_chooser(token, visitor, mark, password)
        async with self._db.transaction() as tx:
            taken = await tx.codes.of_link(token, CodeKind.VERIFY_EMAIL, CodeKind.CHANGE_EMAIL)
            if taken is None or taken.leads_to is None:
                raise expired()
            if taken.kind is CodeKind.CHANGE_EMAIL:
                return await self._change_email(tx, taken, signed_in)
            if not await tx.codes.consume(taken):
                raise expired()
            account = await _create(tx, taken.leads_to)
            opened, ended = await self._sign_in.open_in(tx, account.id, visitor)
        if ended is not None:
            self._sign_outs.publish(ended)
        return opened

    async def reset(self, email: str) -> None:
        """Send a link that leads to a new password, if the address has an account. Raises: Refused (429)."""
        async with self._pace.even(), self._db.transaction() as tx:
            await limit_mails(tx, CodeKind.RESET_PASSWORD, email)
            account = await tx.accounts.by_email(email)
            account_id = None if account is None or account.disabled else account.id
            token = await tx.codes.make_link(CodeKind.RESET_PASSWORD, email, RESET_WITHIN, account_id=account_id)
            if account is not None and account_id is not None:
                words = letters.reset(self._page(f"#reset={token}"))
                await self._notifier.send(tx, account, "account", "mail", words)

    async def set_new_password(self, token: str, password: str) -> None:
        """Choose the new password; every session of the account ends. A second factor is still asked for at sign-in.

        Raises: Refused (422 expired or weak_password).
        """
        async with self._db.reading() as tx:
            account = await _of_reset(tx, await tx.codes.of_link(token, CodeKind.RESET_PASSWORD))
        await judge_password(self._pace, password, (account.email, account.name))
        password_hash = await self._pace.work(hash_password, password)
        async with self._db.transaction() as tx:
            taken = await tx.codes.of_link(token, CodeKind.RESET_PASSWORD)
            account = await _of_reset(tx, taken)
            if taken is None or not await tx.codes.consume(taken):
                raise expired()
            await tx.audit.add(SELF, "account.reset", subject=account.id, purpose=_PURPOSE)
            await tx.accounts.set_password(account.id, password_hash)
            if account.email is not None and not account.email_verified:
                await tx.accounts.change_email(account.id, account.email, verified=True)
            words = letters.changed("Your password was replaced by a new one.", self._page())
            await self._notifier.send(tx, account, "account", "mail", words)
        self._sign_outs.publish(account.id)
        self._sign_in.forgive(account)

    async def _check_chooser(self, token: str, visitor: Visitor, mark: str, password: str | None) -> None:
        async with self._db.reading() as tx:
            taken = await tx.codes.of_link(token, CodeKind.VERIFY_EMAIL)
        if taken is None or taken.leads_to is None or hmac.compare_digest(hash_token(mark), taken.leads_to["mark"]):
            return
        if password is None:
            raise NotAllowed("password_needed", "Please enter the password that you chose when you registered.")
        await self._sign_in.check_hash(taken.id, str(taken.leads_to["password_hash"]), password, visitor)

    async def _change_email(self, tx: Transaction, taken: Taken, signed_in: SignedIn | None) -> Account:
        if signed_in is None or signed_in.account.id != taken.account_id:
            raise NotAllowed("not_signed_in", "Please sign in first, in this browser; then open the link again.")
        old = signed_in.account
        if not await tx.codes.consume(taken):
            raise expired()
        await tx.audit.add(SELF, "account.email", subject=old.id, purpose=_PURPOSE)
        try:
            changed = await tx.accounts.change_email(old.id, str(taken.leads_to["email"]), verified=True)
        except AlreadyExists:
            raise expired() from None
        if old.email is not None:
            words = letters.changed("Your account has another e-mail address now.", self._page())
            await self._notifier.send(tx, old, "account", "mail", words, address=old.email)
        return changed

    def _page(self, fragment: str = "") -> str:
        return f"{self._notifier.site}/account{fragment}"


async def judge_password(pace: Pace, password: str, personal: tuple[str | None, ...]) -> None:
    """Raises: Refused (422 weak_password) with what to do."""
    try:
        await pace.work(check_password, password, personal)
    except WeakPassword as err:
        raise Refused("weak_password", f"{str(err)[:1].upper()}{str(err)[1:]}") from None


async def limit_mails(tx: Transaction, kind: CodeKind, target: str) -> None:
    """Refuse the sixth message of a kind to one address within an hour. Raises: Refused (429)."""
    if await tx.codes.made_since(kind, target, datetime.now(UTC) - _WINDOW) >= _MOST_MAILS:
        raise Refused(
            "too_many_requests",
            "We have written to this address several times within the hour. Please look there, or try again later.",
            status=429,
            retry_after_s=_WINDOW.total_seconds(),
        )


def expired() -> Refused:
    """For every link that does not work, whatever the reason."""
    return Refused("expired", "This link has been used or is too old. Please ask for a new one.")


async def _create(tx: Transaction, given: dict[str, Any]) -> Account:
    try:
        account = await tx.accounts.create(
            Role.CUSTOMER,
            name=str(given["name"]),
            email=str(given["email"]),
            language=given["language"],
            birth_year=given["birth_year"],
            password_hash=str(given["password_hash"]),
            email_verified=True,
        )
    except AlreadyExists:
        raise expired() from None
    if account.customer_id is not None and account.birth_year is not None:
        await tx.consents.note_birth_year(account.customer_id, account.birth_year)
    return account


async def _of_reset(tx: Transaction, taken: Taken | None) -> Account:
    account = await tx.accounts.get(taken.account_id) if taken is not None and taken.account_id else None
    if account is None or account.disabled:
        raise expired()
    return account
