"""Brings a database to the newest schema. Alembic (0.5 s to import) is loaded only where there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from db.engine import Database, StoreError, refusing

MIGRATIONS = Path(__file__).parent / "migrations"

_VERSION = text("SELECT version_num FROM alembic_version")


def newest() -> str:
    """The number of the last migration in the folder, e.g. "0001"."""
    return max(path.name[:4] for path in MIGRATIONS.glob("[0-9]*.py"))


def found(database: Database) -> str | None:
    """The schema's number in the database; None where there is no schema yet."""
    with refusing(), database.engine.connect() as connection:
        return _found(connection)


def _found(connection: Connection) -> str | None:
    names = text("SELECT name FROM sqlite_master WHERE name = 'alembic_version'")
    if connection.dialect.name != "sqlite":
        names = text("SELECT table_name FROM information_schema.tables WHERE table_name = 'alembic_version'")
    if connection.execute(names).first() is None:
        return None
    return connection.execute(_VERSION).scalar()


def upgrade(database: Database) -> None:
    """Runs what is missing, in one transaction; processes that start at once wait for each other."""
    have, want = found(database), newest()
    if have == want:
        return
    if have is not None and have > want:
        raise StoreError(f"它的结构（{have}）比这个程序（{want}）新，请更新程序")
    with database.write() as connection:
        if _found(connection) != want:
            _run(connection)


def _run(connection: Connection) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("version_locations", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    script = ScriptDirectory.from_config(config)

    def missing(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(config, script, fn=missing, destination_rev="head") as environment:
        environment.configure(connection=connection, transactional_ddl=False)
        environment.run_migrations()
