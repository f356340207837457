"""What health checks found in runs, and what users do not want to hear of any more."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "checked",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), primary_key=True, autoincrement=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("signature", sa.String(32), nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    op.create_index("checked_by_revision", "checked", ["revision"])
    op.create_index("checked_by_signature", "checked", ["signature"])
    op.create_table(
        "findings",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("tone", sa.String(4), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("metric", sa.String(250), nullable=False),
        sa.Column("step", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    op.create_index("findings_by_name", "findings", ["name", "tone", "run_id"])
    op.create_table(
        "mutes",
        sa.Column("run_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(20), primary_key=True),
    )
