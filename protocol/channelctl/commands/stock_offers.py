"""`channelctl stock offers|explain|push`: what Amazon is told of seller SKUs, why, and told once more."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import click
from msgspec.structs import replace

from channel_protocol.offers import (
    ExplainedOffer,
    ExplainStock,
    ListOffers,
    OfferFilter,
    OfferList,
    OfferRow,
    PushAnswer,
    PushStock,
    StockExplained,
    StockPushed,
)
from channelctl.arguments import command_id, limit, yes
from channelctl.asking import confirm
from channelctl.output import Columns, flat, note, print_json, print_rows, print_table
from channelctl.shared import Caller, Verb
from channelctl.shown_offer import COLUMNS, print_offer

__all__ = ["explain", "offers", "push"]

PAGE = 500
MOST_EVENTS = 200
FILTERS: dict[str, tuple[OfferFilter, str]] = {
    "dirty": ("dirty", "Only what Amazon was not told of yet."),
    "refused": ("refused", "Only what Amazon refused; it is told again later."),
    "conflicts": ("conflict", "Only where channels of the account differ."),
    "withheld": ("withheld", "Only where nothing, or not all, is sent."),
    "issues": ("issue", "Only where the product's handling time makes no sense."),
    "unconfirmed": ("unconfirmed", "Only what was sent and is not read back yet."),
    "closed": ("closed", "Only what somebody closed at Amazon, so that it is not sent."),
    "dry-run": ("dry_run", "Only what would be another quantity without dry run."),
}
"""Option → filter, and what it means."""
EMPTY = (
    "There is no such SKU. Amazon is told of linked listings on channels with Update inventory on:"
    " `channelctl channel set NAME update_inventory=on`, `channelctl location map NAME LOCATION`."
)
NONE_SO = "No SKU is so. `channelctl stock offers` without options lists all."
ANSWERS: Columns[PushAnswer] = {
    "Account": "account",
    "SKU": "sku",
    "Outcome": "outcome",
    "Quantity": "quantity",
    "Why": "note",
}


def _filters(function: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each filter; the last one that is given counts."""
    return reduce(
        lambda made, name: click.option(
            f"--{name}", "only", flag_value=FILTERS[name][0], help=FILTERS[name][1]
        )(made),
        reversed(FILTERS),
        function,
    )


@click.command(cls=Verb)
@_filters
@click.option("--account", metavar="NAME", default="", help="Only of that account.")
@click.option("--channel", metavar="NAME", default="", help="Only with a listing on that channel.")
@click.option("--item", metavar="SKU", default="", help="Only those of that item.")
@click.option("--sku", metavar="TEXT", default="", help="Only SKUs that begin with it, in any case.")
@limit(100)
@click.pass_obj
def offers(
    caller: Caller, only: OfferFilter | None, account: str, channel: str, item: str, sku: str, limit: int
) -> None:
    """List seller SKUs with what Amazon is told of them, and how that stands.

    What lies where is listed by `stock list`; here a row is a SKU at Amazon, on all channels of its account.
    """
    wish = ListOffers(account=account, channel=channel, item=item, text=sku, only=only)
    rows: list[OfferRow] = []
    with caller.connect() as link:
        while True:
            page = link.request(replace(wish, limit=min(PAGE, limit - len(rows))), OfferList)
            rows += page.rows
            if len(rows) >= limit or not page.more:
                break
            wish = replace(wish, after=page.after)
    is_narrow = any((only, account, channel, item, sku))
    print_rows(caller, rows, COLUMNS, NONE_SO if is_narrow else EMPTY)
    if page.more and not caller.json:
        note("\nThere are more: --limit shows them.")


@click.command(cls=Verb)
@click.argument("sku")
@click.option("--account", metavar="NAME", default="", help="Only of that account.")
@click.option(
    "--limit",
    type=click.IntRange(1, MOST_EVENTS),
    default=20,
    show_default=True,
    help="At most so many orders and events.",
)
@click.pass_obj
def explain(caller: Caller, sku: str, account: str, limit: int) -> None:
    """Explain the quantity that Amazon is told of a SKU.

    Which locations and reservations count, which limit cut it, what was sent when and by which way, what
    Amazon showed after, and what happens next. SKU is a seller's; an item's means all that are linked to it.
    """
    answer = caller.ask(ExplainStock(sku=sku, account=account, limit=limit), StockExplained)
    if caller.json:
        print_json([_document(offer) for offer in answer.offers])
        return
    for place, offer in enumerate(answer.offers):
        if place:
            note("")
        print_offer(offer)


@click.command(cls=Verb)
@click.argument("skus", metavar="[SKU]...", nargs=-1)
@click.option("--channel", metavar="NAME", default="", help="Everything that has a listing on that channel.")
@click.option("--account", metavar="NAME", default="", help="Only SKUs of that account.")
@yes
@command_id
@click.pass_obj
def push(
    caller: Caller, skus: tuple[str, ...], channel: str, account: str, yes: bool, command_id: str
) -> None:
    """Tell Amazon once more, whatever it is thought to have.

    Also what somebody closed at Amazon: it is put up again. Amazon slows sellers down who send everything all
    the time, and changes go out by themselves: it is for what you have seen to be wrong.
    """
    if bool(skus) == bool(channel):
        raise click.UsageError("Name SKUs, or --channel.")
    if channel:
        confirm(f"Send the stock of everything on {channel} to Amazon once more?", yes=yes)
    request = PushStock(command_id=command_id, skus=skus, channel=channel, account=account)
    answer = caller.ask(request, StockPushed)
    if caller.json:
        print_json(flat(answer))
        return
    if answer.answers:
        print_table(answer.answers, ANSWERS)
    note(f"{answer.queued:,} {'SKU is' if answer.queued == 1 else 'SKUs are'} sent once more.")


def _document(offer: ExplainedOffer) -> dict[str, Any]:
    return {**flat(offer), "row": flat(offer.row)}
