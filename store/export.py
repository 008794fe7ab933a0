"""Everything that is stored of one person, opened, place by place: what they get when they ask for it.

Not in it: hashes, fingerprints, keys and second-factor secrets, which say nothing and would only help a thief.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from privacy import DecryptionError, KeyRing, Place, places
from store.bot_examples import BotExamples, example_source
from store.database import Database
from store.erasure.subject import PersonUnknown, Subject
from store.media import MediaStore
from store.schema import Base
from store.settings import StoreSettings
from store.tracker import TrackerFile
from store.transaction import Transaction
from store.vault import PersonSealer

FORMAT: Final = 1
_HIDDEN: Final = ("hash", "fingerprint", "totp", "wrapped", "cancel_key", "message_key", "call_mark")
_PURPOSES: Final[Mapping[str, str]] = {
    "accounts.sealed": "account",
    "assessments.sealed": "assessment",
    "complaints.sealed": "complaint",
    "customers.sealed_account": "customer-account",
    "data_requests.sealed": "data-request",
    "escalations.sealed": "escalation",
    "messages.heard": "heard",
    "messages.originals": "originals",
    "messages.sealed": "message",
    "notifications.sealed": "notification",
    "one_time_codes.sealed": "one-time-code",
    "orders.sealed": "order",
    "plans.sealed": "plan",
    "profiles.sealed": "profile",
    "push_subscriptions.sealed": "push_subscription",
    "receipts.sealed": "receipt",
    "returns.sealed": "return",
    "sessions.sealed": "session",
    "slates.outcome": "slate-outcome",
    "slates.sealed": "slate",
    "speaker_baselines.sealed": "speaker_baseline",
    "step_batches.sealed": "steps",
    "telephone_calls.sealed": "telephone-number",
    "verdicts.sealed": "verdict",
}
"""What each sealed column is sealed for."""


@dataclass(frozen=True)
class Export:
    """data: what JSON can hold. media: recordings and pictures that still wait, by file name."""

    data: dict[str, Any]
    media: dict[str, bytes]


class Exporter:
    """Exports of one installation."""

    def __init__(self, settings: StoreSettings, keyring: KeyRing, db: Database, media: MediaStore) -> None:
        self._keyring = keyring
        self._db = db
        self._media = media
        self._tracker = TrackerFile(settings.tracker_db, keyring)
        self._examples = BotExamples(settings.bot_examples)

    async def export(self, who: str, *, by: str, purpose: str = "copy of one's data on request") -> Export:
        """Everything of one person. who: see Subjects.find. by: the actor of the audit entry.

        Raises: PersonUnknown, StoreError, PrivacyError.
        """
        async with self._db.transaction() as tx:
            subject = await tx.subjects.find(who)
            if subject is None:
                raise PersonUnknown
            await tx.audit.add(by, "data.export", subject=subject.known_as, purpose=purpose)
        async with self._db.reading() as tx:
            tables = {place.name: await _tables(tx, place, subject) for place in places()}
            talks = [await _dialogue(tx, one) for one in subject.conversations]
            seen = await _accesses(tx, subject)
        tables["audit"] = {"audit": seen}
        outside = await asyncio.to_thread(self._outside, subject)
        data = {
            "format": FORMAT,
            "made_at": _plain(datetime.now().astimezone()),
            "conversations": talks,
            "places": [
                {
                    "name": place.name,
                    "title": place.title,
                    "purpose": place.purpose,
                    "basis": place.basis.value,
                    "period": place.period,
                    "tables": {**tables[place.name], **outside.get(place.name, {})},
                }
                for place in places()
                if tables[place.name] or outside.get(place.name)
            ],
        }
        return Export(data, await asyncio.to_thread(self._media_of, subject))

    def _outside(self, subject: Subject) -> dict[str, dict[str, list[Any]]]:
        remembered = {one: self._tracker.events(one) for one in subject.conversations}
        events = [{"conversation": one, "event": event} for one, found in remembered.items() for event in found]
        sources = [example_source(self._keyring, one) for one in subject.customers]
        examples = self._examples.texts(sources)
        return {
            **({"tracker": {"events": events}} if events else {}),
            **({"bot_examples": {"examples": list(examples)}} if examples else {}),
        }

    def _media_of(self, subject: Subject) -> dict[str, bytes]:
        found = {media_id: self._media.get_bytes(media_id) for media_id in subject.media}
        return {f"{media_id}.bin": content for media_id, content in found.items() if content is not None}


async def _tables(tx: Transaction, place: Place, subject: Subject) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for table, rows in (await tx.records.rows(place.name, subject)).items():
        if rows:
            opener = await tx.vault.opener(value for row in rows for value in _sealed(row))
            found[table] = [_opened(row, opener) for row in rows]
    return found


def _sealed(row: Base) -> list[str | None]:
    table = row.__tablename__
    return [getattr(row, name) for name in _columns(row) if f"{table}.{name}" in _PURPOSES]


def _opened(row: Base, opener: PersonSealer) -> dict[str, Any]:
    table, values = row.__tablename__, {}
    for name in _columns(row):
        if any(part in name for part in _HIDDEN):
            continue
        value = getattr(row, name)
        purpose = _PURPOSES.get(f"{table}.{name}")
        if purpose is None or not value:
            values[name] = _plain(value)
            continue
        try:
            values["content" if name == "sealed" else name] = opener.open(value, purpose)
        except DecryptionError as err:
            values[name] = f"cannot be opened ({err.code})"
    return values


async def _dialogue(tx: Transaction, conversation_id: str) -> dict[str, Any]:
    """A conversation as a person reads it."""
    conversation = await tx.conversations.get(conversation_id)
    return {
        "id": conversation_id,
        "began_at": None if conversation is None else _plain(conversation.created_at),
        "messages": [
            {
                "at": _plain(message.created_at),
                "author": message.author.value,
                "text": message.text,
                "spoken": message.spoken,
                "suggestions": [suggestion.to_dict() for suggestion in message.suggestions],
            }
            for message in await tx.inbox.whole(conversation_id)
        ],
    }


async def _accesses(tx: Transaction, subject: Subject) -> list[Any]:
    """Who looked at the person's data and changed it. Members of staff stand there as such, not by name."""
    found = []
    for one in (subject.account, *subject.customers):
        if one is not None:
            found += await tx.audit.entries(subject=one, limit=1000)
    return [
        {
            "at": _plain(entry.at),
            "by": "a member of staff" if entry.actor.startswith("a_") else entry.actor,
            "act": entry.act,
            "purpose": entry.purpose,
            "reason": entry.note,
        }
        for entry in sorted(found, key=lambda entry: entry.number)
    ]


def _plain(value: Any) -> Any:
    """What JSON can hold."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _columns(row: Base) -> list[str]:
    return [column.name for column in row.__table__.columns]
