"""A catalogue that changes row by row, items without price or count, and what suggestions are learned from."""

import sqlalchemy as sa
from alembic import op

from store.dialect import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and tables."""
    with op.batch_alter_table("items") as items:
        items.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        items.add_column(sa.Column("path", sa.JSON(), nullable=False, server_default="[]"))
        items.add_column(sa.Column("currency", sa.String(3), nullable=False, server_default="EUR"))
        items.add_column(sa.Column("image", sa.Text(), nullable=True))
        items.add_column(sa.Column("url", sa.Text(), nullable=True))
        # Prices of a million millions are usual in some currencies.
        items.alter_column("price_cents", existing_type=sa.Integer(), type_=sa.BigInteger(), nullable=True)
        items.alter_column("stock", existing_type=sa.Integer(), nullable=True)
    op.create_index("ix_items_version", "items", ["version"])
    op.create_table(
        "removed_items",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_removed_items_version", "removed_items", ["version"])
    op.create_table(
        "catalogue_facts",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.JSON(), nullable=False),
    )
    op.create_table(
        "interactions",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("origin", sa.String(64), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("subject", "item_id", "kind", "at", name="uq_interactions_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_interactions_subject", "interactions", ["subject", "at"])
    op.create_index("ix_interactions_item", "interactions", ["item_id", "kind"])
    op.create_index("ix_interactions_at", "interactions", ["at"])
    op.create_table(
        "slates",
        sa.Column("conversation_id", sa.String(255), primary_key=True),
        sa.Column("message_id", sa.String(64), primary_key=True),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
    )
    for column in ("customer_id", "at", "settled_at"):
        op.create_index(f"ix_slates_{column}", "slates", [column])
    op.create_table(
        "program_keys",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.UniqueConstraint("key_hash", name="uq_program_keys_key_hash"),
    )


def downgrade() -> None:
    """Take them back; items without a price or a count, in another currency or dearer than the old column holds, cannot
    be told in the old form and go."""
    for name in ("program_keys", "slates", "interactions", "catalogue_facts", "removed_items"):
        op.drop_table(name)
    op.execute(
        "DELETE FROM items WHERE price_cents IS NULL OR stock IS NULL OR currency <> 'EUR' OR price_cents > 2147483647"
    )
    op.drop_index("ix_items_version", "items")
    with op.batch_alter_table("items") as items:
        for name in ("url", "image", "currency", "path", "version"):
            items.drop_column(name)
        items.alter_column("price_cents", existing_type=sa.BigInteger(), type_=sa.Integer(), nullable=False)
        items.alter_column("stock", existing_type=sa.Integer(), nullable=False)
