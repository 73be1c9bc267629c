"""texts of the pack as officers changed them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATE = ("draft", "applied", "dropped")


def upgrade() -> None:
    op.create_table(
        "content_version",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATE, name="versionstate_word", native_enum=False, create_constraint=True, length=7),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=400), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("applied_by", sa.String(length=64), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_content_version")),
        sa.UniqueConstraint("pack", "number", name=op.f("uq_content_version_pack_number")),
    )
    with op.batch_alter_table("content_version", schema=None) as batch_op:
        batch_op.create_index("content_by_path", ["pack", "path", "state", "number"], unique=False)
        batch_op.create_index(batch_op.f("ix_content_version_made_at"), ["made_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("content_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_content_version_made_at"))
        batch_op.drop_index("content_by_path")
    op.drop_table("content_version")
