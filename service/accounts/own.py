"""What people change in their own account."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Unpack

from privacy import SELF, hash_password
from service.accounts import letters
from service.accounts.contacts import given_email
from service.accounts.pace import Pace
from service.accounts.registration import VERIFY_WITHIN, judge_password, limit_mails
from service.accounts.sign_in import Opened, SignIn, Visitor
from service.consenting import Consenting
from service.errors import NotAllowed, Refused
from service.notify import Notifier
from service.sign_outs import SignOuts
from store import Account, CodeKind, Database, Details, SignedIn, SignedInBrowser, Transaction

_FRESH: Final = timedelta(minutes=15)
_SEEN_EVERY: Final = timedelta(minutes=5)
_PURPOSE: Final = "the person's own account"


class OwnAccount:
    """Changes of weight ask for the password again; where there is none, the sign-in must be fresh."""

    def __init__(
        self,
        db: Database,
        notifier: Notifier,
        sign_in: SignIn,
        pace: Pace,
        sign_outs: SignOuts,
        consenting: Consenting,
    ) -> None:
        self._db = db
        self._consenting = consenting
        self._notifier = notifier
        self._sign_in = sign_in
        self._pace = pace
        self._sign_outs = sign_outs

    async def change_details(self, account: Account, **changes: Unpack[Details]) -> Account:
        """Change name, language or birth year. Raises: StoreError (name_invalid)."""
        async with self._db.transaction() as tx:
            changed = await tx.accounts.change_details(account.id, **changes)
            await self._note(tx, account, "account.details")
            answered = await self._consenting.note_birth_year(tx, account, changed)
        await self._consenting.told(changed.customer_id, answered)
        return changed

    async def change_password(self, signed_in: SignedIn, current: str | None, new: str, visitor: Visitor) -> Opened:
        """Replace the password; every session ends, and this browser gets a new one.

        Raises: NotAllowed (401 wrong_credentials, sign_in_again), Refused (422 weak_password, 429 locked).
        """
        account = signed_in.account
        await self.prove(signed_in, current, visitor)
        await judge_password(self._pace, new, (account.email, account.name))
        password_hash = await self._pace.work(hash_password, new)
        async with self._db.transaction() as tx:
            await self._note(tx, account, "account.password")
            await tx.accounts.set_password(account.id, password_hash)
            opened, _ = await self._sign_in.open_in(tx, account.id, visitor, second_factor=signed_in.second_factor)
            await self._tell(tx, account, "Your password was replaced by a new one.")
        self._sign_outs.publish(account.id)
        return opened

    async def change_email(self, signed_in: SignedIn, email: str, password: str | None, visitor: Visitor) -> None:
        """Send a link to the new address; opening it puts it in place of the old one.

        The answer is the same whether the address has an account or not.
        Raises: NotAllowed (401 wrong_credentials, sign_in_again), Refused (422 email_invalid, 429).
        """
        email = given_email(email)
        await self.prove(signed_in, password, visitor)
        async with self._pace.even(), self._db.transaction() as tx:
            await limit_mails(tx, CodeKind.CHANGE_EMAIL, email)
            token = await tx.codes.make_link(
                CodeKind.CHANGE_EMAIL,
                email,
                VERIFY_WITHIN,
                account_id=signed_in.account.id,
                leads_to={"email": email},
            )
            known = await tx.accounts.by_email(email)
            if known is not None:
                await self._notifier.send(tx, known, "account", "mail", letters.address_taken(self._page))
            else:
                words = letters.change_address(f"{self._page}#verify={token}")
                await self._notifier.send(tx, email, "account", "mail", words)

    async def prove(self, signed_in: SignedIn, password: str | None, visitor: Visitor) -> None:
        """Ask again who it is: by the password, or without one by a sign-in of the last 15 minutes.

        Raises: NotAllowed (401 wrong_credentials, sign_in_again), Refused (429 locked).
        """
        if signed_in.account.has_password:
            await self._sign_in.check_password(signed_in.account, password or "", visitor)
        elif datetime.now(UTC) - signed_in.since > _FRESH:
            raise NotAllowed("sign_in_again", "Please sign out and in again first: this needs a fresh sign-in.")

    async def seen(self, signed_in: SignedIn) -> None:
        """Note that the browser is still used."""
        async with self._db.reading() as tx:
            seen = {one.id: one.seen_at for one in await tx.sessions.list(signed_in.account.id)}
        last = seen.get(signed_in.session_id)
        if last is not None and datetime.now(UTC) - last > _SEEN_EVERY:
            async with self._db.transaction() as tx:
                await tx.sessions.touch(signed_in.session_id)

    async def sessions(self, account: Account) -> Sequence[SignedInBrowser]:
        """Every browser that is signed in."""
        async with self._db.reading() as tx:
            return await tx.sessions.list(account.id)

    async def end_session(self, account: Account, session_id: str) -> None:
        """Sign out one browser; what it has open closes. Raises: Refused (404)."""
        async with self._db.transaction() as tx:
            ended = await tx.sessions.end(session_id, account_id=account.id)
        if not ended:
            raise Refused("unknown_session", "There is no such session.", status=404)
        self._sign_outs.publish(session_id)

    async def _note(self, tx: Transaction, account: Account, act: str) -> None:
        await tx.audit.add(SELF, act, subject=account.id, purpose=_PURPOSE)

    async def _tell(self, tx: Transaction, account: Account, what: str) -> None:
        await self._notifier.send(tx, account, "account", "mail", letters.changed(what, self._page))

    @property
    def _page(self) -> str:
        return f"{self._notifier.site}/account"
