"""How each name sounds, so that a homophone (柴侨) or pinyin (chaiqiao) is found among 100,000 bodies by an index.

Whoever changes what counts as one sound (knowledge/mentions.py) writes a migration that fills the columns anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from knowledge.mentions import pinyin, sound

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation_name", sa.Column("sound", sa.Text(), nullable=True))
    op.add_column("organisation_name", sa.Column("letters", sa.Text(), nullable=True))
    op.create_index("organisation_name_by_sound", "organisation_name", ["sound"])
    op.create_index("organisation_name_by_letters", "organisation_name", ["letters"])
    connection = op.get_bind()
    names = connection.execute(sa.text("SELECT id, name FROM organisation_name")).all()
    rows = [{"id": key, "sound": sound(name), "letters": pinyin(name)} for key, name in names]
    if rows:
        fill = sa.text("UPDATE organisation_name SET sound = :sound, letters = :letters WHERE id = :id")
        connection.execute(fill, rows)
