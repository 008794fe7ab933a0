"""The words of a spoken message with their confidences, kept sealed until it is answered."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; messages from before have no such words."""
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("heard", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("messages") as table:
        table.drop_column("heard")
