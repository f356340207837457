"""Which runs are nested in another one is known from an index, so that trees of very many runs are read by the page."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the index, of those runs alone that have a parent."""
    columns = ["parent_uuid", "experiment_id", "lifecycle_stage", "start_time"]
    op.create_index("runs_by_parent", "runs", columns, sqlite_where=sa.text("parent_uuid IS NOT NULL"))
