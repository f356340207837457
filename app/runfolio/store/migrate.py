"""Brings a database to the present schema with Alembic. The caller holds the store's lock.

`python -m runfolio.store.migrate` writes the script of new stores, which is due after each new migration.
"""

from __future__ import annotations

import re
import tempfile
import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from runfolio.store import dialect, new_store

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


def script_of_new_store() -> str:
    """What all migrations together leave, as SQL."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "new.db"
        upgrade(database)
        return re.sub(r" +$", "", dialect.script_of(database), flags=re.MULTILINE)


def _number(connection: Connection) -> int:
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    return int(revision)


if __name__ == "__main__":
    new_store.SCRIPT.write_text(script_of_new_store(), encoding="utf-8")
