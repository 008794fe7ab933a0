"""The channel against a real agent, over HTTP."""

import asyncio
import sqlite3
import time
from typing import Any

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.exceptions import RasaException

from bot.channels.attune import AttuneInput
from tests.bot.served_bot import ServedBot


async def test_a_message_is_answered_with_buttons_and_stored_with_its_ids(bot: ServedBot) -> None:
    body = {
        "sender": "c_1",
        "message_id": "m-0000001",
        "text": "hello",
        "payload": None,
        "metadata": {"clip_id": "clip7", "frame_ids": []},
    }

    status, answer = await bot.post(body)

    assert status == 200
    assert answer == {
        "message_id": "m-0000001",
        "repeated": False,
        "paused": False,
        "replies": [
            {
                "text": "Hello, how may I help?",
                "buttons": [{"title": "Work", "payload": "/work"}],
                "custom": None,
                "image": None,
            }
        ],
        "awaits": None,
    }
    tracker = await bot.tracker()
    # Rasa adds its model's and assistant's ids.
    assert tracker.latest_message.metadata.items() >= {"message_id": "m-0000001", "clip_id": "clip7"}.items()
    assert tracker.latest_message.metadata["frame_ids"] == []


async def test_a_repeated_message_is_answered_from_the_store_and_runs_once(bot: ServedBot) -> None:
    first = await bot.say("work", "m-0000001")
    again = await bot.say("work", "m-0000001")

    assert again == (200, {**first[1], "repeated": True})
    assert first[1]["replies"][0]["custom"] == {"cards": [1]}
    assert bot.actions.calls["action_work"] == 1


async def test_the_same_message_twice_at_once_runs_once(bot: ServedBot) -> None:
    bot.actions.delay_s = 0.1

    answers = await asyncio.gather(bot.say("work", "m-0000001"), bot.say("work", "m-0000001"))

    assert sorted(answer["repeated"] for _, answer in answers) == [False, True]
    assert answers[0][1]["replies"] == answers[1][1]["replies"]
    assert bot.actions.calls["action_work"] == 1


async def test_turns_of_one_conversation_wait_for_each_other_and_none_is_lost(bot: ServedBot) -> None:
    answers = await asyncio.gather(*(bot.say("work", f"m-000000{i}") for i in range(9)))

    assert {status for status, _ in answers} == {200}
    tracker = await bot.tracker()
    assert sum(event.type_name == "user" for event in tracker.events) == 9


async def test_with_the_action_server_down_nothing_is_stored_and_the_retry_is_answered(bot: ServedBot) -> None:
    await bot.say("hello")
    before = bot.rows()
    await bot.actions.stop()

    started = time.perf_counter()
    status, answer = await bot.say("work", "m-0000002")

    assert status == 503
    assert answer["error"]["code"] == "turn_incomplete"
    assert answer["error"]["retryable"] is True
    assert time.perf_counter() - started < 2
    assert bot.rows() == before
    await bot.actions.start()
    bot.agent.action_endpoint.url = bot.agent.processor.action_endpoint.url = bot.actions.url
    assert (await bot.say("work", "m-0000002"))[0] == 200


async def test_an_action_that_leaves_no_receipt_undoes_the_turn(bot: ServedBot) -> None:
    bot.actions.broken = {"action_work"}

    status, answer = await bot.say("work")

    assert status == 503
    assert "action_work" in answer["error"]["message"]
    assert bot.rows() == []


async def test_an_action_that_crashes_undoes_the_turn(bot: ServedBot) -> None:
    bot.actions.crashing = {"action_work"}

    status, answer = await bot.say("work")

    assert (status, answer["error"]["code"]) == (503, "turn_incomplete")
    assert bot.rows() == []


async def test_an_unassessed_message_stops_before_any_action_with_effects(bot: ServedBot) -> None:
    bot.actions.broken = {"action_attune_assess"}

    status, answer = await bot.say("work")

    assert (status, answer["error"]["code"]) == (503, "turn_incomplete")
    assert bot.actions.calls == {"action_attune_assess": 1}


async def test_an_action_that_hangs_is_given_up_after_the_action_timeout(bot: ServedBot) -> None:
    bot.actions.delay_s = 5

    started = time.perf_counter()
    status, answer = await bot.say("work")

    assert (status, answer["error"]["code"]) == (503, "turn_incomplete")
    assert time.perf_counter() - started < 2


async def test_a_failing_validator_undoes_the_turn(bot: ServedBot) -> None:
    await bot.say("order")
    before = bot.rows()
    bot.actions.crashing = {"validate_colour_form"}

    status, answer = await bot.say("blue")

    assert status == 503
    assert "colour_form" in answer["error"]["message"]
    assert bot.rows() == before


