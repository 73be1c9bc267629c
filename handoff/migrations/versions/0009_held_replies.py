"""replies that can still be taken back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_reply",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("officer_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fault", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["pack", "case_id"], ["case.pack", "case.id"], name=op.f("fk_held_reply_pack_case_id")),
        sa.ForeignKeyConstraint(
            ["pack", "person_id"], ["person.pack", "person.id"], name=op.f("fk_held_reply_pack_person_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_held_reply")),
        sa.UniqueConstraint("pack", "case_id", "key", name=op.f("uq_held_reply_pack_case_id_key")),
    )
    with op.batch_alter_table("held_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_reply_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_reply_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_reply_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("held_reply")
