"""What is asked of the recommender, and what the customer gets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import Settings, Turn
from actions.recommend import RecommendAction, about_items, wish
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

    def suggest(self, query: str, *, limit: int, state: object, about: Sequence[str]) -> list[Suggestion]:
        self.asked.append((query, tuple(about)))
        return list(self.found)


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


async def recommend(world: World, fake: FakeRecommender) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    object.__setattr__(world.context, "recommender", fake)
    builder = TrackerBuilder(world.conversation.id).user("a kettle", "product_recommend", message_id="message-1")
    dispatcher = CollectingDispatcher()
    events = await RecommendAction(world.context).run(dispatcher, builder.tracker(), {})
    return events, dispatcher.messages


async def test_suggestions_come_as_cards(world: World) -> None:
    events, messages = await recommend(world, FakeRecommender())
    assert [message.get("response") for message in messages] == ["utter_attune_suggestions", None]
    assert messages[1]["custom"]["attune_suggestions"][0]["id"] == "kettle-1"
    assert [event["name"] for event in events] == ["attune_outcome", "attune_receipt"]


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
