"""The migrations build exactly the tables that the code is written for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from runfolio.store import Store, dialect, migrate, new_store, open_store, schema
from runfolio.store.opening import SCHEMA_VERSION
from runfolio.store.projects import tables as tables_of_projects
from runfolio.store.queue import tables as tables_of_the_queue
from runfolio.store.registry import tables as tables_of_the_registry
from runfolio.store.sweeps import tables as tables_of_sweeps

# What they say of tables is in the schema once they are imported, whichever tests run.
TABLES = tables_of_projects, tables_of_the_queue, tables_of_the_registry, tables_of_sweeps


# Alembic cannot compare an index of an expression; the test below does.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection", "ignore:autogenerate skipping")
def test_a_new_store_has_the_tables_of_the_schema(store: Store) -> None:
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []


def test_what_the_comparison_does_not_look_at_agrees_too(store: Store) -> None:
    """Each table built from the schema is the same in the database: order of columns, rowids, autoincrement, keys."""
    engine = dialect.engine(store.path / "from schema.db")
    schema.metadata.create_all(engine)
    with engine.connect() as built, store.reading() as migrated:
        assert set(inspect(built).get_table_names()) == set(schema.metadata.tables)
        for table in schema.metadata.tables:
            assert described(migrated, table) == described(built, table), table
    engine.dispose()


def described(connection: Connection, table: str) -> object:
    """All that SQLite says of a table."""
    sql = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).scalar_one()
    words = [word in sql for word in ("AUTOINCREMENT", "WITHOUT ROWID")]
    indexes = [row[1:] for row in connection.exec_driver_sql(f"PRAGMA index_list({table})")]
    columns = [connection.exec_driver_sql(f"PRAGMA index_xinfo({name})").all() for name, *_ in indexes]
    asked = [
        connection.exec_driver_sql(f"PRAGMA {what}({table})").all() for what in ("table_xinfo", "foreign_key_list")
    ]
    return words, sorted(zip(map(str, indexes), map(str, columns), strict=True)), asked


def test_the_migrations_are_one_line_up_to_the_version_the_code_knows() -> None:
    scripts = ScriptDirectory(str(migrate.SCRIPTS))
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert revisions == [f"{number:04d}" for number in range(SCHEMA_VERSION, 0, -1)]


def test_the_script_of_new_stores_is_what_the_migrations_leave() -> None:
    advice = "Write it anew with: python -m runfolio.store.migrate"
    assert new_store.SCRIPT.read_text(encoding="utf-8") == migrate.script_of_new_store(), advice


def test_the_header_says_whose_file_it_is_and_its_version(store: Store) -> None:
    header = dialect.read_header(store.database)
    assert header == dialect.Header(True, dialect.APPLICATION_ID, SCHEMA_VERSION)
    with store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_stores_made_at_once_in_one_process_do_not_meet(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda number: open_store(tmp_path / str(number)), range(8)))
    for made in stores:
        assert dialect.read_header(made.database) == dialect.Header(True, dialect.APPLICATION_ID, SCHEMA_VERSION)
        made.close()
