"""Reports on the screen."""

from typing import Any

from channel_protocol.reports import BadRow, GapRow, ReportRow, ReportShown
from channelctl.output import Columns, flat, note, print_facts, print_table

__all__ = ["COLUMNS", "print_report", "report_document", "status_of"]


def status_of(row: ReportRow) -> str:
    """Submitted, Available and Processed as they are; any other word in brackets, as it is none of them."""
    return row.status if row.plain else f"[{row.status.lower()}]"


COLUMNS: Columns[ReportRow] = {
    "Report": "number",
    "Type": "report_type",
    "Channel": lambda row: row.channel or row.account,
    "Last requested": "requested_at",
    "Status": status_of,
    "Rows": "rows",
    "Bad rows": lambda row: row.bad_rows or "",
    "Next look": "next_look",
    "Reason": "reason",
    "Hint": "hint",
}
BAD_ROWS: Columns[BadRow] = {"Line": "line", "Reason": "reason", "Text": "text"}
GAPS: Columns[GapRow] = {
    "Order": "order_id",
    "Channel": "channel",
    "It was": "kind",
    "Reading it": lambda gap: gap.outcome or "under way",
    "Settled": "settled_at",
}


def report_document(shown: ReportShown) -> dict[str, Any]:
    """One report for a program."""
    return flat(shown.row) | {
        "facts": shown.facts,
        "faults": [flat(each) for each in shown.bad_rows],
        "gaps": [flat(each) for each in shown.gaps],
    }


def print_report(shown: ReportShown) -> None:
    """One report for a person."""
    print_facts(_facts(shown.row) | shown.facts)
    if shown.bad_rows:
        note("\nLines that could not be read; they stopped nothing")
        print_table(shown.bad_rows, BAD_ROWS)
    if shown.gaps:
        note("\nOrders that were missing from the book, or behind")
        print_table(shown.gaps, GAPS)


def _facts(row: ReportRow) -> dict[str, object]:
    return {
        "Report": row.number,
        "Type": row.report_type,
        "Account": row.account,
        "Channel": row.channel,
        "Last requested": row.requested_at,
        "By": row.by or "channeld",
        "For": row.purpose,
        "Status": status_of(row),
        "At Amazon": row.amazon_status,
        "Amazon's id": row.report_id,
        "Amazon had it already": row.reused or None,
        "Data from": row.data_from,
        "Data to": row.data_to,
        "Next look": row.next_look,
        "Ended": row.ended_at,
        "Rows": row.rows,
        "Bad rows": row.bad_rows or None,
        "Letters lost in Amazon's file": row.letters_lost or None,
        "Reason": row.reason,
        "Hint": row.hint,
    }
