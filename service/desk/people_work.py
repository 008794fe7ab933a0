"""What staff can do about customers' accounts. Every look and every change is in the audit record first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from privacy import PSEUDONYM
from service.consenting import Consenting
from service.desk.gate import Gate
from service.desk.refusals import told
from service.errors import Refused, Unavailable
from service.rights import Rights
from service.sign_outs import SignOuts
from store import Account, Certificate, Database, Engagement, ErasureRunning, Preview, StoredAssessment, Transaction
from vocabulary import Right, Role

MOST_SHOWN: Final = 50
LEAST_PURPOSE: Final = 10
MOST_PURPOSE: Final = 200
_LANGUAGE: Final = re.compile("[a-z]{2}")
_SERVICE: Final = "customer service"
_RIGHTS: Final = "a person's rights about their data"
_PLOT: Final = "how one customer felt"


@dataclass(frozen=True)
class PersonView:
    """One customer as staff see them. owner: the account's id, or a guest's pseudonym.

    account: None for a guest. engagement: how the customer uses the service; nothing about feelings.
    """

    owner: str
    account: Account | None
    customer_id: str | None
    engagement: Engagement | None


class PeopleWork:
    """Customers' accounts, for the desk."""

    def __init__(self, db: Database, gate: Gate, rights: Rights, sign_outs: SignOuts, consenting: Consenting) -> None:
        self._db = db
        self._consenting = consenting
        self._gate = gate
        self._rights = rights
        self._sign_outs = sign_outs

    async def find(self, token: str, text: str = "") -> Sequence[Account]:
        """Customers whose name, address, number or id holds this text; the first fifty. Raises: NotAllowed."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.PEOPLE_VIEW)
            await tx.audit.add(member.id, "person.find", purpose=_SERVICE)
        # Every account is opened to be searched: not while nobody else can write.
        async with self._db.reading() as tx:
            return await tx.accounts.list(roles=(Role.CUSTOMER,), text=text[:200], limit=MOST_SHOWN)

    async def person(self, token: str, owner: str) -> PersonView:
        """One customer: details, and how they use the service. owner: an account's id, a pseudonym or a conversation.

        Raises: NotAllowed, Refused (404).
        """
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.PEOPLE_VIEW)
            owner, account, customer_id = await self._found(tx, owner)
            await tx.audit.add(member.id, "person.view", subject=owner, purpose=_SERVICE)
            engagement = await tx.people_history.engagement(customer_id) if customer_id else None
            return PersonView(owner, account, customer_id, engagement)

    async def edit(
        self, token: str, account_id: str, *, name: str, language: str | None, birth_year: int | None
    ) -> Account:
        """Correct the details, on the customer's request. language: ISO 639-1. A year of a minor ends every
        consent, as if they had entered it. Raises: NotAllowed, Refused."""
        if language is not None and not _LANGUAGE.fullmatch(language):
            raise Refused("language_invalid", "A language has two small letters, such as en; empty if unknown.")
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.PEOPLE_EDIT)
            before = await self._customer(tx, account_id)
            await tx.audit.add(member.id, "person.edit", subject=account_id, purpose=_SERVICE)
            with told():
                changed = await tx.accounts.change_details(
                    account_id, name=name, language=language, birth_year=birth_year
                )
            answered = await self._consenting.note_birth_year(tx, before, changed)
        await self._consenting.told(changed.customer_id, answered)
        return changed

    async def disable(self, token: str, account_id: str) -> None:
        """Close an account: no sign-in, every session ends. Raises: NotAllowed, Refused."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.PEOPLE_EDIT)
            await self._customer(tx, account_id)
            await tx.audit.add(member.id, "person.disable", subject=account_id, purpose="security")
            await tx.accounts.disable(account_id)
        self._sign_outs.publish(account_id)

    async def enable(self, token: str, account_id: str) -> None:
        """Open it again. Raises: NotAllowed, Refused."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.PEOPLE_EDIT)
            await self._customer(tx, account_id)
            await tx.audit.add(member.id, "person.enable", subject=account_id, purpose="security")
            await tx.accounts.enable(account_id)

    async def emotion(self, token: str, owner: str, purpose: str) -> Sequence[StoredAssessment]:
        """How one customer felt over time, oldest first. purpose: why it is needed, in the member's words; on record.

        Raises: NotAllowed, Refused (422 without a purpose, 404).
        """
        purpose = " ".join(purpose.split())
        if not LEAST_PURPOSE <= len(purpose) <= MOST_PURPOSE:
            raise Refused(
                "purpose_missing", f"Write in {LEAST_PURPOSE} to {MOST_PURPOSE} characters why you need to see this."
            )
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.EMOTION_PERSON)
            owner, _, customer_id = await self._found(tx, owner)
            await tx.audit.add(member.id, "emotion.person", subject=owner, purpose=_PLOT, note=purpose)
            return await tx.assessments.of_customer(customer_id) if customer_id else ()

    async def preview_erasure(self, token: str, owner: str) -> Preview:
        """What an erasure of this customer would delete. Raises: NotAllowed, Refused (404)."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.PEOPLE_DELETE)
            owner, _, _ = await self._found(tx, owner)
            await tx.audit.add(member.id, "person.preview", subject=owner, purpose=_RIGHTS)
        return await self._rights.preview(owner)

    async def erase(self, token: str, owner: str) -> Certificate:
        """Erase a customer who has asked for it: for ever. Raises: NotAllowed, Refused (404), Unavailable."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.PEOPLE_DELETE)
            owner, _, _ = await self._found(tx, owner)
            await tx.audit.add(member.id, "person.erase", subject=owner, purpose=_RIGHTS)
        try:
            return await self._rights.erase(owner, by=member.id)
        except ErasureRunning as err:
            raise Unavailable(err.code, "This erasure is running already. Please wait a minute.") from None

    async def _customer(self, tx: Transaction, account_id: str) -> Account:
        account = await tx.accounts.get(account_id)
        # Members of staff have pages of their own; here they do not exist.
        if account is None or account.role is not Role.CUSTOMER:
            raise _unknown()
        return account

    async def _found(self, tx: Transaction, owner: str) -> tuple[str, Account | None, str | None]:
        """Whom an id means: (owner, account, pseudonym)."""
        if not PSEUDONYM.fullmatch(owner):
            raise _unknown()
        if owner.startswith("c_"):
            conversation = await tx.conversations.get(owner)
            if conversation is None:
                raise _unknown()
            owner = conversation.customer_id
        if owner.startswith("p_"):
            if await tx.customers.get(owner) is None:
                raise _unknown()
            account = await tx.accounts.of_customer(owner)
            return (account.id if account else owner), account, owner
        account = await self._customer(tx, owner)
        return account.id, account, account.customer_id


def _unknown() -> Refused:
    return Refused("unknown_person", "There is no such customer.", status=404)
