"""The tables. Times are epoch milliseconds; a NULL where a float belongs is a NaN, which SQLite cannot hold.

`migrations/versions` builds exactly these tables step by step; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

experiments = Table(
    "experiments",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(500), nullable=False, unique=True),
    Column("lifecycle_stage", String(10), nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_update_time", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_uuid", String(255), nullable=False, unique=True),
    Column("experiment_id", Integer, ForeignKey("experiments.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("status", String(10), nullable=False),
    Column("start_time", BigInteger, nullable=False),
    Column("end_time", BigInteger),
    Column("last_seen", BigInteger, nullable=False),
    Column("lifecycle_stage", String(10), nullable=False),
    Column("parent_uuid", String(255)),
    Column("user_name", String(255), nullable=False),
    Column("source_name", Text, nullable=False),
    Column("journal", String(32)),
    Column("revision", BigInteger, nullable=False),
    Index("runs_by_experiment", "experiment_id", "lifecycle_stage", "start_time"),
    Index("runs_by_revision", "revision"),
    sqlite_autoincrement=True,
)

# The names of params, tags and metrics, each stored once.
keys = Table(
    "keys",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(250), nullable=False, unique=True),
)

params = Table(
    "params",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("key_id", Integer, ForeignKey("keys.id"), primary_key=True, autoincrement=False),
    Column("value", Text, nullable=False),
    Column("number", Float),
    sqlite_with_rowid=False,
)

tags = Table(
    "tags",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("key_id", Integer, ForeignKey("keys.id"), primary_key=True, autoincrement=False),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

# One row per (run, metric): what can be known without reading a point.
series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("key_id", Integer, ForeignKey("keys.id"), nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("appends", BigInteger, nullable=False),
    Column("non_finite", BigInteger, nullable=False),
    Column("total", Float),
    Column("first_value", Float),
    Column("first_step", BigInteger, nullable=False),
    Column("first_time", BigInteger, nullable=False),
    Column("last_value", Float),
    Column("last_step", BigInteger, nullable=False),
    Column("last_time", BigInteger, nullable=False),
    Column("min_value", Float),
    Column("min_step", BigInteger),
    Column("min_time", BigInteger),
    Column("max_value", Float),
    Column("max_step", BigInteger),
    Column("max_time", BigInteger),
    Column("revision", BigInteger, nullable=False),
    Index("series_of_run", "run_id", "key_id", unique=True),
    Index("series_by_last", "key_id", "last_value"),
)

# The points of a series from number `start` on. The blobs come last so that reading the rest does not touch them.
chunks = Table(
    "chunks",
    metadata,
    Column("series_id", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("ordered", Boolean, nullable=False),
    Column("first_step", BigInteger, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("low_step", BigInteger),
    Column("high_step", BigInteger),
    Column("first_value", Float),
    Column("low_value", Float),
    Column("high_value", Float),
    Column("last_value", Float),
    Column("non_finite", Integer, nullable=False),
    Column("envelope", LargeBinary),
    Column("data", LargeBinary, nullable=False),
)

# How far each journal is in the tables; written in the transaction that writes its records.
journals = Table(
    "journals",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("points_done", BigInteger, nullable=False),
    Column("events_done", BigInteger, nullable=False),
    Column("damaged", BigInteger, nullable=False),
    Column("finished", Boolean, nullable=False),
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("path", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
