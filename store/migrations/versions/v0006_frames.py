"""Which pictures of the customer belong to which message, until its turn is over."""

import sqlalchemy as sa
from alembic import op

from store.dialect import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; it starts empty."""
    op.create_table(
        "frames",
        sa.Column("media_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_frames_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("media_id", name=op.f("pk_frames")),
    )
    op.create_index("ix_frames_message", "frames", ["conversation_id", "message_id"], unique=False)


def downgrade() -> None:
    """Drop it; the pictures expire within minutes."""
    op.drop_index("ix_frames_message", table_name="frames")
    op.drop_table("frames")
