"""Reading a turn out of the tracker."""

from actions import Turn
from tests.actions.trackers import TrackerBuilder
from vocabulary import Author, DialogueEvidence, Mode


def turn(builder: TrackerBuilder) -> Turn:
    return Turn.from_tracker(builder.state())


def test_message_id_clip_and_entities_are_the_latest_message_s() -> None:
    builder = TrackerBuilder().user("hello", "greet")
    builder.user(
        "order 417203", "order_status", message_id="second-message", clip_id="m_1", entities={"order_number": "417203"}
    )
    read = turn(builder)
    assert (read.message_id, read.clip_id, read.intent) == ("second-message", "m_1", "order_status")
    assert read.entity("order_number") == "417203"
    assert read.entity("email") is None
    assert [text for _, text in read.earlier_texts] == ["hello"]


def test_stock_channel_without_our_metadata_uses_the_event_id() -> None:
    builder = TrackerBuilder().user("hello", "greet")
    builder.events[-1]["metadata"] = {}
    assert turn(builder).message_id == builder.events[-1]["message_id"]
    assert turn(builder).clip_id is None


def test_button_payload_is_no_text_to_score() -> None:
    assert turn(TrackerBuilder().user("/order_status", "order_status")).text is None


def test_event_that_replaces_the_message_keeps_its_id() -> None:
    builder = TrackerBuilder().user("yes", "affirm", message_id="the-message")
    builder.events.append({"event": "user", "text": "/order_status", "metadata": {}, "message_id": "other"})
    assert turn(builder).message_id == "the-message"


def test_empty_tracker_is_a_turn_without_words() -> None:
    read = turn(TrackerBuilder())
    assert (read.text, read.intent, read.message_id) == (None, None, "")
    assert read.mode is Mode.NEUTRAL
    assert read.evidence == DialogueEvidence()


def test_fallbacks_in_a_row_are_counted_and_end_with_an_understood_message() -> None:
    builder = TrackerBuilder().user("blah", "nlu_fallback").user("blub", "nlu_fallback")
    assert turn(builder).evidence.fallbacks == 2
    assert turn(builder.user("hello", "greet")).evidence.fallbacks == 0


def test_same_request_again_is_a_repeat_until_it_is_resolved() -> None:
    builder = TrackerBuilder().user("where is my order", "order_status").user("thanks", "thank")
    assert turn(builder).evidence.repeats == 0
    builder.user("where is it", "order_status")
    assert turn(builder).evidence.repeats == 1
    builder.slot("attune_outcome", "m:resolved").user("where is my other order", "order_status")
    assert turn(builder).evidence.repeats == 0


def test_replayed_event_of_one_message_is_no_repeat() -> None:
    builder = TrackerBuilder().user("where is my order", "order_status", message_id="one-message")
    builder.user("where is my order", "order_status", message_id="one-message")
    assert turn(builder).evidence.repeats == 0


def test_form_answers_are_no_repeats() -> None:
    builder = TrackerBuilder().user("417203", "inform").user("anna@example.com", "inform")
    assert turn(builder).evidence.repeats == 0


def test_refusals_are_friction_and_success_is_a_resolution() -> None:
    builder = TrackerBuilder().user("cancel it", "order_cancel").slot("attune_outcome", "m:refused")
    builder.user("cancel it please", "order_cancel")
    assert turn(builder).evidence.action_failures == 1
    builder.slot("attune_outcome", "m:resolved").user("thanks", "thank")
    assert turn(builder).evidence.resolved
    assert not turn(builder.user("bye", "goodbye")).evidence.resolved


def test_only_the_current_session_counts() -> None:
    builder = TrackerBuilder().user("blah", "nlu_fallback").user("blub", "nlu_fallback")
    builder.events.append({"event": "session_started"})
    assert turn(builder.user("hm", "nlu_fallback")).evidence.fallbacks == 1


def test_latest_bot_texts_are_those_of_the_last_answer() -> None:
    builder = (
        TrackerBuilder().user("hi", "greet").bot("Hello!").user("hours?", "opening_hours").bot("Nine.").bot("Five.")
    )
    assert turn(builder.user("again?", "attune_repeat")).latest_bot_texts == ("Nine.", "Five.")


def test_both_sides_of_the_talk_are_read_in_order_and_an_answer_belongs_to_its_message() -> None:
    builder = TrackerBuilder().bot("Welcome!").user("hi", "greet", message_id="a").bot("Hello!").bot("Go on.")
    builder.user("hours?", "opening_hours", message_id="b").bot("Nine to five.")
    earlier = turn(builder.user("thanks", "thank", message_id="c")).earlier
    assert [(said.author, said.message_id, said.text) for said in earlier] == [
        (Author.CUSTOMER, "a", "hi"),
        (Author.BOT, "a", "Hello!"),
        (Author.BOT, "a", "Go on."),
        (Author.CUSTOMER, "b", "hours?"),
        (Author.BOT, "b", "Nine to five."),
    ]


def test_a_pressed_button_is_no_message_and_its_answer_is_one() -> None:
    builder = TrackerBuilder().user("/order_status", "order_status", message_id="a").bot("Which order?")
    earlier = turn(builder.user("417203", "inform", message_id="b")).earlier
    assert [(said.author, said.message_id) for said in earlier] == [(Author.BOT, "a")]


def test_a_replayed_event_is_said_once_and_this_message_is_not_earlier() -> None:
    builder = TrackerBuilder().user("blah", "nlu_fallback", message_id="a").user("blah", "nlu_fallback", message_id="a")
    builder.user("hm", "nlu_fallback", message_id="b").bot("Did you mean your order?")
    assert [said.text for said in turn(builder.user("hm", "order_status", message_id="b")).earlier] == ["blah"]


def asks(builder: TrackerBuilder, *answers: str) -> TrackerBuilder:
    """A form asks for the order number, and asks again after each of these answers."""
    builder.user("where is my order", "order_status").action("order_form").form("order_form")
    builder.slot("requested_slot", "order_number").bot("Which number?")
    for answer in answers:
        builder.user(answer, "inform").action("order_form")
        builder.slot("order_number", None).slot("requested_slot", "order_number").bot("Which number?")
    return builder


def reasked(builder: TrackerBuilder) -> int:
    return Turn.from_tracker(builder.user("hm", "inform").state()).evidence.reasked_slots


def test_the_first_question_is_no_question_again() -> None:
    assert reasked(asks(TrackerBuilder())) == 0


def test_a_form_that_asks_again_is_counted_each_time() -> None:
    assert reasked(asks(TrackerBuilder(), "dunno", "the big one")) == 2


def test_another_question_in_between_is_no_failure_of_the_form() -> None:
    builder = asks(TrackerBuilder()).user("are you a robot?", "bot_challenge").action("action_answer").bot("Yes.")
    builder.action("order_form").slot("requested_slot", "order_number").bot("Which number?")
    assert reasked(builder) == 0


def test_the_count_ends_with_the_next_slot_and_with_the_form() -> None:
    assert reasked(asks(TrackerBuilder(), "dunno").slot("requested_slot", "proof")) == 0
    assert reasked(asks(TrackerBuilder(), "dunno").slot("requested_slot", None).form(None)) == 0
