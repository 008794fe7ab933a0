"""Which messages were spoken, and which message corrects which."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was spoken before is known from the receipts."""
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("spoken", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("corrects", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("corrected_by", sa.String(length=64), nullable=True))
    op.execute(
        "UPDATE messages SET spoken = TRUE WHERE EXISTS (SELECT 1 FROM receipts WHERE receipts.action = 'spoken' "
        "AND receipts.conversation_id = messages.conversation_id AND receipts.message_id = messages.id)"
    )


def downgrade() -> None:
    """Drop them; corrections stay as messages of their own."""
    with op.batch_alter_table("messages") as table:
        table.drop_column("corrected_by")
        table.drop_column("corrects")
        table.drop_column("spoken")
