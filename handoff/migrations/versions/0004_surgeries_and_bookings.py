"""surgeries, their times, bookings, the waiting list"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "surgery",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("series", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("bookable", "drop_in", "mixed", name="surgerykind_word", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "published", "withdrawn", name="surgerystate_word", native_enum=False, create_constraint=True
            ),
            nullable=False,
        ),
        sa.Column("area", sa.String(length=64), nullable=False),
        sa.Column("venue", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=240), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drop_in_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("features", sa.String(length=200), nullable=False),
        sa.Column("travel", sa.String(length=400), nullable=False),
        sa.Column("bring", sa.String(length=400), nullable=False),
        sa.Column("late_call", sa.String(length=64), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_surgery_surgery_ends_later")),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_surgery")),
        sa.UniqueConstraint("pack", "code", name=op.f("uq_surgery_pack_code")),
    )
    with op.batch_alter_table("surgery", schema=None) as batch_op:
        batch_op.create_index("surgery_by_day", ["pack", "state", "starts_at"], unique=False)

    op.create_table(
        "attendee",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("surgery_id", sa.String(length=64), nullable=False),
        sa.Column("team", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack", "surgery_id"], ["surgery.pack", "surgery.id"], name=op.f("fk_attendee_pack_surgery_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_attendee")),
        sa.UniqueConstraint("pack", "surgery_id", "team", name=op.f("uq_attendee_pack_surgery_id_team")),
    )
    with op.batch_alter_table("attendee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendee_surgery_id"), ["surgery_id"], unique=False)

    op.create_table(
        "booking",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("surgery_id", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "booked",
                "cancelled",
                "withdrawn",
                "arrived",
                "no_show",
                "passed",
                name="bookingstate_word",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("needs", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("sealed_visit", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_token", sa.LargeBinary(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["pack", "person_id"], ["person.pack", "person.id"], name=op.f("fk_booking_pack_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["pack", "surgery_id"], ["surgery.pack", "surgery.id"], name=op.f("fk_booking_pack_surgery_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_booking")),
        sa.UniqueConstraint("pack", "reference", name=op.f("uq_booking_pack_reference")),
        sa.UniqueConstraint("pack", "token_hash", name=op.f("uq_booking_pack_token_hash")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index("booking_by_surgery", ["pack", "surgery_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(
            "one_future_place",
            ["pack", "person_id", "topic"],
            unique=True,
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        )

    op.create_table(
        "hold",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("surgery_id", sa.String(length=64), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack", "person_id"], ["person.pack", "person.id"], name=op.f("fk_hold_pack_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["pack", "surgery_id"], ["surgery.pack", "surgery.id"], name=op.f("fk_hold_pack_surgery_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_hold")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hold_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hold_surgery_id"), ["surgery_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hold_until"), ["until"], unique=False)

    op.create_table(
        "slot",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("surgery_id", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=100), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_slot_slot_has_room")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_slot_slot_ends_later")),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name=op.f("ck_slot_slot_never_over")),
        sa.ForeignKeyConstraint(
            ["pack", "surgery_id"], ["surgery.pack", "surgery.id"], name=op.f("fk_slot_pack_surgery_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_slot")),
        sa.UniqueConstraint(
            "pack", "surgery_id", "starts_at", "who", name=op.f("uq_slot_pack_surgery_id_starts_at_who")
        ),
    )
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slot_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_slot_surgery_id"), ["surgery_id"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("sealed_contact", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["pack", "person_id"], ["person.pack", "person.id"], name=op.f("fk_subscription_pack_person_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_subscription")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_made_at"), ["made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_subscription_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "one_subscription",
            ["pack", "person_id"],
            unique=True,
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        )

    op.create_table(
        "waiting_list_entry",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("surgery_id", sa.String(length=64), nullable=True),
        sa.Column("area", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "offered",
                "booked",
                "left",
                "lapsed",
                name="waitingstate_word",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("lot", sa.Integer(), nullable=False),
        sa.Column("needs", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("sealed_visit", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_token", sa.LargeBinary(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("places BETWEEN 1 AND 4", name=op.f("ck_waiting_list_entry_wait_for_a_few")),
        sa.ForeignKeyConstraint(
            ["pack", "person_id"], ["person.pack", "person.id"], name=op.f("fk_waiting_list_entry_pack_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["pack", "surgery_id"], ["surgery.pack", "surgery.id"], name=op.f("fk_waiting_list_entry_pack_surgery_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_waiting_list_entry")),
        sa.UniqueConstraint("pack", "token_hash", name=op.f("uq_waiting_list_entry_pack_token_hash")),
    )
    with op.batch_alter_table("waiting_list_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waiting_list_entry_joined_at"), ["joined_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_waiting_list_entry_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_waiting_list_entry_surgery_id"), ["surgery_id"], unique=False)
        batch_op.create_index(
            "one_wait",
            ["pack", "person_id", "topic"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'offered')"),
            postgresql_where=sa.text("state IN ('waiting', 'offered')"),
        )
        batch_op.create_index("waiting_by_state", ["pack", "state"], unique=False)

    op.create_table(
        "walk_in",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("surgery_id", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack", "surgery_id"], ["surgery.pack", "surgery.id"], name=op.f("fk_walk_in_pack_surgery_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_walk_in")),
    )
    with op.batch_alter_table("walk_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_walk_in_surgery_id"), ["surgery_id"], unique=False)

    op.create_table(
        "offer",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("surgery_id", sa.String(length=64), nullable=False),
        sa.Column("hold_id", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "declined",
                "expired",
                "withdrawn",
                name="offerstate_word",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["pack", "entry_id"],
            ["waiting_list_entry.pack", "waiting_list_entry.id"],
            name=op.f("fk_offer_pack_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["pack", "person_id"], ["person.pack", "person.id"], name=op.f("fk_offer_pack_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["pack", "surgery_id"], ["surgery.pack", "surgery.id"], name=op.f("fk_offer_pack_surgery_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_offer")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_surgery_id"), ["surgery_id"], unique=False)
        batch_op.create_index("offer_by_state", ["pack", "state", "until"], unique=False)

    op.create_table(
        "seat",
        sa.Column("pack", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("slot_id", sa.String(length=64), nullable=False),
        sa.Column("hold_id", sa.String(length=64), nullable=True),
        sa.Column("booking_id", sa.String(length=64), nullable=True),
        sa.Column("walk_in_id", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(hold_id IS NOT NULL AND booking_id IS NULL AND walk_in_id IS NULL)"
            " OR (hold_id IS NULL AND booking_id IS NOT NULL AND walk_in_id IS NULL)"
            " OR (hold_id IS NULL AND booking_id IS NULL AND walk_in_id IS NOT NULL)",
            name=op.f("ck_seat_seat_has_one_keeper"),
        ),
        sa.ForeignKeyConstraint(
            ["pack", "booking_id"], ["booking.pack", "booking.id"], name=op.f("fk_seat_pack_booking_id")
        ),
        sa.ForeignKeyConstraint(["pack", "hold_id"], ["hold.pack", "hold.id"], name=op.f("fk_seat_pack_hold_id")),
        sa.ForeignKeyConstraint(
            ["pack", "person_id"], ["person.pack", "person.id"], name=op.f("fk_seat_pack_person_id")
        ),
        sa.ForeignKeyConstraint(["pack", "slot_id"], ["slot.pack", "slot.id"], name=op.f("fk_seat_pack_slot_id")),
        sa.ForeignKeyConstraint(
            ["pack", "walk_in_id"], ["walk_in.pack", "walk_in.id"], name=op.f("fk_seat_pack_walk_in_id")
        ),
        sa.PrimaryKeyConstraint("pack", "id", name=op.f("pk_seat")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_booking_id"), ["booking_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_hold_id"), ["hold_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_slot_id"), ["slot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_walk_in_id"), ["walk_in_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_walk_in_id"))
        batch_op.drop_index(batch_op.f("ix_seat_slot_id"))
        batch_op.drop_index(batch_op.f("ix_seat_person_id"))
        batch_op.drop_index(batch_op.f("ix_seat_hold_id"))
        batch_op.drop_index(batch_op.f("ix_seat_booking_id"))

    op.drop_table("seat")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index("offer_by_state")
        batch_op.drop_index(batch_op.f("ix_offer_surgery_id"))
        batch_op.drop_index(batch_op.f("ix_offer_person_id"))
        batch_op.drop_index(batch_op.f("ix_offer_entry_id"))

    op.drop_table("offer")
    with op.batch_alter_table("walk_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_walk_in_surgery_id"))

    op.drop_table("walk_in")
    with op.batch_alter_table("waiting_list_entry", schema=None) as batch_op:
        batch_op.drop_index("waiting_by_state")
        batch_op.drop_index(
            "one_wait",
            sqlite_where=sa.text("state IN ('waiting', 'offered')"),
            postgresql_where=sa.text("state IN ('waiting', 'offered')"),
        )
        batch_op.drop_index(batch_op.f("ix_waiting_list_entry_surgery_id"))
        batch_op.drop_index(batch_op.f("ix_waiting_list_entry_person_id"))
        batch_op.drop_index(batch_op.f("ix_waiting_list_entry_joined_at"))

    op.drop_table("waiting_list_entry")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index(
            "one_subscription", sqlite_where=sa.text("told_at IS NULL"), postgresql_where=sa.text("told_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_subscription_person_id"))
        batch_op.drop_index(batch_op.f("ix_subscription_made_at"))

    op.drop_table("subscription")
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slot_surgery_id"))
        batch_op.drop_index(batch_op.f("ix_slot_starts_at"))

    op.drop_table("slot")
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hold_until"))
        batch_op.drop_index(batch_op.f("ix_hold_surgery_id"))
        batch_op.drop_index(batch_op.f("ix_hold_person_id"))

    op.drop_table("hold")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index(
            "one_future_place", sqlite_where=sa.text("state = 'booked'"), postgresql_where=sa.text("state = 'booked'")
        )
        batch_op.drop_index(batch_op.f("ix_booking_starts_at"))
        batch_op.drop_index(batch_op.f("ix_booking_person_id"))
        batch_op.drop_index("booking_by_surgery")

    op.drop_table("booking")
    with op.batch_alter_table("attendee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendee_surgery_id"))

    op.drop_table("attendee")
    with op.batch_alter_table("surgery", schema=None) as batch_op:
        batch_op.drop_index("surgery_by_day")

    op.drop_table("surgery")
