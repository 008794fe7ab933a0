"""Steps are taken with consent only, once each, in bounds; help is offered once and never during a hand-over."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import update

from store.schema import ConsentRow
from tests.service.talk import Customer, Talk, talking
from vocabulary import Step

STUCK = [
    ("voucher", "enter", 60_000),
    ("voucher", "abort", 50_000),
    ("voucher", "enter", 40_000),
    ("voucher", "abort", 30_000),
    ("cart", "enter", 20_000),
]


def body(
    steps: list[tuple[str, str, int]], *, batch: str | None = None, tab: str = "tab-one-1", idle: bool = True
) -> Any:
    return {
        "id": batch or str(uuid4()),
        "tab": tab,
        "idle": idle,
        "steps": [{"name": name, "kind": kind, "ago_ms": ago_ms} for name, kind, ago_ms in steps],
    }


async def allowed(talk: Talk) -> Customer:
    """A customer who allowed behaviour a minute before what the test's steps say."""
    customer = await talk.start()
    assert (await customer.consent("behaviour")).status_code == 200
    await long_allowed(talk)
    return customer


async def long_allowed(talk: Talk) -> None:
    async with talk.services.db.transaction() as tx:
        await tx._session.execute(update(ConsentRow).values(at=datetime.now(UTC) - timedelta(minutes=30)))


async def send(customer: Customer, *args: Any, **options: Any) -> httpx.Response:
    return await customer.post("steps", json=body(*args, **options))


async def stored(customer: Customer) -> list[Step]:
    async with customer.talk.services.db.reading() as tx:
        return await tx.behaviour.recent(customer.id, since=datetime(2020, 1, 1, tzinfo=UTC))


async def test_without_consent_nothing_is_stored_and_the_page_is_told_to_stop(customer: Customer) -> None:
    await customer.consent("text")
    response = await send(customer, STUCK)
    assert response.status_code == 403 and response.json()["error"]["code"] == "no_consent"
    assert await stored(customer) == []


async def test_steps_from_before_the_consent_are_not_kept(customer: Customer) -> None:
    await customer.consent("behaviour")
    response = await send(customer, [*STUCK, ("cart", "click", 0)])
    assert response.status_code == 200 and response.json()["help"] is False
    assert len(await stored(customer)) <= 1


async def test_with_consent_they_are_kept_and_help_is_offered_once(talk: Talk) -> None:
    customer = await allowed(talk)
    first = (await send(customer, STUCK)).json()
    assert first["help"] is True and first["repeated"] is False
    assert [step.kind.value for step in await stored(customer)] == ["enter", "abort", "enter", "abort", "enter"]
    for tab in ("tab-one-1", "tab-two-2"):
        assert (await send(customer, STUCK, tab=tab)).json()["help"] is False


async def test_the_answer_that_was_lost_is_given_again(talk: Talk) -> None:
    customer = await allowed(talk)
    for repeated in (False, True):
        answer = (await send(customer, STUCK, batch="the-same-batch")).json()
        assert answer == {"id": "the-same-batch", "repeated": repeated, "help": True}
    assert len(await stored(customer)) == len(STUCK)


async def test_two_tabs_at_once_get_one_offer(talk: Talk) -> None:
    customer = await allowed(talk)
    answers = await asyncio.gather(*(send(customer, STUCK, tab=f"tab-number-{n}") for n in range(6)))
    assert sum(answer.json()["help"] for answer in answers) == 1


async def test_two_tabs_side_by_side_are_no_trouble(talk: Talk) -> None:
    customer = await allowed(talk)
    for tab in ("tab-one-1", "tab-two-2"):
        steps = [(f"product-{tab}", "enter", 50_000 - 5_000 * n) for n in range(8)]
        assert (await send(customer, steps, tab=tab)).json()["help"] is False


async def test_no_help_is_offered_while_the_customer_writes(talk: Talk) -> None:
    customer = await allowed(talk)
    assert (await send(customer, STUCK, idle=False)).json()["help"] is False
    assert (await send(customer, [("cart", "click", 5)])).json()["help"] is True


async def test_no_help_is_offered_during_a_hand_over(talk: Talk) -> None:
    customer = await allowed(talk)
    await customer.hand_over()
    assert (await send(customer, STUCK)).json()["help"] is False


