"""One person as the stores know them: every id that leads to their data."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.accounts import Account, Accounts
from store.after_sales import shop_fingerprint, shop_owner
from store.errors import NotFound
from store.interactions import imported_subject
from store.schema import (
    AccountRow,
    ConversationRow,
    CustomerRow,
    FrameRow,
    InteractionRow,
    MessageRow,
    OrderRow,
    PersonKeyRow,
    PlanRow,
)
from store.sealing import Sealer

_NAME_TO_SEARCH = 8


class PersonUnknown(NotFound):
    """Nothing is stored of anybody like that. What was given may be an address: it is not repeated."""

    code = "person_unknown"

    def __init__(self) -> None:
        super().__init__("person", "")
        self.args = (
            "nothing is stored of this person; expected an e-mail address, a telephone number as +49…, or the id of an "
            "account, a customer or a conversation. Check what was typed.",
        )


@dataclass(frozen=True)
class Subject:
    """Ids and addresses of one person. Nothing of it may be logged.

    account: the account's id, None for guests. customers: pseudonyms. shop: fingerprints of the proved e-mail address
    as the shop keeps them. addresses: fingerprints as accounts keep them. media: ids in the media store. keys: ids of
    the person's keys. imported: the person's ids in imported logs of visits, as they are stored. words: e-mail,
    telephone number and name, to search for.
    """

    account: str | None = None
    customers: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    shop: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    imported: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def main(self) -> str:
        """The id that stands for the person."""
        named = (*self.customers, *self.shop, *self.conversations, *self.orders, *self.plans, *self.imported)
        return self.account or next(iter(named))

    @property
    def known_as(self) -> str | None:
        """The account, or a guest's pseudonym: who an entry of the audit or a request is about; None without either."""
        return self.account or next(iter(self.customers), None)

    @property
    def owners(self) -> tuple[str, ...]:
        """Every owner of keys that seal this person's data."""
        own = (self.account,) if self.account else ()
        return (*own, *self.customers, *self.conversations, *(shop_owner(one) for one in self.shop))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is stored of them."""
        held = (self.customers, self.conversations, self.orders, self.plans, self.imported)
        return not (self.account or any(held))

    def to_dict(self) -> dict[str, Any]:
        """For sealing."""
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Self:
        """What to_dict() gave, also after JSON."""
        # What an earlier version wrote down lacks what was added since.
        values = {field.name: raw.get(field.name, ()) for field in fields(cls) if field.name != "account"}
        return cls(account=raw["account"], **{name: tuple(value) for name, value in values.items()})


class Subjects:
    """Finds everything that belongs to one person."""

    def __init__(self, session: AsyncSession, sealer: Sealer, accounts: Accounts) -> None:
        self._session = session
        self._sealer = sealer
        self._accounts = accounts

    async def find(self, who: str) -> Subject | None:
        """The person behind an e-mail address, a telephone number (E.164), or the id of an account, a customer or a
        conversation; None if nothing is stored of anybody like that."""
        who = who.strip()
        account: Account | None = None
        customer: str | None = None
        if "@" in who:
            account = await self._accounts.by_email(who)
        elif who.startswith("+"):
            account = await self._accounts.by_phone(who)
        elif who and await self._session.get(AccountRow, who) is not None:
            account = await self._accounts.get(who)
        if account is None and who:
            customer = await self._customer(who)
        if customer is not None:
            account = await self._accounts.of_customer(customer)
        shop = [self._shop(who)] if "@" in who else []
        if account is not None and account.email and account.email_verified:
            shop.append(self._shop(account.email))
        customers = [one for one in (customer, account.customer_id if account else None) if one]
        found = await self._gather(account, tuple(dict.fromkeys(customers)), tuple(dict.fromkeys(shop)), who)
        return None if found.is_empty else found

    async def _customer(self, who: str) -> str | None:
        if await self._session.get(CustomerRow, who) is not None:
            return who
        conversation = await self._session.get(ConversationRow, who)
        return None if conversation is None else conversation.customer_id

    async def _gather(
        self, account: Account | None, customers: tuple[str, ...], shop: tuple[str, ...], who: str
    ) -> Subject:
        conversations = await self._all(
            select(ConversationRow.id).where(ConversationRow.customer_id.in_(customers)).order_by(ConversationRow.id)
        )
        theirs = select(ConversationRow.id).where(ConversationRow.customer_id.in_(customers))
        messages = await self._all(select(MessageRow.id).where(MessageRow.conversation_id.in_(theirs)))
        clips = await self._all(
            select(MessageRow.clip_id).where(MessageRow.conversation_id.in_(theirs), MessageRow.clip_id.is_not(None))
        )
        frames = await self._all(select(FrameRow.media_id).where(FrameRow.conversation_id.in_(theirs)))
        row = None if account is None else await self._session.get(AccountRow, account.id)
        prints = () if row is None else (row.email_fingerprint, row.phone_fingerprint)
        subject = Subject(
            account=None if account is None else account.id,
            customers=customers,
            conversations=conversations,
            messages=messages,
            media=(*clips, *frames),
            orders=await self._all(select(OrderRow.number).where(OrderRow.email_fingerprint.in_(shop))),
            plans=await self._all(select(PlanRow.id).where(PlanRow.email_fingerprint.in_(shop))),
            shop=shop,
            addresses=tuple(one for one in prints if one),
            imported=await self._imported((who, *customers, *(() if account is None else _names(account)))),
            words=() if account is None else _words(account),
        )
        keys = await self._all(select(PersonKeyRow.id).where(PersonKeyRow.owner.in_(subject.owners)))
        return Subject.from_dict({**subject.to_dict(), "keys": keys})

    async def _imported(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Under which of these an imported log names the person."""
        ids = {imported_subject(self._sealer.keyring, name) for name in names if name}
        return await self._all(
            select(InteractionRow.subject)
            .where(InteractionRow.subject.in_(sorted(ids)))
            .distinct()
            .order_by(InteractionRow.subject)
        )

    async def _all(self, query: Any) -> tuple[str, ...]:
        return tuple((await self._session.scalars(query)).all())

    def _shop(self, email: str) -> str:
        return shop_fingerprint(self._sealer, email)


def _names(account: Account) -> tuple[str, ...]:
    return tuple(name for name in (account.id, account.email, account.phone) if name)


def _words(account: Account) -> tuple[str, ...]:
    words = [account.email, account.phone]
    # A short name is also a word of other people's and of the catalogue.
    if len(account.name) >= _NAME_TO_SEARCH and " " in account.name.strip():
        words.append(account.name)
    return tuple(word for word in words if word)
