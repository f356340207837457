"""An index has means in order, as others have last values, so that runs are ordered by a mean as soon as by these."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make a column that the database computes, and its index; that of last values is rid of what means are made of."""
    op.drop_index("series_by_last", "series")
    op.create_index("series_by_last", "series", ["key_id", "last_value", "run_id"])
    op.add_column("series", sa.Column("mean", sa.Float, sa.Computed("total / nullif(count - non_finite, 0)")))
    op.create_index("series_by_mean", "series", ["key_id", "mean", "run_id"])
