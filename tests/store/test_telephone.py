"""Which conversation is which telephone call: known once, the number readable by the caller's key only."""

import pytest
from sqlalchemy import text

from store import Database, StoreError

CALL = "CA0123456789abcdef0123456789abcdef"
NUMBER = "+4915112345678"


async def test_a_call_is_found_by_the_provider_s_id_and_by_its_conversation(db: Database) -> None:
    async with db.transaction() as tx:
        made = await tx.conversations.create(channel="telephone")
        begun = await tx.telephone.begin(made.id, CALL, NUMBER)
    async with db.reading() as tx:
        assert await tx.telephone.find(CALL) == begun == await tx.telephone.of_conversation(made.id)
        assert await tx.telephone.find(CALL[::-1]) is None
    assert (begun.conversation_id, begun.number) == (made.id, NUMBER)


async def test_neither_number_nor_call_can_be_read_in_the_table(db: Database) -> None:
    async with db.transaction() as tx:
        made = await tx.conversations.create(channel="telephone")
        await tx.telephone.begin(made.id, CALL, NUMBER)
        row = (await tx._session.execute(text("SELECT * FROM telephone_calls"))).one()
    assert CALL not in str(row)
    assert NUMBER not in str(row)


async def test_a_withheld_number_is_none(db: Database) -> None:
    async with db.transaction() as tx:
        made = await tx.conversations.create(channel="telephone")
        assert (await tx.telephone.begin(made.id, CALL, None)).number is None


async def test_the_same_call_never_begins_twice(db: Database) -> None:
    async with db.transaction() as tx:
        first = await tx.conversations.create(channel="telephone")
        await tx.telephone.begin(first.id, CALL, NUMBER)
    with pytest.raises(StoreError):
        async with db.transaction() as tx:
            second = await tx.conversations.create(channel="telephone")
            await tx.telephone.begin(second.id, CALL, NUMBER)
    async with db.reading() as tx:
        found = await tx.telephone.find(CALL)
        assert found is not None
        assert found.conversation_id == first.id
