"""`channelctl listing set|import`: limits of single listings, and Ignore Sync."""

import uuid
from collections.abc import Sequence

import click

from channel_protocol.offers import (
    ListingSettings,
    ListingsPreviewed,
    ListingsSet,
    PreviewListings,
    SetListings,
)
from channelctl.arguments import command_id, settings, yes
from channelctl.asking import confirm, interactive
from channelctl.limits_csv.columns import DESCRIBED
from channelctl.link import Link
from channelctl.output import flat, note, print_json
from channelctl.shared import Caller, Verb

__all__ = ["import_", "set_"]

LARGEST = 64
"""MiB of a file."""


@click.command("set", cls=Verb)
@click.argument("channel")
@click.argument("sku")
@click.argument("changes", metavar="KEY=VALUE...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Say what it would do, and change nothing.")
@yes
@command_id
@click.pass_obj
def set_(
    caller: Caller,
    channel: str,
    sku: str,
    changes: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    command_id: str,
) -> None:
    """Set limits of a listing, which override the channel's; KEY= clears one.

    Keys: end_when, stock_percentage, max_listed, and ignore_sync (on: no stock of it is sent). On a terminal
    you are told first what it does, and asked.
    """
    listings = (ListingSettings(sku=sku, values=settings(changes)),)
    if dry_run or (interactive() and not yes and not caller.json):
        seen = caller.ask(PreviewListings(channel=channel, listings=listings), ListingsPreviewed)
        if dry_run and caller.json:
            print_json(flat(seen))
            return
        _print_preview(seen)
        if dry_run:
            note("Nothing was changed.")
            return
        if not seen.changed:
            return
        confirm("Save it?", yes=False)
    request = SetListings(command_id=command_id, channel=channel, listings=listings)
    (answer,) = caller.ask(request, ListingsSet).answers
    if caller.json:
        print_json(flat(answer))
    elif answer.outcome == "changed":
        note(f"Listing {sku} of {channel}: changed.")
    else:
        note("Nothing changed: it was so already.")


@click.command("import", cls=Verb, epilog=DESCRIBED)
@click.argument("channel")
@click.argument("source", metavar="FILE|-")
@click.pass_obj
def import_(caller: Caller, channel: str, source: str) -> None:
    """Set limits of many listings by a file of CSV; every row is answered."""
    from channelctl.bulk import carry_out  # here, as one listing needs none of it
    from channelctl.given_file import read_text
    from channelctl.limits_csv.reading import LimitsRow, read_limits
    from channelctl.limits_csv.results import RESULT_COLUMNS, LimitsResult, answered, result

    def ask(link: Link, rows: Sequence[LimitsRow]) -> list[LimitsResult]:
        request = SetListings(
            command_id=uuid.uuid4().hex,
            channel=channel,
            listings=tuple(row.listing for row in rows),
            imported=True,
        )
        answers = link.request(request, ListingsSet).answers
        return [answered(row.row, answer) for row, answer in zip(rows, answers, strict=True)]

    wishes, refused = read_limits(read_text(source, most=LARGEST, what="a file of limits"))
    carry_out(
        caller,
        refused,
        wishes,
        ask,
        lambda row, told: result(row.row, row.listing.sku, told),
        RESULT_COLUMNS,
    )


def _print_preview(seen: ListingsPreviewed) -> None:
    if not seen.changed:
        note("Nothing would change: it is so already.")
    for text in seen.consequences:
        note(text)
