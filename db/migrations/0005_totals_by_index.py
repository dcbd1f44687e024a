"""Sums over every report read one index: it holds all that a total needs, figures of tables only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_IN_TABLES = sa.text("table_name IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "fact_totals",
        "fact",
        ["metric", "applicant", "current", "year", "report_id", "about_year", "value_micro", "organisation_id"],
        sqlite_where=_IN_TABLES,
        postgresql_where=_IN_TABLES,
    )
    op.drop_index("fact_by_metric", "fact")
