"""What was offered is settled a day later, learned from only with leave, and forgotten exactly."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from actions.slates import SETTLED_AFTER, SlateKeeper, log_slate, read_outcomes
from privacy import NOTICE_VERSION
from recommender import Bandit, Candidate, Explanation, Request, Slate
from store import Opinion, StoredSlate
from tests.actions.conftest import World
from tests.actions.test_verdicts import say
from vocabulary import Interaction, InteractionKind, Item, Purpose, Signal, Suggestion

LATER = timedelta(hours=25)


@dataclass
class Shop:
    """One customer who may be learned from, and slates that were shown to them."""

    world: World
    bandit: Bandit

    @property
    def customer(self) -> str:
        return self.world.conversation.customer_id

    async def allow(self, *purposes: Purpose, signal: Signal = Signal.BEHAVIOUR, granted: bool = True) -> None:
        async with self.world.context.db.transaction() as tx:
            for purpose in purposes:
                await tx.consents.record(self.customer, signal, purpose, granted, NOTICE_VERSION)

    async def show(self, message_id: str) -> Slate:
        items = [Item(f"item-{n}", f"Thing {n}", "", "Kettles", Decimal(10 + n), 3, {}) for n in range(5)]
        found = [Candidate(item, 1.0 - 0.1 * place) for place, item in enumerate(items)]
        ordered, choice = self.bandit.choose(found, Request(seed=message_id), 3)
        shown = [Suggestion(one.item.id, one.item.title, one.item.price, "Kettles", 1.0, "Fits.") for one in ordered]
        slate = Slate(tuple(shown), (), choice)
        async with self.world.context.db.transaction() as tx:
            await log_slate(tx, self.world.conversation.id, message_id, slate)
        return slate

    async def act(self, kind: InteractionKind, item_id: str, after: timedelta, value: float | None = None) -> None:
        one = Interaction(self.customer, item_id, kind, datetime.now(UTC) + after, value)
        async with self.world.context.db.transaction() as tx:
            await tx.interactions.add([one], "chat")

    async def settled(self, *, later: timedelta = LATER) -> Sequence[StoredSlate]:
        keeper = SlateKeeper(self.world.context.db, self.bandit)
        await keeper.settle_due(datetime.now(UTC) + later)
        async with self.world.context.db.reading() as tx:
            return await tx.slates.settled()


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world, Bandit())


ALL = (Purpose.ASSIST, Purpose.PERSONALISE, Purpose.IMPROVE)


async def test_what_the_customer_did_within_a_day_is_the_outcome(shop: Shop) -> None:
    await shop.allow(*ALL)
    await shop.world.receive("m1", "a kettle")
    slate = await shop.show("m1")
    shown = [one.item_id for one in slate.suggestions]
    await shop.act(InteractionKind.CLICK, shown[1], timedelta(minutes=1))
    await shop.act(InteractionKind.PURCHASE, shown[1], timedelta(hours=2))
    await shop.act(InteractionKind.PURCHASE, shown[0], SETTLED_AFTER + timedelta(minutes=5))
    await shop.act(InteractionKind.CLICK, "item-elsewhere", timedelta(minutes=1))
    async with shop.world.context.db.transaction() as tx:
        await tx.suggestion_feedback.put(shop.customer, shown[2], Opinion.NOT_FOR_ME)
    (settled,) = await shop.settled()
    assert settled.outcome is not None
    assert settled.outcome["acts"] == {
        shown[1]: {"click": None, "purchase": None},
        shown[2]: {"not_for_me": None},
    }
    (outcome,) = read_outcomes(shop.bandit, [settled])
    assert outcome.choice == slate.choice
    assert outcome.gains == pytest.approx({shown[1]: 1.2, shown[2]: -0.5})


async def test_before_a_day_is_over_nothing_is_settled(shop: Shop) -> None:
    await shop.allow(*ALL)
    await shop.world.receive("m1", "a kettle")
    await shop.show("m1")
    assert await shop.settled(later=timedelta(hours=23)) == []


@pytest.mark.parametrize("purposes", [(), (Purpose.ASSIST,), ALL[:2], (Purpose.ASSIST, Purpose.IMPROVE)])
async def test_without_leave_for_both_uses_nothing_is_learned(shop: Shop, purposes: Sequence[Purpose]) -> None:
    await shop.allow(*purposes)
    await shop.world.receive("m1", "a kettle")
    await shop.show("m1")
    assert await shop.settled() == []
    async with shop.world.context.db.reading() as tx:
        stored = await tx.slates.of_message(shop.world.conversation.id, "m1")
    assert stored is not None
    assert (stored.outcome, stored.counts) == (None, False)
    assert stored.settled_at is not None


async def test_leave_that_came_after_the_slate_does_not_reach_back(shop: Shop) -> None:
    await shop.world.receive("m1", "a kettle")
    await shop.show("m1")
    await shop.allow(*ALL)
    assert await shop.settled() == []


async def test_the_change_of_frustration_counts_only_with_leave_for_what_is_behind_it(shop: Shop) -> None:
    """The same three turns, once with the text's leave to improve, once without."""
    found = []
    for number, improves in enumerate((False, True)):
        await shop.allow(*ALL)
        await shop.allow(Purpose.ASSIST, signal=Signal.TEXT)
        await shop.allow(Purpose.IMPROVE, signal=Signal.TEXT, granted=improves)
        shop.world.text.label, shop.world.text.cue = "neutral", 0.05
        await say(shop.world, f"m{number}-0", "a kettle")
        await shop.show(f"m{number}-0")
        shop.world.text.label, shop.world.text.cue = "anger", 0.9
        await say(shop.world, f"m{number}-1")
        await say(shop.world, f"m{number}-2")
        found.append({one.message_id: one for one in await shop.settled()})
    assert "m0-0" not in found[0]
    outcome = found[1]["m1-0"].outcome
    assert outcome is not None
    assert outcome["calm"] < -0.1
    assert Signal.TEXT in found[1]["m1-0"].outcome_signals


