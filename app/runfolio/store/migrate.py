"""Brings a database to the present schema with Alembic. The caller holds the store's lock."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from runfolio.store import dialect

SCRIPTS = Path(__file__).parent / "migrations"
# Alembic keeps the migration under way in module globals, so a process that opens two stores takes turns.
_alembic = threading.Lock()


def upgrade(database: Path, scripts: Path = SCRIPTS) -> None:
    """Run all migrations that are due, in one transaction, and note the version in the file's header."""
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = dialect.engine(database)
    try:
        with engine.connect() as plain:
            connection = plain.execution_options(writing=True)
            with connection.begin():
                dialect.prepare_new(connection)
                config.attributes["connection"] = connection
                with _alembic:
                    command.upgrade(config, "head")
                dialect.set_schema_version(connection, _number(connection))
    finally:
        engine.dispose()
    dialect.to_wal(database)


def _number(connection: Connection) -> int:
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    return int(revision)
