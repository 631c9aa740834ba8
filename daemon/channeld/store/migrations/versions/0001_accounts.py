"""Schema: accounts, channels and the daemon's own facts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ACCOUNTS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("region", sa.Text, nullable=False),
    sa.Column("seller_id", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("endpoint", sa.Text, nullable=True),
    sa.Column("auth_endpoint", sa.Text, nullable=True),
    sa.Column("secrets", sa.LargeBinary, nullable=True),
    sa.Column("secret_set_at", sa.Integer, nullable=True),
    sa.Column("order_poll_seconds", sa.Integer, nullable=False),
    sa.Column("last_live_started_at", sa.Integer, nullable=True),
    sa.Column("created_at", sa.Integer, nullable=False),
    sa.Column("removed_at", sa.Integer, nullable=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_accounts"),
)

META = (
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("value", sa.LargeBinary, nullable=False),
    sa.PrimaryKeyConstraint("key", name="pk_meta"),
)

CHANNELS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("marketplace_id", sa.Text, nullable=False),
    sa.Column("settings", sa.Text, nullable=False),
    sa.Column("enabled", sa.Integer, nullable=False),
    sa.Column("first_enabled_at", sa.Integer, nullable=True),
    sa.Column("order_sync_date", sa.Integer, nullable=True),
    sa.Column("order_cursor", sa.Integer, nullable=True),
    sa.Column("order_sync_of", sa.Integer, nullable=True),
    sa.Column("trouble", sa.Text, nullable=False),
    sa.Column("trouble_hint", sa.Text, nullable=False),
    sa.Column("trouble_since", sa.Integer, nullable=True),
    sa.Column("created_at", sa.Integer, nullable=False),
    sa.Column("removed_at", sa.Integer, nullable=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_channels_account_id"),
    sa.PrimaryKeyConstraint("id", name="pk_channels"),
)

SEARCHES = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("channel_ids", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("page_token", sa.Text, nullable=False),
    sa.Column("next_page", sa.Integer, nullable=False),
    sa.Column("started_at", sa.Integer, nullable=False),
    sa.Column("slice_from", sa.Integer, nullable=True),
    sa.Column("slice_to", sa.Integer, nullable=True),
    sa.Column("applied", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_searches_account_id"),
    sa.PrimaryKeyConstraint("id", name="pk_searches"),
    sa.UniqueConstraint("account_id", "kind", name="uq_searches_account_id_kind"),
)

LOCATIONS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("channel_id", sa.Integer, nullable=True),
    sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_locations_channel_id"),
    sa.PrimaryKeyConstraint("id", name="pk_locations"),
    sa.UniqueConstraint("channel_id", name="uq_locations_channel_id"),
    sa.UniqueConstraint("name", name="uq_locations_name"),
)

MAPPINGS = (
    sa.Column("channel_id", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("tag", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_mappings_channel_id"),
    sa.PrimaryKeyConstraint("channel_id", "kind", "tag", name="pk_mappings"),
)


def upgrade() -> None:
    op.create_table("accounts", *ACCOUNTS, sqlite_strict=True)
    op.create_index(
        "uq_accounts_name", "accounts", ["name"], unique=True, sqlite_where=sa.text("removed_at IS NULL")
    )
    op.create_table("meta", *META, sqlite_strict=True)
    op.create_table("channels", *CHANNELS, sqlite_strict=True)
    op.create_index(
        "uq_channels_account_id_marketplace_id",
        "channels",
        ["account_id", "marketplace_id"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(
        "uq_channels_name", "channels", ["name"], unique=True, sqlite_where=sa.text("removed_at IS NULL")
    )
    op.create_table("searches", *SEARCHES, sqlite_strict=True)
    op.create_table("locations", *LOCATIONS, sqlite_strict=True)
    op.create_table("mappings", *MAPPINGS, sqlite_strict=True)

    op.execute("INSERT INTO locations (name, kind) VALUES ('Default', 'own')")
