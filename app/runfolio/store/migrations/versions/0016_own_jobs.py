"""Jobs bear a mark of who has put them into the queue; those of before bear none, and are run again by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column."""
    op.add_column("jobs", sa.Column("mark", sa.String(64)))
