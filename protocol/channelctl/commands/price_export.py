"""`channelctl price export`: saved prices as CSV, however many there are."""

from collections.abc import Iterator

import click

from channel_protocol.prices import ListPrices, PriceFilter, PriceList, PriceRow
from channelctl.link import Link
from channelctl.price_csv.columns import DESCRIBED
from channelctl.shared import Caller, Verb
from channelctl.targets import target, told_written

__all__ = ["export", "price_rows"]

PAGE = 500


@click.command(cls=Verb, epilog=DESCRIBED)
@click.argument("channel")
@click.argument("file", metavar="FILE|-")
@click.pass_obj
def export(caller: Caller, channel: str, file: str) -> None:
    """Write the saved prices of a channel to a file as CSV, as `price import` reads it."""
    from channelctl.price_csv.writing import write_prices  # here, as one price needs none of it

    with caller.connect() as link, target(file) as stream:
        count = write_prices(stream, price_rows(link, channel))
    told_written(caller, file, count, "prices")


def price_rows(link: Link, channel: str, only: PriceFilter | None = None) -> Iterator[PriceRow]:
    """All by SKU; one page at a time is in memory."""
    after = ""
    while True:
        wish = ListPrices(channel=channel, only=only, after=after, limit=PAGE)
        page = link.request(wish, PriceList)
        yield from page.rows
        if not page.more:
            return
        after = page.after
