"""`channelctl audit`: what happened, when, and who or what did it."""

from collections.abc import Iterable

import click
import msgspec

from channel_protocol.audit import AuditList, AuditRow, ListAudit
from channel_protocol.codec import decode_rows
from channel_protocol.session import Attached, Subscribe
from channelctl.arguments import limit
from channelctl.output import Columns, flat, print_rows
from channelctl.shared import Caller, Noun
from channelctl.words import moment, plain

COLUMNS: Columns[AuditRow] = {
    "Time": "at",
    "Account": "account",
    "Channel": "channel",
    "Order": "order_id",
    "What": "text",
    "Reason": "reason",
    "By": "by",
}
EMPTY = "No such entry. The trail begins with the first account that is added."


@click.group(cls=Noun)
def command() -> None:
    """The audit trail; it is never changed."""


@command.command("list")
@click.option("--order", "order_id", metavar="ID", help="Only of this order.")
@click.option("--channel", metavar="NAME", help="Only of this channel.")
@limit(100)
@click.option("--follow", is_flag=True, help="Oldest first, then new entries as they come (JSON Lines).")
@click.pass_obj
def list_(caller: Caller, order_id: str | None, channel: str | None, limit: int, follow: bool) -> None:
    """List entries, the newest first."""
    request = ListAudit(order_id=order_id, channel=channel, limit=limit)
    if follow:
        _follow(caller, request)
    else:
        print_rows(caller, caller.ask(request, AuditList).rows, COLUMNS, EMPTY)


def _follow(caller: Caller, request: ListAudit) -> None:
    """Print for ever. Subscribed first and listed then, so that no entry falls between the two."""
    with caller.connect() as link:
        link.request(Subscribe(topics=("audit",)), Attached)
        listed = link.request(request, AuditList).rows
        last = _print(caller, listed, -1)
        for event, _ in link.events():
            rows = [row for row in decode_rows(event.rows) if isinstance(row, AuditRow)]
            last = _print(caller, [row for row in rows if _matches(row, request)], last)


def _matches(row: AuditRow, request: ListAudit) -> bool:
    return request.order_id in (None, row.order_id) and request.channel in (None, row.channel)


def _print(caller: Caller, rows: Iterable[AuditRow], last: int) -> int:
    """Print the entries after `last`, the oldest first. Returns the number of the newest one printed."""
    for row in sorted(rows, key=lambda row: row.entry):
        if row.entry > last:
            click.echo(msgspec.json.encode(flat(row)) if caller.json else _line(row))
            last = row.entry
    return last


def _what(row: AuditRow) -> str:
    return f"{row.text}: {row.reason}" if row.reason else row.text


def _line(row: AuditRow) -> str:
    where = " ".join(part for part in (row.channel or row.account, row.order_id) if part)
    return plain("  ".join(part for part in (moment(row.at), where, _what(row), f"({row.by})") if part))
