"""What the key ring itself sealed is sealed by its person's own key; personal data leaves the text of messages."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from privacy import DataKey, DecryptionError, KeyRing, Original, Redacted, Redactor, key_id_of, restored
from store.dialect import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BATCH: Final = 500
_OF_RING: Final = "attune1:%"
_OF_PERSON: Final = "attune2:%"
# Table, primary key, sealed column, purpose, and the column that leads to the owner.
_VALUES: Final = (
    ("messages", ("conversation_id", "seq"), "heard", "heard", "conversation_id"),
    ("assessments", ("number",), "sealed", "assessment", "conversation_id"),
    ("verdicts", ("number",), "sealed", "verdict", "conversation_id"),
    ("speaker_baselines", ("conversation_id",), "sealed", "speaker_baseline", "conversation_id"),
    ("step_batches", ("conversation_id", "id"), "sealed", "steps", "conversation_id"),
    ("escalations", ("number",), "sealed", "escalation", "conversation_id"),
    ("receipts", ("conversation_id", "message_id", "action"), "sealed", "receipt", "conversation_id"),
    ("complaints", ("id",), "sealed", "complaint", "conversation_id"),
    ("orders", ("number",), "sealed", "order", "email_fingerprint"),
    ("returns", ("id",), "sealed", "return", "order_number"),
    ("plans", ("id",), "sealed", "plan", "email_fingerprint"),
)
_keys = sa.table(
    "person_keys",
    *(sa.column(name, sa.String()) for name in ("id", "owner", "wrapped")),
    sa.column("created_at", UtcDateTime()),
)

log = logging.getLogger(__name__)


def upgrade() -> None:
    """Seal every value anew; a database without any needs no keys.

    A damaged value stays as it is. Raises: DecryptionError if nothing opens, as with another installation's keys.
    """
    connection = op.get_bind()
    keys = _Keys(connection)
    redactor = Redactor()

    def by_person(token: str, purpose: str, owner_column: str, owner: str) -> str:
        return keys.of(owner_column, owner).encrypt(keys.ring.decrypt(token, purpose=purpose), purpose=purpose)

    def message(row: Mapping[str, Any]) -> dict[str, Any]:
        content = json.loads(_text(keys.ring.decrypt(row["sealed"], purpose="message")))
        originals = {}
        for part in ("text", "misheard"):
            redacted = redactor.redact(content.get(part) or "")
            if redacted.originals:
                content[part] = redacted.text
                originals[part] = [one.to_list() for one in redacted.originals]
        key = keys.of("conversation_id", row["conversation_id"])
        sealed = key.encrypt(_bytes(content), purpose="message")
        return {
            "sealed": sealed,
            "originals": key.encrypt(_bytes(originals), purpose="originals") if originals else None,
        }

    _reseal(connection, _OF_RING, message, by_person)


def downgrade() -> None:
    """Seal everything by the key ring again, with the messages as they were written. Raises: as upgrade()."""
    connection = op.get_bind()
    keys = _Keys(connection)

    def by_ring(token: str, purpose: str, owner_column: str, owner: str) -> str:
        return keys.ring.encrypt(keys.opened(token, purpose), purpose=purpose)

    def message(row: Mapping[str, Any]) -> dict[str, Any]:
        content = json.loads(_text(keys.opened(row["sealed"], "message")))
        if row["originals"]:
            for part, raw in json.loads(_text(keys.opened(row["originals"], "originals"))).items():
                content[part] = restored(Redacted(content[part], tuple(Original.from_list(one) for one in raw)))
        return {"sealed": keys.ring.encrypt(_bytes(content), purpose="message"), "originals": None}

    _reseal(connection, _OF_PERSON, message, by_ring)


class _Keys:
    """The persons' keys, made where they are missing."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._ring: KeyRing | None = None
        self._of_owner: dict[str, DataKey] = {}
        self._owners: dict[tuple[str, str], str] = {}
        self._by_id: dict[str, DataKey] = {}

    @property
    def ring(self) -> KeyRing:
        if self._ring is None:
            config = op.get_context().config
            found = config.attributes.get("keyring") if config is not None else None
            if not isinstance(found, KeyRing):
                raise RuntimeError("sealed values need the key ring; run: attune db upgrade")
            self._ring = found
        return self._ring

    def of(self, column: str, value: str) -> DataKey:
        """The key of whoever a row belongs to."""
        if (column, value) not in self._owners:
            self._owners[column, value] = self._owner(column, value)
        owner = self._owners[column, value]
        if owner not in self._of_owner:
            self._of_owner[owner] = self._stored(_keys.c.owner == owner) or self._new(owner)
        return self._of_owner[owner]

    def opened(self, token: str, purpose: str) -> bytes:
        """What a person's key sealed. Raises: DecryptionError."""
        key_id = key_id_of(token) or ""
        if key_id not in self._by_id:
            found = self._stored(_keys.c.id == key_id)
            if found is None:
                raise DecryptionError(f"key {key_id} is not stored; its values cannot be taken back.")
            self._by_id[key_id] = found
        return self._by_id[key_id].decrypt(token, purpose=purpose)

    def _owner(self, column: str, value: str) -> str:
        if column == "order_number":
            orders = sa.table("orders", sa.column("number"), sa.column("email_fingerprint"))
            found = self._connection.scalar(sa.select(orders.c.email_fingerprint).where(orders.c.number == value))
            return self._owner("email_fingerprint", str(found))
        if column == "email_fingerprint":
            return f"o_{value[:32]}"
        conversations = sa.table("conversations", sa.column("id"), sa.column("customer_id"))
        found = self._connection.scalar(sa.select(conversations.c.customer_id).where(conversations.c.id == value))
        return str(found or value)

    def _stored(self, condition: Any) -> DataKey | None:
        row = self._connection.execute(sa.select(_keys.c.id, _keys.c.wrapped).where(condition).limit(1)).first()
        return None if row is None else DataKey.unwrap(row[0], row[1], self.ring)

    def _new(self, owner: str) -> DataKey:
        key = DataKey.new()
        self._connection.execute(
            sa.insert(_keys).values(id=key.id, owner=owner, wrapped=key.wrap(self.ring), created_at=datetime.now(UTC))
        )
        return key


