"""What is in each file of a run: its hash and its media type."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the columns; hashes of the files that are there are computed when they are first wanted."""
    op.add_column("artifacts", sa.Column("sha256", sa.String(64)))
    op.add_column("artifacts", sa.Column("media_type", sa.String(127)))
