"""Complaints: each one is kept word for word and gets a number."""

from typing import ClassVar

from rasa_sdk.executor import CollectingDispatcher

from actions.base import Event
from actions.shop.heard import Said
from actions.shop.identity import verified_order
from actions.shop.reply import Reply, ShopAction
from actions.shop.slots import COMPLAINT_TEXT
from actions.shop.wording import say_reference
from actions.turn import Turn
from store import Transaction


class ComplaintAction(ShopAction):
    """Stores the complaint, with the order if one is proved in this conversation, and offers a person."""

    action_name: ClassVar[str] = "action_shop_complaint"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Store it once."""

        async def work(tx: Transaction) -> Reply:
            text = str(turn.slot(COMPLAINT_TEXT) or "")
            if not text:
                return Reply("utter_shop_complaint_empty")
            # A complaint is never noted with an order that may have been misheard: its words say which one it is.
            sure = await Said.believes_number(tx, turn)
            order = await verified_order(tx, turn, self.context.guesses) if sure else None
            complaint = await tx.orders.add_complaint(
                turn.conversation_id,
                text,
                order.number if order else None,
                message_key=f"{turn.conversation_id}:{turn.message_id}",
            )
            variables = {"ticket": say_reference("T", complaint.id)}
            # A noted complaint is not a solved one: neither success nor refusal for the level.
            return Reply(
                "utter_shop_complaint_stored",
                variables,
                offers="attune_talk_to_person",
                slots={COMPLAINT_TEXT: None},
            )

        return self.answer(await self.once(turn, work), turn, dispatcher)
