"""`channelctl price`: prices of listings are saved, approved, sent to Amazon and read back."""

import uuid
from collections.abc import Sequence
from itertools import islice

import click

from channel_protocol.prices import (
    ApprovePrices,
    DropPrices,
    PriceFilter,
    PricesDecided,
    PriceShown,
    PricesSaved,
    PriceToApprove,
    PriceWanted,
    PushPrices,
    SavePrices,
    ShowPrice,
)
from channelctl.arguments import command_id, limit
from channelctl.commands.price_export import export, price_rows
from channelctl.link import Link
from channelctl.output import flat, note, print_json, print_rows
from channelctl.price_csv.columns import DESCRIBED, NONE
from channelctl.shared import Caller, Noun, Verb
from channelctl.shown_price import COLUMNS, price_document, print_decided, print_price
from channelctl.words import money

LARGEST = 64
"""MiB of a file."""
FILTERS = ("held", "pending", "error", "unconfirmed", "unsent")
EMPTY = "No price is saved that fits. Save one with `channelctl price set CHANNEL SKU PRICE`."


@click.group(cls=Noun)
def command() -> None:
    """Prices of listings: saved here, sent to Amazon, read back."""


command.add_command(export)


@command.command("list")
@click.argument("channel")
@click.option("--only", type=click.Choice(FILTERS), help="Only those that stand so.")
@limit(100)
@click.pass_obj
def list_(caller: Caller, channel: str, only: PriceFilter | None, limit: int) -> None:
    """List the prices that were saved, and how each stands.

    held: waits for approval; pending: not sent yet; error: refused, or failed again and again; unconfirmed:
    not read back yet; unsent: saved while Price Change was off.
    """
    with caller.connect() as link:
        rows = list(islice(price_rows(link, channel, only), limit))
    print_rows(caller, rows, COLUMNS, EMPTY)


@command.command()
@click.argument("channel")
@click.argument("sku")
@limit(50)
@click.pass_obj
def show(caller: Caller, channel: str, sku: str, limit: int) -> None:
    """Show the price of a listing, and what happened to it."""
    shown = caller.ask(ShowPrice(channel=channel, sku=sku, limit=limit), PriceShown)
    if caller.json:
        print_json(price_document(shown))
    else:
        print_price(shown)


@command.command("set")
@click.argument("channel")
@click.argument("sku")
@click.argument("price", required=False, default="")
@click.option(
    "--min", "least", metavar="PRICE", help=f"Below it a price waits for approval; {NONE}: no minimum."
)
@click.option(
    "--max", "most", metavar="PRICE", help=f"Above it a price waits for approval; {NONE}: no maximum."
)
@click.option(
    "--currency", metavar="CODE", default="", help="Must be the marketplace's; nothing is converted."
)
@command_id
@click.pass_obj
def set_(
    caller: Caller,
    channel: str,
    sku: str,
    price: str,
    least: str | None,
    most: str | None,
    currency: str,
    command_id: str,
) -> None:
    """Save the price of a listing, or its minimum and maximum.

    It is sent after 5 seconds in which it is not saved again. One that changes by more than 50 %, or crosses
    the minimum or maximum, waits for `price approve`.
    """
    from channelctl.price_csv.reading import bound  # here, as reading a list needs none of it

    wanted = PriceWanted(
        sku=sku, price=price, min_price=bound(least or ""), max_price=bound(most or ""), currency=currency
    )
    request = SavePrices(command_id=command_id, channel=channel, rows=(wanted,))
    saved = caller.ask(request, PricesSaved)
    (answer,) = saved.answers
    if caller.json:
        print_json({"sku": sku, **flat(answer), "currency": saved.currency})
        return
    before, after = money(answer.before, saved.currency), money(answer.after, saved.currency)
    why = f" ({answer.note})" if answer.note else ""
    note(f"{sku}: {before} → {after}, {answer.outcome}{why}.")
    if answer.outcome == "held":
        note(f"hint: `channelctl price approve {channel} SKU=PRICE` lets it pass, `price drop` forgets it.")