async def test_a_form_is_filled_and_may_be_interrupted(bot: ServedBot) -> None:
    assert await bot.texts("order") == ["Which colour?"]
    assert await bot.texts("hours") == ["From nine to five.", "Which colour?"]
    assert await bot.texts("blue") == ["Noted."]


async def test_typed_commands_are_words(bot: ServedBot) -> None:
    await bot.say("hello")

    for text in ("/restart", " /restart", "\x00/restart", '/affirm{"colour": "red"}'):
        status, _ = await bot.say(text)
        assert status == 200

    tracker = await bot.tracker()
    assert bot.actions.calls["action_work"] == 0
    assert not any(event.type_name == "restart" for event in tracker.events)
    assert {event.intent_name for event in tracker.events if event.type_name == "user"} <= {"greet", "nlu_fallback"}


async def test_a_payload_passes_through(bot: ServedBot) -> None:
    status, answer = await bot.say(None, payload="/work")

    assert (status, answer["replies"][0]["text"]) == (200, "Worked.")


async def test_a_payload_with_an_unknown_intent_is_refused(bot: ServedBot) -> None:
    status, answer = await bot.say(None, payload="/nonsense")

    assert (status, answer["error"]["code"], answer["error"]["retryable"]) == (422, "intent_unknown", False)


async def test_a_locked_database_is_noticed_before_anything_runs(bot: ServedBot) -> None:
    await bot.say("hello")
    before = bot.rows()
    other = sqlite3.connect(str(bot.database), isolation_level=None)
    other.execute("begin exclusive")

    started = time.perf_counter()
    status, answer = await bot.say("work", "m-0000002")
    took = time.perf_counter() - started

    assert (status, answer["error"]["code"]) == (503, "tracker_unavailable")
    assert took < 2.5
    assert bot.actions.calls["action_work"] == 0
    other.execute("rollback")
    other.close()
    assert bot.rows() == before
    assert (await bot.say("work", "m-0000002"))[0] == 200


async def test_a_database_locked_in_the_middle_of_a_turn_stores_nothing(bot: ServedBot) -> None:
    await bot.say("hello")
    bot.actions.delay_s = 0.3
    turn = asyncio.ensure_future(bot.say("work", "m-0000002"))
    await asyncio.sleep(0.2)
    other = sqlite3.connect(str(bot.database), isolation_level=None)
    other.execute("begin immediate")

    status, answer = await turn

    assert (status, answer["error"]["code"]) == (503, "tracker_unavailable")
    other.execute("rollback")
    other.close()
    bot.actions.delay_s = 0
    status, answer = await bot.say("work", "m-0000002")
    assert (status, answer["repeated"]) == (200, False)


async def test_an_escalation_goes_first_and_then_the_bot_is_silent_until_resumed(bot: ServedBot) -> None:
    bot.actions.escalating = {"this is ridiculous"}
    await bot.say("order")

    assert await bot.texts("this is ridiculous") == ["A person will help."]
    calls = sum(bot.actions.calls.values())
    status, answer = await bot.say("hello")
    assert (status, answer["replies"], answer["paused"]) == (200, [], True)
    assert sum(bot.actions.calls.values()) == calls

    assert (await bot.post({"sender": "c_1"}, "/resume"))[0] == 200
    assert await bot.texts("hello") == ["Hello, how may I help?"]


async def test_an_escalation_inside_two_stage_fallback_goes_first(bot: ServedBot) -> None:
    bot.actions.escalating = {"this is ridiculous"}

    assert await bot.texts("qwertz") == ["Did you mean that?"]
    assert await bot.texts("this is ridiculous") == ["A person will help."]


async def test_fallback_asks_and_a_crash_in_its_question_undoes_the_turn(bot: ServedBot) -> None:
    bot.actions.crashing = {"action_default_ask_affirmation"}
    assert (await bot.say("qwertz"))[0] == 503
    assert bot.rows() == []
    bot.actions.crashing = set()
    assert await bot.texts("qwertz") == ["Did you mean that?"]


async def test_without_the_token_nothing_runs(bot: ServedBot) -> None:
    for header in ("", "Bearer", "Bearer wrong", f"Basic {'x' * 30}", "Bearer \xe4"):
        status, answer = await bot.post(
            {"sender": "c_1", "message_id": "m-0000001", "text": "work"}, headers={"Authorization": header}
        )
        assert (status, answer["error"]["code"]) == (401, "token_invalid")
    assert not bot.actions.calls


