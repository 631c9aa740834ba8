"""`channelctl order due`: what is to be sent by when, in the marketplace's own time."""

from datetime import UTC, datetime

import click

from channel_protocol.order_answers import DueList, DueRow, ListDue
from channelctl.arguments import limit
from channelctl.output import Columns, flat, note, print_json, print_table
from channelctl.shared import Caller, Verb

__all__ = ["due"]

EMPTY = "Nothing is to be sent."
SHORT = "%Y-%m-%d %H:%M %Z"


@click.command(cls=Verb)
@click.option("--channel", metavar="NAME", help="Only of this channel.")
@limit(500)
@click.pass_obj
def due(caller: Caller, channel: str | None, limit: int) -> None:
    """List the orders that are to be sent, the nearest ship-by time first.

    Times are those of the marketplace, with UTC beside them. At risk: less than 24 hours are left.
    """
    board = caller.ask(ListDue(channel=channel, limit=limit), DueList)
    if caller.json:
        print_json([flat(row) for row in board.rows])
    elif board.rows:
        print_table(board.rows, COLUMNS)
        note(f"\n{board.overdue:,} overdue, {board.at_risk:,} at risk, {board.on_track:,} on track.")
    else:
        note(EMPTY)


def _there(row: DueRow) -> str:
    """Ship-by in the marketplace's zone; in UTC where this machine does not know the zone."""
    from zoneinfo import ZoneInfo  # here, as no other verb needs it

    if row.ship_by is None:
        return ""
    try:
        zone = ZoneInfo(row.zone)
    except (KeyError, ValueError, OSError):
        return _written(row.ship_by)
    return _written(row.ship_by.astimezone(zone))


def _utc(row: DueRow) -> str:
    return _written(row.ship_by) if row.ship_by else ""


def _written(at: datetime) -> str:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).strftime(SHORT)


COLUMNS: Columns[DueRow] = {
    "Ship by": _there,
    "In UTC": _utc,
    "Risk": "risk",
    "Order": "order_id",
    "Channel": "channel",
    "Marketplace": "marketplace",
    "Units": "units",
    "Note": lambda row: row.note or "not processed",
    "Service": "service",
    "Flags": "flags",
}
