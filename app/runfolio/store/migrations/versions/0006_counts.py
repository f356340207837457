"""Indexes by value, and counts kept by triggers, so that a table of a million runs opens, sorts and filters at once.

A later migration that makes one of the tables anew must make its triggers again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# What is true of a row whose param is a number; tags and metrics are not asked.
NUMBERS = {"params": "{row}.number IS NOT NULL", "tags": "0", "series": "0"}
ADD = """ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers"""


def upgrade() -> None:
    """Create the indexes and the counts. No row of a run is rewritten."""
    _indexes()
    _tables()
    for table, numbers in NUMBERS.items():
        _count(table, numbers)
        _count_rows(table, numbers)
    _follow_runs()
    _count_runs()


def _indexes() -> None:
    op.create_index("runs_by_name", "runs", [sa.text("lower(name)"), "name"])
    op.create_index("runs_by_start", "runs", ["lifecycle_stage", "start_time", "id", "experiment_id"])
    op.create_index("params_by_value", "params", ["key_id", "number", "value"])
    op.create_index("tags_by_value", "tags", ["key_id", "value"])
    op.drop_index("series_by_last", "series")
    for name in ("last", "min", "max"):
        op.create_index(f"series_by_{name}", "series", ["key_id", f"{name}_value", "run_id"])


def _tables() -> None:
    for name in ("runs", "running"):
        op.add_column("experiments", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "used_keys",
        _reference("experiment_id", "experiments"),
        sa.Column("table_name", sa.String(10), primary_key=True),
        _reference("key_id", "keys"),
        sa.Column("runs", sa.Integer, nullable=False),
        sa.Column("numbers", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def _reference(name: str, target: str) -> sa.Column[int]:
    goes = sa.ForeignKey(f"{target}.id", ondelete="CASCADE")
    return sa.Column(name, sa.Integer, goes, primary_key=True, autoincrement=False)


def _count(table: str, numbers: str) -> None:
    """What there is already."""
    op.execute(
        f"INSERT INTO used_keys SELECT experiment_id, '{table}', key_id, count(*), sum({numbers.format(row=table)}) "
        f"FROM {table} JOIN runs ON runs.id = run_id WHERE lifecycle_stage = 'active' GROUP BY experiment_id, key_id"
    )


def _count_rows(table: str, numbers: str) -> None:
    """A run in use has one param, tag or metric more, or fewer; or a param becomes a number, or is none any more."""
    of_run = "FROM runs WHERE id = {row}.run_id AND lifecycle_stage = 'active'"
    for event, row, sign in (("INSERT", "NEW", ""), ("DELETE", "OLD", "-")):
        one = f"experiment_id, '{table}', {row}.key_id, {sign}1, {sign}({numbers.format(row=row)})"
        op.execute(
            f"CREATE TRIGGER {table}_{event.lower()}_counted AFTER {event} ON {table} BEGIN "
            f"INSERT INTO used_keys SELECT {one} {of_run.format(row=row)} {ADD}; END"
        )
    if table == "params":
        op.execute(
            "CREATE TRIGGER params_update_counted AFTER UPDATE OF number ON params "
            "WHEN (OLD.number IS NULL) <> (NEW.number IS NULL) BEGIN "
            "UPDATE used_keys SET numbers = numbers + CASE WHEN NEW.number IS NULL THEN -1 ELSE 1 END "
            "WHERE table_name = 'params' AND key_id = NEW.key_id "
            f"AND experiment_id = (SELECT experiment_id {of_run.format(row='NEW')}); END"
        )


def _follow_runs() -> None:
    """A run goes to another experiment, into the trash or out of it, with all that it has."""
    steps = "".join(
        f"INSERT INTO used_keys SELECT {row}.experiment_id, '{table}', key_id, {sign}1, "
        f"{sign}({numbers.format(row=table)}) FROM {table} "
        f"WHERE run_id = {row}.id AND {row}.lifecycle_stage = 'active' {ADD}; "
        for table, numbers in NUMBERS.items()
        for row, sign in (("OLD", "-"), ("NEW", ""))
    )
    op.execute(
        "CREATE TRIGGER runs_keys_counted AFTER UPDATE OF experiment_id, lifecycle_stage ON runs WHEN "
        "OLD.experiment_id <> NEW.experiment_id OR OLD.lifecycle_stage <> NEW.lifecycle_stage "
        f"BEGIN {steps}END"
    )


def _count_runs() -> None:
    in_use = "FROM runs WHERE experiment_id = experiments.id AND lifecycle_stage = 'active'"
    running = "status = 'RUNNING'"
    op.execute(
        f"UPDATE experiments SET runs = (SELECT count(*) {in_use}), running = (SELECT count(*) {in_use} AND {running})"
    )
    more = _step("NEW", "+")
    less = _step("OLD", "-")
    op.execute(f"CREATE TRIGGER runs_insert_counted AFTER INSERT ON runs BEGIN {more} END")
    op.execute(f"CREATE TRIGGER runs_delete_counted AFTER DELETE ON runs BEGIN {less} END")
    names = ("experiment_id", "lifecycle_stage", "status")
    moved = " OR ".join(f"OLD.{name} <> NEW.{name}" for name in names)
    op.execute(
        f"CREATE TRIGGER runs_update_counted AFTER UPDATE OF {', '.join(names)} ON runs "
        f"WHEN {moved} BEGIN {less} {more} END"
    )


def _step(row: str, sign: str) -> str:
    return (
        f"UPDATE experiments SET runs = runs {sign} 1, running = running {sign} ({row}.status = 'RUNNING') "
        f"WHERE id = {row}.experiment_id AND {row}.lifecycle_stage = 'active';"
    )
