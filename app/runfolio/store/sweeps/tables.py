"""The tables of sweeps, beside those of `store.schema`. Times are epoch milliseconds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Integer, String, Table, Text

from runfolio.store.schema import metadata

# A sweep belongs to its parent run. `specification` and `request` are JSON: what is searched, and what is run with it.
sweeps = Table(
    "sweeps",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("specification", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
)

# `run_id` is the sweep's, `run_uuid` the trial's own run; a value that is NULL is none, or no finite number.
trials = Table(
    "trials",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("parameters", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("value", Float),
    Column("run_uuid", String(255), nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("started", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Column("revision", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
