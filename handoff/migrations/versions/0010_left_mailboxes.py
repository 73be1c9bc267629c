"""mailboxes of people who were erased"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "left_mailbox",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_left_mailbox")),
    )
    with op.batch_alter_table("left_mailbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_left_mailbox_left_at"), ["left_at"], unique=False)


def downgrade() -> None:
    op.drop_table("left_mailbox")
