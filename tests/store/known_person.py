"""One person with something of theirs in every store, each thing with a word that is nowhere else."""

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from privacy import DataKey, KeyRing, hash_password, new_id
from store import (
    CallTurn,
    Database,
    MediaStore,
    Order,
    OrderLine,
    OrderStatus,
    Plan,
    PlanStatus,
    PlanTier,
    Profile,
    Reply,
    StoreSettings,
    Transaction,
    Verdict,
)
from store.accounts import CodeKind
from store.behaviour import PastStep
from store.bot_examples import BotExamples, example_source
from store.messages import HeardWord
from store.requests import RequestKind
from store.suggestion_feedback import Opinion
from tests.store.test_consent_and_emotion import DECISION, assessment
from vocabulary import Author, Clip, Interaction, InteractionKind, Modality, Perceived, Purpose, Role, Signal, StepKind

TRACKER = """
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL, type_name VARCHAR(255),
  timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT);
CREATE TABLE IF NOT EXISTS attune_turns (sender_id VARCHAR(255), message_id VARCHAR(255), first_event INTEGER,
  last_event INTEGER, PRIMARY KEY (sender_id, message_id));
CREATE TABLE IF NOT EXISTS attune_keys (sender_id VARCHAR(255) PRIMARY KEY, key_id VARCHAR(64), wrapped TEXT);
"""
"""The tables of bot/stores/encrypted.py, which belongs to another environment."""


@dataclass
class Known:
    """What is known of the person. words: canaries, one for each thing said or given."""

    name: str
    email: str
    phone: str
    order: str
    account: str = ""
    customer: str = ""
    conversation: str = ""
    token: str = ""
    media: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def said(self, word: str) -> str:
        """A canary of this person."""
        canary = f"canary-{self.name.split()[0].lower()}-{word}-7319"
        self.words.append(canary)
        return canary

    @property
    def traces(self) -> list[str]:
        """Everything that must be nowhere afterwards."""
        ids = [self.account, self.customer, self.conversation, *self.media]
        return [*self.words, self.name, self.email, self.phone, *(one for one in ids if one)]


async def move_in(
    db: Database, settings: StoreSettings, keyring: KeyRing, name: str = "Marigold Canary", *, order: str = "100417"
) -> Known:
    """Store a person everywhere."""
    key = name.split()[0].lower()
    known = Known(name, f"{key}@canary.example", "+4915112345678" if key == "marigold" else "+4915187654321", order)
    media = MediaStore(settings.media_dir, keyring)
    clip = Clip(samples=np.zeros(1600, dtype=np.float32))
    known.media = [media.put_clip(clip), media.put_bytes(known.said("photo").encode())]
    async with db.transaction() as tx:
        await _account(tx, known)
        await _talk(tx, known)
        await _shop(tx, known)
    _remember(settings.tracker_db, keyring, known)
    BotExamples(settings.bot_examples).add(
        "ask_opening_hours", known.said("example"), example_source(keyring, known.customer)
    )
    return known


async def _account(tx: Transaction, known: Known) -> None:
    account = await tx.accounts.create(
        Role.CUSTOMER,
        name=known.name,
        email=known.email,
        phone=known.phone,
        birth_year=1980,
        password_hash=hash_password(known.said("password")),
        email_verified=True,
        phone_verified=True,
    )
    assert account.customer_id is not None
    known.account, known.customer = account.id, account.customer_id
    await tx.sessions.open(known.account, known.said("device"))
    await tx.codes.make_link(CodeKind.VERIFY_EMAIL, known.email, timedelta(hours=1), leads_to=known.said("code"))
    await tx.social.link("shop-id", known.said("subject"), known.account)
    await tx.push.add(known.account, endpoint=f"https://push.example/{known.said('push')}", p256dh="p", auth="a")
    await tx.notifications.add(
        kind="account",
        channel="mail",
        address=known.email,
        subject="Hello",
        text=known.said("mail"),
        account_id=known.account,
    )
    await tx.profiles.put(known.customer, Profile(interests=(known.said("interest"),)))
    await tx.suggestion_feedback.put(known.customer, "item-1", Opinion.NOT_FOR_ME)
    await tx.requests.add(known.customer, RequestKind.OBJECT, by="self", words=known.said("request"))


