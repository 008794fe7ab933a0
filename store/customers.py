"""Pseudonyms: on whom conversations, scores and consents hang, and how a guest's become those of an account."""

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.consents import Answered, Consents
from store.conversations import lock_customer
from store.errors import NotFound
from store.interactions import Interactions
from store.profiles import Profiles
from store.schema import ConsentRow, ConversationRow, CustomerRow, DataRequestRow, EventRow, SlateRow, VerdictRow
from store.suggestion_feedback import SuggestionFeedback
from store.vault import Vault


@dataclass(frozen=True)
class Customer:
    """One pseudonym. has_account: somebody signs in as it; a guest's has none. minor: under age by their own word."""

    id: str
    has_account: bool
    minor: bool


class Customers:
    """Repository of pseudonyms."""

    def __init__(
        self,
        session: AsyncSession,
        vault: Vault,
        *,
        consents: Consents,
        profiles: Profiles,
        feedback: SuggestionFeedback,
        interactions: Interactions,
    ) -> None:
        self._session = session
        self._vault = vault
        self._consents = consents
        self._profiles = profiles
        self._feedback = feedback
        self._interactions = interactions

    async def get(self, customer_id: str) -> Customer | None:
        """The pseudonym, or None."""
        row = await self._session.get(CustomerRow, customer_id)
        return None if row is None else Customer(row.id, row.sealed_account is not None, row.minor)

    async def join(self, guest_id: str, customer_id: str) -> Answered:
        """Give everything of a guest to a customer, and forget the guest's pseudonym.

        The two ledgers become one in order of time, so the person's last word counts; what it does not allow is
        deleted, and so is everything if one of the two is under age. The guest's keys become the customer's: nothing
        is sealed anew. Joining twice changes nothing.

        Raises: NotFound, for either; ValueError if the guest's pseudonym has an account of its own.
        """
        if guest_id == customer_id:
            return Answered()
        for one in sorted((guest_id, customer_id)):
            await lock_customer(self._session, one)
        guest, customer = await self.get(guest_id), await self.get(customer_id)
        for found, wanted in ((guest, guest_id), (customer, customer_id)):
            if found is None:
                raise NotFound("customer", wanted)
        assert guest is not None and customer is not None
        if guest.has_account:
            raise ValueError("the pseudonym to be joined has an account; expected a guest's.")
        await self._feedback.join(guest_id, customer_id)
        await self._profiles.join(guest_id, customer_id)
        await self._interactions.join(guest_id, customer_id)
        for table in (ConversationRow, ConsentRow, EventRow, SlateRow):
            await self._session.execute(
                update(table).where(table.customer_id == guest_id).values(customer_id=customer_id)
            )
        await self._session.execute(update(VerdictRow).where(VerdictRow.source == guest_id).values(source=customer_id))
        await self._session.execute(
            update(DataRequestRow).where(DataRequestRow.owner == guest_id).values(owner=customer_id)
        )
        await self._vault.adopt(guest_id, customer_id)
        await self._session.execute(delete(CustomerRow).where(CustomerRow.id == guest_id))
        await self._session.flush()
        obeyed = await self._consents.obey(customer_id)
        if not (guest.minor or customer.minor):
            return obeyed
        minor = await self._consents.set_minor(customer_id, True)
        return Answered(minor.receipts, (*obeyed.media_ids, *minor.media_ids))

    async def conversations_of(self, customer_id: str) -> tuple[str, ...]:
        """The ids of a customer's conversations, oldest first."""
        ids = await self._session.scalars(
            select(ConversationRow.id)
            .where(ConversationRow.customer_id == customer_id)
            .order_by(ConversationRow.created_at, ConversationRow.id)
        )
        return tuple(ids)
