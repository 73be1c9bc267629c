"""about how old the child of a case is, where the family said so"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("age_band", sa.String(length=16), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("case", "age_band")
