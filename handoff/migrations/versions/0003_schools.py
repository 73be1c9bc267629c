"""schools that come in by invitation"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school_access",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("address_id", sa.String(length=64), nullable=False),
        sa.Column("school", sa.String(length=120), nullable=False),
        sa.Column("invited_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack", "address_id"], ["address.pack", "address.id"], name=op.f("fk_school_access_pack_address_id")
        ),
        sa.ForeignKeyConstraint(
            ["pack", "person_id"], ["person.pack", "person.id"], name=op.f("fk_school_access_pack_person_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_school_access")),
        sa.UniqueConstraint("pack", "address_id", name=op.f("uq_school_access_pack_address_id")),
    )
    with op.batch_alter_table("school_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_access_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_access_person_id"), ["person_id"], unique=False)

    op.create_table(
        "school_link",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("access_id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["pack", "access_id"],
            ["school_access.pack", "school_access.id"],
            name=op.f("fk_school_link_pack_access_id"),
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_school_link")),
    )
    with op.batch_alter_table("school_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_link_access_id"), ["access_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_link_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "school_session",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("access_id", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack", "access_id"],
            ["school_access.pack", "school_access.id"],
            name=op.f("fk_school_session_pack_access_id"),
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_school_session")),
    )
    with op.batch_alter_table("school_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_session_access_id"), ["access_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_school_session_expires_at"), ["expires_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("school_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_session_expires_at"))
        batch_op.drop_index(batch_op.f("ix_school_session_access_id"))

    op.drop_table("school_session")
    with op.batch_alter_table("school_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_link_expires_at"))
        batch_op.drop_index(batch_op.f("ix_school_link_access_id"))

    op.drop_table("school_link")
    with op.batch_alter_table("school_access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_access_person_id"))
        batch_op.drop_index(batch_op.f("ix_school_access_ends_at"))

    op.drop_table("school_access")
