"""the list of cases by status: without an index of its own PostgreSQL read every case for its first fifty"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("case_by_status", "case", ["pack", "status", "reply_by", "id"])


def downgrade() -> None:
    op.drop_index("case_by_status", table_name="case")
