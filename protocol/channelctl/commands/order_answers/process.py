"""`channelctl order process`: a parcel has left."""

from datetime import datetime

import click

from channel_protocol.order_answers import OrderProcessed, ProcessOrder
from channelctl.arguments import command_id, instant
from channelctl.commands.order_answers.money_shown import UNITS
from channelctl.commands.order_answers.options import one_or_file, order_or_file
from channelctl.commands.order_answers.specs import units
from channelctl.order_csv.columns import PROCESS, described
from channelctl.output import flat, note, print_json, print_table
from channelctl.shared import Caller, Verb

__all__ = ["process"]


def _instant(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    return instant(value) if value else None


@click.command(cls=Verb, epilog=described(PROCESS))
@order_or_file
@click.option(
    "--carrier", metavar="CODE", help="Amazon's carrier code, or a name; else mapped from the service."
)
@click.option("--service", metavar="NAME", default="", help="Your own service, or the carrier's method.")
@click.option("--tracking", metavar="NUMBER", default="", help="Leave it out for an untracked parcel.")
@click.option(
    "--line",
    "--lines",
    "lines",
    metavar="LINE=QUANTITY",
    multiple=True,
    help="Only these units, such as MUG-BLUE=2,CUP=1 (SKU or order item id); else all still to be sent.",
)
@click.option("--shipped-at", metavar="TIME", callback=_instant, help="When it left; else now.")
@click.option(
    "--force",
    is_flag=True,
    help="Also when Amazon shows the units as shipped, or a parcel like it was processed.",
)
@command_id
@click.pass_obj
def process(
    caller: Caller,
    order_id: str | None,
    channel: str | None,
    source: str | None,
    carrier: str | None,
    service: str,
    tracking: str,
    lines: tuple[str, ...],
    shipped_at: datetime | None,
    force: bool,
    command_id: str,
) -> None:
    """Say that an order, or a parcel of it, has left; Amazon is told if the channel's Despatch notes are on.

    The service is mapped to a carrier and method of Amazon's (`channelctl mapping despatch --help`), unless
    --carrier names one.
    """
    known_id = one_or_file(order_id, source)
    if source is not None:
        from channelctl.order_csv.load import load  # here, as one order needs none of it

        load(caller, "process", source, yes=True)
        return
    request = ProcessOrder(
        command_id=command_id,
        order_id=known_id,
        channel=channel,
        carrier=carrier,
        service=service,
        tracking=tracking,
        lines=units(lines),
        shipped_at=shipped_at,
        force=force,
    )
    _print(caller, caller.ask(request, OrderProcessed))


def _print(caller: Caller, processed: OrderProcessed) -> None:
    if caller.json:
        print_json(flat(processed))
    else:
        if processed.parcel:
            print_table(processed.parcel, UNITS)
            note("")
        note(processed.message)
        if processed.row:
            held = f", held: {processed.row.held}" if processed.row.held else ""
            note(f"Note {processed.row.work_id}: {processed.row.summary} ({processed.row.says}{held}).")
        if processed.left:
            note(f"Still to be sent: {processed.left}.")
    if processed.outcome == "rejected":
        click.get_current_context().exit(1)
