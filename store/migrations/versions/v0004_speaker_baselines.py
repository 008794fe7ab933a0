"""How a customer usually sounds, per conversation, sealed, for one session."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; every profile starts with the next spoken turn."""
    op.create_table(
        "speaker_baselines",
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("conversation_id"),
    )


def downgrade() -> None:
    """Drop it; nothing else knows the profiles."""
    op.drop_table("speaker_baselines")
