"""Bot messages out of events."""

import pytest
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered

from bot.channels.replies import awaited, replies_from


def test_replies_keep_their_order_and_parts() -> None:
    events = [
        UserUttered("hi"),
        BotUttered("One\n\nTwo", {"buttons": [{"title": "Yes", "payload": "/affirm"}]}),
        ActionExecuted("action_listen"),
        BotUttered(None, {"custom": {"cards": []}, "image": "a.png"}),
    ]
    assert replies_from(events) == [
        {"text": "One\n\nTwo", "buttons": [{"title": "Yes", "payload": "/affirm"}], "custom": None, "image": None},
        {"text": None, "buttons": [], "custom": {"cards": []}, "image": "a.png"},
    ]


def test_quick_replies_are_buttons_too() -> None:
    reply = replies_from([BotUttered("Which?", {"quick_replies": [{"title": "Red"}]})])[0]
    assert reply["buttons"] == [{"title": "Red", "payload": ""}]


NUMBER, PROOF = SlotSet("requested_slot", "shop_order_number"), SlotSet("requested_slot", "shop_proof")
DONE = SlotSet("requested_slot", None)


@pytest.mark.parametrize(
    ("events", "slot"),
    [
        ([UserUttered("hi"), BotUttered("Hello")], None),
        ([UserUttered("where"), ActiveLoop("form"), NUMBER, BotUttered("Which number?")], "shop_order_number"),
        ([UserUttered("417"), SlotSet("shop_order_number", "417"), PROOF, BotUttered("Your address?")], "shop_proof"),
        ([UserUttered("a@b.test"), SlotSet("shop_proof", "x"), DONE, ActiveLoop(None), BotUttered("It is sent")], None),
        ([UserUttered("417"), NUMBER, DONE, ActiveLoop(None), ActiveLoop("other"), PROOF], "shop_proof"),
    ],
)
def test_what_a_form_asks_for_is_the_last_slot_that_it_set(events: list, slot: str) -> None:
    assert awaited(events) == slot
