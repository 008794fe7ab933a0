"""Signing in by telephone: six digits that hold for ten minutes."""

from datetime import UTC, datetime, timedelta
from typing import Final

from privacy import SELF
from service.accounts import letters
from service.accounts.contacts import given_phone
from service.accounts.pace import Pace
from service.accounts.registration import limit_mails
from service.accounts.sign_in import Opened, SignIn, Visitor
from service.errors import NotAllowed, Refused
from service.notify import Notifier
from service.sign_outs import SignOuts
from store import Account, AlreadyExists, CodeKind, Database, SignedIn, Transaction
from vocabulary import STAFF_ROLES, Role

CODE_HOLDS: Final = timedelta(minutes=10)
# With five tries a code, guessing at one number all year from anywhere is right with a chance of about 2 %.
_MOST_A_DAY: Final = 10
_DAY: Final = timedelta(days=1)


class Phones:
    """The first right code of a number makes its account; a signed-in person adds the number to theirs.

    region: the country of numbers without a country code; None: they are refused. is_on: whether anything sends.
    """

    def __init__(
        self,
        db: Database,
        notifier: Notifier,
        sign_in: SignIn,
        pace: Pace,
        sign_outs: SignOuts,
        *,
        region: str | None,
        is_on: bool,
    ) -> None:
        self._db = db
        self._notifier = notifier
        self._sign_in = sign_in
        self._pace = pace
        self._sign_outs = sign_outs
        self._region = region
        self._is_on = is_on

    async def start(self, phone: str) -> None:
        """Send a code. Raises: Refused (422 phone_invalid, phone_off; 429)."""
        if not self._is_on:
            raise Refused("phone_off", "Signing in by telephone is not offered here. Please use your e-mail address.")
        number = given_phone(phone, self._region)
        async with self._pace.even(), self._db.transaction() as tx:
            await limit_mails(tx, CodeKind.SIGN_IN_PHONE, number)
            await _limit_codes(tx, number)
            digits = await tx.codes.make_digits(CodeKind.SIGN_IN_PHONE, number, CODE_HOLDS)
            await self._notifier.send(tx, number, "account", "phone", letters.phone_code(digits))

    async def confirm(
        self, phone: str, digits: str, second_factor: str | None, visitor: Visitor, signed_in: SignedIn | None
    ) -> Opened | Account:
        """Sign in with the code, or add the number to the account that is signed in.

        Raises: NotAllowed (401 wrong_code; second_factor: send everything again with its code), Refused (422
        phone_invalid, 409 phone_taken).
        """
        number = given_phone(phone, self._region)
        refused: NotAllowed | None = None
        ended: str | None = None
        async with self._db.transaction() as tx:
            taken = await tx.codes.of_digits(CodeKind.SIGN_IN_PHONE, number, digits)
            if taken is None:
                # Not raised in here: the wrong try must be counted.
                refused = NotAllowed("wrong_code", "This code is wrong or too old. Please ask for a new one.")
            elif signed_in is not None:
                await tx.codes.consume(taken)
                return await self._add(tx, signed_in.account, number)
            else:
                account = await self._account(tx, number)
                if account.has_second_factor and not second_factor:
                    raise NotAllowed("second_factor", "Please enter the code of your authenticator app.")
                # Used up by a wrong second code as well: guessing that takes a new code each time.
                await tx.codes.consume(taken)
                if account.has_second_factor and not await tx.second_factor.check(account.id, second_factor or ""):
                    refused = NotAllowed("wrong_code", "The code of your app is wrong. Please start again.")
                else:
                    opened, ended = await self._sign_in.open_in(
                        tx, account.id, visitor, second_factor=account.has_second_factor
                    )
        if refused is not None:
            raise refused
        if ended is not None:
            self._sign_outs.publish(ended)
        return opened

    @staticmethod
    async def _account(tx: Transaction, number: str) -> Account:
        account = await tx.accounts.by_phone(number)
        if account is None:
            return await tx.accounts.create(Role.CUSTOMER, name="", phone=number, phone_verified=True)
        if account.role in STAFF_ROLES:
            raise NotAllowed("wrong_code", "Members of staff sign in with their password.")
        return account

    async def _add(self, tx: Transaction, account: Account, number: str) -> Account:
        await tx.audit.add(SELF, "account.phone", subject=account.id, purpose="the person's own account")
        try:
            changed = await tx.accounts.change_phone(account.id, number, verified=True)
        except AlreadyExists:
            raise Refused(
                "phone_taken", "Another account has this number. Sign in with it instead.", status=409
            ) from None
        words = letters.changed("Your account has another telephone number now.", f"{self._notifier.site}/account")
        await self._notifier.send(tx, account, "account", "mail", words)
        return changed


async def _limit_codes(tx: Transaction, number: str) -> None:
    """Refuse the eleventh unused code of a day. Counted in the database: a restart forgets nothing."""
    if await tx.codes.made_since(CodeKind.SIGN_IN_PHONE, number, datetime.now(UTC) - _DAY) >= _MOST_A_DAY:
        raise Refused(
            "too_many_requests",
            "Many codes were sent to this number today. Please try again tomorrow, or sign in by e-mail.",
            status=429,
            retry_after_s=_DAY.total_seconds(),
        )
