"""updates of messaging apps, kept until they are acted on and answered"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat_update",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("address_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("about", sa.Integer(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "done",
                "sent",
                "failed",
                name="chatupdatestate_word",
                native_enum=False,
                create_constraint=True,
                length=8,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("said", sa.Integer(), nullable=False),
        sa.Column("sealed_update", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_parts", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["pack", "address_id"], ["address.pack", "address.id"], name=op.f("fk_chat_update_pack_address_id")
        ),
        sa.ForeignKeyConstraint(
            ["pack", "person_id"], ["person.pack", "person.id"], name=op.f("fk_chat_update_pack_person_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_chat_update")),
        sa.UniqueConstraint("pack", "address_id", "position", name=op.f("uq_chat_update_pack_address_id_position")),
    )
    with op.batch_alter_table("chat_update", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_update_address_id"), ["address_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_chat_update_person_id"), ["person_id"], unique=False)
        batch_op.create_index("chat_update_waiting", ["pack", "state", "received_at"], unique=False)


def downgrade() -> None:
    op.drop_table("chat_update")
