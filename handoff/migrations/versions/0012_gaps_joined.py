"""gaps put together by an editor, what an officer did last, and the list of cases in its usual order"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gap_join",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("other", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_gap_join")),
    )
    with op.batch_alter_table("gap_join", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_join_at"), ["at"], unique=False)
    op.create_index("audit_by_actor", "audit_entry", ["pack", "actor", "at"])
    op.create_index("case_by_reply", "case", ["pack", "priority", "reply_by", "id"])


def downgrade() -> None:
    op.drop_index("case_by_reply", table_name="case")
    op.drop_index("audit_by_actor", table_name="audit_entry")
    op.drop_table("gap_join")
