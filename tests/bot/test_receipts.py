"""Receipts, by hand-written event lists."""

from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)

from bot.channels.receipts import ActionKind, unproved_actions, unproved_extractions

KINDS = {"action_a": ActionKind.CUSTOM, "action_own": ActionKind.CUSTOM, "a_form": ActionKind.LOOP}


def kind_of(name: str) -> ActionKind:
    return KINDS.get(name, ActionKind.OTHER)


def receipt(action: str, message: str = "m1") -> SlotSet:
    return SlotSet("attune_receipt", f"{message}:{action}")


def test_a_turn_of_responses_needs_no_receipt() -> None:
    events = [UserUttered("hi"), ActionExecuted("utter_hello"), BotUttered("Hello"), ActionExecuted("action_listen")]
    assert unproved_actions(events, "m1", kind_of) == []


def test_a_custom_action_needs_its_receipt_of_this_message() -> None:
    executed = [UserUttered("hi"), ActionExecuted("action_a")]
    assert unproved_actions(executed, "m1", kind_of) == ["action_a"]
    assert unproved_actions([*executed, receipt("action_a", "m0")], "m1", kind_of) == ["action_a"]
    assert unproved_actions([*executed, receipt("action_a")], "m1", kind_of) == []


def test_two_executions_need_two_receipts() -> None:
    once = [ActionExecuted("action_a"), receipt("action_a"), ActionExecuted("action_a")]
    assert unproved_actions(once, "m1", kind_of) == ["action_a"]
    assert unproved_actions([*once, receipt("action_a")], "m1", kind_of) == []


def test_a_receipt_after_the_actions_own_listening_counts() -> None:
    events = [ActionExecuted("action_a"), ActionExecuted("action_listen"), receipt("action_a")]
    assert unproved_actions(events, "m1", kind_of) == []


def test_a_rewind_does_not_hide_a_receipt() -> None:
    events = [ActionExecuted("action_a"), receipt("action_a"), UserUtteranceReverted()]
    assert unproved_actions(events, "m1", kind_of) == []


def test_a_failed_receipt_fails_the_turn_whatever_else_it_holds() -> None:
    events = [ActionExecuted("a_form"), receipt("failed:validate_a_form"), SlotSet("requested_slot", "x")]
    assert unproved_actions(events, "m1", kind_of) == ["validate_a_form"]


def test_actions_outside_the_patterns_need_none() -> None:
    events = [ActionExecuted("action_own"), ActionExecuted("action_a")]
    assert unproved_actions(events, "m1", kind_of, ["action_a*"]) == ["action_a"]


def test_a_form_must_have_done_something() -> None:
    assert unproved_actions([ActionExecuted("a_form")], "m1", kind_of) == ["a_form"]
    nothing = [ActionExecuted("a_form"), DefinePrevUserUtteredFeaturization(False), ActionExecuted("action_listen")]
    assert unproved_actions(nothing, "m1", kind_of) == ["a_form"]
    asked = [ActionExecuted("a_form"), SlotSet("requested_slot", "x"), BotUttered("x?")]
    assert unproved_actions(asked, "m1", kind_of) == []
    ended = [ActionExecuted("a_form"), ActiveLoop(None)]
    assert unproved_actions(ended, "m1", kind_of) == []


def test_a_form_that_rejected_the_message_did_not_run() -> None:
    assert unproved_actions([ActionExecutionRejected("a_form")], "m1", kind_of) == []


def test_the_assessment_is_proved_by_its_slot_and_others_by_receipts() -> None:
    actions = ["action_attune_assess", "action_a"]
    assert unproved_extractions([], "m1", actions) == actions
    assert unproved_extractions([SlotSet("attune_assessed_message", "m0")], "m1", actions) == actions
    assert unproved_extractions([SlotSet("attune_assessed_message", "m1")], "m1", actions) == ["action_a"]
    assert unproved_extractions([receipt("action_attune_assess"), receipt("action_a")], "m1", actions) == []
