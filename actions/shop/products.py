"""Answers about products, from the catalogue as it is now."""

import json
import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Final

from rasa_sdk.executor import CollectingDispatcher

from actions.base import Event
from actions.shop.product_facts import say_difference, say_facts
from actions.shop.product_finder import ProductFinder, model_of
from actions.shop.reply import Outcome, Reply, ShopAction
from actions.shop.shown import places_in, shown_items, shown_slot
from actions.shop.slots import PRODUCT
from actions.shop.wording import say_foreign_words, say_list, say_money, say_title
from actions.turn import SHOWN_SLOT, Turn
from vocabulary import Item

MOST_NAMED: Final = 3
_POINTS_BACK: Final = re.compile(r"\b(?:it|its|this|that|these|those|they|them|one|ones)\b", re.IGNORECASE)
_ASKS_PRICE: Final = re.compile(r"\b(?:how much (?:is|are|does|do|for)|price|cost|costs)\b", re.IGNORECASE)
_WHICH: Final = Reply("utter_shop_which_product")
_BETWEEN: Final = re.compile(r"\s+(?:and|or|vs\.?|versus|with|to|against|than)\s+|[,?]", re.IGNORECASE)


class ProductAction(ShopAction):
    """Base: finds what the message is about."""

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Answer from the catalogue."""
        return self.answer(await self.reply(turn), turn, dispatcher)

    async def reply(self, turn: Turn) -> Reply:
        """The answer to this turn."""
        async with self.context.db.reading() as tx:
            items = await tx.catalogue.items()
        finder = ProductFinder(items)
        text = turn.text or ""
        words = turn.entity("product")
        pointed = places_in(text, shown_items(turn, items))
        named = finder.meant(words, text)
        # "The first kettle" is one of the kettles that were shown.
        found = [item for item in pointed if item in named] or named or pointed
        if not found and not words:
            words = finder.unknown_words(text)
            if turn.slot(PRODUCT) and (_POINTS_BACK.search(text) or not words):
                words = str(turn.slot(PRODUCT))
                found = finder.named(words)
        if found:
            models = {model_of(item) for item in found}
            # "How loud is it?" goes on with the model that this was about.
            slots = {PRODUCT: models.pop()} if len(models) == 1 else {}
            if not pointed:
                slots[SHOWN_SLOT] = shown_slot(self.told(found))
            return replace(self.about(found, turn), slots=slots)
        if not words or len(words.split()) > MOST_NAMED:
            return _WHICH
        return Reply("utter_shop_product_unknown", {"words": say_foreign_words(words)}, outcome=Outcome.REFUSED)

    @abstractmethod
    def about(self, found: Sequence[Item], turn: Turn) -> Reply:
        """What to say about the items that are meant."""

    def told(self, found: Sequence[Item]) -> list[Item]:
        """Those that the answer names, in its order."""
        return _spread(found)


class AvailabilityAction(ProductAction):
    """Is it in stock?"""

    action_name: ClassVar[str] = "action_shop_product_availability"

    def told(self, found: Sequence[Item]) -> list[Item]:
        """Those in stock."""
        return _spread([item for item in found if item.is_available])

    def about(self, found: Sequence[Item], turn: Turn) -> Reply:
        """One item with its stock, or a few of several."""
        there = [item for item in found if item.is_available]
        if not there:
            title = say_title(found[0].title) if len(found) == 1 else model_of(found[0])
            return Reply("utter_shop_unavailable", {"title": title}, outcome=Outcome.RESOLVED)
        if len(found) == 1:
            variables = {
                "title": say_title(there[0].title),
                "price": say_money(there[0].price, there[0].currency),
                "stock": _say_stock(there[0]),
            }
            return Reply("utter_shop_available", variables, outcome=Outcome.RESOLVED)
        named = say_list(
            [f"{say_title(item.title)} for {say_money(item.price, item.currency)}" for item in _spread(there)]
        )
        if len(there) <= MOST_NAMED:
            return Reply("utter_shop_available_all", {"lines": named}, outcome=Outcome.RESOLVED)
        variables = {"count": str(len(there)), "lines": named}
        return Reply("utter_shop_available_several", variables, outcome=Outcome.RESOLVED)


class ProductQuestionAction(ProductAction):
    """A fact about one item."""

    action_name: ClassVar[str] = "action_shop_product_question"

    def about(self, found: Sequence[Item], turn: Turn) -> Reply:
        """The asked fact; all facts if none fits; the models to choose from if several are meant."""
        models = {model_of(item) for item in found}
        if len(models) > 1:
            return self._several(found, turn)
        item = next((item for item in found if item.is_available), found[0])
        facts, answers = say_facts(item, turn.text or "")
        variables = {"title": say_title(item.title), "facts": facts, "price": say_money(item.price, item.currency)}
        if not answers and item.is_available and _ASKS_PRICE.search(turn.text or ""):
            return Reply(
                "utter_shop_available",
                {"title": variables["title"], "price": variables["price"], "stock": _say_stock(item)},
                outcome=Outcome.RESOLVED,
            )
        if answers:
            return Reply("utter_shop_fact", variables, outcome=Outcome.RESOLVED)
        return Reply("utter_shop_facts", {**variables, "description": item.description}, outcome=Outcome.RESOLVED)

    @staticmethod
    def _several(found: Sequence[Item], turn: Turn) -> Reply:
        shown = _spread(found)
        told = [(item, *say_facts(item, turn.text or "")) for item in shown]
        if all(answers for _, _, answers in told):
            lines = " ".join(f"{say_title(item.title)}: {facts}" for item, facts, _ in told)
            return Reply("utter_shop_fact_several", {"lines": lines}, outcome=Outcome.RESOLVED)
        buttons = tuple((item.title, f"/product_question{json.dumps({'product': item.title})}") for item in shown)
        return Reply(
            "utter_shop_which_of", {"options": say_list([say_title(item.title) for item in shown])}, buttons=buttons
        )


class CompareAction(ShopAction):
    """Two items side by side."""

    action_name: ClassVar[str] = "action_shop_product_compare"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Compare the two that are named."""
        async with self.context.db.reading() as tx:
            items = await tx.catalogue.items()
        reply = self._reply(ProductFinder(items), shown_items(turn, items), turn)
        return self.answer(reply, turn, dispatcher)

    @staticmethod
    def _reply(finder: ProductFinder, shown: Sequence[Item], turn: Turn) -> Reply:
        named = [entity.value for entity in turn.entities if entity.name == "product"]
        if len(named) < 2:
            named = _BETWEEN.split((turn.text or "")[:300])
        found: list[Item] = []
        for words in named:
            item = _one(finder.mentioned(words), found)
            if item is not None:
                found.append(item)
        if len(found) < 2:
            # Two of one kind: "compare your two cheapest kettles".
            rest = finder.mentioned(turn.text or "")
            found = list({model_of(item): item for item in reversed(rest)}.values())[:2] if len(rest) > 1 else found
        if len(found) < 2 and len(shown) > 1:
            pointed = places_in(turn.text or "", shown)
            found = pointed if len(pointed) > 1 else list(shown[:2])
        if len(found) < 2:
            return Reply("utter_shop_compare_which")
        first, second = found[:2]
        variables = {"first": _side(first), "second": _side(second), "difference": say_difference(first, second)}
        return Reply("utter_shop_compare", variables, outcome=Outcome.RESOLVED)


def _one(candidates: Sequence[Item], taken: Sequence[Item]) -> Item | None:
    models = {model_of(item) for item in taken}
    free = [item for item in candidates if model_of(item) not in models]
    return next((item for item in free if item.is_available), free[0] if free else None)


def _side(item: Item) -> str:
    facts, _ = say_facts(item)
    return f"{say_title(item.title)} for {say_money(item.price, item.currency)}. {facts}"


def _spread(items: Sequence[Item]) -> list[Item]:
    """A few of them, one of each model first."""
    first = list({model_of(item): item for item in reversed(items)}.values())[::-1]
    rest = [item for item in items if item not in first]
    return [*first, *rest][:MOST_NAMED]


def _say_stock(item: Item) -> str:
    if item.stock is None:
        return "as many as you like"
    return "only a few left" if item.stock <= 3 else "more than ten" if item.stock > 10 else f"{item.stock} pieces"
