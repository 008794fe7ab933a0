"""Correcting what was sensed: by the customer over the API, by the agent at the desk."""

import httpx
import pytest

from service.desk import DeskWork
from service.desk.gate import Gate
from service.errors import Refused
from store import Verdict
from tests.service.talk import Customer, Talk
from tests.service.test_consent import assessment
from tests.service.test_desk import sign_in
from vocabulary import Author, Decision, Mode, Perceived


@pytest.fixture
def desk(talk: Talk) -> DeskWork:
    services = talk.services
    return DeskWork(services.db, Gate(admin_second_factor=False), services.hub, services.notifier, max_chars=4000)


async def sense(talk: Talk, customer: Customer) -> str:
    """A message whose turn was assessed; its id."""
    await customer.consent("text")
    message_id = str((await customer.say("where is it"))["message_id"])
    decision = Decision(Mode.SLOW, offers_allowed=True, escalate=False, reason="Frustration is 72.")
    told = {"customer": ("Mainly from your words.",), "agent": ("Frustration is 72 of 100.",)}
    async with talk.services.db.transaction() as tx:
        await tx.assessments.save(assessment(customer.id, message_id), decision, explanations=told)
    return message_id


async def verdicts(talk: Talk, customer: Customer) -> list[Verdict]:
    async with talk.services.db.reading() as tx:
        return await tx.verdicts.of_conversation(customer.id)


async def judge(talk: Talk, customer: Customer, message_id: str, perceived: object) -> httpx.Response:
    path = f"/api/conversations/{customer.id}/turns/{message_id}/verdict"
    return await talk.client.put(path, headers=customer.headers, json={"perceived": perceived})


async def test_a_customer_sees_why_and_corrects_it(talk: Talk, customer: Customer) -> None:
    message_id = await sense(talk, customer)
    before = (await customer.get(f"turns/{message_id}")).json()
    assert before["explanation"] == ["Mainly from your words."] and before["verdict"] is None
    answer = await judge(talk, customer, message_id, "less_upset")
    assert answer.status_code == 200 and answer.json()["verdict"] == "less_upset"
    await judge(talk, customer, message_id, "as_shown")
    (stored,) = await verdicts(talk, customer)
    assert (stored.author, stored.perceived, stored.shown_label) == (Author.CUSTOMER, Perceived.AS_SHOWN, "anger")


@pytest.mark.parametrize("perceived", ["calm", "", None, 3, ["less_upset"]])
async def test_another_word_is_refused_with_what_is_allowed(talk: Talk, customer: Customer, perceived: object) -> None:
    answer = await judge(talk, customer, await sense(talk, customer), perceived)
    assert answer.status_code == 422 and "less_upset" in answer.json()["error"]["message"]
    assert await verdicts(talk, customer) == []


async def test_nothing_sensed_is_nothing_to_correct(talk: Talk, customer: Customer) -> None:
    message_id = str((await customer.say("where is it"))["message_id"])
    answer = await judge(talk, customer, message_id, "less_upset")
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "nothing_sensed"


async def test_a_stranger_corrects_nothing(talk: Talk, customer: Customer) -> None:
    message_id = await sense(talk, customer)
    stranger = await talk.start()
    path = f"/api/conversations/{customer.id}/turns/{message_id}/verdict"
    answer = await talk.client.put(path, headers=stranger.headers, json={"perceived": "less_upset"})
    assert answer.status_code in (401, 403, 404)
    assert await verdicts(talk, customer) == []


async def test_an_agent_corrects_what_is_theirs_and_sees_the_customer_s_word(
    talk: Talk, desk: DeskWork, customer: Customer
) -> None:
    message_id = await sense(talk, customer)
    await judge(talk, customer, message_id, "more_upset")
    token = await sign_in(talk)
    escalation_id = await customer.hand_over()
    with pytest.raises(Refused, match="not_yours"):
        await desk.judge(token, customer.id, message_id, Perceived.LESS_UPSET)
    await desk.claim(token, escalation_id)
    await desk.judge(token, customer.id, message_id, Perceived.LESS_UPSET, "sadness")
    case = await desk.case(token, customer.id)
    said = [(one.author, one.perceived, one.label) for one in case.verdicts]
    assert said == [(Author.CUSTOMER, Perceived.MORE_UPSET, None), (Author.AGENT, Perceived.LESS_UPSET, "sadness")]


async def test_a_withdrawal_forgets_the_word_with_the_reading(talk: Talk, customer: Customer) -> None:
    await judge(talk, customer, await sense(talk, customer), "less_upset")
    await customer.consent("text", granted=False)
    assert await verdicts(talk, customer) == []
