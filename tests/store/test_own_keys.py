"""Values of earlier versions move to their person's own key, and back."""

import asyncio
import sqlite3
from datetime import date
from decimal import Decimal

import pytest

from privacy import DecryptionError, KeyRing
from store import (
    Database,
    HeardWord,
    NewConversation,
    Order,
    OrderLine,
    OrderStatus,
    Plan,
    PlanStatus,
    PlanTier,
    Reply,
    StoreError,
    StoreSettings,
)
from store.after_sales import shop_owner
from tests.store.migrating import migrate
from vocabulary import Assessment, Decision, Mode

WORDS = "Write to ann.lee@example.org about order 417293"
ORDER = Order(
    number="417293",
    status=OrderStatus.DELIVERED,
    placed_on=date(2026, 3, 1),
    customer_name="Ann Lee",
    email="ann.lee@example.org",
    street="12 High Street",
    postcode="N1 9GU",
    city="London",
    lines=(OrderLine("item-1", "Lamp", 1, Decimal("20.00")),),
    payment_method="card",
)
PLAN = Plan("plan-1", "ann.lee@example.org", "Care", PlanTier.BASIC, PlanStatus.ACTIVE, Decimal("4.00"))


async def fill(db: Database, conversation: NewConversation) -> None:
    decision = Decision(Mode.SLOW, offers_allowed=True, escalate=False, reason="Calm.")
    async with db.transaction() as tx:
        await tx.inbox.receive(conversation.id, "message-1", WORDS, heard=[HeardWord("write", 0.5)], spoken=True)
        await tx.inbox.receive(conversation.id, "message-2", "thanks")
        await tx.inbox.answer(conversation.id, "message-2", [Reply("Gladly.")])
        await tx.assessments.save(Assessment(conversation.id, "message-1"), decision)
        await tx.baselines.put(conversation.id, {"turns": 1})
        await tx.escalations.request(conversation.id, "message-1", "They asked.", 50)
        await tx.receipts.put(conversation.id, "message-1", "act", {"done": True})
        await tx.receipts.put("not-stored", "message-1", "act", {"done": True})
        await tx.orders.add_many([ORDER])
        await tx.orders.add_plans([PLAN])
        await tx.orders.start_return("417293", "item-1", "broken")
        await tx.orders.add_complaint(conversation.id, "It broke.")


async def check(db: Database, conversation: NewConversation) -> None:
    async with db.reading() as tx:
        first, second, reply = await tx.inbox.history(conversation.id)
        assert (first.text, first.heard, second.text, reply.text) == (
            WORDS,
            (HeardWord("write", 0.5),),
            "thanks",
            "Gladly.",
        )
        assert await tx.assessments.get(conversation.id, "message-1") is not None
        assert await tx.baselines.get(conversation.id) == {"turns": 1}
        escalation = await tx.escalations.of_conversation(conversation.id)
        assert escalation is not None and escalation.reason == "They asked."
        assert await tx.receipts.get("not-stored", "message-1", "act") == {"done": True}
        assert await tx.orders.of_email("Ann.Lee@example.org") == [ORDER]
        assert await tx.orders.plans_of("ann.lee@example.org") == [PLAN]
        assert [one.reason for one in await tx.orders.returns_of("417293")] == ["broken"]
        assert [one.text for one in await tx.orders.complaints_of(conversation.id)] == ["It broke."]


def sealed_values(settings: StoreSettings, mark: str) -> list[str]:
    """Table and column of every value that begins so, person_keys.wrapped aside."""
    found = []
    with sqlite3.connect(settings.home / "attune.db") as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for column in [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]:
                query = f'SELECT count(*) FROM "{table}" WHERE "{column}" LIKE ?'
                if (table, column) != ("person_keys", "wrapped") and db.execute(query, (f"{mark}%",)).fetchone()[0]:
                    found.append(f"{table}.{column}")
    db.close()
    return sorted(found)


async def test_everything_of_a_person_is_sealed_by_a_key_of_their_own(
    db: Database, conversation: NewConversation, settings: StoreSettings
) -> None:
    await fill(db, conversation)
    assert sealed_values(settings, "attune1:") == []
    assert len(sealed_values(settings, "attune2:")) == 11
    async with db.transaction() as tx:
        assert await tx.vault.destroy(conversation.customer_id) == 1
    async with db.reading() as tx:
        assert await tx.orders.find("417293") == ORDER
        with pytest.raises(DecryptionError, match="erased"):
            await tx.inbox.history(conversation.id)
        with pytest.raises(DecryptionError, match="erased"):
            await tx.orders.complaints_of(conversation.id)
    async with db.transaction() as tx:
        mark = tx._sealer.fingerprint("ann.lee@example.org", "email")
        assert await tx.vault.destroy(shop_owner(mark)) == 1
    async with db.reading() as tx:
        with pytest.raises(DecryptionError, match="erased"):
            await tx.orders.find("417293")


@pytest.mark.parametrize("version", ["0009", "0007"])
async def test_values_of_an_earlier_version_move_to_their_persons_key_and_back(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing, version: str
) -> None:
    await fill(db, conversation)
    await db.close()
    await asyncio.to_thread(migrate, settings, keyring, version)
    assert sealed_values(settings, "attune2:") == []
    assert len(sealed_values(settings, "attune1:")) == 10
    with sqlite3.connect(settings.home / "attune.db") as raw:
        if version == "0009":
            raw.execute("DELETE FROM person_keys")
        sealed = raw.execute("SELECT sealed FROM messages WHERE id = 'message-1'").fetchone()[0]
    raw.close()
    assert "ann.lee" in keyring.decrypt(sealed, purpose="message").decode()
    again = Database(settings, keyring)
    await again.upgrade()
    assert sealed_values(settings, "attune1:") == []
    await check(again, conversation)
    async with again.reading() as tx:
        seen = await tx.inbox.get(conversation.id, "message-1", redacted=True)
    assert seen is not None and seen.text == "Write to [email 1] about order 417293"
    await again.close()


async def test_a_damaged_value_stays_and_does_not_stop_the_upgrade(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing
) -> None:
    await fill(db, conversation)
    await db.close()
    await asyncio.to_thread(migrate, settings, keyring, "0009")
    with sqlite3.connect(settings.home / "attune.db") as raw:
        raw.execute("UPDATE complaints SET sealed = substr(sealed, 1, 40)")
    raw.close()
    again = Database(settings, keyring)
    await again.upgrade()
    assert sealed_values(settings, "attune1:") == ["complaints.sealed"]
    await again.close()


async def test_keys_of_another_installation_stop_the_upgrade_and_change_nothing(
    db: Database, conversation: NewConversation, settings: StoreSettings, keyring: KeyRing
) -> None:
    await fill(db, conversation)
    await db.close()
    await asyncio.to_thread(migrate, settings, keyring, "0009")
    stranger = KeyRing.load_or_create(settings.home / "other.json")
    wrong = Database(settings, stranger)
    with pytest.raises(StoreError, match="key file that was made with it"):
        await wrong.upgrade()
    await wrong.close()
    right = Database(settings, keyring)
    await right.upgrade()
    await check(right, conversation)
    await right.close()
