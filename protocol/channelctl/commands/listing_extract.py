"""`channelctl listing extract`: the Extract Inventory tool (semantics E1)."""

import uuid

import click

from channel_protocol.base import Problem
from channel_protocol.errors import DaemonLost
from channel_protocol.listings import ExtractListings, ListingsExtracted
from channelctl.bulk import Progress
from channelctl.link import Link
from channelctl.output import Columns, note, print_json, print_table
from channelctl.shared import Caller, Verb

__all__ = ["extract"]

PAGE = 500
SKIPPED: Columns[Problem] = {"SKU": "key", "Skipped because it": "message"}
EPILOG = """\b
What an item gets from its listing:
  SKU, title, and as barcode the product id, when it is an EAN, UPC or ISBN
and, from channels with Download Full Listings on, as extended properties:
  brand, description, images (an address a line), product type, and
  variation parent (SKU of the listing that it is a variation of)
"""


class Done:
    """What became of all pages so far."""

    def __init__(self) -> None:
        self.created = 0
        self.linked = 0
        self.skipped: list[Problem] = []

    def add(self, page: ListingsExtracted) -> None:
        self.created += page.created
        self.linked += page.linked
        self.skipped += page.skipped

    @property
    def told(self) -> str:
        items = "item was" if self.created == 1 else "items were"
        return f"{self.created:,} {items} made, {self.linked:,} linked to one of their SKU."


@click.command(cls=Verb, epilog=EPILOG)
@click.argument("channel")
@click.option("--sku", "skus", metavar="SKU", multiple=True, help="Only this listing, even if left alone.")
@click.pass_obj
def extract(caller: Caller, channel: str, skus: tuple[str, ...]) -> None:
    """Make items of listings that are not linked, and link them.

    An item that is there already is linked and stays as it is, so this may be repeated. What somebody
    unlinked, or what differs from an item in capitals only, is left alone unless it is named.
    """
    done = Done()
    progress = Progress("listings")
    try:
        with caller.connect() as link:
            _pages(link, channel, skus, done, progress)
    except DaemonLost as lost:
        hint = f"{done.told} Repeat it when channeld runs: it goes on where it was."
        raise DaemonLost(lost.code, lost.message, hint) from lost
    finally:
        progress.end()
    _print(caller, done)
    if skus and done.skipped:
        click.get_current_context().exit(1)


def _pages(link: Link, channel: str, skus: tuple[str, ...], done: Done, progress: Progress) -> None:
    """Raises `ClientError`."""
    named = [skus[start : start + PAGE] for start in range(0, len(skus), PAGE)] or [()]
    for some in named:
        after = ""
        while True:
            request = ExtractListings(
                command_id=uuid.uuid4().hex, channel=channel, skus=some, after=after, limit=PAGE
            )
            page = link.request(request, ListingsExtracted)
            done.add(page)
            progress(done.created + done.linked + len(done.skipped))
            after = page.after
            if not after:
                break


def _print(caller: Caller, done: Done) -> None:
    if caller.json:
        skipped = [{"sku": each.key, "reason": each.message} for each in done.skipped]
        print_json({"created": done.created, "linked": done.linked, "skipped": skipped})
        return
    if done.skipped:
        print_table(done.skipped, SKIPPED)
        note("")
    note(done.told + (f" {len(done.skipped):,} skipped." if done.skipped else ""))
