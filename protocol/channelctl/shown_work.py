"""Outbound work on the screen."""

from typing import Any

from channel_protocol.audit import AuditRow
from channel_protocol.work import WorkFeed, WorkLine, WorkRow, WorkShown
from channelctl.output import Columns, flat, note, print_facts, print_table
from channelctl.words import amount, money

__all__ = ["COLUMNS", "OF_ONE_ORDER", "print_work", "state_of", "work_document"]


def state_of(row: WorkRow) -> str:
    """In people's words, with what holds it back."""
    return f"{row.says} (held: {row.held})" if row.held else row.says


def _amount(row: WorkRow) -> str:
    return "" if row.amount is None else money(row.amount, row.currency)


OF_ONE_ORDER: Columns[WorkRow] = {
    "Work": "work_id",
    "State": state_of,
    "What": "summary",
    "Amount": _amount,
    "Failed tries": lambda row: _tries(row) if row.attempts else "",
    "Next": "next_at",
    "Reason": "reason",
    "Hint": "hint",
}
COLUMNS: Columns[WorkRow] = {
    "Work": "work_id",
    "Kind": "kind",
    "Order": "order_id",
    "Channel": "channel",
    "State": state_of,
    "What": "summary",
    "Amount": _amount,
    "Failed tries": lambda row: _tries(row) if row.attempts else "",
    "Next": "next_at",
    "Deadline": "deadline",
    "Reason": "reason",
    "Hint": "hint",
}
FEEDS: Columns[WorkFeed] = {
    "Feed": "number",
    "Amazon's id": "feed_id",
    "Message": "message_id",
    "Result": lambda feed: feed.result or "none yet",
    "Code": "code",
}
AUDIT: Columns[AuditRow] = {"Time": "at", "What": "text", "Reason": "reason", "By": "by"}


def work_document(shown: WorkShown) -> dict[str, Any]:
    """One piece of work for a program."""
    return flat(shown.row) | {
        "lines": [flat(line) for line in shown.lines],
        "facts": shown.facts,
        "feeds": [flat(feed) for feed in shown.feeds],
        "request": shown.request,
        "audit": [flat(entry) for entry in shown.audit],
    }


def print_work(shown: WorkShown) -> None:
    """One piece of work for a person."""
    print_facts(_facts(shown.row) | shown.facts)
    if shown.lines:
        note("\nLines")
        print_table(shown.lines, _lines(shown.row.currency))
    if shown.feeds:
        note("\nFeeds")
        print_table(shown.feeds, FEEDS)
    if shown.request:
        note("\nWhat Amazon is told")
        note(shown.request)
    if shown.audit:
        note("\nHistory")
        print_table(shown.audit, AUDIT)


def _facts(row: WorkRow) -> dict[str, object]:
    return {
        "Work": row.work_id,
        "Kind": row.kind,
        "Order": row.order_id,
        "Channel": row.channel,
        "State": state_of(row),
        "What": row.summary,
        "Amount": _amount(row),
        "Route": row.route,
        "Failed tries": _tries(row),
        "Next": row.next_at,
        "Deadline": row.deadline,
        "Retried until": row.window_until,
        "Reason": row.reason,
        "Hint": row.hint,
        "Asked for": row.created_at,
        "By": row.created_by,
        "Submitted": row.submitted_at,
        "Ended": row.ended_at,
        "Feed of Amazon's": row.feed_id,
    }


def _tries(row: WorkRow) -> str:
    return str(row.attempts) if row.attempts_allowed is None else f"{row.attempts} of {row.attempts_allowed}"


def _lines(currency: str) -> Columns[WorkLine]:
    return {
        "SKU": "sku",
        "Order item": "order_item_id",
        "Units": "quantity",
        "Components": lambda line: ", ".join(
            f"{name} {amount(minor, currency)}" for name, minor in line.components.items()
        ),
    }
