"""How old a person is to the installation: what was written since then is searched after an erasure."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from store import Database
from vocabulary import Role


async def test_a_guest_s_conversation_counts_from_before_the_account_that_it_joined(db: Database) -> None:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=40)
    async with db.transaction() as tx:
        guest = await tx.conversations.create(channel="web")
        account = await tx.accounts.create(Role.CUSTOMER, name="Ada", email="ada@example.org")
        assert account.customer_id is not None
        await tx.customers.join(guest.customer_id, account.customer_id)
        await tx._session.execute(text("UPDATE conversations SET created_at = :at"), {"at": began.replace(tzinfo=None)})
    async with db.transaction() as tx:
        subject = await tx.subjects.find(account.id)
        assert subject is not None
        begun = await tx.erasures.begin(subject, {}, lambda _: True)
    assert begun.since == began
