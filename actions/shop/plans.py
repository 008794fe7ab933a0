"""Service plans: cancel, pause, downgrade, as easily as they were booked."""

from collections.abc import Sequence
from typing import ClassVar, Final

from rasa_sdk.executor import CollectingDispatcher

from actions.base import Event
from actions.shop.identity import unproved, verified_order
from actions.shop.plan_rules import LOWER, settled_response
from actions.shop.reply import Outcome, Reply, ShopAction, utter
from actions.shop.returns import choice_payload
from actions.shop.slots import CONFIRM, PLAN, TOPIC
from actions.shop.wording import say_list
from actions.turn import Turn
from store import Plan, PlanStatus, Transaction

_EMPTIED: Final = {PLAN: None, CONFIRM: None}
_NONE: Final = Reply("utter_shop_plan_none", outcome=Outcome.REFUSED)


class PlanAction(ShopAction):
    """Changes one plan of this customer after a yes."""

    action_name: ClassVar[str] = "action_shop_plan"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Change it, or say that it is so already."""

        async def work(tx: Transaction) -> Reply:
            order = await verified_order(tx, turn, self.context.guesses)
            if order is None:
                return unproved(turn)
            plan = _plan_meant(await tx.orders.plans_of(order.email), turn)
            if plan is None:
                return _NONE
            settled = settled_response(plan, turn.slot(TOPIC))
            if settled is not None:
                return Reply(settled, _words(plan), outcome=Outcome.REFUSED, slots=_EMPTIED)
            if turn.slot(CONFIRM) is not True:
                return Reply("utter_shop_plan_kept", _words(plan), outcome=Outcome.RESOLVED, slots=_EMPTIED)
            return await _change(tx, plan, turn)

        return self.answer(await self.once(turn, work), turn, dispatcher)


async def _change(tx: Transaction, plan: Plan, turn: Turn) -> Reply:
    topic = turn.slot(TOPIC)
    if topic == "plan_downgrade":
        await tx.orders.set_plan(plan.id, tier=LOWER[plan.tier])
        response = "utter_shop_plan_downgraded"
    elif topic == "plan_pause":
        await tx.orders.set_plan(plan.id, status=PlanStatus.PAUSED)
        response = "utter_shop_plan_paused"
    else:
        await tx.orders.set_plan(plan.id, status=PlanStatus.CANCELLED)
        response = "utter_shop_plan_cancelled"
    return Reply(response, _words(plan), outcome=Outcome.RESOLVED, slots=_EMPTIED)


def _plan_meant(plans: Sequence[Plan], turn: Turn) -> Plan | None:
    return next((plan for plan in plans if plan.id == turn.slot(PLAN)), None)


def _words(plan: Plan) -> dict[str, str]:
    lower = LOWER.get(plan.tier, plan.tier)
    return {"plan": f"{plan.title} ({plan.tier.value})", "tier": lower.value}


class AskPlanAction(ShopAction):
    """Asks which plan, with one button for each."""

    action_name: ClassVar[str] = "action_ask_shop_plan_form_shop_plan"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Name the plans."""
        async with self.context.db.reading() as tx:
            order = await verified_order(tx, turn, self.context.guesses)
            plans = await tx.orders.plans_of(order.email) if order else []
        if not plans:
            utter(_NONE if order else unproved(turn), dispatcher)
            return []
        names = [_words(plan)["plan"] for plan in plans]
        buttons = tuple((name, choice_payload(plan.id)) for name, plan in zip(names, plans, strict=True))
        variables = {"choices": f"There are {say_list(names)}."}
        utter(Reply("utter_shop_ask_plan", variables, buttons=buttons), dispatcher)
        return []


class AskPlanConfirmAction(ShopAction):
    """Asks for the yes, and says what it means."""

    action_name: ClassVar[str] = "action_ask_shop_plan_form_shop_confirm"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Ask with the plan's name."""
        async with self.context.db.reading() as tx:
            order = await verified_order(tx, turn, self.context.guesses)
            plan = _plan_meant(await tx.orders.plans_of(order.email), turn) if order else None
        if plan is None:
            utter(_NONE if order else unproved(turn), dispatcher)
            return []
        wish = str(turn.slot(TOPIC) or "").removeprefix("plan_")
        wish = wish if wish in ("pause", "downgrade") else "cancel"
        utter(Reply(f"utter_shop_plan_confirm_{wish}", _words(plan)), dispatcher)
        return []
