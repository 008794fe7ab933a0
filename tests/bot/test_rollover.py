"""When a session is rolled over, and what survives it."""

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, ConversationPaused, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.rollover import roll_over_events, should_roll_over
from tests.bot.served_bot import TINY


@pytest.fixture
def domain() -> Domain:
    return Domain.load(str(TINY / "domain.yml"))


def tracker_of(domain: Domain, words: str, turns: int, *last: object) -> DialogueStateTracker:
    turn = [UserUttered("hours"), ActionExecuted("utter_hours"), BotUttered(words), ActionExecuted("action_listen")]
    events = [ActionExecuted("action_listen"), SlotSet("worked", "m1"), *(turn * turns), *last]
    return DialogueStateTracker.from_events("c_1", events, slots=domain.slots)


def test_a_short_session_goes_on(domain: Domain) -> None:
    assert not should_roll_over(tracker_of(domain, "Nine to five.", 4), 20)


def test_a_long_session_at_rest_is_rolled_over(domain: Domain) -> None:
    assert should_roll_over(tracker_of(domain, "Nine to five.", 5), 20)


def test_a_question_is_waited_for_beyond_the_limit(domain: Domain) -> None:
    assert not should_roll_over(tracker_of(domain, "Shall I cancel it?", 6), 20)
    assert should_roll_over(tracker_of(domain, "Shall I cancel it?", 7), 20)


def test_a_pause_a_due_action_and_two_stage_fallback_forbid_it(domain: Domain) -> None:
    for last in (ConversationPaused(), ActionExecuted("action_work"), ActiveLoop("action_two_stage_fallback")):
        assert not should_roll_over(tracker_of(domain, "Nine to five.", 50, last), 20, domain.form_names)


def test_a_form_is_waited_for_beyond_the_limit_and_taken_along(domain: Domain) -> None:
    form = (ActiveLoop("colour_form"), SlotSet("requested_slot", "colour"))
    assert not should_roll_over(tracker_of(domain, "Nine to five.", 5, *form), 20, domain.form_names)
    long = tracker_of(domain, "Nine to five.", 7, *form)
    assert should_roll_over(long, 20, domain.form_names)

    new = DialogueStateTracker.from_events("c_1", roll_over_events(long), slots=domain.slots)

    assert (new.active_loop_name, new.get_slot("requested_slot")) == ("colour_form", "colour")
    assert new.latest_action_name == "action_listen"


def test_slots_survive_and_nothing_else(domain: Domain) -> None:
    tracker = tracker_of(domain, "Nine to five.", 5, SlotSet("worked", "m2"), SlotSet("attune_mode", "slow"))

    opening = roll_over_events(tracker)
    new = DialogueStateTracker.from_events("c_1", opening, slots=domain.slots)

    assert [event.type_name for event in opening] == ["action", "session_started", "slot", "slot", "action"]
    assert (new.get_slot("worked"), new.get_slot("attune_mode")) == ("m2", "slow")
    assert new.latest_action_name == "action_listen"
