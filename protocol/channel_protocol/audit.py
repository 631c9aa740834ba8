"""The audit trail: what happened, when, and who or what did it."""

from datetime import datetime

from channel_protocol.base import Reply, Request, Row


class AuditRow(Row, frozen=True, kw_only=True, tag="audit"):
    """One entry; never changed and never removed. Nothing personal is in it."""

    entry: int
    """Grows by one or more from entry to entry."""
    at: datetime
    account: str
    channel: str
    order_id: str
    code: str
    """Stable and short, such as `order.stored`."""
    text: str
    reason: str = ""
    """Why, where the text does not say; for a despatch note that failed, with the number of the attempt."""
    by: str
    """`channeld`, or the user who asked for it."""

    @property
    def key(self) -> str:
        return str(self.entry)


class ListAudit(Request, frozen=True, kw_only=True, tag="audit.list"):
    """Entries, the newest first."""

    order_id: str | None = None
    channel: str | None = None
    before: int | None = None
    """Only entries with a smaller number: the next page."""
    limit: int = 100


class AuditList(Reply, frozen=True, kw_only=True, tag="audit.list.reply"):
    rows: tuple[AuditRow, ...]
