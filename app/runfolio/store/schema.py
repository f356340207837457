"""The tables. Times are epoch milliseconds; a NULL where a float belongs is a NaN, which SQLite cannot hold.

`migrations/versions` builds exactly these tables step by step; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    text,
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
    Column("deleted_time", BigInteger),
    # How many runs in use it has, and how many of them are running. Triggers keep both, see migration 0006.
    Column("runs", Integer, nullable=False, server_default="0"),
    Column("running", Integer, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)

# How many runs in use of an experiment have a param, tag or metric (`table_name` is "params", "tags" or "series"), and
# of how many the param is a number. Triggers keep it: what columns a table of a million runs has is known from here.
used_keys = Table(
    "used_keys",
    metadata,
    Column(
        "experiment_id",
        Integer,
        ForeignKey("experiments.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("table_name", String(10), primary_key=True),
    Column("key_id", Integer, ForeignKey("keys.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("runs", Integer, nullable=False),
    Column("numbers", Integer, nullable=False),
    sqlite_with_rowid=False,
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
    Column("deleted_time", BigInteger),
    # The revision at which the run last changed its experiment, lifecycle stage or parent; NULL if it never did.
    Column("moved", BigInteger),
    Index("runs_by_experiment", "experiment_id", "lifecycle_stage", "start_time"),
    Index("runs_by_start", "lifecycle_stage", "start_time", "id", "experiment_id"),
    Index("runs_by_revision", "revision"),
    # With all that is asked of such a run: the database would else think the index of experiments a better one.
    Index(
        "runs_by_parent",
        "parent_uuid",
        "experiment_id",
        "lifecycle_stage",
        "start_time",
        sqlite_where=text("parent_uuid IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)
Index("runs_by_name", func.lower(runs.c.name), runs.c.name)

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
    Index("params_by_value", "key_id", "number", "value"),
    sqlite_with_rowid=False,
)

tags = Table(
    "tags",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("key_id", Integer, ForeignKey("keys.id"), primary_key=True, autoincrement=False),
    Column("value", Text, nullable=False),
    Index("tags_by_value", "key_id", "value"),
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
    # NULL of a series without any finite value. It is kept in its index alone.
    Column("mean", Float, Computed("total / nullif(count - non_finite, 0)")),
    Index("series_of_run", "run_id", "key_id", unique=True),
    # With the run, so that the order of very many is read from the index alone.
    Index("series_by_last", "key_id", "last_value", "run_id"),
    Index("series_by_min", "key_id", "min_value", "run_id"),
    Index("series_by_max", "key_id", "max_value", "run_id"),
    Index("series_by_mean", "key_id", "mean", "run_id"),
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
    # All but the blobs: chunks of a series of millions of points lie far apart in the file, the rows of this do not.
    Index(
        "chunk_outlines",
        *("series_id", "start", "count", "ordered", "non_finite"),
        *("first_step", "low_step", "high_step", "last_step"),
        *("first_value", "low_value", "high_value", "last_value"),
        sqlite_where=text("envelope IS NOT NULL"),
    ),
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
    # In hexadecimal digits; NULL of a file that nobody has asked about since a version logged it that knew no hashes,
    # and of what a run prints.
    Column("sha256", String(64)),
    # NULL of files of such versions: it is told by the name.
    Column("media_type", String(127)),
    sqlite_with_rowid=False,
)

# Single files in the trash, each in `trash/<run>/<place>/<path>`; `place` is the revision at which it went there. By
# the run's public id, for files that belong to no run go there too; `listed` says whether the tables knew the file.
trashed_files = Table(
    "trashed_files",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_uuid", String(255), nullable=False),
    Column("path", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("sha256", String(64)),
    Column("listed", Boolean, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("deleted_time", BigInteger, nullable=False),
    Index("trashed_files_of_run", "run_uuid", "deleted_time"),
    sqlite_autoincrement=True,
)

experiment_tags = Table(
    "experiment_tags",
    metadata,
    Column("experiment_id", Integer, ForeignKey("experiments.id"), primary_key=True, autoincrement=False),
    Column("key_id", Integer, ForeignKey("keys.id"), primary_key=True, autoincrement=False),
    Column("value", Text, nullable=False),
)

# The whole value of a param (`table_name` "params") or tag ("tags", "experiment_tags") that is too long for its own
# table, which then holds only the beginning: tables of runs are read by the page, and stay fast that way.
long_values = Table(
    "long_values",
    metadata,
    Column("table_name", String(20), primary_key=True),
    Column("owner_id", Integer, primary_key=True, autoincrement=False),
    Column("key_id", Integer, ForeignKey("keys.id"), primary_key=True, autoincrement=False),
    Column("value", Text, nullable=False),
)

# What became of params after they were first set. A `refused` value came from another process, which could not know:
# the param kept `old_value`.
param_history = Table(
    "param_history",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("key_id", Integer, ForeignKey("keys.id"), nullable=False),
    Column("old_value", Text, nullable=False),
    Column("new_value", Text, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("refused", Boolean, nullable=False),
    Index("param_history_of_run", "run_id", "key_id"),
)

datasets = Table(
    "datasets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("experiment_id", Integer, ForeignKey("experiments.id"), nullable=False),
    Column("name", String(500), nullable=False),
    Column("digest", String(36), nullable=False),
    Column("source_type", String(36), nullable=False),
    Column("source", Text, nullable=False),
    Column("schema", Text),
    Column("profile", Text),
    Index("datasets_by_name", "experiment_id", "name", "digest", unique=True),
)

# A dataset as a run used it. `context` is the tag `mlflow.data.context` ("" without one): a run may use the same data
# for training and for testing.
inputs = Table(
    "inputs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("dataset_id", Integer, ForeignKey("datasets.id"), nullable=False),
    Column("context", String(500), nullable=False),
    Index("inputs_of_run", "run_id", "dataset_id", "context", unique=True),
    Index("inputs_by_dataset", "dataset_id"),
)

input_tags = Table(
    "input_tags",
    metadata,
    Column("input_id", Integer, ForeignKey("inputs.id"), primary_key=True, autoincrement=False),
    Column("name", String(255), primary_key=True),
    Column("value", Text, nullable=False),
)

# The journals that have a run open. `status` is NULL while one logs; one that has ended waits here, with how, for the
# others: a run of several processes is over when the last of them is.
writers = Table(
    "writers",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("journal", String(32), primary_key=True),
    Column("status", String(10)),
    Index("writers_by_journal", "journal"),
)

# Runs whose rows are gone for good and whose files are still to be removed.
removals = Table(
    "removals",
    metadata,
    Column("run_uuid", String(255), primary_key=True),
    Column("time", BigInteger, nullable=False),
)

# Ways of looking at the runs that were given a name; `text` is that of `core.saved_views`.
views = Table(
    "views",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(250), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_update_time", BigInteger, nullable=False),
)

# The colours that were chosen by hand; other runs have theirs by their numbers.
run_colors = Table(
    "run_colors",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("color", Integer, nullable=False),
)

# What people have noted at a stretch of a run's curve. A number is that of the transaction that made it, and never
# given again: one that was deleted comes back with it.
curve_notes = Table(
    "annotations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("metric", String(250), nullable=False),
    Column("first_step", BigInteger, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("creation_time", BigInteger, nullable=False),
    Column("last_update_time", BigInteger, nullable=False),
    Index("annotations_of_run", "run_id", "metric"),
)

# The runs that health checks have looked at: as they were at the revision `seen`, by the checks of that `version`.
# `signature` is the same for runs that repeat each other, "" where that is not known.
checked = Table(
    "checked",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("seen", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("signature", String(32), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Index("checked_by_revision", "revision"),
    Index("checked_by_signature", "signature"),
)

# What they found, good or bad.
findings = Table(
    "findings",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("name", String(20), primary_key=True),
    Column("tone", String(4), nullable=False),
    Column("text", Text, nullable=False),
    Column("metric", String(250), nullable=False),
    Column("step", BigInteger),
    Index("findings_by_name", "name", "tone", "run_id"),
    sqlite_with_rowid=False,
)

# Checks that a user does not want to hear of, of one run or (`run_id` 0) of any.
mutes = Table(
    "mutes",
    metadata,
    Column("run_id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(20), primary_key=True),
)
