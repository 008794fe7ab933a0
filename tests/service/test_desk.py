"""Who may do what at the desk: every call is checked, whatever page it comes from."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from service.desk import DeskWork
from service.desk.chart import chart_options, readings
from service.desk.gate import Gate
from service.desk.words import level_words, state_words, verdict_words, waiting_words
from service.errors import NotAllowed, Refused
from store import Message, Verdict
from tests.service.talk import Customer, Talk
from tests.service.test_consent import assessment
from vocabulary import Author, Decision, Mode, Owner, Perceived, Role


@pytest.fixture
def desk(talk: Talk) -> DeskWork:
    services = talk.services
    return DeskWork(services.db, Gate(admin_second_factor=False), services.hub, services.notifier, max_chars=4000)


async def sign_in(talk: Talk, name: str = "Kim Lee", role: Role = Role.AGENT) -> str:
    account_id = await talk.staff(role, name, f"{name.split()[0].lower()}@example.org")
    async with talk.services.db.transaction() as tx:
        return await tx.sessions.open(account_id)


def calls(desk: DeskWork, customer: Customer, escalation_id: str) -> dict[str, Callable[[str], Awaitable[Any]]]:
    """Everything that the desk can do, by name."""
    return {
        "open_queue": desk.open_queue,
        "queue": desk.queue,
        "open_case": lambda token: desk.open_case(token, customer.id),
        "case": lambda token: desk.case(token, customer.id),
        "claim": lambda token: desk.claim(token, escalation_id),
        "reply": lambda token: desk.reply(token, customer.id, str(uuid4()), "hello"),
        "judge": lambda token: desk.judge(token, customer.id, "message-1", Perceived.AS_SHOWN),
        "hand_back": lambda token: desk.hand_back(token, escalation_id),
        "close": lambda token: desk.close(token, escalation_id),
        "reveal": lambda token: desk.reveal(token, customer.id, "message-1"),
    }


async def test_every_call_without_a_session_is_refused(talk: Talk, desk: DeskWork, customer: Customer) -> None:
    escalation_id = await customer.hand_over()
    ended = await sign_in(talk)
    async with talk.services.db.transaction() as tx:
        await tx.sessions.end_token(ended)
    named = calls(desk, customer, escalation_id)
    # A new method of the desk has to be listed above, or this fails.
    public = {name for name in vars(DeskWork) if not name.startswith("_")}
    assert set(named) == public
    for name, call in named.items():
        for token in ("", "made-up", ended, customer.token):
            with pytest.raises(NotAllowed) as refusal:
                await call(token)
            assert refusal.value.status_code == 401, name
    assert await customer.owner() is Owner.WAITING


async def test_an_admin_may_do_all_that_an_agent_may(talk: Talk, desk: DeskWork, customer: Customer) -> None:
    admin = await sign_in(talk, "Ada Park", Role.ADMIN)
    escalation_id = await customer.hand_over()
    await desk.claim(admin, escalation_id)
    await desk.reply(admin, customer.id, str(uuid4()), "hello")
    await desk.hand_back(admin, escalation_id)


async def test_a_conversation_is_readable_only_while_it_is_handed_over(
    talk: Talk, desk: DeskWork, customer: Customer
) -> None:
    token = await sign_in(talk)
    await customer.say("private")
    with pytest.raises(Refused, match="not_handed_over"):
        await desk.case(token, customer.id)
    escalation_id = await customer.hand_over()
    assert (await desk.case(token, customer.id)).messages[0].text == "private"
    await desk.claim(token, escalation_id)
    await desk.close(token, escalation_id)
    with pytest.raises(Refused, match="not_handed_over"):
        await desk.case(token, customer.id)


async def test_two_agents_cannot_have_the_same_conversation(talk: Talk, desk: DeskWork, customer: Customer) -> None:
    kim, sam = await sign_in(talk, "Kim Lee"), await sign_in(talk, "Sam Roe")
    escalation_id = await customer.hand_over()
    await desk.claim(kim, escalation_id)
    with pytest.raises(Refused, match="already_claimed"):
        await desk.claim(sam, escalation_id)
    for step in (desk.hand_back, desk.close):
        with pytest.raises(Refused, match="not_yours"):
            await step(sam, escalation_id)
    with pytest.raises(Refused, match="not_yours"):
        await desk.reply(sam, customer.id, str(uuid4()), "me too")
    (entry,) = await desk.queue(sam)
    assert entry.claimed_by_name == "Kim Lee" and not entry.mine


async def test_nobody_writes_before_taking_over_or_after_handing_back(
    talk: Talk, desk: DeskWork, customer: Customer
) -> None:
    token = await sign_in(talk)
    escalation_id = await customer.hand_over()
    with pytest.raises(Refused, match="not_yours"):
        await desk.reply(token, customer.id, str(uuid4()), "too early")
    await desk.claim(token, escalation_id)
    await desk.hand_back(token, escalation_id)
    with pytest.raises(Refused, match="not_yours"):
        await desk.reply(token, customer.id, str(uuid4()), "too late")
    assert [message for message in await customer.history() if message.author is Author.AGENT] == []


async def test_an_agents_message_sent_twice_is_stored_once(talk: Talk, desk: DeskWork, customer: Customer) -> None:
    token = await sign_in(talk)
    await desk.claim(token, await customer.hand_over())
    first: Message = await desk.reply(token, customer.id, "agent-message-1", "hello")
    again = await desk.reply(token, customer.id, "agent-message-1", "hello")
    assert first == again
    with pytest.raises(Refused, match="text_empty"):
        await desk.reply(token, customer.id, "agent-message-2", " \n ")


async def test_the_queue_is_by_priority_with_reason_wait_and_frustration(talk: Talk, desk: DeskWork) -> None:
    token = await sign_in(talk)
    for text, priority in (("calm", 20), ("furious", 90)):
        customer = await talk.start()
        turn = await customer.say(text)
        async with talk.services.db.transaction() as tx:
            if text == "furious":
                decision = Decision(Mode.NO_SELL, False, True, "It is the third time.", 90)
                await tx.assessments.save(assessment(customer.id, turn["message_id"]), decision)
            await tx.escalations.request(customer.id, turn["message_id"], f"because {text}", priority)
    first, second = await desk.queue(token)
    assert (first.escalation.reason, first.frustration, first.preview) == ("because furious", 72.0, "furious")
    assert (second.escalation.reason, second.frustration, second.preview) == ("because calm", None, "calm")
    assert 0 <= first.waiting_s < 60
    case = await desk.case(token, first.escalation.conversation_id)
    (reading,) = readings(case.messages, case.readings)
    assert (reading.frustration, reading.reason, reading.escalated) == (72.0, "It is the third time.", True)
    assert reading.label == "anger", "the choice of emotion says what was read"
    options = chart_options([reading])
    assert options["series"][0]["data"][0]["value"] == 72
    assert "turn 1: 72" in options["aria"]["description"]


async def test_steps_are_recorded_as_events(talk: Talk, desk: DeskWork, customer: Customer) -> None:
    token = await sign_in(talk)
    escalation_id = await customer.hand_over()
    await desk.claim(token, escalation_id)
    await desk.hand_back(token, escalation_id)
    async with talk.services.db.reading() as tx:
        for kind in ("escalation.claimed", "escalation.returned"):
            (event,) = await tx.events.recent(type=kind)
            assert event.payload["escalation_id"] == escalation_id


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3900, "1 h 05 min")])
def test_waiting_times_read_well(seconds: float, words: str) -> None:
    assert waiting_words(seconds) == words


def test_a_level_is_a_number_and_a_word() -> None:
    assert [level_words(value) for value in (None, 0, 34.9, 35, 65, 100)] == [
        "not scored", "0 · calm", "35 · calm", "35 · raised", "65 · high", "100 · high",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("perceived", "label", "words"),
    [
        (Perceived.AS_SHOWN, None, "Customer: the reading is right"),
        (Perceived.AS_SHOWN, "anger", "Customer: the reading is right"),
        (Perceived.AS_SHOWN, "sadness", "Customer: the level is right, and the emotion was sadness"),
        (Perceived.LESS_UPSET, "sadness", "Customer: less upset than this, and the emotion was sadness"),
    ],
)
def test_verdict_never_calls_a_corrected_emotion_right(perceived: Perceived, label: str | None, words: str) -> None:
    verdict = Verdict("talk", "message", Author.CUSTOMER, "one", perceived, label, shown_label="anger")
    assert verdict_words(verdict, {}) == words


def test_nobody_is_called_calm_beside_a_raised_level() -> None:
    assert state_words("calm", 47.0) == ""
    assert state_words("calm", 12.0) == "calm" and state_words("frustrated", 47.0) == "frustrated"
