"""The tables of the queue, beside those of `store.schema`. Times are epoch milliseconds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from runfolio.store.schema import metadata

# `request` is JSON, see `core.queue.records.Job`. `process` and `process_started` tell which process a job has started,
# for whoever must end it when the one that watched it is gone.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("request", Text, nullable=False),
    Column("place", Float, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("started", BigInteger),
    Column("ended", BigInteger),
    Column("run_uuid", String(255), nullable=False),
    Column("reason", Text, nullable=False),
    Column("exit_code", Integer),
    Column("attempts", Integer, nullable=False),
    Column("cancelling", Boolean(create_constraint=False), nullable=False),
    Column("process", BigInteger),
    Column("process_started", Float),
    Column("revision", BigInteger, nullable=False),
    # Of who has put it here, see `own`.
    Column("mark", String(64)),
    Index("jobs_in_order", "state", "place"),
    Index("jobs_by_run", "run_uuid"),
    sqlite_autoincrement=True,
)

# One row, once somebody has chosen something.
queue_settings = Table(
    "queue_settings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("paused", Boolean(create_constraint=False), nullable=False),
    Column("jobs", Integer, nullable=False),
    Column("cpu", Float, nullable=False),
    Column("memory_gb", Float, nullable=False),
    Column("gpu", Integer, nullable=False),
)
