"""`channelctl listing limits`: which listings have settings of their own, and which."""

from collections.abc import Iterator
from itertools import islice

import click

from channel_protocol.limits import LimitsList, ListingLimitsRow, ListLimits
from channelctl.arguments import limit
from channelctl.link import Link
from channelctl.output import Columns, note, print_rows
from channelctl.shared import Caller, Verb

__all__ = ["limits", "limits_rows"]

PAGE = 500
COLUMNS: Columns[ListingLimitsRow] = {
    "SKU": "sku",
    "End When": "end_when",
    "Stock Percentage": "stock_percentage",
    "Max Listed": "max_listed",
    "Ignore Sync": "ignore_sync",
}


@click.command(cls=Verb)
@click.argument("channel")
@limit(100)
@click.pass_obj
def limits(caller: Caller, channel: str, limit: int) -> None:
    """List the listings that have limits or Ignore Sync of their own."""
    with caller.connect() as link:
        found = limits_rows(link, channel)
        rows = list(islice(found, limit))
        is_cut = next(found, None) is not None
    print_rows(
        caller, rows, COLUMNS, f"Nothing is set for a listing alone: limits of {channel} count for all."
    )
    if is_cut and not caller.json:
        note(f"\nThere are more: `channelctl listing export {channel} FILE --limits` writes all.")


def limits_rows(link: Link, channel: str) -> Iterator[ListingLimitsRow]:
    """All by SKU; one page at a time is in memory."""
    after = ""
    while True:
        page = link.request(ListLimits(channel=channel, after=after, limit=PAGE), LimitsList)
        yield from page.rows
        if not page.more:
            return
        after = page.after
