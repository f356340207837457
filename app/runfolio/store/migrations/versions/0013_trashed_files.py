"""Single files in the trash."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "trashed_files",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run_uuid", sa.String(255), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("listed", sa.Boolean, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("deleted_time", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("trashed_files_of_run", "trashed_files", ["run_uuid", "deleted_time"])