async def test_bodies_that_are_not_requests_get_a_clear_answer(bot: ServedBot) -> None:
    good = {"sender": "c_1", "message_id": "m-0000001", "text": "hello"}
    cases = [
        (b"\xff\xfe", 400, "not_json"),
        (b"[]", 400, "not_json"),
        (b"[" * 100_000, 400, "not_json"),
        ({**good, "payload": "/greet"}, 422, "message_invalid"),
        ({**good, "text": None}, 422, "message_invalid"),
        ({**good, "text": 7}, 422, "text_invalid"),
        ({**good, "text": " \x01\u200b "}, 422, "text_empty"),
        ({**good, "text": "x" * 100_000}, 422, "text_too_long"),
        ({**good, "sender": "../etc"}, 422, "sender_invalid"),
        ({**good, "message_id": "short"}, 422, "message_id_invalid"),
        ({**good, "metadata": {"clip_id": "../x"}}, 422, "metadata_invalid"),
        ({**good, "metadata": []}, 422, "metadata_invalid"),
    ]
    for body, status, code in cases[:-1]:
        answer = await bot.post(body)
        assert (answer[0], answer[1]["error"]["code"]) == (status, code), body
    assert bot.rows() == []


async def test_a_turn_that_takes_too_long_is_given_up(model: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    bot = await ServedBot(model, tmp_path_factory.mktemp("slow"), turn_s=0.2).start()
    bot.actions.delay_s = 0.5
    try:
        status, answer = await bot.say("work")
        assert (status, answer["error"]["code"]) == (503, "turn_incomplete")
        assert bot.rows() == []
    finally:
        await bot.stop()


async def test_a_long_session_is_rolled_over_and_keeps_its_slots(
    model: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bot = await ServedBot(model, tmp_path_factory.mktemp("long"), session_events=60).start()
    try:
        await bot.say("work", "m-first01")
        for _ in range(30):
            await bot.say("hours")
        tracker = await bot.tracker()
        assert len(tracker.events) < 80
        assert tracker.get_slot("worked") == "m-first01"
        assert await bot.texts("hours") == ["From nine to five."]
        assert (await bot.say("work", "m-first01"))[1]["repeated"] is True
        assert sum(row[0] == "session_started" for row in bot.rows("type_name")) > 2
    finally:
        await bot.stop()


async def test_a_form_survives_a_roll_over_and_may_still_be_interrupted(
    model: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bot = await ServedBot(model, tmp_path_factory.mktemp("form"), session_events=30).start()
    try:
        await bot.say("order")
        for _ in range(20):
            assert await bot.texts("hours") == ["From nine to five.", "Which colour?"]
        assert sum(row[0] == "session_started" for row in bot.rows("type_name")) > 2
        assert await bot.texts("blue") == ["Noted."]
        assert (await bot.tracker()).get_slot("colour") == "blue"
    finally:
        await bot.stop()


async def test_the_conversation_is_unreadable_in_the_database(bot: ServedBot) -> None:
    await bot.say("hello, my name is Rosalind")

    stored = b"".join(path.read_bytes() for path in bot.database.parent.glob("tracker.db*"))

    assert b"Rosalind" not in stored
    assert ("user", "greet") in bot.rows("type_name, intent_name")


async def test_it_works_with_rasas_own_stores_too(bot: ServedBot) -> None:
    bot.agent.tracker_store = bot.agent.processor.tracker_store = FailSafeTrackerStore(
        InMemoryTrackerStore(bot.agent.domain)
    )

    first = await bot.say("work", "m-0000001")
    await bot.say("hello", "m-0000002")
    again = await bot.say("work", "m-0000001")

    assert first[0] == 200
    assert again == (200, {**first[1], "repeated": True})


async def test_a_bots_own_actions_need_no_receipts_when_it_says_so(
    model: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bot = await ServedBot(model, tmp_path_factory.mktemp("foreign"), receipts=["action_attune_*"]).start()
    try:
        bot.actions.broken = {"action_work"}
        assert (await bot.say("work"))[0] == 200
        bot.actions.broken = {"action_attune_assess"}
        assert (await bot.say("work"))[0] == 503
    finally:
        await bot.stop()


async def test_without_a_model_the_answer_is_busy(bot: ServedBot) -> None:
    bot.agent.processor = None

    status, answer = await bot.say("hello")

    assert (status, answer["error"]["code"], answer["error"]["retryable"]) == (503, "busy", True)


async def test_a_policy_that_fails_stores_nothing(bot: ServedBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("secret words")

    monkeypatch.setattr("bot.policies.gate.must_escalate", fail)

    status, answer = await bot.say("hello")

    assert (status, answer["error"]["code"]) == (503, "turn_incomplete")
    assert "secret" not in answer["error"]["message"]
    assert bot.rows() == []


@pytest.mark.parametrize(
    "credentials",
    [
        None,
        {"token": ""},
        {"token": "short"},
        {"token": "x" * 20, "unknown": 1},
        {"token": "x" * 20, "action_timeout_s": 0},
    ],
)
def test_a_channel_without_a_proper_secret_or_settings_does_not_start(credentials: Any) -> None:
    with pytest.raises(RasaException):
        AttuneInput.from_credentials(credentials)
