"""With every signal off the product is the same: each action does and says what it does for a calm customer."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.assess import AssessAction
from actions.escalate import EscalateAction
from actions.server import core_actions
from actions.shop import INTENT_PHRASES, pack_actions
from tests.actions.conftest import World, a_world
from tests.actions.shop.conftest import EMAIL, Customer, a_customer
from tests.actions.test_recommend import FakeRecommender
from tests.actions.trackers import TrackerBuilder
from vocabulary import Owner, Signal

OWN = {"action_attune_assess", "action_attune_what_known"}
"""These two are about emotion itself."""


async def everything(world: World, customer: Customer) -> dict[str, tuple[list[Any], list[Any]]]:
    """What every action answers to the same customer who has proved an order."""
    context = replace(customer.context, recommender=FakeRecommender())  # type: ignore[arg-type]
    customer.context = context
    said: dict[str, tuple[list[Any], list[Any]]] = {}
    actions = [*core_actions(context, dict(INTENT_PHRASES)), *pack_actions(context)]
    for number, action in enumerate(actions):
        message_id = f"message-{number:04d}"
        await world.receive(message_id, "where is my order?")
        await customer.call(AssessAction, "where is my order?", "order_status", message_id=message_id)
        customer.slots = {"shop_order_number": "417201", "shop_proof": EMAIL}
        name = action.name()
        form = name.removeprefix("validate_") if name.startswith("validate_") else None
        answer = await customer.call(
            lambda _, action=action: action,  # type: ignore[misc]
            "where is my order?",
            "order_status",
            message_id=message_id,
            form=form,
            candidates={"shop_order_number": "417201"} if form else None,
        )
        said[name] = (answer.events, answer.messages)
    return said


async def test_every_action_answers_without_consent_as_it_answers_a_calm_customer(tmp_path: Path) -> None:
    said = []
    for signals in ((), (Signal.TEXT, Signal.VOICE, Signal.FACE, Signal.BEHAVIOUR)):
        async with a_world(tmp_path / str(len(signals))) as world:
            world.text.label, world.text.cue = "neutral", 0.05
            await world.consent(*signals)
            said.append(await everything(world, await a_customer(world)))
            assert bool(world.text.texts) == bool(signals)
    off, on = said
    assert len(off) > 30 and not [name for name, (events, _) in off.items() if ":failed:" in str(events)]
    assert {name for name in off.keys() - OWN if _plain(off[name]) != _plain(on[name])} == set()


def _plain(answer: tuple[list[Any], list[Any]]) -> str:
    """Without what is drawn anew each time: numbers of tickets."""
    events, messages = answer
    kept = [event for event in events if "complaint" not in str(event)]
    return str((kept, [message.get("response") for message in messages]))


@pytest.mark.parametrize(
    ("text", "intent", "before"),
    [
        ("I want a person", "attune_talk_to_person", 0),
        ("my toaster is smoking", "repair_request", 0),
        ("where is it", "nlu_fallback", 2),
    ],
)
async def test_a_person_comes_by_request_by_topic_and_after_failures_without_any_consent(
    world: World, text: str, intent: str, before: int
) -> None:
    builder = TrackerBuilder(world.conversation.id)
    for number in range(before):
        builder.user("qwertz", "nlu_fallback", message_id=f"message-{number}")
    await world.receive("message-9", text)
    builder.user(text, intent, message_id="message-9")
    events = await AssessAction(world.context).run(CollectingDispatcher(), builder.tracker(), {})
    assert {"attune_escalate": True}.items() <= {event["name"]: event["value"] for event in events}.items()
    await EscalateAction(world.context).run(CollectingDispatcher(), builder.tracker(), {})
    async with world.context.db.reading() as tx:
        conversation = await tx.conversations.get(world.conversation.id)
        handed_over = await tx.escalations.of_conversation(world.conversation.id)
    assert conversation is not None and conversation.owner is Owner.WAITING
    assert handed_over is not None and "No emotion was assessed" in handed_over.reason
    assert world.text.texts == []
