"""`channelctl listing list|show|downloads`: what Amazon shows of listings, and how they come in."""

from collections.abc import Sequence

import click
from msgspec.structs import replace

from channel_protocol.listings import (
    DownloadList,
    ListDownloads,
    ListingList,
    ListingRow,
    ListingShown,
    ListListings,
    ShowListing,
)
from channelctl.arguments import limit
from channelctl.output import note, print_json, print_rows
from channelctl.shared import Caller, Verb
from channelctl.shown_download import DOWNLOADS
from channelctl.shown_listing import COLUMNS, listing_document, print_listing

__all__ = ["downloads", "list_", "show"]

PAGE = 500
EMPTY = "There is no such listing. `channelctl listing download CHANNEL` brings in what Amazon has."
NO_CHANNEL = "There is no channel yet. Add one with `channelctl channel add`."


@click.command("list", cls=Verb)
@click.argument("channel", required=False)
@click.option(
    "--link",
    "standing",
    type=click.Choice(("linked", "unlinked", "suggested")),
    help="Only those that stand so; suggested: not linked, but an item looks like it.",
)
@click.option("--presence", type=click.Choice(("listed", "missing", "gone")), help="Only those.")
@click.option("--find", default="", metavar="TEXT", help="Part of SKU, ASIN or title.")
@click.option("--after", default="", metavar="CHANNEL/SKU", help="Go on behind this one.")
@limit(100)
@click.pass_obj
def list_(
    caller: Caller,
    channel: str | None,
    standing: str | None,
    presence: str | None,
    find: str,
    after: str,
    limit: int,
) -> None:
    """List the listings of a channel, or of all, by SKU."""
    wanted = ListListings(channel=channel, link=standing, presence=presence, find=find, after=after)
    rows, more = _pages(caller, wanted, limit)
    print_rows(caller, rows, COLUMNS, EMPTY)
    if more and not caller.json:
        note(f"\nThere are more: add --after {rows[-1].key}, or write all with `channelctl listing export`.")


@click.command(cls=Verb)
@click.argument("channel")
@click.argument("sku")
@click.pass_obj
def show(caller: Caller, channel: str, sku: str) -> None:
    """Show one listing: what Amazon shows, which item it is or may be, its history."""
    shown = caller.ask(ShowListing(channel=channel, sku=sku), ListingShown)
    if caller.json:
        print_json(listing_document(shown))
    else:
        print_listing(shown)


@click.command(cls=Verb)
@click.argument("channel", required=False)
@click.pass_obj
def downloads(caller: Caller, channel: str | None) -> None:
    """Show the listing download of every channel: how far it is, or how the last one ended."""
    rows = caller.ask(ListDownloads(channel=channel), DownloadList).rows
    print_rows(caller, rows, DOWNLOADS, NO_CHANNEL)


def _pages(caller: Caller, wanted: ListListings, limit: int) -> tuple[Sequence[ListingRow], bool]:
    """So many rows, and whether there are more. Raises `ClientError`."""
    rows: list[ListingRow] = []
    with caller.connect() as link:
        while True:
            page = link.request(replace(wanted, limit=min(PAGE, limit - len(rows))), ListingList)
            rows += page.rows
            if len(rows) >= limit or not (page.more and page.rows):
                return rows, page.more
            wanted = replace(wanted, after=rows[-1].key)
