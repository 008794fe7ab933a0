"""What is given to one who asks does not depend on how they seem, nor on whether anything may be sensed."""

import re

import pytest
import yaml

from actions.shop.plans import PlanAction
from journey import ReliefKind, relief_rules
from store import PlanStatus, PlanTier
from tests.actions.conftest import World
from tests.actions.shop.conftest import EMAIL, Customer
from tests.test_layers import ROOT
from vocabulary import Assessment, CustomerState, Decision, Mode, Signal, StateName

CALM_WORDS, FURIOUS_WORDS = "yes please", "YES!!! this is outrageous, do it NOW"


@pytest.mark.parametrize("mode", [None, *Mode])
@pytest.mark.parametrize("level", [None, 0.0, 50.0, 100.0])
@pytest.mark.parametrize("topic", ["plan_pause", "plan_downgrade"])
async def test_plans_change_the_same_way_for_everyone(
    world: World, customer: Customer, mode: Mode | None, level: float | None, topic: str
) -> None:
    """mode: as the assistant speaks. level: as it was sensed; None for emotion off."""
    if level is not None:
        await world.consent(Signal.TEXT)
        name = StateName.FRUSTRATED if level > 50 else StateName.CALM
        state = CustomerState(level, 0.0, name, 0.9, 3)
        decision = Decision(mode or Mode.NEUTRAL, offers_allowed=False, escalate=False, reason="Known.")
        async with world.context.db.transaction() as tx:
            await tx.assessments.save(Assessment(customer.conversation_id, "message-0000", state=state), decision)
    slots = {"shop_topic": topic, "shop_plan": "plan_care", "shop_confirm": True, "attune_mode": mode and mode.value}
    customer.knows("417201", **slots)
    said = await customer.call(PlanAction, CALM_WORDS if level is None else FURIOUS_WORDS, "affirm")
    async with world.context.db.reading() as tx:
        plan = next(one for one in await tx.orders.plans_of(EMAIL) if one.id == "plan_care")
    if topic == "plan_pause":
        assert said.responses == ["utter_shop_plan_paused"]
        assert (plan.status, plan.tier) == (PlanStatus.PAUSED, PlanTier.PLUS)
    else:
        assert said.responses == ["utter_shop_plan_downgraded"]
        assert (plan.status, plan.tier) == (PlanStatus.ACTIVE, PlanTier.BASIC)


def test_every_manner_of_speaking_names_the_same_terms() -> None:
    """Instalments are answered by a response alone: each variation says the rules' figures, and no other."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    variations = domain["responses"]["utter_shop_instalments"]
    rules = dict(relief_rules())
    figures = set(re.findall(r"\d+", rules[ReliefKind.INSTALMENTS] + rules[ReliefKind.LATER_INVOICE]))
    assert {str(v.get("condition", [{}])[0].get("value", "")) for v in variations} == {"", "slow", "no_sell"}
    for variation in variations:
        assert set(re.findall(r"\d+", variation["text"])) == figures
        assert "everyone" in variation["text"]
