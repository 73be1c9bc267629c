"""that somebody said they are coming, and to which version of their booking"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("coming_sequence", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("booking", "coming_sequence")