@command.command("import", cls=Verb, epilog=DESCRIBED)
@click.argument("channel")
@click.argument("source", metavar="FILE|-")
@click.pass_obj
def import_(caller: Caller, channel: str, source: str) -> None:
    """Save prices by a file of CSV; every row is answered."""
    from channelctl.bulk import carry_out  # here, as one price needs none of it
    from channelctl.given_file import read_text
    from channelctl.price_csv.reading import PriceLine, read_prices
    from channelctl.price_csv.results import RESULT_COLUMNS, PriceResult, answered, result

    def ask(link: Link, lines: Sequence[PriceLine]) -> list[PriceResult]:
        rows = tuple(line.wanted for line in lines)
        request = SavePrices(command_id=uuid.uuid4().hex, channel=channel, rows=rows, mode="import")
        saved = link.request(request, PricesSaved)
        return [
            answered(line.row, line.wanted.sku, saved.currency, answer)
            for line, answer in zip(lines, saved.answers, strict=True)
        ]

    wishes, refused = read_prices(read_text(source, most=LARGEST, what="a file of prices"))
    carry_out(
        caller,
        refused,
        wishes,
        ask,
        lambda line, told: result(line.row, line.wanted.sku, told),
        RESULT_COLUMNS,
    )


@command.command()
@click.argument("channel")
@click.argument("rows", metavar="SKU=PRICE...", nargs=-1, required=True)
@command_id
@click.pass_obj
def approve(caller: Caller, channel: str, rows: tuple[str, ...], command_id: str) -> None:
    """Let prices that are held go out, these very ones."""
    wanted = tuple(_to_approve(position, text) for position, text in enumerate(rows, 1))
    request = ApprovePrices(command_id=command_id, channel=channel, rows=wanted)
    _decide(caller, caller.ask(request, PricesDecided))


@command.command()
@click.argument("channel")
@click.argument("skus", metavar="SKU...", nargs=-1, required=True)
@command_id
@click.pass_obj
def drop(caller: Caller, channel: str, skus: tuple[str, ...], command_id: str) -> None:
    """Forget saved prices that are held or wait."""
    request = DropPrices(command_id=command_id, channel=channel, skus=skus)
    _decide(caller, caller.ask(request, PricesDecided))


@command.command()
@click.argument("channel")
@click.argument("skus", metavar="SKU...", nargs=-1)
@click.option("--unsent", is_flag=True, help="All that were saved and not sent, instead of single ones.")
@click.pass_obj
def push(caller: Caller, channel: str, skus: tuple[str, ...], unsent: bool) -> None:
    """Send saved prices once more, whatever Amazon is thought to have."""
    if bool(skus) == unsent:
        raise click.UsageError("Name SKUs, or give --unsent.")
    with caller.connect() as link:
        pages = [_push(link, channel, skus)]
        while pages[-1].after:
            pages.append(_push(link, channel, skus, pages[-1].after))
    answers = tuple(answer for page in pages for answer in page.answers)
    if unsent and not answers and not caller.json:
        note("Nothing was saved that is not sent.")
        return
    _decide(caller, PricesDecided(currency=pages[0].currency, answers=answers))


def _push(link: Link, channel: str, skus: tuple[str, ...], after: str = "") -> PricesDecided:
    request = PushPrices(command_id=uuid.uuid4().hex, channel=channel, skus=skus, after=after)
    return link.request(request, PricesDecided)


def _to_approve(position: int, text: str) -> PriceToApprove:
    sku, separator, price = text.rpartition("=")
    if not (separator and sku and price):
        raise click.UsageError(f"Price number {position} is not of the form SKU=PRICE.")
    return PriceToApprove(sku=sku, price=price)


def _decide(caller: Caller, decided: PricesDecided) -> None:
    """Exit code 1 when nothing could be done of something."""
    print_decided(caller, decided.currency, decided.answers)
    if any(each.outcome == "nothing" for each in decided.answers):
        click.get_current_context().exit(1)
