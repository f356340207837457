"""What a chart needs of long series without their points, close together in the file."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

COLUMNS = ("series_id", "start", "count", "ordered", "non_finite")
STEPS = ("first_step", "low_step", "high_step", "last_step")
VALUES = ("first_value", "low_value", "high_value", "last_value")


def upgrade() -> None:
    """Create the index."""
    where = sa.text("envelope IS NOT NULL")
    op.create_index("chunk_outlines", "chunks", [*COLUMNS, *STEPS, *VALUES], sqlite_where=where)
