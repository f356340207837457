"""Tags of experiments, datasets, the history of params, long values, the trash, and several writers of one run."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables, and the columns of the trash. No row is rewritten."""
    op.add_column("experiments", sa.Column("deleted_time", sa.BigInteger))
    op.add_column("runs", sa.Column("deleted_time", sa.BigInteger))
    op.add_column("runs", sa.Column("moved", sa.BigInteger))
    _texts()
    _datasets()
    _writers()
    _note_open_runs()


def _reference(name: str, target: str, **options: bool) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{target}.id"), **options)


def _texts() -> None:
    op.create_table(
        "experiment_tags",
        _reference("experiment_id", "experiments", primary_key=True, autoincrement=False),
        _reference("key_id", "keys", primary_key=True, autoincrement=False),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "long_values",
        sa.Column("table_name", sa.String(20), primary_key=True),
        sa.Column("owner_id", sa.Integer, primary_key=True, autoincrement=False),
        _reference("key_id", "keys", primary_key=True, autoincrement=False),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "param_history",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _reference("run_id", "runs", nullable=False),
        _reference("key_id", "keys", nullable=False),
        sa.Column("old_value", sa.Text, nullable=False),
        sa.Column("new_value", sa.Text, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("refused", sa.Boolean, nullable=False),
    )
    op.create_index("param_history_of_run", "param_history", ["run_id", "key_id"])


def _datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _reference("experiment_id", "experiments", nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("digest", sa.String(36), nullable=False),
        sa.Column("source_type", sa.String(36), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("schema", sa.Text),
        sa.Column("profile", sa.Text),
    )
    op.create_index("datasets_by_name", "datasets", ["experiment_id", "name", "digest"], unique=True)
    op.create_table(
        "inputs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        _reference("run_id", "runs", nullable=False),
        _reference("dataset_id", "datasets", nullable=False),
        sa.Column("context", sa.String(500), nullable=False),
    )
    op.create_index("inputs_of_run", "inputs", ["run_id", "dataset_id", "context"], unique=True)
    op.create_index("inputs_by_dataset", "inputs", ["dataset_id"])
    op.create_table(
        "input_tags",
        _reference("input_id", "inputs", primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(255), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _writers() -> None:
    op.create_table(
        "writers",
        _reference("run_id", "runs", primary_key=True, autoincrement=False),
        sa.Column("journal", sa.String(32), primary_key=True),
        sa.Column("status", sa.String(10)),
    )
    op.create_index("writers_by_journal", "writers", ["journal"])
    op.create_table(
        "removals",
        sa.Column("run_uuid", sa.String(255), primary_key=True),
        sa.Column("time", sa.BigInteger, nullable=False),
    )


def _note_open_runs() -> None:
    op.execute(
        "INSERT INTO writers (run_id, journal) SELECT id, journal FROM runs "
        "WHERE status = 'RUNNING' AND journal IS NOT NULL"
    )
