"""A new store's tables, at once: what all migrations together leave, kept as a script beside them."""

from __future__ import annotations

from pathlib import Path

from runfolio.store import dialect

SCRIPT = Path(__file__).parent / "migrations" / "new_store.sql"


def create(database: Path) -> None:
    """Make the tables in an empty file, or in none, in one transaction. The caller holds the store's lock."""
    dialect.execute_script(database, SCRIPT.read_text(encoding="utf-8"))
    dialect.to_wal(database)