def _reseal(
    connection: sa.Connection,
    mark: str,
    message: Callable[[Mapping[str, Any]], dict[str, Any]],
    seal: Callable[[str, str, str, str], str],
) -> None:
    changed, damaged = 0, DecryptionError("")
    for name, primary, column, purpose, owner in (("messages", ("conversation_id", "seq"), "sealed", "", ""), *_VALUES):
        columns = dict.fromkeys((*primary, column, *([owner] if owner else ["originals"])))
        table = sa.table(name, *(sa.column(one) for one in columns))
        unreadable = 0
        for row in _rows(connection, table, primary, table.c[column].like(mark)):
            try:
                values = {column: seal(row[column], purpose, owner, row[owner])} if owner else message(row)
            except DecryptionError as err:
                unreadable, damaged = unreadable + 1, err
                continue
            where = sa.and_(*(table.c[one] == row[one] for one in primary))
            connection.execute(sa.update(table).where(where).values(**values))
            changed += 1
        if unreadable:
            log.error("values cannot be opened and stay as they are", extra={"table": name, "rows": unreadable})
    if damaged.args != ("",) and not changed:
        raise damaged


def _rows(
    connection: sa.Connection, table: sa.TableClause, primary: tuple[str, ...], condition: sa.ColumnElement[bool]
) -> Iterator[Mapping[str, Any]]:
    """Every row that fulfils the condition, in batches by primary key."""
    place = sa.tuple_(*(table.c[name] for name in primary))
    after: tuple[Any, ...] | None = None
    while True:
        query = sa.select(table).where(condition).order_by(*(table.c[name] for name in primary)).limit(_BATCH)
        if after is not None:
            query = query.where(place > sa.tuple_(*(sa.literal(value) for value in after)))
        batch = [dict(row) for row in connection.execute(query).mappings()]
        yield from batch
        if len(batch) < _BATCH:
            return
        after = tuple(batch[-1][name] for name in primary)


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
