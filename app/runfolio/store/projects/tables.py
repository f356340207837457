"""The table of projects, beside those of `store.schema`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table

from runfolio.store.schema import metadata

# `uri` is as somebody gave it: a folder, a zip file, a git address. `used_time` is in epoch milliseconds.
projects = Table(
    "projects",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("uri", String(2000), nullable=False, unique=True),
    Column("title", String(500), nullable=False),
    Column("pinned", Boolean(create_constraint=False), nullable=False),
    Column("used_time", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
