"""What visitors do in the shop: under the visit, or under the pseudonym of who has allowed it."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from privacy import NOTICE_VERSION
from service.visits import visit_subject
from store import Transaction
from tests.service.talk import Customer, Talk, talking
from vocabulary import InteractionKind, Item, Purpose, Role, Signal

VISIT = "session-0001"
EVENT = {"type": "storefront.view", "item_id": "kettle-1", "session": VISIT}


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path, events_burst=50, events_per_s=0.01, visit_events=8) as started:
        items = [Item(f"kettle-{n}", f"Kettle {n}", "", "kettles", Decimal(9), 1, {}) for n in range(1, 30)]
        async with started.services.db.transaction() as tx:
            await tx.catalogue.replace_all(items)
        # A program's own name for itself would make it a robot.
        started.client.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
        yield started


async def tell(talk: Talk, customer: Customer | None = None, **changes: Any) -> httpx.Response:
    known = {} if customer is None else {"params": {"conversation": customer.id}, "headers": customer.headers}
    return await talk.client.post("/api/events", json={**EVENT, **changes}, **known)


async def allow(talk: Talk, customer_id: str, *purposes: Purpose, version: str = NOTICE_VERSION) -> None:
    async with talk.services.db.transaction() as tx:
        for purpose in (Purpose.ASSIST, *purposes):
            await tx.consents.record(customer_id, Signal.BEHAVIOUR, purpose, True, version)


async def pseudonym(talk: Talk, customer: Customer) -> str:
    async with talk.services.db.reading() as tx:
        found = await tx.conversations.get(customer.id)
    assert found is not None
    return found.customer_id


async def kept(talk: Talk, subject: str) -> list[tuple[str, str, float | None]]:
    async with talk.services.db.reading() as tx:
        return [(one.item_id, one.kind.value, one.value) for one in await tx.interactions.of(subject)]


async def test_each_event_says_what_was_done_with_an_item(talk: Talk) -> None:
    told = [
        {"type": "storefront.view"},
        {"type": "storefront.dwell", "seconds": 12.5},
        {"type": "storefront.click"},
        {"type": "storefront.cart"},
        {"type": "storefront.purchase"},
        {"type": "storefront.rating", "stars": 4},
        {"type": "suggestion.shown"},
        {"type": "suggestion.clicked", "item_id": "kettle-2"},
        {"type": "storefront.dwell", "item_id": "kettle-2", "seconds": 7200},
    ]
    assert [(await tell(talk, **one)).status_code for one in told] == [204] * len(told)
    assert await kept(talk, visit_subject(VISIT)) == [
        ("kettle-1", "view", None),
        ("kettle-1", "dwell", 12.5),
        ("kettle-1", "click", None),
        ("kettle-1", "cart", None),
        ("kettle-1", "purchase", None),
        ("kettle-1", "rating", 4.0),
        ("kettle-2", "click", None),
        ("kettle-2", "dwell", 1800.0),
    ]
    async with talk.services.db.reading() as tx:
        assert len(await tx.interactions.all()) == 8 and len(await tx.events.recent()) == len(told)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "storefront.dwell"},
        {"type": "storefront.dwell", "seconds": -1},
        {"type": "storefront.dwell", "seconds": 1e9},
        {"type": "storefront.dwell", "seconds": "long"},
        {"type": "storefront.dwell", "seconds": 5, "stars": 5},
        {"type": "storefront.rating"},
        {"type": "storefront.rating", "stars": 0},
        {"type": "storefront.rating", "stars": 4.5},
        {"seconds": 5},
        {"item_id": "x" * 65},
        {"session": "p_short"},
    ],
)
async def test_an_event_of_another_shape_is_refused_and_not_kept(talk: Talk, change: dict[str, Any]) -> None:
    assert (await tell(talk, **change)).status_code == 422
    async with talk.services.db.reading() as tx:
        assert await tx.interactions.count() == 0


async def test_without_leave_a_customer_s_doings_are_those_of_the_visit(talk: Talk) -> None:
    customer = await talk.start()
    who = await pseudonym(talk, customer)
    await allow(talk, who, Purpose.IMPROVE)
    await tell(talk, customer)
    assert await kept(talk, who) == [] and len(await kept(talk, visit_subject(VISIT))) == 1
    async with talk.services.db.reading() as tx:
        (event,) = await tx.events.recent(type="storefront.view")
    assert event.customer_id is None and event.payload["session"] == VISIT


async def test_nobody_learns_from_a_known_customer_who_has_not_allowed_it(talk: Talk) -> None:
    customer = await talk.start()
    who = await pseudonym(talk, customer)
    await tell(talk, customer)
    assert await kept(talk, who) == [] == await kept(talk, visit_subject(VISIT))
    async with talk.services.db.reading() as tx:
        assert len(await tx.events.recent(type="storefront.view")) == 1, "it is counted"


async def test_a_yes_to_an_older_notice_is_no_leave(talk: Talk) -> None:
    customer = await talk.start()
    who = await pseudonym(talk, customer)
    await allow(talk, who, Purpose.PERSONALISE, version="3")
    await tell(talk, customer)
    assert await kept(talk, who) == []


@pytest.mark.parametrize("improve", [False, True])
async def test_with_leave_they_are_the_customer_s_and_nothing_leads_to_the_visit(talk: Talk, improve: bool) -> None:
    customer = await talk.start()
    who = await pseudonym(talk, customer)
    await allow(talk, who, Purpose.PERSONALISE, *([Purpose.IMPROVE] if improve else []))
    await tell(talk, customer)
    assert len(await kept(talk, who)) == 1 and await kept(talk, visit_subject(VISIT)) == []
    async with talk.services.db.reading() as tx:
        assert len(await tx.interactions.all()) == int(improve), "others learn from it only with a further yes"
        (event,) = await tx.events.recent(type="storefront.view")
    assert event.customer_id is None and event.payload == {"item_id": "kettle-1"}, "no second copy of what they did"


async def test_a_wrong_token_is_nobody_s(talk: Talk) -> None:
    customer, other = await talk.start(), await talk.start()
    who = await pseudonym(talk, customer)
    await allow(talk, who, Purpose.PERSONALISE)
    thief = Customer(talk, customer.id, other.token)
    assert (await tell(talk, thief)).status_code == 204
    assert await kept(talk, who) == [] and len(await kept(talk, visit_subject(VISIT))) == 1


async def test_a_signed_in_customer_is_known_and_staff_are_left_out(talk: Talk) -> None:
    async with talk.services.db.transaction() as tx:
        customer = await tx.accounts.create(Role.CUSTOMER, name="Some Body", email="some@example.org")
        agent = await tx.accounts.create(Role.AGENT, name="Kim Lee", email="kim@example.org")
        assert customer.customer_id is not None
        cookies = [await _cookie(tx, account.id) for account in (customer, agent)]
    await allow(talk, customer.customer_id, Purpose.PERSONALISE)
    for cookie in cookies:
        headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
        assert (await talk.client.post("/api/events", json=EVENT, headers=headers)).status_code == 204
    assert len(await kept(talk, customer.customer_id)) == 1
    async with talk.services.db.reading() as tx:
        assert await tx.interactions.count() == 1


async def _cookie(tx: Transaction, account_id: str) -> str:
    from service.accounts.cookie import PLAIN_NAME

    return f"{PLAIN_NAME}={await tx.sessions.open(account_id, 'A browser')}"


async def test_a_page_that_repeats_itself_says_one_thing(talk: Talk) -> None:
    for _ in range(3):
        await tell(talk)
    assert len(await kept(talk, visit_subject(VISIT))) == 1


async def test_a_flood_from_one_address_or_in_one_visit_ends(talk: Talk) -> None:
    answers = [(await tell(talk, item_id=f"kettle-{number % 29 + 1}")).status_code for number in range(60)]
    assert answers.count(204) == 50 and set(answers[50:]) == {429}
    assert len(await kept(talk, visit_subject(VISIT))) == 8


async def test_robots_and_unknown_items_are_counted_but_nobody_learns_from_them(talk: Talk) -> None:
    await tell(talk, item_id="nowhere")
    crawler = {"User-Agent": "Mozilla/5.0 (compatible; Somebot/2.1)"}
    assert (await talk.client.post("/api/events", json=EVENT, headers=crawler)).status_code == 204
    async with talk.services.db.reading() as tx:
        assert await tx.interactions.count() == 0 and len(await tx.events.recent(type="storefront.view")) == 2


async def test_not_for_me_is_learned_from_with_leave_only_and_can_be_taken_back(talk: Talk) -> None:
    from store import Reply
    from vocabulary import Suggestion

    offered = Suggestion("kettle-1", "Kettle 1", Decimal(9), "kettles", 1.0, "It boils water.")
    for allowed in (False, True):
        customer = await talk.start()
        who = await pseudonym(talk, customer)
        if allowed:
            await allow(talk, who, Purpose.PERSONALISE)
        async with talk.services.db.transaction() as tx:
            await tx.inbox.receive(customer.id, "message-0001", "a kettle please")
            await tx.inbox.mark_sent(customer.id, "message-0001")
            await tx.inbox.answer(customer.id, "message-0001", [Reply("Here", suggestions=(offered,))])
        for verdict, expected in (("not_for_me", 1), ("not_for_me", 1), ("helpful", 0), ("none", 0)):
            address = f"/api/me/suggestions/kettle-1?conversation={customer.id}"
            answer = await talk.client.put(address, json={"verdict": verdict}, headers=customer.headers)
            assert answer.status_code == 200, answer.text
            found = [kind for _, kind, _ in await kept(talk, who)]
            assert found == [InteractionKind.NOT_FOR_ME.value] * (expected if allowed else 0), verdict
            async with talk.services.db.reading() as tx:
                unwanted = await tx.suggestion_feedback.unwanted(who)
            assert unwanted == ({"kettle-1"} if verdict == "not_for_me" else frozenset()), "obeyed in any case"
