"""The tables of the registry, beside those of `store.schema`. Times are epoch milliseconds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from runfolio.store.schema import metadata

# A name that versions of a model are registered under. Its files are in `registry/<folder>`, whatever it is called now;
# `policy` is YAML (`core.registry.policy`), "" for the rules that all models have.
registered_models = Table(
    "registered_models",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(250), nullable=False, unique=True),
    Column("folder", String(250), nullable=False, unique=True),
    Column("description", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_update_time", BigInteger, nullable=False),
    Column("next_version", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("deleted_time", BigInteger),
    sqlite_autoincrement=True,
)

# `facts`, `metrics` and `params` are JSON: what its MLmodel file says, and what was known of its run when it was
# registered, for the time when the run is gone. `digest` is that of the list of its files.
model_versions = Table(
    "model_versions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("model_id", Integer, ForeignKey("registered_models.id"), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("stage", String(40), nullable=False),
    Column("stage_time", BigInteger, nullable=False),
    Column("description", Text, nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_update_time", BigInteger, nullable=False),
    Column("user_name", String(255), nullable=False),
    Column("source", Text, nullable=False),
    Column("run_uuid", String(255), nullable=False),
    Column("run_link", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("facts", Text, nullable=False),
    Column("metrics", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("deleted_time", BigInteger),
    Index("versions_of_model", "model_id", "version", unique=True),
    Index("versions_by_run", "run_uuid"),
    sqlite_autoincrement=True,
)

# What a version is made of: files below `registry/<folder>/v<version>`.
version_files = Table(
    "version_files",
    metadata,
    Column("version_id", Integer, ForeignKey("model_versions.id"), primary_key=True, autoincrement=False),
    Column("path", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    sqlite_with_rowid=False,
)

model_tags = Table(
    "model_tags",
    metadata,
    Column("model_id", Integer, ForeignKey("registered_models.id"), primary_key=True, autoincrement=False),
    Column("name", String(250), primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

version_tags = Table(
    "version_tags",
    metadata,
    Column("version_id", Integer, ForeignKey("model_versions.id"), primary_key=True, autoincrement=False),
    Column("name", String(250), primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

model_aliases = Table(
    "model_aliases",
    metadata,
    Column("model_id", Integer, ForeignKey("registered_models.id"), primary_key=True, autoincrement=False),
    Column("alias", String(250), primary_key=True),
    Column("version_id", Integer, ForeignKey("model_versions.id"), nullable=False),
    Index("aliases_of_version", "version_id"),
    sqlite_with_rowid=False,
)

# Every change of the registry, each with the hash of the one before: see `core.registry.chain`. Triggers let no row be
# changed or removed. `data` is canonical JSON of from, to, reason and evidence.
audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("time", BigInteger, nullable=False),
    Column("user_name", String(255), nullable=False),
    Column("action", String(20), nullable=False),
    Column("model", String(250), nullable=False),
    Column("version", BigInteger),
    Column("data", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("audit_of_model", "model", "number"),
)

# The last entry of the log, so that an end that was cut off is seen.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

# What is to be told to others of a move, and what became of it. `target` is JSON (`core.registry.policy`).
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("entry", Integer, ForeignKey("audit.number"), nullable=False),
    Column("target", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_time", BigInteger, nullable=False),
    Column("told", Text, nullable=False),
    Index("deliveries_by_state", "state", "next_time"),
    sqlite_autoincrement=True,
)
