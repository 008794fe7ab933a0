"""Learning from behaviour: in a process of its own, and anew without whoever takes something back."""

import asyncio
import random
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from recommender import TASTE_FILE
from service.learning import Learner, learned_so_far, refit
from store import Database
from tests.service.talk import Talk
from vocabulary import Interaction, InteractionKind, Item, Purpose, Signal

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ITEMS = [Item(f"item-{n}", f"Thing {n}", "", "things", Decimal(9), 1, {"size": str(n % 3)}) for n in range(12)]


def doings(subject: str, seed: int) -> list[Interaction]:
    choose = random.Random(seed)
    kinds = [InteractionKind.VIEW, InteractionKind.CART, InteractionKind.PURCHASE]
    return [
        Interaction(subject, f"item-{choose.randrange(12)}", choose.choice(kinds), NOW - timedelta(hours=hour))
        for hour in range(20)
    ]


async def fill(db: Database, *subjects: str) -> None:
    async with db.transaction() as tx:
        await tx.catalogue.replace_all(ITEMS)
        for number, subject in enumerate(subjects):
            await tx.interactions.add(doings(subject, number), "storefront")


def model(talk: Talk) -> bytes:
    return (talk.services.settings.learned_dir / TASTE_FILE).read_bytes()


async def customer_of(talk: Talk) -> tuple[str, str]:
    started = await talk.start()
    async with talk.services.db.transaction() as tx:
        found = await tx.conversations.get(started.id)
        assert found is not None
        for purpose in Purpose:
            await tx.consents.record(found.customer_id, Signal.BEHAVIOUR, purpose, True, "4")
    return started.id, found.customer_id


async def test_the_model_after_an_erasure_is_that_of_a_shop_that_never_knew_the_person(talk: Talk) -> None:
    db, settings = talk.services.db, talk.services.settings
    _, person = await customer_of(talk)
    await fill(db, "v_1", person, "v_2", "v_3")
    await refit(db, settings, now=NOW)
    with_person = model(talk)
    certificate = await talk.services.rights.erase(person)
    told = {one.name: one for one in certificate.stores}
    assert certificate.ok and told["interactions"].count >= 15 and told["recommender"].count == 1
    assert "made anew without you" in told["recommender"].note
    noted = learned_so_far(settings)
    assert noted is not None and noted.count == 60

    after = await refit(db, settings, now=NOW)
    without_person = model(talk)
    async with db.transaction() as tx:
        for subject in ("v_1", "v_2", "v_3"):
            await tx.interactions.forget(subject)
        for number, subject in enumerate(("v_a", None, "v_b", "v_c")):
            if subject is not None:
                await tx.interactions.add(doings(subject, number), "storefront")
    never_knew = await refit(db, settings, now=NOW)
    assert model(talk) == without_person != with_person
    assert never_knew.count == after.count


async def test_nothing_of_a_person_stands_in_what_was_learned(talk: Talk) -> None:
    _, person = await customer_of(talk)
    await fill(talk.services.db, person, "v_visit_1")
    await refit(talk.services.db, talk.services.settings)
    for file in talk.services.settings.learned_dir.iterdir():
        content = file.read_bytes()
        assert person.encode() not in content and b"v_visit_1" not in content, file.name


async def test_a_withdrawal_is_followed_by_a_model_without_it(talk: Talk) -> None:
    learner, db = talk.services.learner, talk.services.db
    _, person = await customer_of(talk)
    await fill(db, "v_1", person)
    first = await learner.learn()
    assert not await learner.is_stale() and not await learner.unlearn()
    await talk.services.consenting.answer(person, Signal.BEHAVIOUR, Purpose.IMPROVE, False, None)
    assert await learner.is_stale() and await learner.unlearn()
    again = learned_so_far(talk.services.settings)
    assert again is not None and again.count < first.count and not await learner.is_stale()


async def test_what_is_new_makes_the_model_no_older_than_it_says(talk: Talk) -> None:
    learner = talk.services.learner
    await fill(talk.services.db, "v_1")
    learned = await learner.learn()
    assert (await learner.status())["new"] == 0 and learned.items == 12
    async with talk.services.db.transaction() as tx:
        await tx.interactions.add(doings("v_2", 7)[:5], "storefront")
    status = await learner.status()
    assert status["new"] == 5 and status["learned"] == learned.to_dict() and not status["failed"]
    assert not await learner.is_stale()


async def test_where_nothing_can_be_learned_anew_the_model_goes(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    learner, settings = talk.services.learner, talk.services.settings
    _, person = await customer_of(talk)
    await fill(talk.services.db, person, "v_1")
    await refit(talk.services.db, settings)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    certificate = await talk.services.rights.erase(person)
    assert certificate.ok and not (settings.learned_dir / TASTE_FILE).exists()
    assert (await learner.status())["failed"] == "learning_failed"


async def test_a_model_that_nobody_can_tell_about_is_made_anew(talk: Talk) -> None:
    learner, settings = talk.services.learner, talk.services.settings
    await fill(talk.services.db, "v_1")
    await refit(talk.services.db, settings)
    note = settings.learned_dir / "learned.json"
    for damage in ("", "{", "[]", '{"number": 1}', "\0"):
        note.write_text(damage)
        assert learned_so_far(settings) is None and await learner.is_stale()
    assert await learner.unlearn() and learned_so_far(settings) is not None


async def test_a_fault_does_not_end_the_unlearning(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    learner, looked, again = talk.services.learner, [], asyncio.Event()

    async def unlearn() -> bool:
        looked.append(1)
        if len(looked) == 1:
            raise ValueError("something that nobody thought of")
        again.set()
        return False

    monkeypatch.setattr("service.learning.learner.LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(learner, "unlearn", unlearn)
    looking = asyncio.create_task(learner._look())
    await asyncio.wait_for(again.wait(), 10)
    looking.cancel()


async def test_two_fits_at_once_follow_one_another(talk: Talk) -> None:
    await fill(talk.services.db, "v_1", "v_2")
    other = Learner(talk.services.settings, talk.services.db)
    one, two = await asyncio.gather(talk.services.learner.learn(), other.learn())
    assert one.mark == two.mark and learned_so_far(talk.services.settings) in (one, two)


async def test_an_empty_shop_learns_nothing_and_says_so(talk: Talk) -> None:
    learned = await talk.services.learner.learn()
    assert (learned.count, learned.items) == (0, 0)
    assert (await talk.services.learner.status())["learned"] is None


async def test_after_the_only_person_there_is_no_model(talk: Talk) -> None:
    _, person = await customer_of(talk)
    await fill(talk.services.db, person)
    await talk.services.learner.learn()
    assert model(talk)
    assert (await talk.services.rights.erase(person)).ok
    assert not (talk.services.settings.learned_dir / TASTE_FILE).exists()


@pytest.mark.parametrize(
    ("learn_at", "now", "due"),
    [
        ("03:30", "2026-03-01T01:00", "2026-03-01T03:30"),
        ("03:30", "2026-03-01T03:30", "2026-03-02T03:30"),
        ("23:59", "2026-12-31T23:59", "2027-01-01T23:59"),
        ("", "2026-03-01T01:00", None),
    ],
)
def test_the_next_night_is_found(tmp_path: Path, learn_at: str, now: str, due: str | None) -> None:
    learner = Learner(None, None, learn_at=learn_at)  # type: ignore[arg-type]
    found = learner._next(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == (None if due is None else datetime.fromisoformat(due).replace(tzinfo=UTC))
