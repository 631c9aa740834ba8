"""Schema: units as first ordered, what was cancelled before a withdrawal, what may be shown after all."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ORDERED = """
    UPDATE order_lines SET ordered = max(quantity, coalesce((
        SELECT max(json_extract(units.value, '$.quantity'))
        FROM work, json_each(work.effect, '$.shown') AS units
        WHERE work.order_pk = order_lines.order_pk AND work.kind = 'cancellation'
            AND json_extract(units.value, '$.order_item_id') = order_lines.order_item_id), 0))
"""
"""A cancellation has kept how many units Amazon showed when it was asked for."""

PRICED = "UPDATE order_lines SET priced = quantity WHERE has_amounts"

GONE = """
    UPDATE withdrawals SET gone = (
        SELECT json_group_array(json_object(
            'order_item_id', json_extract(units.value, '$.order_item_id'),
            'quantity', order_lines.ordered - json_extract(units.value, '$.quantity')))
        FROM work, json_each(work.effect, '$.shown') AS units
        JOIN order_lines ON order_lines.order_pk = withdrawals.order_pk
            AND order_lines.order_item_id = json_extract(units.value, '$.order_item_id')
        WHERE work.id = withdrawals.work_id
            AND order_lines.ordered > json_extract(units.value, '$.quantity'))
    WHERE work_id IS NOT NULL
"""

LOOK = """
    UPDATE work SET look_at = coalesce(submitted_at, sent_at, created_at)
    WHERE kind = 'refund' AND state = 'needs_attention' AND reason_code = 'no_transaction' AND follows IS NULL
"""
"""Their finances were not read any more; the first read decides whether there are others."""

SINCE = """
    UPDATE work SET in_doubt_since = coalesce((
        SELECT min(feeds.sent_at) FROM feed_messages JOIN feeds ON feeds.id = feed_messages.feed_pk
        WHERE work.in_doubt = 2 AND feed_messages.work_id = work.id AND feed_messages.result != 'error'),
        sent_at)
    WHERE in_doubt > 0
"""
"""Of several submissions in doubt only the last one's time was kept."""

MAY_BE_SHOWN = "state = 'needs_attention' AND (kind IN ('despatch', 'cancellation') OR in_doubt > 0)"

ANSWERS = """
    DELETE FROM commands
    WHERE CASE WHEN request_type = 'order.refund' AND sealed = 0 AND json_valid(CAST(answer AS TEXT))
        THEN json_extract(CAST(answer AS TEXT), '$.outcome') = 'not sent' END
"""
"""Nothing was done by these requests, so a repeat is judged anew."""


def upgrade() -> None:
    op.add_column(
        "order_lines", sa.Column("ordered", sa.Integer, nullable=False, server_default=sa.text("0"))
    )
    op.add_column("order_lines", sa.Column("priced", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.add_column("withdrawals", sa.Column("gone", sa.Text, nullable=False, server_default=sa.text("'[]'")))
    op.add_column("transactions", sa.Column("same_as", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("work", sa.Column("in_doubt_since", sa.Integer, nullable=True))
    for statement in (ORDERED, PRICED, GONE, LOOK, SINCE, ANSWERS):
        op.execute(statement)
    op.create_index(
        "ix_work_may_be_shown_orders",
        "work",
        ["order_id"],
        unique=False,
        sqlite_where=sa.text(MAY_BE_SHOWN),
    )
