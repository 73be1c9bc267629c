"""checks that a SENCO put down with a code"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_check",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sealed_answers", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_saved_check")),
    )
    with op.batch_alter_table("saved_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_check_expires_at"), ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("saved_check")
