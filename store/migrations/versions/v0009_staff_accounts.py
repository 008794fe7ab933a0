"""Members of staff become accounts like everybody else, with their details sealed; they sign in anew once."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from privacy import DataKey, KeyRing
from store.dialect import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KNOWN_BEFORE = ("agent", "admin")

_staff = sa.table(
    "staff",
    *(sa.column(name, sa.String()) for name in ("id", "email", "name", "role", "password_hash")),
    sa.column("created_at", UtcDateTime()),
)
_accounts = sa.table(
    "accounts",
    *(sa.column(name, sa.String()) for name in ("id", "role", "email_fingerprint", "sealed", "password_hash")),
    *(sa.column(name, UtcDateTime()) for name in ("created_at", "email_verified_at")),
)
_keys = sa.table(
    "person_keys",
    *(sa.column(name, sa.String()) for name in ("id", "owner", "wrapped")),
    sa.column("created_at", UtcDateTime()),
)


def upgrade() -> None:
    """Seal each member of staff as an account with the same id; drop the tables."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_staff)).mappings().all():
        keyring = _keyring()
        key = DataKey.new()
        content = {
            "email": row["email"],
            "phone": None,
            "name": row["name"],
            "language": None,
            "birth_year": None,
            "customer_id": None,
            "notifications": {},
        }
        plain = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
        connection.execute(
            sa.insert(_keys).values(id=key.id, owner=row["id"], wrapped=key.wrap(keyring), created_at=datetime.now(UTC))
        )
        connection.execute(
            sa.insert(_accounts).values(
                id=row["id"],
                role=row["role"],
                email_fingerprint=keyring.fingerprint(row["email"].strip().casefold(), purpose="account-address"),
                sealed=key.encrypt(plain, purpose="account"),
                password_hash=row["password_hash"],
                created_at=row["created_at"],
                # Whoever made the account vouched for the address.
                email_verified_at=row["created_at"],
            )
        )
    op.drop_table("staff_sessions")
    op.drop_table("staff")


def downgrade() -> None:
    """Bring the tables back with agents and admins; other roles were unknown and are left as accounts."""
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_sessions_staff_id_staff")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_sessions")),
    )
    op.create_index(op.f("ix_staff_sessions_staff_id"), "staff_sessions", ["staff_id"], unique=False)
    connection = op.get_bind()
    for row in connection.execute(sa.select(_accounts).where(_accounts.c.role.in_(_KNOWN_BEFORE))).mappings().all():
        content = _opened(connection, row["sealed"])
        if content["email"] is None or row["password_hash"] is None:
            continue
        connection.execute(
            sa.insert(_staff).values(
                {name: row[name] for name in ("id", "role", "password_hash", "created_at")}
                | {"email": content["email"], "name": content["name"]}
            )
        )
        for table in ("sessions", "recovery_codes", "social_logins", "push_subscriptions"):
            owned = sa.table(table, sa.column("account_id", sa.String()))
            connection.execute(sa.delete(owned).where(owned.c.account_id == row["id"]))
        connection.execute(sa.delete(_accounts).where(_accounts.c.id == row["id"]))
        connection.execute(sa.delete(_keys).where(_keys.c.owner == row["id"]))


def _opened(connection: sa.Connection, sealed: str) -> dict[str, Any]:
    key_id = sealed.split(":")[1]
    wrapped = connection.scalar(sa.select(_keys.c.wrapped).where(_keys.c.id == key_id))
    content: dict[str, Any] = json.loads(
        DataKey.unwrap(key_id, str(wrapped), _keyring())
        .decrypt(sealed, purpose="account")
        .decode("utf-8", "surrogatepass")
    )
    return content


def _keyring() -> KeyRing:
    config = op.get_context().config
    keyring = config.attributes.get("keyring") if config is not None else None
    if not isinstance(keyring, KeyRing):
        raise RuntimeError("accounts are sealed by the key ring; migrate through store.Database.upgrade().")
    return keyring
