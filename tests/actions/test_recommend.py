"""What is asked of the recommender, and what the customer gets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import Settings, Turn
from actions.recommend import RecommendAction, about_items, wish
from actions.wishes import Wishes
from recommender import Filters
from store import Opinion, Profile
from tests.actions.conftest import World
from tests.actions.trackers import TrackerBuilder
from vocabulary import Assessment, Decision, Item, Mode, Suggestion


@dataclass
class FakeRecommender:
    """Suggests one kettle and remembers what it was asked."""

    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    found: Sequence[Suggestion] = (Suggestion("kettle-1", "Kettle", Decimal("38.00"), "Kettles", 1.0, "Matches."),)

    def update_items(self, items: Sequence[Item]) -> None:
        """Stock and prices do not matter here."""

    def suggest(
        self, query: str, *, limit: int, filters: Filters | None, state: object, about: Sequence[str]
    ) -> list[Suggestion]:
        self.asked.append((query, tuple(about)))
        return [
            found
            for found in self.found
            if filters is None
            or (
                found.price <= (filters.upper or found.price)
                and found.item_id not in filters.without
                and found.category not in filters.without_categories
            )
        ]


def turn(text: str, entities: dict[str, str] | None = None, **slots: str) -> Turn:
    builder = TrackerBuilder(slots=dict(slots)).user(text, "product_recommend", entities=entities)
    return Turn.from_tracker(builder.state())


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (turn("a kettle under 60 euros", {"product": "kettle", "price_limit": "60"}), "a kettle under 60 euros"),
        (turn("under 60 euros", {"price_limit": "60"}, shop_product="kettle"), "under 60 euros kettle"),
        (turn("something blue", shop_product="kettle", shop_price_limit="60"), "something blue kettle under 60"),
        (turn("/product_recommend", shop_category="Kettles"), "Kettles"),
        (turn("/product_recommend"), ""),
    ],
)
def test_words_are_completed_by_what_was_said_before(tmp_path: Any, asked: Turn, expected: str) -> None:
    assert wish(asked, Settings(home=tmp_path)) == expected


def test_items_of_the_case_are_passed_on(tmp_path: Any) -> None:
    assert about_items(turn("a new lid", attune_about_items="kettle-1 toaster-2"), Settings(home=tmp_path)) == (
        "kettle-1",
        "toaster-2",
    )


async def recommend(
    world: World, fake: FakeRecommender, text: str = "a kettle", *, said: str = "", **slots: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
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


def kettles() -> tuple[Sequence[Item], Sequence[Suggestion]]:
    items = tuple(
        Item(f"kettle-{price}", f"Kettle {price}", "About it.", "Kettles", Decimal(price), 5, {})
        for price in (38, 26, 30)
    )
    return items, tuple(Suggestion(item.id, item.title, item.price, item.category, 1.0, "Fits.") for item in items)


async def test_cheaper_means_below_the_lowest_price_shown(world: World) -> None:
    items, suggestions = kettles()
    async with world.context.db.transaction() as tx:
        await tx.catalogue.replace_all(items)
    fake = FakeRecommender(found=suggestions)
    events, messages = await recommend(world, fake, "cheaper", attune_shown_items="kettle-38 kettle-30")
    assert messages[0]["response"] == "utter_attune_suggestions"
    assert events[0]["value"] == "kettle-26"
    _, messages = await recommend(world, fake, "anything cheaper?", attune_shown_items="kettle-26")
    assert [message["response"] for message in messages] == ["utter_attune_nothing_cheaper"]
    assert messages[0]["attune_price"] == "26.00"


async def test_the_cheapest_comes_first_when_it_is_asked_for(world: World) -> None:
    items, suggestions = kettles()
    async with world.context.db.transaction() as tx:
        await tx.catalogue.replace_all(items)
    events, _ = await recommend(world, FakeRecommender(found=suggestions), "your cheapest kettle")
    assert events[0]["value"] == "kettle-26 kettle-30 kettle-38"


async def test_an_answer_of_its_own_needs_no_apology_for_missing_suggestions(world: World) -> None:
    _, messages = await recommend(world, FakeRecommender(found=()), "a code?", said="There are no codes.")
    assert messages == []


async def enter(world: World, **profile: Any) -> None:
    async with world.context.db.transaction() as tx:
        await tx.profiles.put(world.conversation.customer_id, Profile(**profile))


async def test_an_item_that_is_not_for_me_is_never_suggested_again(world: World) -> None:
    items, suggestions = kettles()
    async with world.context.db.transaction() as tx:
        await tx.catalogue.replace_all(items)
        for item_id, opinion in (("kettle-26", Opinion.NOT_FOR_ME), ("kettle-30", Opinion.NOT_HELPFUL)):
            await tx.suggestion_feedback.put(world.conversation.customer_id, item_id, opinion)
    for text in ("a kettle", "your cheapest kettle", "cheaper"):
        events, _ = await recommend(world, FakeRecommender(found=suggestions), text, attune_shown_items="kettle-38")
        assert "kettle-26" not in str(events) and "kettle-30" in str(events[0]["value"])


async def test_no_suggestions_unasked_for_who_wants_none(world: World) -> None:
    await enter(world, recommendations=False)
    _, messages = await recommend(world, FakeRecommender(), "a code?", said="There are no codes.")
    assert messages == []
    _, messages = await recommend(world, FakeRecommender(), "a kettle, please")
    assert messages[0]["response"] == "utter_attune_suggestions"


async def test_a_disliked_category_is_left_out_unless_it_is_asked_for(world: World) -> None:
    await enter(world, disliked=("Kettles",))
    _, messages = await recommend(world, FakeRecommender(), "something for the kitchen")
    assert messages[0]["response"] == "utter_attune_nothing_found"
    _, messages = await recommend(world, FakeRecommender(), "a kettle")
    assert messages[0]["response"] == "utter_attune_suggestions"


async def test_interests_stand_in_where_nothing_is_named(world: World) -> None:
    await enter(world, interests=("green tea", "baking"))
    fake = FakeRecommender()
    for text in ("what do you recommend?", "can you suggest something for me", "recommend a kettle"):
        await recommend(world, fake, text)
    assert [query for query, _ in fake.asked] == ["green tea baking", "green tea baking", "recommend a kettle"]


def test_a_liked_category_wins_near_ties_and_never_costs_more() -> None:
    def one(item_id: str, score: float, price: str, category: str) -> Suggestion:
        return Suggestion(item_id, item_id, Decimal(price), category, score, "Fits.")

    wishes = Wishes(Profile(liked=("Teapots",)))
    kettle, dear, cheap = (
        one("k", 0.9, "30", "Kettles"),
        one("d", 0.88, "31", "Teapots"),
        one("c", 0.87, "29", "Teapots"),
    )
    far = one("f", 0.5, "10", "Teapots")
    assert [found.item_id for found in wishes.arranged([kettle, cheap, far])] == ["c", "k", "f"]
    assert [found.item_id for found in wishes.arranged([kettle, dear])] == ["k", "d"]
    assert Wishes().arranged([kettle, cheap]) == [kettle, cheap]