async def test_a_smooth_way_gets_no_offer(talk: Talk) -> None:
    customer = await allowed(talk)
    smooth = [("cart", "enter", 60_000), ("cart", "done", 50_000), ("pay", "enter", 49_000), ("pay", "done", 20_000)]
    assert (await send(customer, smooth)).json()["help"] is False


async def test_a_withdrawal_deletes_the_steps_and_refuses_more(talk: Talk) -> None:
    customer = await allowed(talk)
    await send(customer, STUCK)
    await customer.consent("behaviour", granted=False)
    assert await stored(customer) == []
    assert (await send(customer, STUCK)).status_code == 403
    await customer.consent("behaviour")
    await long_allowed(talk)
    assert (await send(customer, STUCK)).json()["help"] is False


async def test_the_offer_outlives_a_restart(talk: Talk) -> None:
    customer = await allowed(talk)
    assert (await send(customer, STUCK)).json()["help"] is True
    async with talking(talk.services.settings.home) as again:
        assert (await send(Customer(again, customer.id, customer.token), STUCK)).json()["help"] is False


async def test_another_customer_s_token_opens_nothing(talk: Talk) -> None:
    customer, other = await allowed(talk), await allowed(talk)
    stranger = Customer(talk, customer.id, other.token)
    assert (await send(stranger, STUCK)).status_code == 404
    assert await stored(customer) == []


WRONG: list[dict[str, Any]] = [
    {"id": "x"},
    {"id": 7},
    {"tab": "../../etc/passwd"},
    {"idle": "yes"},
    {"steps": []},
    {"steps": "cart"},
    {"steps": [{"name": "cart", "kind": "enter", "ago_ms": 5}] * 101},
    {"steps": [{"name": "My address is 5 High Street", "kind": "enter", "ago_ms": 5}]},
    {"steps": [{"name": "cart", "kind": "hover", "ago_ms": 5}]},
    {"steps": [{"name": "cart", "kind": "enter", "ago_ms": -5}]},
    {"steps": [{"name": "cart", "kind": "enter", "ago_ms": 1.5}]},
    {"steps": [{"name": "cart", "kind": "enter", "ago_ms": 10**9}]},
    {"steps": [{"name": "cart", "kind": "enter", "ago_ms": True}]},
    {"steps": [{"name": "cart", "kind": "enter", "ago_ms": 5, "text": "secret words"}]},
    {"steps": [{"name": "cart", "kind": "enter", "ago_ms": 5, "x": 3, "y": 4}]},
    {"key": "secret words"},
]


async def test_what_is_no_step_is_refused_and_not_repeated(talk: Talk) -> None:
    customer = await allowed(talk)
    for change in WRONG:
        response = await customer.post("steps", json=body(STUCK) | change)
        assert response.status_code == 422 and response.json()["error"]["code"] == "invalid_field", change
        assert "secret words" not in response.text and "High Street" not in response.text
    assert await stored(customer) == []


HOSTILE = [
    (b"", 422),
    (b"{", 400),
    (b"[]", 422),
    (b"null", 422),
    (b"\xff\xfe", 400),
    (b"[" * 5_000, 400),
    (b'{"id": NaN}', 422),
    (b'{"steps": ' + b"9" * 5_000 + b"}", 400),
    (json.dumps({"steps": "x" * 20_000}).encode(), 413),
]


async def test_hostile_bodies_get_a_clear_refusal(talk: Talk) -> None:
    customer = await allowed(talk)
    for content, status in HOSTILE:
        response = await customer.post("steps", content=content)
        assert response.status_code == status, content[:20]
        assert set(response.json()["error"]) == {"code", "message", "retryable"}
        assert status != 413 or "16 kB" in response.json()["error"]["message"]


async def test_a_page_that_sends_without_end_is_slowed_down(talk: Talk) -> None:
    customer = await allowed(talk)
    answers = [await send(customer, [("cart", "click", 0)]) for _ in range(30)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and refused[0].json()["error"]["retryable"] is True and "Retry-After" in refused[0].headers


async def test_nothing_of_a_step_is_logged_or_told_in_events(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    customer = await allowed(talk)
    await send(customer, [("very-private-step", "enter", 5)])
    async with talk.services.db.reading() as tx:
        told = [event.payload for event in await tx.events.recent()]
    assert "very-private-step" not in caplog.text + json.dumps(told)
