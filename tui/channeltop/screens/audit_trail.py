"""The audit trail as it grows, the newest entry first."""

from collections.abc import Mapping
from datetime import datetime

from textual.content import Content

from channel_protocol.audit import AuditRow
from channeltop.format import instant
from channeltop.model import Model
from channeltop.screens.audit_columns import AUDIT_COLUMNS, happened
from channeltop.screens.list_page import ListPage
from channeltop.widgets.table import Table
from channeltop.widgets.tones import joined, toned

__all__ = ["AuditTrail"]


class AuditTrail(ListPage[AuditRow]):
    """Follows the newest entry until the cursor is moved; Home follows again."""

    MODE = "audit"

    def table(self) -> Table[AuditRow]:
        return Table(AUDIT_COLUMNS, key=lambda row: row.key, text=_text, sort="at", reverse=True)

    def rows(self, model: Model) -> Mapping[str, AuditRow]:
        return model.audit

    def empty(self, model: Model) -> str:
        return "Nothing has happened yet."

    def describe(self, row: AuditRow, now: datetime) -> Content:
        heading = joined(
            (
                toned(f"{instant(row.at)} UTC", "muted"),
                toned(row.code, "muted"),
                Content(row.channel or row.account),
                Content(row.order_id),
                toned(f"by {row.by}", "muted"),
            )
        )
        return Content("\n").join((heading, Content(happened(row))))


def _text(row: AuditRow) -> str:
    return f"{happened(row)} {row.code} {row.order_id} {row.channel} {row.account} {row.by}"
