"""What is asked of the recommender, and what the customer gets."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import Settings, Turn
from actions.recommend import RecommendAction, about_items, question, said_before
from actions.server import changes_of
from actions.wishes import Wishes
from privacy import NOTICE_VERSION
from recommender import Explanation, Filters, Following, Recommender, Request, Slate
from store import Opinion, Profile
from tests.actions.conftest import World
from tests.actions.trackers import TrackerBuilder
from tests.recommender.fakes import WordEncoder, item
from vocabulary import (
    Assessment,
    Decision,
    Interaction,
    InteractionKind,
    Item,
    Mode,
    Purpose,
    Signal,
    Suggestion,
)


@dataclass
class FakeRecommender:
    """Suggests one kettle and remembers what it was asked."""

    asked: list[Request] = field(default_factory=list)
    found: Sequence[Suggestion] = (Suggestion("kettle-1", "Kettle", Decimal("38.00"), "Kettles", 1.0, "Matches."),)

    def recommend(self, request: Request) -> Slate:
        self.asked.append(request)
        explanations = tuple(Explanation(one.item_id, place, ()) for place, one in enumerate(self.found, start=1))
        return Slate(tuple(self.found), explanations, note=None if self.found else "nothing_found")


def turn(text: str, entities: dict[str, str] | None = None, **slots: str) -> Turn:
    builder = TrackerBuilder(slots=dict(slots)).user(text, "product_recommend", entities=entities)
    return Turn.from_tracker(builder.state())


def test_what_was_said_before_goes_with_the_words(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    asked = turn("something blue", shop_product="kettle", shop_price_limit="60")
    assert said_before(asked, settings) == "kettle under 60"
    request = question(asked, settings, Wishes(), None)
    assert (request.query, list(request.earlier)) == ("something blue", ["kettle under 60"])
    button = question(turn("/product_recommend", shop_category="Kettles"), settings, Wishes(), None)
    assert button.query == "Kettles"
    assert question(turn("/product_recommend"), settings, Wishes(), None).query == ""


def test_items_of_the_case_are_passed_on(tmp_path: Path) -> None:
    assert about_items(turn("a new lid", attune_about_items="kettle-1 toaster-2"), Settings(home=tmp_path)) == (
        "kettle-1",
        "toaster-2",
    )


async def recommend(
    world: World, fake: FakeRecommender | None, text: str = "a kettle", *, said: str = "", **slots: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if fake is not None:
        object.__setattr__(world.context, "recommender", fake)
    builder = TrackerBuilder(world.conversation.id, slots=dict(slots))
    builder.user(text, "product_recommend", message_id="message-1")
    if said:
        builder.bot(said)
    dispatcher = CollectingDispatcher()
    events = await RecommendAction(world.context).run(dispatcher, builder.tracker(), {})
    return events, dispatcher.messages


async def test_suggestions_come_as_cards(world: World) -> None:
    events, messages = await recommend(world, FakeRecommender())
    assert [message.get("response") for message in messages] == ["utter_attune_suggestions", None]
    assert messages[1]["custom"]["attune_suggestions"][0]["id"] == "kettle-1"
    assert [event["name"] for event in events] == ["attune_shown_items", "attune_outcome", "attune_receipt"]
    assert events[0]["value"] == "kettle-1"


async def test_what_was_offered_is_kept_once_for_a_message(world: World) -> None:
    await world.receive("message-1", "a kettle")
    for _ in range(2):
        await recommend(world, FakeRecommender())
    async with world.context.db.reading() as tx:
        kept = await tx.slates.of_conversation(world.conversation.id)
    assert [[one["id"] for one in slate.slate["suggestions"]] for slate in kept] == [["kettle-1"]]


async def test_nothing_is_asked_or_shown_while_offers_are_not_allowed(world: World) -> None:
    await world.receive("message-1", "a kettle")
    async with world.context.db.transaction() as tx:
        await tx.assessments.save(
            Assessment(world.conversation.id, "message-1"), Decision(Mode.NO_SELL, False, False, "Too much.")
        )
    fake = FakeRecommender()
    _, messages = await recommend(world, fake)
    assert fake.asked == []
    assert [message["response"] for message in messages] == ["utter_attune_no_offers_now"]


async def test_empty_result_is_said(world: World) -> None:
    _, messages = await recommend(world, FakeRecommender(found=()))
    assert [message["response"] for message in messages] == ["utter_attune_nothing_found"]


def kettles() -> list[Item]:
    return [
        item(f"kettle-{price}", f"Kettle model {price}", str(price), type="kettle", colour=colour)
        for price, colour in ((38, "black"), (26, "white"), (30, "red"))
    ]


@pytest.fixture
async def shop(world: World, tmp_path: Path) -> World:
    """A world with three kettles, and a recommender that follows its catalogue."""
    async with world.context.db.transaction() as tx:
        await tx.catalogue.replace_all(kettles())
    recommender = Recommender.open(tmp_path / "index", WordEncoder())
    object.__setattr__(world.context, "recommender", recommender)
    object.__setattr__(world.context, "following", Following(recommender, changes_of(world.context.db)))
    return world


def shown(events: list[dict[str, Any]]) -> list[str]:
    return str(events[0]["value"]).split()


async def test_cheaper_means_below_the_lowest_price_shown(shop: World) -> None:
    events, messages = await recommend(shop, None, "cheaper", attune_shown_items="kettle-38 kettle-30")
    assert messages[0]["response"] == "utter_attune_suggestions"
    assert shown(events) == ["kettle-26"]
    _, messages = await recommend(shop, None, "anything cheaper?", attune_shown_items="kettle-26")
    assert [message["response"] for message in messages] == ["utter_attune_nothing_cheaper"]
    assert messages[0]["attune_price"] == "26.00 EUR"
    _, messages = await recommend(shop, None, "a kettle under 50 dollars")
    assert [message["response"] for message in messages] == ["utter_attune_other_currency"]


async def test_the_cheapest_comes_first_when_it_is_asked_for(shop: World) -> None:
    events, _ = await recommend(shop, None, "your cheapest kettle")
    assert shown(events) == ["kettle-26", "kettle-30", "kettle-38"]


async def test_a_price_that_changes_while_it_runs_is_seen_by_the_next_question(shop: World) -> None:
    await recommend(shop, None, "a kettle")
    async with shop.context.db.transaction() as tx:
        await tx.catalogue.put([replace(kettles()[0], price=Decimal("9.00"))])
        await tx.catalogue.remove(["kettle-26"])
        await tx.catalogue.put([item("kettle-5", "Kettle model tiny", "5.00", type="kettle")])
    events, messages = await recommend(shop, None, "your cheapest kettle")
    assert shown(events) == ["kettle-5", "kettle-38", "kettle-30"]
    prices = [one["price"] for one in messages[1]["custom"]["attune_suggestions"]]
    assert prices == [5.0, 9.0, 30.0]


async def test_an_answer_of_its_own_needs_no_apology_for_missing_suggestions(world: World) -> None:
    _, messages = await recommend(world, FakeRecommender(found=()), "a code?", said="There are no codes.")
    assert messages == []


async def enter(world: World, **profile: Any) -> None:
    async with world.context.db.transaction() as tx:
        await tx.profiles.put(world.conversation.customer_id, Profile(**profile))


async def test_an_item_that_is_not_for_me_is_never_suggested_again(shop: World) -> None:
    async with shop.context.db.transaction() as tx:
        for item_id, opinion in (("kettle-26", Opinion.NOT_FOR_ME), ("kettle-30", Opinion.NOT_HELPFUL)):
            await tx.suggestion_feedback.put(shop.conversation.customer_id, item_id, opinion)
    for text in ("a kettle", "your cheapest kettle", "cheaper"):
        events, _ = await recommend(shop, None, text, attune_shown_items="kettle-38")
        assert "kettle-26" not in shown(events) and "kettle-30" in shown(events)


async def test_no_suggestions_unasked_for_who_wants_none(world: World) -> None:
    await enter(world, recommendations=False)
    _, messages = await recommend(world, FakeRecommender(), "a code?", said="There are no codes.")
    assert messages == []
    _, messages = await recommend(world, FakeRecommender(), "a kettle, please")
    assert messages[0]["response"] == "utter_attune_suggestions"


async def test_a_disliked_category_is_left_out_unless_it_is_asked_for(shop: World) -> None:
    await enter(shop, disliked=("Kettles",))
    _, messages = await recommend(shop, None, "something red")
    assert messages[0]["response"] == "utter_attune_nothing_found"
    _, messages = await recommend(shop, None, "a red kettle")
    assert messages[0]["response"] == "utter_attune_suggestions"


async def test_interests_stand_in_where_nothing_is_named(world: World) -> None:
    await enter(world, interests=("green tea", "baking"))
    fake = FakeRecommender()
    for text in ("what do you recommend?", "can you suggest something for me", "recommend a kettle"):
        await recommend(world, fake, text)
    assert [one.query for one in fake.asked] == ["green tea baking", "green tea baking", "recommend a kettle"]


async def test_a_history_is_used_only_with_leave(world: World) -> None:
    customer_id = world.conversation.customer_id
    seen = Interaction(customer_id, "kettle-1", InteractionKind.VIEW, datetime.now(UTC))
    async with world.context.db.transaction() as tx:
        await tx.interactions.add([seen], "storefront")
    fake = FakeRecommender()
    await recommend(world, fake)
    async with world.context.db.transaction() as tx:
        for purpose in (Purpose.ASSIST, Purpose.PERSONALISE):
            await tx.consents.record(customer_id, Signal.BEHAVIOUR, purpose, True, NOTICE_VERSION)
    await recommend(world, fake)
    assert [len(one.history) for one in fake.asked] == [0, 1]


def test_filters_carry_what_the_customer_has_refused(tmp_path: Path) -> None:
    wishes = Wishes(Profile(disliked=("Lamps",)), frozenset({"kettle-1"}))
    request = question(turn("a kettle"), Settings(home=tmp_path), wishes, None)
    assert request.filters == Filters(without=frozenset({"kettle-1"}), without_categories=frozenset({"Lamps"}))