async def test_a_slate_is_logged_once_and_settled_once(shop: Shop) -> None:
    await shop.allow(*ALL)
    await shop.world.receive("m1", "a kettle")
    slate = await shop.show("m1")
    async with shop.world.context.db.transaction() as tx:
        assert not await log_slate(tx, shop.world.conversation.id, "m1", slate)
        assert not await log_slate(tx, shop.world.conversation.id, "m2", Slate())
        assert not await log_slate(tx, "c_nobody", "m1", slate)
    keepers = [SlateKeeper(shop.world.context.db, shop.bandit) for _ in range(2)]
    when = datetime.now(UTC) + LATER
    await asyncio.gather(*(keeper.settle_due(when) for keeper in keepers))
    async with shop.world.context.db.reading() as tx:
        assert await tx.slates.version() != (0, None)
        assert len(await tx.slates.settled()) == 1


async def test_leave_that_is_taken_back_during_the_answer_keeps_nothing_of_it(shop: Shop) -> None:
    """The history was read with leave; the slate is to be kept after it was taken back."""
    await shop.allow(*ALL)
    await shop.world.receive("m1", "a kettle")
    slate = await shop.show("m1")
    await shop.allow(Purpose.PERSONALISE, granted=False)
    async with shop.world.context.db.transaction() as tx:
        assert not await log_slate(tx, shop.world.conversation.id, "m2", slate, history_used=True)
        told = replace(slate, explanations=(Explanation("item-0", 1, (), rule="repair-first"),))
        assert not await log_slate(tx, shop.world.conversation.id, "m2", told), "the state behind the rule has gone"
        assert await log_slate(tx, shop.world.conversation.id, "m3", slate)


async def test_what_is_learned_is_the_sum_over_what_is_stored(shop: Shop) -> None:
    """Learned page by page; after a withdrawal summed anew: to the last bit what a new process would know."""
    await shop.allow(*ALL)
    keeper = SlateKeeper(shop.world.context.db, shop.bandit)
    for number in range(6):
        await shop.world.receive(f"m{number}", "a kettle")
        slate = await shop.show(f"m{number}")
        await shop.act(InteractionKind.CLICK, slate.suggestions[0].item_id, timedelta(minutes=number + 1))
        await shop.settled()
        assert await keeper.refresh() == number + 1
    assert await keeper.refresh() == 6
    fresh = Bandit()
    await SlateKeeper(shop.world.context.db, fresh).refresh()
    assert np.array_equal(fresh.belief.mean, shop.bandit.belief.mean)
    async with shop.world.context.db.transaction() as tx:
        await tx.slates.count_no_more(shop.customer, Signal.BEHAVIOUR)
    assert await keeper.refresh() == 0
    assert np.array_equal(shop.bandit.belief.mean, Bandit().belief.mean)


async def test_a_refresh_that_fails_half_way_counts_nothing_twice(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop.allow(*ALL)
    for number in range(3):
        await shop.world.receive(f"m{number}", "a kettle")
        await shop.show(f"m{number}")
    await shop.settled()
    keeper = SlateKeeper(shop.world.context.db, shop.bandit)
    with monkeypatch.context() as patch:
        patch.setattr(shop.bandit, "adopt", lambda sums: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await keeper.refresh()
    assert await keeper.refresh() == 3
    assert shop.bandit.slates == 3


async def test_what_fails_once_is_tried_again_and_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await shop.allow(*ALL)
    await shop.world.receive("m1", "a kettle")
    await shop.show("m1")
    await shop.settled()
    keeper, failed, done = SlateKeeper(shop.world.context.db, shop.bandit), [], asyncio.Event()

    async def settle_due() -> int:
        if not failed:
            failed.append(1)
            raise OSError("the disk is away")
        done.set()
        return 0

    monkeypatch.setattr("actions.slates.REFRESHED_EVERY_S", 0.01)
    monkeypatch.setattr(keeper, "settle_due", settle_due)
    running = asyncio.create_task(keeper.run())
    await asyncio.wait_for(done.wait(), 10)
    for _ in range(1000):
        if shop.bandit.slates:
            break
        await asyncio.sleep(0.01)
    assert shop.bandit.slates == 1
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert "tried again later" in caplog.text
