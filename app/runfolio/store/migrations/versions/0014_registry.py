"""The registry: models, their versions with files, tags and aliases, the log of all changes, what is told of moves."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

# The log is only added to, whoever holds the database.
FOREVER = """CREATE TRIGGER audit_{what}_refused BEFORE {what} ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"""


def upgrade() -> None:
    """Create the tables."""
    _models()
    _labels()
    _log()
    for what in ("update", "delete"):
        op.execute(FOREVER.format(what=what))


def _models() -> None:
    op.create_table(
        "registered_models",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(250), nullable=False, unique=True),
        sa.Column("folder", sa.String(250), nullable=False, unique=True),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("creation_time", sa.BigInteger, nullable=False),
        sa.Column("last_update_time", sa.BigInteger, nullable=False),
        sa.Column("next_version", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("deleted_time", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "model_versions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("model_id", sa.Integer, sa.ForeignKey("registered_models.id"), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("stage_time", sa.BigInteger, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("creation_time", sa.BigInteger, nullable=False),
        sa.Column("last_update_time", sa.BigInteger, nullable=False),
        sa.Column("user_name", sa.String(255), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("run_uuid", sa.String(255), nullable=False),
        sa.Column("run_link", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("metrics", sa.Text, nullable=False),
        sa.Column("params", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("deleted_time", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("versions_of_model", "model_versions", ["model_id", "version"], unique=True)
    op.create_index("versions_by_run", "model_versions", ["run_uuid"])
    op.create_table(
        "version_files",
        sa.Column("version_id", sa.Integer, sa.ForeignKey("model_versions.id"), primary_key=True, autoincrement=False),
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sqlite_with_rowid=False,
    )


def _labels() -> None:
    op.create_table(
        "model_tags",
        sa.Column("model_id", sa.Integer, sa.ForeignKey("registered_models.id"), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(250), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "version_tags",
        sa.Column("version_id", sa.Integer, sa.ForeignKey("model_versions.id"), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(250), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "model_aliases",
        sa.Column("model_id", sa.Integer, sa.ForeignKey("registered_models.id"), primary_key=True, autoincrement=False),
        sa.Column("alias", sa.String(250), primary_key=True),
        sa.Column("version_id", sa.Integer, sa.ForeignKey("model_versions.id"), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("aliases_of_version", "model_aliases", ["version_id"])


def _log() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("user_name", sa.String(255), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("model", sa.String(250), nullable=False),
        sa.Column("version", sa.BigInteger),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("audit_of_model", "audit", ["model", "number"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("entry", sa.Integer, sa.ForeignKey("audit.number"), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_time", sa.BigInteger, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("deliveries_by_state", "deliveries", ["state", "next_time"])
