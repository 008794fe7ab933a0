"""What can be changed about a service plan. Pure."""

from typing import Final

from store import Plan, PlanStatus, PlanTier

LOWER: Final = {PlanTier.PREMIUM: PlanTier.PLUS, PlanTier.PLUS: PlanTier.BASIC}


def settled_response(plan: Plan, topic: object) -> str | None:
    """The response for a plan that is already as the topic wants it; None if there is something to change."""
    if plan.status is PlanStatus.CANCELLED:
        return "utter_shop_plan_already_cancelled"
    if topic == "plan_pause" and plan.status is PlanStatus.PAUSED:
        return "utter_shop_plan_already_paused"
    if topic == "plan_downgrade" and plan.tier not in LOWER:
        return "utter_shop_plan_lowest"
    return None