async def _talk(tx: Transaction, known: Known) -> None:
    made = await tx.conversations.create(customer_id=known.customer)
    known.conversation, known.token = made.id, made.token
    talk = made.id
    done = Interaction(known.customer, "item-1", InteractionKind.VIEW, datetime.now(UTC))
    await tx.interactions.add([done], "storefront")
    named = Interaction(tx.interactions.imported_subject(known.email), "item-1", InteractionKind.CART, done.at)
    await tx.interactions.add([named], "till.csv")
    await tx.slates.add(talk, "message-typed", known.customer, {"items": [known.said("slate")]}, "plain-1")
    await tx.slates.settle(talk, "message-typed", {"clicked": known.said("outcome")}, counts=True)
    for signal in (Signal.TEXT, Signal.VOICE, Signal.FACE, Signal.BEHAVIOUR):
        await tx.consents.record(known.customer, signal, Purpose.ASSIST, True, "3")
    await tx.inbox.receive(talk, "message-typed", f"{known.said('typed')} call me on {known.phone}")
    await tx.inbox.receive(
        talk,
        "message-spoken",
        known.said("spoken"),
        clip_id=known.media[0],
        heard=[HeardWord(known.said("heard"), 0.5)],
        spoken=True,
    )
    await tx.inbox.answer(talk, "message-typed", [Reply(f"Hello {known.said('reply')}")])
    await tx.inbox.add_agent_message(talk, "a_somebody", "message-agent", known.said("agent"))
    await tx.frames.add(talk, "message-spoken", known.media[1])
    read = assessment(talk, "message-typed", Modality.TEXT)
    await tx.assessments.save(read, DECISION, explanations={"customer": (known.said("explained"),)})
    await tx.verdicts.put(
        Verdict(talk, "message-typed", Author.CUSTOMER, known.customer, Perceived.LESS_UPSET, None, None, None)
    )
    await tx.baselines.put(talk, {"heard": known.said("baseline")})
    await tx.behaviour.add(
        talk,
        "batch-1",
        "tab",
        [PastStep(known.said("step"), StepKind.CLICK, 5)],
        since=datetime.now(UTC) - timedelta(days=1),
    )
    call = await tx.calls.begin(new_id("v"), talk, "telephone", camera=False)
    await tx.calls.put_turn(talk, call.id, CallTurn("message-typed", turn_end=0.5))
    await tx.telephone.begin(talk, known.said("call"), known.said("number"))
    await tx.escalations.request(talk, "message-typed", known.said("reason"), 50)
    await tx.receipts.put(talk, "message-typed", "action_x", {"done": known.said("receipt")})
    await tx.events.add("turn.sent", {"message_id": "message-typed"}, conversation_id=talk, customer_id=known.customer)
    await tx.orders.add_complaint(talk, known.said("complaint"), known.order, f"{talk}:message-typed")
    await tx.audit.add("a_somebody", "case.view", subject=known.customer, purpose="test", note=known.said("note"))


async def _shop(tx: Transaction, known: Known) -> None:
    await tx.orders.add_many(
        [
            Order(
                number=known.order,
                status=OrderStatus.DELIVERED,
                placed_on=date(2026, 1, 2),
                customer_name=known.name,
                email=known.email,
                street=known.said("street"),
                postcode="12345",
                city="Somewhere",
                lines=(OrderLine("item-1", "Kettle", 1, Decimal("29.90")),),
                payment_method="card",
                tracking_code=known.said("parcel"),
            )
        ]
    )
    await tx.orders.start_return(known.order, "item-1", known.said("return"), f"{known.conversation}:message-typed")
    await tx.orders.add_plans(
        [Plan(f"plan-{known.order}", known.email, "Care", PlanTier.BASIC, PlanStatus.ACTIVE, Decimal("4.00"))]
    )


def _remember(path: Path, keyring: KeyRing, known: Known) -> None:
    """What the assistant stores of one turn."""
    key = DataKey.new()
    sealed = key.encrypt(f'{{"event": "user", "text": "{known.said("tracker")}"}}'.encode(), purpose="tracker")
    db = sqlite3.connect(path)
    db.executescript(TRACKER)
    db.execute("INSERT INTO attune_keys VALUES (?, ?, ?)", (known.conversation, key.id, key.wrap(keyring)))
    db.execute(
        "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, 'user', ?, ?)",
        (known.conversation, datetime.now(UTC).timestamp(), sealed),
    )
    db.execute("INSERT INTO attune_turns VALUES (?, 'message-typed', 1, 1)", (known.conversation,))
    db.commit()
    db.close()


def left_of(traces: list[str], *places: Path) -> list[tuple[str, str]]:
    """Every file below the places that holds a trace, with the trace: a plain search of the bytes."""
    return [
        (path.name, trace)
        for place in places
        for path in ([place] if place.is_file() else sorted(place.rglob("*")))
        if path.is_file()
        for trace in traces
        if trace.encode() in path.read_bytes()
    ]
