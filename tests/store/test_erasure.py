"""A person with something in every store is erased: nothing is left, others are untouched, a kill changes nothing."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy import DecryptionError, KeyRing
from store import Database, MediaStore, NotFound, OrderStatus, StoreSettings
from store.erasure.eraser import Eraser
from store.erasure.journal import ErasureRunning
from store.erasure.needles import Needles
from store.erasure.search import Found, search_files
from store.requests import RequestState
from tests.store.known_person import Known, left_of, move_in


@pytest.fixture
def settings(tmp_path: Path) -> StoreSettings:
    return StoreSettings(home=tmp_path / "home", bot_examples=tmp_path / "nlu" / "from_conversations.yml")


@pytest.fixture
def eraser(settings: StoreSettings, keyring: KeyRing, db: Database) -> Eraser:
    return Eraser(settings, keyring, db, MediaStore(settings.media_dir, keyring))


@pytest.fixture
async def other(db: Database, settings: StoreSettings, keyring: KeyRing) -> AsyncIterator[Known]:
    yield await move_in(db, settings, keyring, "Juniper Neighbour", order="100418")


def everywhere(settings: StoreSettings) -> list[Path]:
    return [settings.home, settings.bot_examples.parent]


async def test_nothing_is_left_of_an_erased_person_and_the_neighbour_is_whole(
    db: Database, settings: StoreSettings, keyring: KeyRing, eraser: Eraser, other: Known
) -> None:
    known = await move_in(db, settings, keyring)
    assert left_of([known.customer, known.conversation], *everywhere(settings)), "the search finds what is there"
    preview = await eraser.preview(known.email)
    certificate = await eraser.erase(known.email, by="a_admin")
    assert certificate.ok and certificate.residual == () and certificate.seconds < 60
    assert left_of(known.traces, *everywhere(settings)) == []
    counts = {store.name: store.count for store in certificate.stores}
    assert counts == {store.name: store.count for store in preview.stores}
    assert [name for name, count in counts.items() if count == 0] == ["recommender"], "every store held something"
    assert certificate.searched["files"] > 5 and certificate.searched["values"] > 100
    with pytest.raises(NotFound):
        await eraser.preview(known.email)
    await is_whole(db, settings, eraser, other)


async def is_whole(db: Database, settings: StoreSettings, eraser: Eraser, known: Known) -> None:
    """Nothing of this person is missing."""
    preview = await eraser.preview(known.conversation)
    assert [store.name for store in preview.stores if store.count == 0] == ["recommender"]
    async with db.reading() as tx:
        history = await tx.inbox.history(known.conversation)
        assert len(history) == 4 and any("canary-juniper-typed" in message.text for message in history)
        order = await tx.orders.find(known.order)
        assert order is not None and order.customer_name == known.name
    assert "canary-juniper-tracker" in str(eraser.tracker.events(known.conversation))


async def test_what_stays_for_the_accounts_names_nobody(
    db: Database, settings: StoreSettings, keyring: KeyRing, eraser: Eraser
) -> None:
    known = await move_in(db, settings, keyring)
    await eraser.erase(known.customer, by="a_admin")
    async with db.reading() as tx:
        order = await tx.orders.find(known.order)
        assert order is not None and order.status is OrderStatus.DELIVERED and str(order.total) == "29.90"
        assert (order.customer_name, order.email, order.street, order.tracking_code) == ("", "", "", None)
        assert [one.reason for one in await tx.orders.returns_of(known.order)] == [""]
        assert await tx.orders.of_email(known.email) == [] and await tx.orders.plans_of(known.email) == []
        asked = await tx.requests.by_due_day()
        assert [(one.owner, one.words, one.state) for one in asked] == [(None, "", RequestState.DONE)]
        assert (await tx.audit.verify()).ok
        seen = await tx.audit.entries(act="case.view")
        assert [(entry.erased, entry.subject, entry.note) for entry in seen] == [(True, None, None)]


async def test_a_copy_of_the_database_keeps_what_was_said_unreadable_once_it_is_cleaned(
    db: Database, settings: StoreSettings, keyring: KeyRing, eraser: Eraser, other: Known
) -> None:
    known = await move_in(db, settings, keyring)
    await db.compact()
    copy = settings.home / "backup-of-monday.db"
    shutil.copy(settings.home / "attune.db", copy)
    tracker = shutil.copy(settings.tracker_db, settings.home.parent / "tracker.copy")
    certificate = await eraser.erase(known.account, by="a_admin")
    assert [(one.name, one.holds) for one in certificate.backups] == [(copy.name, True)]
    assert certificate.ok and "copies of a database" in " ".join(certificate.pending)

    await db.close()
    for end in ("", "-wal", "-shm"):
        (settings.home / f"attune.db{end}").unlink(missing_ok=True)
    copy.rename(settings.home / "attune.db")
    shutil.copy(tracker, settings.tracker_db)
    (settings.audit_head_file).unlink()
    restored = Database(settings, keyring)
    try:
        await restored.upgrade()
        async with restored.transaction() as tx:
            assert await tx.conversations.get(known.conversation) is not None, "the backup holds the person"
            await tx.audit.resume("test", purpose="backup restored")
        again = Eraser(settings, keyring, restored, MediaStore(settings.media_dir, keyring))
        assert await again.sweep() == 1
        assert left_of(known.traces, *everywhere(settings)) == []
        assert await again.sweep() == 0
        await is_whole(restored, settings, again, other)
    finally:
        await restored.close()


@pytest.mark.parametrize(
    "step",
    [
        "store.erasure.eraser.Eraser._forget_outside",
        "store.erasure.proof.Proof.search",
        "store.erasure.eraser.certificate_of",
    ],
)
async def test_an_erasure_that_was_killed_is_finished_by_whoever_comes_next(
    db: Database,
    settings: StoreSettings,
    keyring: KeyRing,
    eraser: Eraser,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    known = await move_in(db, settings, keyring)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(step, killed)
        await eraser.erase(known.account, by="a_admin")
    assert await eraser.resume() == 1
    assert left_of(known.traces, *everywhere(settings)) == []
    assert await eraser.resume() == 0


async def test_of_two_erasures_at_once_one_wins(
    db: Database, settings: StoreSettings, keyring: KeyRing, eraser: Eraser
) -> None:
    known = await move_in(db, settings, keyring)
    results = await asyncio.gather(
        eraser.erase(known.account, by="a_admin"), eraser.erase(known.email, by="a_admin"), return_exceptions=True
    )
    won = [one for one in results if not isinstance(one, BaseException)]
    lost = [one for one in results if isinstance(one, BaseException)]
    assert len(won) == 1 and won[0].ok
    assert isinstance(lost[0], ErasureRunning | NotFound)


async def test_nothing_is_sealed_for_an_erased_person_again(
    db: Database, settings: StoreSettings, keyring: KeyRing, eraser: Eraser
) -> None:
    known = await move_in(db, settings, keyring)
    await eraser.erase(known.account, by="a_admin")
    for owner in (known.account, known.customer, known.conversation):
        with pytest.raises(DecryptionError, match="erased"):
            async with db.transaction() as tx:
                await tx.vault.sealer(owner)


async def test_a_guest_and_a_mere_address_can_be_erased(
    db: Database, settings: StoreSettings, keyring: KeyRing, eraser: Eraser
) -> None:
    known = await move_in(db, settings, keyring)
    async with db.transaction() as tx:
        guest = await tx.conversations.create()
        await tx.inbox.receive(guest.id, "message-1", "canary-guest-7319")
    certificate = await eraser.erase(guest.id, by="self")
    assert certificate.ok and left_of([guest.id, guest.customer_id], *everywhere(settings)) == []
    async with db.transaction() as tx:
        assert await tx.accounts.delete(known.account)
    certificate = await eraser.erase(known.email.upper(), by="a_admin")
    assert {store.name: store.count for store in certificate.stores}["orders"] == 2
    async with db.reading() as tx:
        order = await tx.orders.find(known.order)
        assert order is not None and order.email == ""


@pytest.mark.parametrize(
    "who", ["", " ", "nobody@example.org", "p_unknown", "c_" + "x" * 22, "+49", "'; --", "%", "\0", "x" * 10_000]
)
async def test_an_unknown_person_is_not_found_and_not_repeated(eraser: Eraser, db: Database, who: str) -> None:
    with pytest.raises(NotFound) as refused:
        await eraser.erase(who, by="a_admin")
    assert len(who) < 5 or who not in str(refused.value)
    async with db.reading() as tx:
        assert await tx.erasures.newest() is None


async def test_a_trace_in_any_file_is_found(
    db: Database, settings: StoreSettings, keyring: KeyRing, eraser: Eraser
) -> None:
    import gzip

    known = await move_in(db, settings, keyring)
    (settings.home / "logs").mkdir()
    (settings.home / "logs" / "web.log").write_bytes(b"x" * 5000 + known.customer.encode("utf-16-le"))
    (settings.home / "old.gz").write_bytes(gzip.compress(known.email.encode() * 3))
    certificate = await eraser.erase(known.account, by="a_admin")
    assert not certificate.ok and "web.log" in certificate.residual
    assert ("old.gz", True) in [(one.name, one.holds) for one in certificate.backups]


def test_a_damaged_archive_is_said_to_be_unreadable(tmp_path: Path) -> None:
    (tmp_path / "broken.gz").write_bytes(b"\x1f\x8b nothing")
    (tmp_path / "empty.log").touch()
    found = Found()
    search_files([tmp_path], Needles(["canary"]), in_use=[], since=0, found=found)
    assert (found.unreadable, found.hits, found.files) == (["broken.gz"], [], 1)


async def test_the_assistant_refuses_a_forgotten_conversation_for_an_hour(
    db: Database, settings: StoreSettings, keyring: KeyRing, eraser: Eraser
) -> None:
    from store.tracker import refused_mark

    known = await move_in(db, settings, keyring)
    await eraser.erase(known.account, by="a_admin")
    tracker = sqlite3.connect(settings.tracker_db)
    try:
        assert tracker.execute("SELECT fingerprint FROM attune_erased").fetchall() == [
            (refused_mark(known.conversation),)
        ]
        assert eraser.tracker.drop_refusals() == 0
        tracker.execute("UPDATE attune_erased SET at = at - 3700")
        tracker.commit()
    finally:
        tracker.close()
    assert eraser.tracker.drop_refusals() == 1


@given(st.lists(st.text(min_size=6, max_size=30), min_size=1, max_size=20), st.binary(max_size=300), st.booleans())
def test_the_search_of_many_finds_what_a_plain_search_finds(words: list[str], data: bytes, hidden: bool) -> None:
    wanted = Needles(words)
    if hidden:
        data = data[:100] + words[0].encode() + data[100:]
    forms = [
        form for word in words for form in (word.encode(), json.dumps(word)[1:-1].encode(), word.encode("utf-16-le"))
    ]
    assert wanted.are_in(data) is any(form in data for form in forms)
    assert not hidden or wanted.are_in(data)


def test_what_lies_across_blocks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.erasure.needles._BLOCK", 64)
    for place in range(200):
        data = bytearray(b"." * 300)
        data[place : place + 9] = b"c_1234567"
        assert Needles(["c_1234567"]).are_in(bytes(data)), place
    assert not Needles([]).are_in(b"anything") and not Needles(["c_1234567"]).are_in(b"")
