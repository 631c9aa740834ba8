"""Schema: since when Amazon says nothing about a feed; feeds that run, or were abandoned, from an index."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RUNNING = "state IN ('preparing', 'sending', 'submitted', 'unknown')"
ABANDONED = "state = 'abandoned' AND look_at IS NOT NULL"


def upgrade() -> None:
    op.add_column("feeds", sa.Column("silent_since", sa.Integer, nullable=True))
    op.create_index(
        "ix_feeds_running", "feeds", ["account_id", "feed_type"], unique=False, sqlite_where=sa.text(RUNNING)
    )
    op.create_index(
        "ix_feeds_abandoned",
        "feeds",
        ["account_id", "feed_type", "look_at"],
        unique=False,
        sqlite_where=sa.text(ABANDONED),
    )
