"""`channelctl status`: every channel and concern, the listing downloads, and what needs attention."""

from collections.abc import Sequence
from typing import Any

import click

from channel_protocol.actors import GetStatus, Status, StatusRow
from channel_protocol.listings import DownloadList, DownloadRow, ListDownloads
from channel_protocol.offers import StockSyncRow
from channelctl.output import Columns, flat, note, print_json, print_table
from channelctl.shared import Caller, Verb
from channelctl.shown_download import ON_STATUS
from channelctl.status_lines import lines
from channelctl.words import moment

FIELDS = (
    "channel",
    "concern",
    "state",
    "since",
    "waits_for",
    "until",
    "reason",
    "hint",
    "order_sync_date",
    "inventory_sync_date",
    "account",
)
"""Of a row with --json, in this order; they keep their names and their meaning."""

COLUMNS: Columns[StatusRow] = {
    "Account": "account",
    "Channel": "channel",
    "Concern": "concern",
    "State": "state",
    "Since": "since",
    "Waits for": "waits_for",
    "Until": "until",
    "Order sync date": "order_sync_date",
    "Inventory sync date": "inventory_sync_date",
    "Reason": "reason",
}

STOCK: Columns[StockSyncRow] = {
    "Channel": "channel",
    "Inventory sync date": lambda row: moment(row.inventory_sync_date, "never"),
    "Not told yet": "dirty",
    "Oldest": "oldest_dirty",
    "Computed": "computed_at",
    "Compared with Amazon's report": "drift_checked_at",
}

EMPTY = (
    "There is no account yet. Add one with `channelctl account add NAME`, "
    "then its channels with `channelctl channel add NAME --account ACCOUNT --marketplace CODE`."
)


@click.command(cls=Verb)
@click.option(
    "--full",
    is_flag=True,
    help="With --json: one object with stock, downloads and attention, too, instead of the rows alone.",
)
@click.pass_obj
def command(caller: Caller, full: bool) -> None:
    """Show what every channel does and waits for, its sync dates, and what needs attention."""
    with caller.connect() as link:
        status = link.request(GetStatus(), Status)
        if caller.json and not full:
            print_json(_rows(status))
            return
        downloads = [row for row in link.request(ListDownloads(), DownloadList).rows if row.started_at]
    if caller.json:
        print_json(_document(status, downloads))
    else:
        _print(status, downloads)


def _document(status: Status, downloads: Sequence[DownloadRow]) -> dict[str, Any]:
    return {
        "daemon": status.daemon,
        "started_at": status.started_at,
        "rows": _rows(status),
        "stock": [flat(row) for row in status.stock],
        "downloads": [flat(row) for row in downloads],
        "attention": status.attention,
    }


def _rows(status: Status) -> list[dict[str, Any]]:
    return [{field: flat(row)[field] for field in FIELDS} for row in status.rows]


def _print(status: Status, downloads: Sequence[DownloadRow]) -> None:
    note(f"channeld {status.daemon}, running since {moment(status.started_at)}\n")
    if status.rows:
        print_table(lines(status.rows), COLUMNS)
    else:
        note(EMPTY)
    if downloads:
        note("\nListings:")
        print_table(downloads, ON_STATUS)
    if status.stock:
        note("\nStock at Amazon:")
        print_table(status.stock, STOCK)
    if status.attention:
        note("\nNeeds attention:")
        for line in status.attention:
            note(f"  - {line}")
    else:
        note("\nNothing needs attention.")
