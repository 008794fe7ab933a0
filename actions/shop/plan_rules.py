"""What can be changed about a service plan: for everyone by the same rules of relief. Pure."""

from typing import Final

from journey import ContractFacts, PlanFacts, ReliefKind, relief_options
from store import Plan, PlanStatus, PlanTier

LOWER: Final = {PlanTier.PREMIUM: PlanTier.PLUS, PlanTier.PLUS: PlanTier.BASIC}


def settled_response(plan: Plan, topic: object) -> str | None:
    """The response for a plan that is already as the topic wants it; None if there is something to change."""
    if plan.status is PlanStatus.CANCELLED:
        return "utter_shop_plan_already_cancelled"
    facts = PlanFacts(active=plan.status is PlanStatus.ACTIVE, cancelled=False, has_lower_tier=plan.tier in LOWER)
    options = {option.kind for option in relief_options(ContractFacts(plan=facts))}
    if topic == "plan_pause" and ReliefKind.PAUSE not in options:
        return "utter_shop_plan_already_paused"
    if topic == "plan_downgrade" and ReliefKind.DOWNGRADE not in options:
        return "utter_shop_plan_lowest"
    return None
