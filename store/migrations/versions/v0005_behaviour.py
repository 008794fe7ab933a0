"""Steps of a shop's page, sealed and for an hour, and that help was offered once."""

import sqlalchemy as sa
from alembic import op

from store.dialect import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables; they start empty."""
    op.create_table(
        "step_batches",
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_step_batches_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "id", name=op.f("pk_step_batches")),
    )
    op.create_index("ix_step_batches_at", "step_batches", ["at"], unique=False)
    op.create_table(
        "help_offers",
        sa.Column("conversation_id", sa.String(length=255), nullable=False),
        sa.Column("batch_id", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_help_offers_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_help_offers")),
    )


def downgrade() -> None:
    """Drop both; steps expire within the hour anyway."""
    op.drop_table("help_offers")
    op.drop_index("ix_step_batches_at", table_name="step_batches")
    op.drop_table("step_batches")
