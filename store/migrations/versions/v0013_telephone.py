"""Calls by telephone, and who calls."""

import sqlalchemy as sa
from alembic import op

from store.dialect import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "telephone_calls",
        sa.Column("conversation_id", sa.String(255), sa.ForeignKey("conversations.id"), primary_key=True),
        sa.Column("call_mark", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("call_mark", name="uq_telephone_calls_call_mark"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("telephone_calls")
