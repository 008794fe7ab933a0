"""The other core actions, by their exact events and database effects."""

from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneAction
from actions.dialogue import AskAffirmationAction, ConfirmIntentAction, FallbackAction, RepeatAction
from actions.escalate import EscalateAction
from actions.privacy import EmotionOffAction, WhatKnownAction
from tests.actions.conftest import World
from tests.actions.trackers import TrackerBuilder
from vocabulary import Assessment, Decision, Mode, Owner, Signal

MESSAGE = "message-1"


async def run(action: AttuneAction, builder: TrackerBuilder) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, builder.tracker(), {})
    return events, dispatcher.messages


def receipt(action: AttuneAction) -> dict[str, Any]:
    return {"event": "slot", "timestamp": None, "name": "attune_receipt", "value": f"{MESSAGE}:{action.action_name}"}


async def test_escalation_pauses_and_changes_the_owner(world: World) -> None:
    action = EscalateAction(world.context)
    await world.receive(MESSAGE, "a person please")
    builder = TrackerBuilder(world.conversation.id).user("a person please", "attune_talk_to_person", message_id=MESSAGE)
    events, messages = await run(action, builder)
    assert [event["event"] for event in events] == ["action", "pause", "slot"]
    assert events[0]["name"] == "action_listen"
    assert events[2] == receipt(action)
    assert [message["response"] for message in messages] == ["utter_attune_handed_over"]
    async with world.context.db.reading() as tx:
        conversation = await tx.conversations.get(world.conversation.id)
        queue = await tx.escalations.open()
    assert conversation is not None
    assert conversation.owner is Owner.WAITING
    assert [escalation.conversation_id for escalation in queue] == [world.conversation.id]


async def test_escalation_repeated_for_one_message_asks_once(world: World) -> None:
    action = EscalateAction(world.context)
    await world.receive(MESSAGE, "a person please")
    builder = TrackerBuilder(world.conversation.id).user("a person please", "attune_talk_to_person", message_id=MESSAGE)
    await run(action, builder)
    await run(action, builder)
    async with world.context.db.reading() as tx:
        assert len(await tx.escalations.open()) == 1


async def test_escalation_carries_the_decision_s_reason_and_priority(world: World) -> None:
    await world.receive(MESSAGE, "the toaster caught fire")
    async with world.context.db.transaction() as tx:
        await tx.assessments.save(
            Assessment(world.conversation.id, MESSAGE),
            Decision(Mode.NEUTRAL, False, True, "The message is about a possible danger.", 100),
        )
    builder = TrackerBuilder(world.conversation.id).user("fire", "complaint", message_id=MESSAGE)
    await run(EscalateAction(world.context), builder)
    async with world.context.db.reading() as tx:
        escalation = (await tx.escalations.open())[0]
    assert (escalation.priority, escalation.reason) == (100, "The message is about a possible danger.")


async def test_emotion_off_withdraws_everything_and_speaks_neutrally(world: World) -> None:
    await world.consent(Signal.TEXT, Signal.VOICE)
    builder = TrackerBuilder(world.conversation.id).user("stop reading me", "attune_emotion_off", message_id=MESSAGE)
    events, messages = await run(EmotionOffAction(world.context), builder)
    slots = {event["name"]: event["value"] for event in events}
    assert (slots["attune_mode"], slots["attune_clarify"]) == ("neutral", False)
    assert messages[0]["response"] == "utter_attune_emotion_off"
    async with world.context.db.reading() as tx:
        assert await tx.consents.granted(world.conversation.customer_id) == frozenset()
        assert len(await tx.consents.history(world.conversation.customer_id)) == 4


async def test_what_is_known_is_counted(world: World) -> None:
    await world.consent(Signal.TEXT)
    await world.receive(MESSAGE, "what do you know about me")
    builder = TrackerBuilder(world.conversation.id).user("?", "attune_what_do_you_know", message_id=MESSAGE)
    _, messages = await run(WhatKnownAction(world.context), builder)
    said = messages[0]
    assert (said["attune_messages"], said["attune_assessed"], said["attune_signals"]) == (1, 0, "text")


async def test_repeat_says_the_last_answer_again(world: World) -> None:
    builder = TrackerBuilder(world.conversation.id).user("hours", "opening_hours").bot("Nine to five.")
    builder.user("again please", "attune_repeat", message_id=MESSAGE)
    _, messages = await run(RepeatAction(world.context), builder)
    assert [message["text"] for message in messages] == ["Nine to five."]


async def test_second_failure_in_a_row_offers_a_person(world: World) -> None:
    action = FallbackAction(world.context)
    builder = TrackerBuilder(world.conversation.id).user("blah", "nlu_fallback")
    _, first = await run(action, builder)
    _, second = await run(action, builder.user("blub", "nlu_fallback"))
    assert first[0]["response"] == "utter_attune_rephrase"
    assert second[0]["response"] == "utter_attune_offer_person"


async def test_did_you_mean_asks_about_the_likeliest_intent_with_words_for_it(world: World) -> None:
    action = AskAffirmationAction(world.context, {"order_status": "where your order is"})
    builder = TrackerBuilder(world.conversation.id)
    builder.user("the thing", "nlu_fallback", message_id=MESSAGE, ranking=("out_of_scope", "order_status"))
    events, messages = await run(action, builder)
    assert {event["name"]: event["value"] for event in events}["attune_pending_intent"] == "order_status"
    assert [button["payload"] for button in messages[0]["buttons"]] == ["/order_status", "/deny"]
    assert messages[0]["attune_intent_phrase"] == "where your order is"


async def test_declining_our_guess_does_not_start_the_count_anew(world: World) -> None:
    action = AskAffirmationAction(world.context, {"order_status": "where your order is"})
    builder = TrackerBuilder(world.conversation.id).user("the thing", "nlu_fallback", ranking=("order_status",))
    builder.user("/deny", "deny").user("blub", "nlu_fallback", ranking=("order_status",))
    _, messages = await run(action, builder)
    assert messages[0]["response"] == "utter_attune_offer_person"


async def test_typed_yes_goes_on_with_the_pending_intent_under_the_same_message(world: World) -> None:
    builder = TrackerBuilder(world.conversation.id).user("the thing", "nlu_fallback")
    builder.slot("attune_pending_intent", "order_status").user("yes", "affirm", message_id=MESSAGE)
    events, messages = await run(ConfirmIntentAction(world.context), builder)
    assert messages == []
    assert [event["event"] for event in events] == ["slot", "action", "user", "slot"]
    assert events[2]["parse_data"]["intent"]["name"] == "order_status"
    assert events[2]["metadata"] == {"message_id": MESSAGE}


async def test_a_yes_after_another_message_starts_nothing_old(world: World) -> None:
    builder = TrackerBuilder(world.conversation.id).user("the thing", "nlu_fallback")
    builder.slot("attune_pending_intent", "order_status").user("thanks", "thank").user(
        "yes", "affirm", message_id=MESSAGE
    )
    events, messages = await run(ConfirmIntentAction(world.context), builder)
    assert [event["event"] for event in events] == ["slot"]
    assert messages[0]["response"] == "utter_attune_acknowledge"


async def test_yes_to_nothing_is_acknowledged(world: World) -> None:
    builder = TrackerBuilder(world.conversation.id).user("yes", "affirm", message_id=MESSAGE)
    action = ConfirmIntentAction(world.context)
    events, messages = await run(action, builder)
    assert events == [receipt(action)]
    assert messages[0]["response"] == "utter_attune_acknowledge"
