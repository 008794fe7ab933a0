"""Warranty and repair."""

from collections.abc import Sequence, Set
from typing import ClassVar, Final

from rasa_sdk.executor import CollectingDispatcher

from actions.base import Event
from actions.shop.heard import Said
from actions.shop.identity import verified_order
from actions.shop.order_rules import warranty_until
from actions.shop.product_finder import ProductFinder, model_of
from actions.shop.reply import Outcome, Reply, ShopAction
from actions.shop.slots import PRODUCT
from actions.shop.wording import say_date, say_list, say_money, say_title
from actions.turn import Turn
from vocabulary import Item, RelationKind

MOST_PARTS: Final = 3


class WarrantyAction(ShopAction):
    """The terms; the exact date when an order is proved in this conversation."""

    action_name: ClassVar[str] = "action_shop_warranty"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Two years from delivery."""
        async with self.context.db.reading() as tx:
            # Of an order that may have been misheard nothing is told; the terms hold for all.
            sure = await Said.believes_number(tx, turn)
            order = await verified_order(tx, turn, self.context.guesses) if sure else None
        until = warranty_until(order) if order else None
        if order is None or until is None:
            return self.answer(Reply("utter_shop_warranty", outcome=Outcome.RESOLVED), turn, dispatcher)
        running = self.context.today() <= until
        response = "utter_shop_warranty_order" if running else "utter_shop_warranty_over"
        variables = {"number": order.number, "until": say_date(until)}
        return self.answer(Reply(response, variables, outcome=Outcome.RESOLVED), turn, dispatcher)


class RepairAction(ShopAction):
    """How a repair goes, and the spare part if the device is named and we have one."""

    action_name: ClassVar[str] = "action_shop_repair"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """The way of a repair."""
        async with self.context.db.reading() as tx:
            items = await tx.catalogue.items()
        return self.answer(_repair(items, turn), turn, dispatcher)


def _repair(items: Sequence[Item], turn: Turn) -> Reply:
    finder = ProductFinder(items)
    devices = finder.meant(turn.entity("product"), turn.text or "")
    if not devices and turn.slot(PRODUCT):
        devices = finder.named(str(turn.slot(PRODUCT)))
    if len({model_of(item) for item in devices}) == 1:
        parts = [
            f"{say_title(part.title)} for {say_money(part.price, part.currency)}"
            for part in items
            if part.is_available and _fits(part, {item.id for item in devices})
        ]
        if parts:
            variables = {"title": model_of(devices[0]), "parts": say_list(parts[:MOST_PARTS])}
            return Reply("utter_shop_repair_parts", variables, outcome=Outcome.RESOLVED)
    # "A person can register it now": a typed yes is a yes to that.
    return Reply("utter_shop_repair", outcome=Outcome.RESOLVED, offers="attune_talk_to_person")


def _fits(part: Item, device_ids: Set[str]) -> bool:
    return any(one.kind is RelationKind.SPARE_PART_OF and one.target_id in device_ids for one in part.relations)
