"""What people did with items: stored once, forgotten on request, and never brought back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from privacy import KeyRing
from store import Database, MediaStore, NewConversation, Retention, StoreError, StoreSettings
from store.erasure.eraser import Eraser
from vocabulary import Interaction, InteractionKind, Purpose, Signal

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
VIEW = Interaction("v_somebody", "kettle-1", InteractionKind.VIEW, AT)


async def allow(db: Database, customer_id: str, *purposes: Purpose, version: str = "4") -> None:
    async with db.transaction() as tx:
        for purpose in (Purpose.ASSIST, *purposes):
            await tx.consents.record(customer_id, Signal.BEHAVIOUR, purpose, True, version)


async def test_what_is_told_twice_is_stored_once_and_comes_back_as_it_was(db: Database) -> None:
    told = [
        VIEW,
        replace(VIEW, kind=InteractionKind.DWELL, value=12.5),
        replace(VIEW, kind=InteractionKind.RATING, value=4.0, at=AT + timedelta(microseconds=1)),
        replace(VIEW, at=AT - timedelta(days=1)),
    ]
    async with db.transaction() as tx:
        assert await tx.interactions.add([*told, VIEW], "storefront") == 4
        assert await tx.interactions.add(told, "storefront") == 0
    async with db.reading() as tx:
        assert await tx.interactions.of("v_somebody") == [told[3], told[0], told[1], told[2]]
        assert await tx.interactions.of("v_somebody", 2) == told[1:3]
        assert await tx.interactions.of("v_somebody", since=AT) == told[:3]
        assert await tx.interactions.of("v_nobody") == []
        assert await tx.interactions.all() == told
        assert await tx.interactions.count() == await tx.interactions.count("v_somebody") == 4


async def test_many_are_read_in_batches_and_only_what_is_new(db: Database) -> None:
    many = [replace(VIEW, item_id=f"item-{number}") for number in range(4203)]
    async with db.transaction() as tx:
        assert await tx.interactions.add(iter(many), "log.csv") == 4203
        mark = await tx.interactions.mark()
        assert await tx.interactions.add([replace(VIEW, subject="v_later")], "log.csv") == 1
    async with db.reading() as tx:
        assert [len(batch) async for batch in tx.interactions.stream()] == [2000, 2000, 204]
        assert await tx.interactions.all(mark.number) == [replace(VIEW, subject="v_later")]
        assert await tx.interactions.all(up_to=mark.number) == many, "what the mark does not count is not learned from"
        assert mark.count == 4203 and await tx.interactions.mark(mark.number) == mark


@pytest.mark.parametrize("how", ["forget", "count_no_more", "erase the newest"])
async def test_a_mark_tells_that_something_was_taken_back(db: Database, how: str) -> None:
    others = [replace(VIEW, subject=f"v_{number}") for number in range(5)]
    async with db.transaction() as tx:
        await tx.interactions.add([*others, VIEW], "storefront")
        mark = await tx.interactions.mark()
    async with db.transaction() as tx:
        if how == "count_no_more":
            assert await tx.interactions.count_no_more("v_somebody") == 1
            assert await tx.interactions.of("v_somebody") == [VIEW], "it stays for their own suggestions"
        else:
            assert await tx.interactions.forget("v_somebody") == 1
        if how == "erase the newest":
            # A number that was given again would hide it.
            await tx.interactions.add([replace(VIEW, subject="v_new")], "storefront")
        assert (await tx.interactions.mark(mark.number)).count == 5
        assert VIEW not in await tx.interactions.all()


@pytest.mark.parametrize(
    "wrong",
    [
        replace(VIEW, subject=""),
        replace(VIEW, subject="some body"),
        replace(VIEW, subject="x" * 65),
        replace(VIEW, item_id="x" * 65),
        replace(VIEW, item_id="a b"),
        replace(VIEW, value=1.0),
        replace(VIEW, kind=InteractionKind.DWELL),
        replace(VIEW, kind=InteractionKind.DWELL, value=-1.0),
        replace(VIEW, kind=InteractionKind.DWELL, value=86_401.0),
        replace(VIEW, kind=InteractionKind.RATING, value=5.5),
        replace(VIEW, kind=InteractionKind.RATING, value=float("nan")),
        replace(VIEW, at=AT.replace(tzinfo=None)),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_of_the_batch_is_kept(db: Database, wrong: Interaction) -> None:
    with pytest.raises(StoreError, match="expected"):
        async with db.transaction() as tx:
            await tx.interactions.add([VIEW, wrong], "storefront")
    async with db.reading() as tx:
        assert await tx.interactions.count() == 0


async def test_the_same_within_a_moment_is_known_as_told(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.interactions.add([VIEW], "storefront")
        again = replace(VIEW, at=AT + timedelta(seconds=20))
        assert await tx.interactions.told_lately(again, timedelta(seconds=30))
        assert not await tx.interactions.told_lately(again, timedelta(seconds=20))
        assert not await tx.interactions.told_lately(replace(again, kind=InteractionKind.CART), timedelta(hours=1))


async def test_a_no_to_later_conversations_deletes_and_a_no_to_improving_only_stops_counting(
    db: Database, conversation: NewConversation
) -> None:
    own = replace(VIEW, subject=conversation.customer_id)
    await allow(db, own.subject, Purpose.PERSONALISE, Purpose.IMPROVE)
    async with db.transaction() as tx:
        await tx.interactions.add([own, VIEW], "storefront")
        await tx.consents.answer(own.subject, Signal.BEHAVIOUR, Purpose.IMPROVE, False, "4")
    async with db.reading() as tx:
        assert await tx.interactions.all() == [VIEW] and await tx.interactions.of(own.subject) == [own]
        assert set(await tx.consents.behaviour_uses(own.subject)) == {Purpose.PERSONALISE}
    async with db.transaction() as tx:
        await tx.consents.answer(own.subject, Signal.BEHAVIOUR, Purpose.PERSONALISE, False, "4")
    async with db.reading() as tx:
        assert await tx.interactions.count() == 1 and await tx.consents.behaviour_uses(own.subject) == {}


async def test_a_no_to_the_signal_ends_everything_that_was_kept_of_it(
    db: Database, conversation: NewConversation
) -> None:
    own = replace(VIEW, subject=conversation.customer_id)
    await allow(db, own.subject, Purpose.PERSONALISE)
    async with db.transaction() as tx:
        await tx.interactions.add([own], "chat")
        await tx.consents.answer(own.subject, Signal.BEHAVIOUR, Purpose.ASSIST, False, "4")
        assert await tx.interactions.count() == 0


async def test_a_guest_s_doings_become_the_customer_s_if_both_allow_it(
    db: Database, conversation: NewConversation
) -> None:
    await allow(db, conversation.customer_id, Purpose.PERSONALISE)
    async with db.transaction() as tx:
        customer = (await tx.conversations.create()).customer_id
    await allow(db, customer, Purpose.PERSONALISE)
    async with db.transaction() as tx:
        mine = replace(VIEW, subject=conversation.customer_id)
        await tx.interactions.add([mine], "chat", counts=False)
        # The same thing at the same time is already the customer's: it is theirs once.
        await tx.interactions.add([replace(VIEW, subject=customer)], "chat", counts=False)
        await tx.interactions.add([replace(mine, item_id="kettle-2")], "chat", counts=False)
        await tx.customers.join(conversation.customer_id, customer)
        assert [one.item_id for one in await tx.interactions.of(customer)] == ["kettle-1", "kettle-2"]
        assert await tx.interactions.of(conversation.customer_id) == [] and await tx.interactions.all() == []


async def test_rows_past_their_time_go(db: Database, settings: StoreSettings, keyring: KeyRing, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        await tx.interactions.add(
            [replace(VIEW, at=now - timedelta(days=401)), replace(VIEW, at=now - timedelta(days=399))], "storefront"
        )
    retention = Retention(settings, keyring, db, MediaStore(settings.media_dir, keyring))
    report = await retention.run()
    assert report.to_dict()["types"]["interactions"]["count"] == 1
    async with db.reading() as tx:
        assert await tx.interactions.count() == 1


async def test_somebody_in_an_imported_log_is_erased_by_address_and_not_imported_again(
    db: Database, settings: StoreSettings, keyring: KeyRing
) -> None:
    async with db.transaction() as tx:
        subject = tx.interactions.imported_subject(" Kim@Shop.example ")
        assert subject == tx.interactions.imported_subject("kim@shop.example") and "kim" not in subject
        assert tx.interactions.imported_subject("Kim") != tx.interactions.imported_subject("kim")
        rows = [replace(VIEW, subject=subject), VIEW]
        assert await tx.interactions.add(rows, "till.csv") == 2
    eraser = Eraser(settings, keyring, db, MediaStore(settings.media_dir, keyring))
    certificate = await eraser.erase("kim@shop.example", by="a_admin")
    assert certificate.ok
    assert {one.name: one.count for one in certificate.stores}["interactions"] == 1
    async with db.transaction() as tx:
        assert await tx.interactions.all() == [VIEW]
        assert await tx.interactions.add(rows, "till.csv") == 0
