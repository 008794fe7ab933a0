"""How the assistant was to speak because of a reading goes with the consent, out of its own memory too."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

import pytest

from privacy import DataKey
from store import TrackerFile
from tests.service.me import signed_in
from tests.service.talk import Customer, Talk
from tests.service.test_me_join import join
from tests.store.known_person import TRACKER

SLOTS = (("attune_mode", "no_sell"), ("attune_escalate", True), ("attune_clarify", True), ("attune_shown_items", "k-1"))


def remember(talk: Talk, conversation_id: str) -> TrackerFile:
    """Slots as the assistant stores them."""
    settings = talk.services.settings
    key, keyring = DataKey.new(), settings.keyring()
    with sqlite3.connect(settings.tracker_db) as db:
        db.executescript(TRACKER)
        db.execute("INSERT INTO attune_keys VALUES (?, ?, ?)", (conversation_id, key.id, key.wrap(keyring)))
        for name, value in SLOTS:
            data = key.encrypt(json.dumps({"event": "slot", "name": name, "value": value}).encode(), purpose="tracker")
            db.execute(
                "INSERT INTO events (sender_id, type_name, timestamp, action_name, data) VALUES (?, 'slot', 1, ?, ?)",
                (conversation_id, name, data),
            )
    return TrackerFile(settings.tracker_db, keyring)


def values(events: Sequence[dict[str, Any]]) -> list[tuple[str, Any]]:
    return [(event["name"], event["value"]) for event in events]


NEUTRAL = [("attune_mode", "neutral"), ("attune_escalate", False), ("attune_clarify", False), SLOTS[3]]


async def test_a_withdrawal_takes_it_out_of_this_customers_conversations(talk: Talk, customer: Customer) -> None:
    other = await talk.start()
    for one in (customer, other):
        await one.consent("text")
    tracker, _ = remember(talk, customer.id), remember(talk, other.id)
    await customer.consent("text", False)
    assert values(tracker.events(customer.id)) == NEUTRAL, "as many events as before, and nothing derived"
    assert values(tracker.events(other.id)) == list(SLOTS)


@pytest.mark.parametrize("purpose", ["personalise", "improve"])
async def test_it_goes_with_what_it_may_rest_on(talk: Talk, purpose: str) -> None:
    me = await signed_in(talk)
    own = await me.talks()
    for use in ("assist", purpose):
        await me.allow("text", use)
    tracker = remember(talk, own.id)
    await me.allow("text", purpose, granted=False)
    assert values(tracker.events(own.id)) == (NEUTRAL if purpose == "personalise" else list(SLOTS))


async def test_an_account_that_said_no_later_does_not_take_it_over(talk: Talk, customer: Customer) -> None:
    me = await signed_in(talk)
    await customer.consent("text")
    tracker = remember(talk, customer.id)
    await me.allow("text", granted=False)
    await join(me, customer)
    assert values(tracker.events(customer.id)) == NEUTRAL


async def test_a_turn_in_which_the_consent_ended_leaves_nothing(talk: Talk, customer: Customer) -> None:
    await customer.consent("text")
    tracker: list[TrackerFile] = []

    async def ends(*_: object) -> None:
        async with talk.services.db.transaction() as tx:
            conversation = await tx.conversations.get(customer.id)
            assert conversation is not None
            await tx.consents.withdraw_all(conversation.customer_id)
        # The assistant stores its turn after its actions have run.
        tracker.append(remember(talk, customer.id))

    talk.rasa.during_turn = ends
    await customer.say("please switch it off")
    assert values(tracker[0].events(customer.id)) == NEUTRAL
