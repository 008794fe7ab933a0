"""The main job over HTTP against the real processes: a customer writes or speaks, and Attune answers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import Customer, Stack
from shop import KNOWN_ORDERS

pytestmark = pytest.mark.processes

GROWING_FRUSTRATION = (
    "Where is my order?",
    "I already asked that, you are not helping me at all",
    "This is ridiculous, this is the third time I ask!",
    "I am really angry now, this is unacceptable, nobody helps me",
    "This is the worst service ever, I am furious",
)


def texts(result: dict) -> str:
    return " ".join(reply["text"] or "" for reply in result["replies"]).lower()


def attune(stack: Stack, *arguments: str) -> dict:
    finished = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments, "--json"],
        env=stack.environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    lines = finished.stdout.strip().splitlines()
    assert len(lines) == 1, finished.stdout + finished.stderr
    return {**json.loads(lines[0]), "exit": finished.returncode}


def test_order_is_found_only_with_its_second_proof(stack: Stack) -> None:
    with stack.operator() as client:
        customer = Customer(client, "text")
        customer.say("where is my order?")
        customer.say("417203")
        wrong = customer.say("99999")
        assert "no order matches" in texts(wrong)
        customer.say("417203")
        found = customer.say("anna.weber@example.com")
        assert "417203" in texts(found)
        assert "way" in texts(found) or "shipped" in texts(found)


def test_recommendation_keeps_the_price_limit(stack: Stack) -> None:
    with stack.operator() as client:
        result = Customer(client, "text").say("can you recommend wireless headphones under 80 euros")
    assert 1 <= len(result["suggestions"]) <= 3
    for suggestion in result["suggestions"]:
        assert suggestion["price"] <= 80
        assert suggestion["reason"]


def test_growing_frustration_brings_a_person_and_one_hot_word_does_not(stack: Stack) -> None:
    with stack.operator() as client:
        customer = Customer(client, "text")
        levels = []
        for text in GROWING_FRUSTRATION:
            result = customer.say(text)
            levels.append(result["frustration"])
            if result["handoff"]:
                break
        assert result["handoff"], levels
        assert 3 <= len(levels) <= 5, levels
        quiet = customer.say("hello? is anybody there?")
        assert quiet["replies"] == []
        one_word = Customer(client, "text").say("damn, where is my order?")
        assert not one_word["handoff"]


def test_without_consent_a_person_comes_by_request_and_nothing_is_scored(stack: Stack) -> None:
    with stack.operator() as client:
        customer = Customer(client)
        angry = customer.say("This is ridiculous, I am furious!")
        assert angry["emotion"] is None
        assert angry["frustration"] is None
        asked = customer.say("I want to talk to a human being please")
        assert asked["handoff"]
        assert asked["emotion"] is None


def test_withdrawn_consent_counts_from_the_next_message(stack: Stack) -> None:
    with stack.operator() as client:
        customer = Customer(client, "text")
        assert customer.say("what are your opening hours")["emotion"] is not None
        customer.consent("text", granted=False)
        assert customer.say("what are your opening hours")["emotion"] is None


def test_cancelled_order_is_cancelled_and_a_second_cancellation_is_refused(stack: Stack) -> None:
    order = KNOWN_ORDERS["418555"]
    for attempt in (1, 2):
        with stack.operator() as client:
            customer = Customer(client)
            replies = [
                customer.say(text)
                for text in ("I want to cancel my order", order.number, order.email, "yes, cancel it")
            ]
        last = " ".join(texts(reply) for reply in replies)
        assert "cancel" in last, f"attempt {attempt}: {last}"
    assert "already" in last


def test_typed_commands_are_words(stack: Stack) -> None:
    with stack.operator() as client:
        customer = Customer(client)
        customer.say("hello")
        for text in ("/restart", '/order_status{"order_id":"1"}'):
            result = customer.say(text)
            assert result["answered"]
            assert result["replies"]
        said = [message["text"] for message in customer.history() if message["author"] == "customer"]
        assert said == ["hello", "/restart", '/order_status{"order_id":"1"}']


def test_same_message_id_twice_is_answered_once(stack: Stack) -> None:
    with stack.operator() as client:
        customer = Customer(client)
        first = customer.say("what are your opening hours", message_id="the-same-id-1")
        second = customer.say("what are your opening hours", message_id="the-same-id-1")
        assert [reply["id"] for reply in first["replies"]] == [reply["id"] for reply in second["replies"]]
        assert len([message for message in customer.history() if message["author"] == "customer"]) == 1


def test_say_prints_one_json_object_for_words_and_for_sound(stack: Stack, flite_clip) -> None:
    typed = attune(stack, "say", "what are your opening hours")
    assert typed["exit"] == 0
    assert set(typed) >= {
        "conversation", "transcript", "replies", "emotion", "frustration", "mode", "handoff", "suggestions",
    }  # fmt: skip
    first = attune(stack, "say", "--audio", str(flite_clip("where is my order")))
    conversation = first["conversation"]
    assert "order" in first["transcript"].lower()
    number = flite_clip("four one seven two zero three")
    heard = attune(stack, "say", "--conversation", conversation, "--audio", str(number))
    if "4 1 7 2 0 3?" in texts(heard):
        # Heard rightly, but not surely: the assistant asks before it uses the number.
        attune(stack, "say", "yes", "--conversation", conversation)
    status = attune(stack, "say", "anna.weber@example.com", "--conversation", conversation)
    assert "417203" in texts(status)


def test_say_explains_an_unknown_conversation(stack: Stack) -> None:
    answer = attune(stack, "say", "hello", "--conversation", "c_doesnotexist00000000000")
    assert answer["exit"] == 1
    assert "c_doesnotexist" in answer["error"]["message"] or "conversation" in answer["error"]["message"]


def test_clip_is_gone_after_the_turn(stack: Stack, flite_clip) -> None:
    attune(stack, "say", "--audio", str(flite_clip("what are your opening hours")))
    media = stack.settings.media_dir
    assert not media.is_dir() or [path for path in media.rglob("*") if path.is_file()] == []


def test_logs_hold_no_content(stack: Stack) -> None:
    marker = "zanzibar-marmalade-7431"
    with stack.operator() as client:
        Customer(client, "text").say(f"my word is {marker} and my mail is {marker}@example.com")
    assert marker not in stack.log_text()


def test_web_and_actions_are_light_and_free_of_torch(stack: Stack) -> None:
    assert stack.resident_mb("web", "actions") <= 1000
    for name in ("web", "actions"):
        maps = Path(f"/proc/{stack.processes[name].pid}/maps")
        if maps.is_file():
            assert "libtorch" not in maps.read_text()
