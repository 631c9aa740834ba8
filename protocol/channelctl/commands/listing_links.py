"""`channelctl listing link|unlink`: which item a listing is, said by hand or by a file."""

import uuid
from collections.abc import Sequence

import click

from channel_protocol.errors import ClientError
from channel_protocol.listings import LEFT_ALONE, LinkListings, LinkWanted, ListingsLinked
from channelctl.arguments import command_id
from channelctl.item_csv.links import (
    DESCRIBED,
    RESULT_COLUMNS,
    LinkResult,
    LinkRow,
    answered,
    read_links,
    result,
)
from channelctl.link import Link
from channelctl.output import flat, note, print_json
from channelctl.shared import Caller, Verb

__all__ = ["link", "unlink"]

LARGEST = 64
"""MiB of a file."""


@click.command(cls=Verb, epilog=DESCRIBED)
@click.argument("channel", required=False)
@click.argument("sku", required=False)
@click.argument("item", required=False)
@click.option("--from", "source", metavar="FILE|-", help="Many at once, as CSV.")
@command_id
@click.pass_obj
def link(
    caller: Caller,
    channel: str | None,
    sku: str | None,
    item: str | None,
    source: str | None,
    command_id: str,
) -> None:
    """Link a listing to an item, on all channels of its account.

    Lines of open orders follow at once. What you link or unlink is never undone by automation. With - for the
    item a listing is left alone: it is none, and no automation links it.
    """
    if source is not None:
        if channel:
            raise click.UsageError("With --from, the columns of the file say it: leave out the listing.")
        _load(caller, source)
        return
    if not (channel and sku and item):
        raise click.UsageError("Name the channel, the listing's SKU and the item's, or give --from FILE.")
    _one(caller, LinkWanted(channel=channel, sku=sku, item=item), command_id)


@click.command(cls=Verb)
@click.argument("channel")
@click.argument("sku")
@command_id
@click.pass_obj
def unlink(caller: Caller, channel: str, sku: str, command_id: str) -> None:
    """Unlink a listing from its item, on all channels of its account.

    No automation links it again. Amazon is left as it is; lines of open orders follow. One that is not linked
    stays as it is; `listing link CHANNEL SKU -` leaves it alone.
    """
    _one(caller, LinkWanted(channel=channel, sku=sku, item=""), command_id)


def _one(caller: Caller, wanted: LinkWanted, command_id: str) -> None:
    """Raises `ClientError` with everything that is wrong."""
    answer = caller.ask(LinkListings(command_id=command_id, rows=(wanted,)), ListingsLinked).answers[0]
    if answer.problems:
        hint = "`channelctl listing list` and `channelctl item list` show what there is."
        raise ClientError("invalid", "Nothing was linked or unlinked.", hint, answer.problems)
    if caller.json:
        print_json(flat(answer))
        return
    note(f"Listing {wanted.sku} {'was' if answer.outcome == 'unchanged' else 'is'} {_standing(wanted.item)}.")
    if answer.orders:
        lines = "line of an open order has" if answer.orders == 1 else "lines of open orders have"
        note(f"{answer.orders:,} {lines} followed.")


def _standing(item: str) -> str:
    if item == LEFT_ALONE:
        return "left alone"
    return f"linked to item {item}" if item else "not linked"


def _load(caller: Caller, source: str) -> None:
    from channelctl.bulk import carry_out  # here, as one listing needs none of it
    from channelctl.given_file import read_text

    def ask(link: Link, rows: Sequence[LinkRow]) -> list[LinkResult]:
        request = LinkListings(command_id=uuid.uuid4().hex, rows=tuple(row.wanted for row in rows))
        answers = link.request(request, ListingsLinked).answers
        return [answered(row, answer) for row, answer in zip(rows, answers, strict=True)]

    wishes, refused = read_links(read_text(source, most=LARGEST, what="a file of links"))
    carry_out(caller, refused, wishes, ask, result, RESULT_COLUMNS)
