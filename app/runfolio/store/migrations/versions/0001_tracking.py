"""Experiments, runs, params, tags, series with their chunks, and how far each journal has been read."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables of tracking."""
    _small_tables()
    _runs()
    _texts_of_runs()
    _series()


def _small_tables() -> None:
    counters = op.create_table(
        "counters",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(counters, [{"name": "revision", "value": 0}])
    op.create_table(
        "keys",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(250), nullable=False, unique=True),
    )
    op.create_table(
        "journals",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("points_done", sa.BigInteger, nullable=False),
        sa.Column("events_done", sa.BigInteger, nullable=False),
        sa.Column("damaged", sa.BigInteger, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False),
    )


def _runs() -> None:
    op.create_table(
        "experiments",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(500), nullable=False, unique=True),
        sa.Column("lifecycle_stage", sa.String(10), nullable=False),
        sa.Column("creation_time", sa.BigInteger, nullable=False),
        sa.Column("last_update_time", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run_uuid", sa.String(255), nullable=False, unique=True),
        sa.Column("experiment_id", sa.Integer, sa.ForeignKey("experiments.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("start_time", sa.BigInteger, nullable=False),
        sa.Column("end_time", sa.BigInteger),
        sa.Column("last_seen", sa.BigInteger, nullable=False),
        sa.Column("lifecycle_stage", sa.String(10), nullable=False),
        sa.Column("parent_uuid", sa.String(255)),
        sa.Column("user_name", sa.String(255), nullable=False),
        sa.Column("source_name", sa.Text, nullable=False),
        sa.Column("journal", sa.String(32)),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("runs_by_experiment", "runs", ["experiment_id", "lifecycle_stage", "start_time"])
    op.create_index("runs_by_revision", "runs", ["revision"])


def _texts_of_runs() -> None:
    for name, number in (("params", [sa.Column("number", sa.Float)]), ("tags", [])):
        op.create_table(
            name,
            sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), primary_key=True, autoincrement=False),
            sa.Column("key_id", sa.Integer, sa.ForeignKey("keys.id"), primary_key=True, autoincrement=False),
            sa.Column("value", sa.Text, nullable=False),
            *number,
            sqlite_with_rowid=False,
        )


def _series() -> None:
    def moment(name: str, nullable: bool = False) -> list[sa.Column[object]]:
        return [
            sa.Column(f"{name}_value", sa.Float),
            sa.Column(f"{name}_step", sa.BigInteger, nullable=nullable),
            sa.Column(f"{name}_time", sa.BigInteger, nullable=nullable),
        ]

    op.create_table(
        "series",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("key_id", sa.Integer, sa.ForeignKey("keys.id"), nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("appends", sa.BigInteger, nullable=False),
        sa.Column("non_finite", sa.BigInteger, nullable=False),
        sa.Column("total", sa.Float),
        *moment("first"),
        *moment("last"),
        *moment("min", nullable=True),
        *moment("max", nullable=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    op.create_index("series_of_run", "series", ["run_id", "key_id"], unique=True)
    op.create_index("series_by_last", "series", ["key_id", "last_value"])
    op.create_table(
        "chunks",
        sa.Column("series_id", sa.Integer, sa.ForeignKey("series.id"), primary_key=True, autoincrement=False),
        sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("ordered", sa.Boolean, nullable=False),
        sa.Column("first_step", sa.BigInteger, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("low_step", sa.BigInteger),
        sa.Column("high_step", sa.BigInteger),
        sa.Column("first_value", sa.Float),
        sa.Column("low_value", sa.Float),
        sa.Column("high_value", sa.Float),
        sa.Column("last_value", sa.Float),
        sa.Column("non_finite", sa.Integer, nullable=False),
        sa.Column("envelope", sa.LargeBinary),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
