"""Calls, and the stages of their turns."""

import sqlalchemy as sa
from alembic import op

from store.dialect import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two tables."""
    op.create_table(
        "calls",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("conversation_id", sa.String(255), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("transport", sa.String(16), nullable=False),
        sa.Column("camera", sa.Boolean(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("because", sa.String(32), nullable=True),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
    )
    op.create_index("ix_calls_conversation", "calls", ["conversation_id", "ended_at"])
    op.create_index("ix_calls_began_at", "calls", ["began_at"])
    stages = ("turn_end", "transcript", "accepted", "assessed", "answered", "spoken", "first_audio")
    op.create_table(
        "call_turns",
        sa.Column("conversation_id", sa.String(255), sa.ForeignKey("conversations.id"), primary_key=True),
        sa.Column("message_id", sa.String(64), primary_key=True),
        sa.Column("call_id", sa.String(64), nullable=False),
        *(sa.Column(stage, sa.Float(), nullable=True) for stage in stages),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_call_turns_call_id", "call_turns", ["call_id"])
    op.create_index("ix_call_turns_at", "call_turns", ["at"])


def downgrade() -> None:
    """Take them back."""
    op.drop_table("call_turns")
    op.drop_table("calls")
