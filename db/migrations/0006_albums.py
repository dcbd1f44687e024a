"""Files sent together: which album a file came in; and what its card said, to see whether it still holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chat_upload", sa.Column("album", sa.Text(), nullable=True))
    op.add_column("chat_upload", sa.Column("shown", sa.Text(), nullable=True))
    op.create_index("chat_upload_by_question", "chat_upload", ["chat", "question"])
