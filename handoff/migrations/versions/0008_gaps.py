"""unanswered questions settled, and who asked to hear of an answer"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gap_mark",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column(
            "settled",
            sa.Enum("not_ours", "answered", name="settled_word", native_enum=False, create_constraint=True, length=8),
            nullable=False,
        ),
        sa.Column("section", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_gap_mark")),
    )
    with op.batch_alter_table("gap_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_mark_at"), ["at"], unique=False)
    op.create_table(
        "hearing",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["pack", "person_id"], ["person.pack", "person.id"], name=op.f("fk_hearing_pack_person_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_hearing")),
    )
    with op.batch_alter_table("hearing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hearing_made_at"), ["made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_hearing_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("hearing")
    op.drop_table("gap_mark")
