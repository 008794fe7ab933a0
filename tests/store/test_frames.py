"""Pending pictures are known by message and forgotten by message, customer and time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from store import Database
from store.schema import FrameRow
from vocabulary import Purpose, Signal


async def test_pictures_are_kept_in_order_and_forgotten_one_by_one(db: Database) -> None:
    async with db.transaction() as tx:
        conversation = (await tx.conversations.create(channel="web")).id
        counts = [await tx.frames.add(conversation, "message-0001", f"media-{number}") for number in range(3)]
        await tx.frames.add(conversation, "message-0002", "media-9")
    async with db.transaction() as tx:
        assert counts == [1, 2, 3]
        assert await tx.frames.of_message(conversation, "message-0001") == ("media-0", "media-1", "media-2")
        assert await tx.frames.forget(["media-1", "unknown"]) == 1
        assert await tx.frames.of_message(conversation, "message-0001") == ("media-0", "media-2")
        assert await tx.frames.of_message("c_other", "message-0001") == ()


async def test_withdrawing_the_face_forgets_the_customers_pictures_and_no_others(db: Database) -> None:
    async with db.transaction() as tx:
        first, second = [await tx.conversations.create(channel="web") for _ in range(2)]
        for created in (first, second):
            await tx.frames.add(created.id, "message-0001", f"media-{created.id}")
        conversation = await tx.conversations.get(first.id)
        assert conversation is not None
        await tx.consents.record(conversation.customer_id, Signal.VOICE, Purpose.ASSIST, False, "2")
        assert len(await tx.frames.of_customer(conversation.customer_id)) == 1
        await tx.consents.record(conversation.customer_id, Signal.FACE, Purpose.ASSIST, False, "2")
        assert await tx.frames.of_customer(conversation.customer_id) == ()
        assert len(await tx.frames.of_message(second.id, "message-0001")) == 1


async def test_pictures_whose_message_never_came_are_purged(db: Database) -> None:
    async with db.transaction() as tx:
        conversation = (await tx.conversations.create(channel="web")).id
        await tx.frames.add(conversation, "message-0001", "media-old")
        await tx.frames.add(conversation, "message-0002", "media-new")
        old = datetime.now(UTC) - timedelta(hours=2)
        await tx._session.execute(update(FrameRow).where(FrameRow.media_id == "media-old").values(at=old))
        assert await tx.frames.purge_expired() == 1
        assert await tx.frames.of_message(conversation, "message-0002") == ("media-new",)
