"""A tracker store whose conversations are unreadable without the key file.

The column `data` of `events`, which holds everything that was said, is AES-256-GCM ciphertext under a key of the
conversation's own, which the key file seals. Intent and action
names, event types, times and sender ids (pseudonyms) stay clear, so that counting needs no key.
"""

import itertools
import json
import logging
import os
from pathlib import Path
from typing import Any, Iterator, List, Optional

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import Query, Session

from .keys import KeyFile, KeyFileError, is_envelope
from .sender_keys import SenderKey, is_of_sender, refuse_erased

log = logging.getLogger(__name__)

PURPOSE = "tracker"
BUSY_TIMEOUT_S = 1.0
"""How long a write waits for another one. Rasa's default of 5 s per statement adds up to 15 s a turn."""


def message_id_of(event: UserUttered) -> str:
    """The channel's message id; on stock channels the event's own."""
    return str((event.metadata or {}).get("message_id") or event.message_id or "")


class AttuneTrackerStore(SQLTrackerStore):
    """SQL tracker store with encrypted events and an index of the messages that were answered.

    endpoints.yml:
        tracker_store:
          type: bot.stores.encrypted.AttuneTrackerStore
          db: ${ATTUNE_TRACKER_DB}
          key_file: ${ATTUNE_KEY_FILE}
    Other dialects take the arguments of Rasa's SQLTrackerStore.
    """

    class Turn(SQLTrackerStore.Base):  # type: ignore[misc, name-defined]
        """Which events belong to a message; written in the same transaction as they are."""

        __tablename__ = "attune_turns"

        sender_id = sa.Column(sa.String(255), primary_key=True)
        message_id = sa.Column(sa.String(255), primary_key=True)
        first_event = sa.Column(sa.Integer, nullable=False)
        last_event = sa.Column(sa.Integer, nullable=False)

    def __init__(
        self,
        domain: Optional[Domain] = None,
        event_broker: Optional[EventBroker] = None,
        key_file: Optional[str] = None,
        db: str = "rasa.db",
        **kwargs: Any,
    ) -> None:
        """Open the database and the key file. Raises: KeyFileError."""
        if not key_file:
            raise KeyFileError("tracker_store.key_file is not set; name the file that holds the encryption keys.")
        self._keys = KeyFile.from_environment(Path(key_file))
        on_sqlite = kwargs.get("dialect", "sqlite") == "sqlite" and not kwargs.get("host")
        if on_sqlite:
            _prepare_file(Path(db))
            kwargs.setdefault("query", {"timeout": str(BUSY_TIMEOUT_S)})
        super().__init__(domain=domain, event_broker=event_broker, db=db, **kwargs)
        self._on_sqlite = on_sqlite
        if on_sqlite:
            # Connections from before the listener are closed: every one overwrites what it deletes.
            sa.event.listen(self.engine, "connect", _overwrite_deleted)
            self.engine.dispose()
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the tracker's new events. Raises: sqlalchemy errors; then nothing was written."""
        await self.stream_events(tracker)
        self.append(tracker)

    def append(self, tracker: DialogueStateTracker) -> None:
        """Write the new events and the index in one transaction. Raises: TrackerErasedError, KeyFileError."""
        with self.session_scope() as session:
            if self._on_sqlite:
                # Alone from here on: no key is wrapped under a key of the file that is being retired, and no erasure
                # comes between the look and the write.
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            refuse_erased(session, tracker.sender_id)
            stored = self._event_query(session, tracker.sender_id, fetch_events_from_all_sessions=False).count()
            new = list(itertools.islice(tracker.events, stored, None))
            if not new:
                return
            key = SenderKey.stored_or_new(session, self._keys, tracker.sender_id)
            rows = [(event, self._row(tracker.sender_id, event, key)) for event in new]
            session.add_all([row for _, row in rows])
            session.flush()
            self._index(session, tracker.sender_id, rows)
            session.commit()

    def check_writable(self) -> None:
        """Raise within the busy timeout if the database takes no writes now. Raises: sqlalchemy errors."""
        if self._on_sqlite:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                connection.exec_driver_sql("ROLLBACK")

    def turn_events(self, sender_id: str, message_id: str) -> Optional[List[Event]]:
        """The events of a message's turn, whatever session it was in; None if the message is not stored."""
        with self.session_scope() as session:
            turn = session.get(self.Turn, (sender_id, message_id))
            if turn is None:
                return None
            rows = (
                session.query(self.SQLEvent)
                .filter(self.SQLEvent.sender_id == sender_id)
                .filter(self.SQLEvent.id.between(turn.first_event, turn.last_event))
                .order_by(self.SQLEvent.id)
            )
            key = SenderKey.stored(session, self._keys, sender_id)
            return deserialise_events([self._open(row.data, key) for row in rows])

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> Optional[DialogueStateTracker]:
        with self.session_scope() as session:
            rows = self._event_query(session, sender_id, fetch_events_from_all_sessions).all()
            key = SenderKey.stored(session, self._keys, sender_id)
            events = [self._open(row.data, key) for row in rows]
        if not events or not self.domain:
            return None
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)

    def _event_query(self, session: Session, sender_id: str, fetch_events_from_all_sessions: bool) -> Query:
        """Events in the order of their ids; of the current session unless all are wanted.

        The stock store finds the session by timestamps, and loses events when the clock steps back.
        """
        query = session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id)
        if not fetch_events_from_all_sessions:
            start = (
                session.query(sa.func.max(self.SQLEvent.id))
                .filter(
                    self.SQLEvent.sender_id == sender_id,
                    self.SQLEvent.type_name == SessionStarted.type_name,
                )
                .scalar()
            )
            query = query.filter(self.SQLEvent.id >= (start or 0))
        return query.order_by(self.SQLEvent.id)

    def _row(self, sender_id: str, event: Event, key: SenderKey) -> Any:
        data = event.as_dict()
        return self.SQLEvent(
            sender_id=sender_id,
            type_name=event.type_name,
            timestamp=data.get("timestamp"),
            intent_name=data.get("parse_data", {}).get("intent", {}).get("name"),
            action_name=data.get("name"),
            data=key.encrypt(json.dumps(data).encode(), purpose=PURPOSE),
        )

    def _open(self, data: str, key: Optional[SenderKey]) -> Any:
        if is_of_sender(data):
            if key is None:
                raise KeyFileError("the key of this conversation is not stored: the conversation has been erased.")
            return json.loads(key.decrypt(data, purpose=PURPOSE))
        # Rows from before conversations had keys, and from before the store was encrypted, stay readable.
        return json.loads(self._keys.decrypt(data, purpose=PURPOSE) if is_envelope(data) else data)

    def _index(self, session: Session, sender_id: str, rows: Any) -> None:
        """Note the range of events of every message among the new rows."""
        for message_id, first, last in _ranges(rows):
            if session.get(self.Turn, (sender_id, message_id)) is None:
                session.add(self.Turn(sender_id=sender_id, message_id=message_id, first_event=first, last_event=last))


def _ranges(rows: Any) -> Iterator[Any]:
    """(message id, first row id, last row id) of each message; fallback's copies of a message belong to it."""
    current, first, last = "", 0, 0
    for event, row in rows:
        if isinstance(event, UserUttered) and message_id_of(event) != current:
            if current:
                yield current, first, last
            current, first = message_id_of(event), row.id
        last = row.id
    if current:
        yield current, first, last


def _overwrite_deleted(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA secure_delete = ON")


def _prepare_file(path: Path) -> None:
    """Make an empty database that only its owner can read, as the key file is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(str(path), os.O_CREAT | os.O_RDWR, 0o600))
