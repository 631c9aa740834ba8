"""Schema: work, commands and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COMMANDS = (
    sa.Column("command_id", sa.Text, nullable=False),
    sa.Column("at", sa.Integer, nullable=False),
    sa.Column("request_type", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    sa.Column("answer", sa.LargeBinary, nullable=False),
    sa.Column("sealed", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("command_id", name="pk_commands"),
)

HALTS = (
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("hint", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("since", sa.Integer, nullable=False),
    sa.Column("group", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("actor", name="pk_halts"),
)

BUDGETS = (
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("tokens", sa.REAL, nullable=False),
    sa.Column("rate", sa.REAL, nullable=False),
    sa.Column("burst", sa.REAL, nullable=False),
    sa.Column("at", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_budgets_account_id"),
    sa.PrimaryKeyConstraint("account_id", "operation", name="pk_budgets"),
)

AUDIT = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("at", sa.Integer, nullable=False),
    sa.Column("account_id", sa.Integer, nullable=True),
    sa.Column("channel_id", sa.Integer, nullable=True),
    sa.Column("order_id", sa.Text, nullable=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_audit_account_id"),
    sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_audit_channel_id"),
    sa.PrimaryKeyConstraint("id", name="pk_audit"),
)

QUARANTINE = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("order_id", sa.Text, nullable=False),
    sa.Column("channel_id", sa.Integer, nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("first_at", sa.Integer, nullable=False),
    sa.Column("last_at", sa.Integer, nullable=False),
    sa.Column("next_attempt_at", sa.Integer, nullable=True),
    sa.Column("updated_at", sa.Integer, nullable=True),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=True),
    sa.Column("purge_at", sa.Integer, nullable=True),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_quarantine_account_id"),
    sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_quarantine_channel_id"),
    sa.PrimaryKeyConstraint("id", name="pk_quarantine"),
    sa.UniqueConstraint("account_id", "order_id", name="uq_quarantine_account_id_order_id"),
)

REREADS = (
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("order_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("channel_id", sa.Integer, nullable=True),
    sa.Column("first_at", sa.Integer, nullable=False),
    sa.Column("due_at", sa.Integer, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("done_at", sa.Integer, nullable=True),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_rereads_account_id"),
    sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_rereads_channel_id"),
    sa.PrimaryKeyConstraint("account_id", "order_id", "kind", name="pk_rereads"),
)

LEFT_ALONE = (
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("order_id", sa.Text, nullable=False),
    sa.Column("channel_id", sa.Integer, nullable=True),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_left_alone_account_id"),
    sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_left_alone_channel_id"),
    sa.PrimaryKeyConstraint("account_id", "order_id", name="pk_left_alone"),
)


def upgrade() -> None:
    op.create_table("left_alone", *LEFT_ALONE, sqlite_strict=True)
    op.create_index("ix_left_alone_channel_id", "left_alone", ["channel_id"], unique=False)
    op.create_table("commands", *COMMANDS, sqlite_strict=True)
    op.create_index("ix_commands_at", "commands", ["at"], unique=False)
    op.create_table("halts", *HALTS, sqlite_strict=True)
    op.create_table("budgets", *BUDGETS, sqlite_strict=True)
    op.create_table("audit", *AUDIT, sqlite_strict=True)
    op.create_index("ix_audit_channel_id", "audit", ["channel_id"], unique=False)
    op.create_index("ix_audit_order_id", "audit", ["order_id"], unique=False)
    op.create_table("quarantine", *QUARANTINE, sqlite_strict=True)
    op.create_index("ix_quarantine_next_attempt_at", "quarantine", ["next_attempt_at"], unique=False)
    op.create_index(
        "ix_quarantine_purge_at",
        "quarantine",
        ["purge_at"],
        unique=False,
        sqlite_where=sa.text("sealed IS NOT NULL"),
    )
    op.create_table("rereads", *REREADS, sqlite_strict=True)
    op.create_index(
        "ix_rereads_account_id_due_at",
        "rereads",
        ["account_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_rereads_channel_id_due_at",
        "rereads",
        ["channel_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_refuses_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )
