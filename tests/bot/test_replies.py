"""Bot messages out of events."""

from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered

from bot.channels.replies import replies_from


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
