"""`channelctl order cancel`: units that will not be sent."""

import click

from channel_protocol.order_answers import CancelOrder, OrderCancelled
from channelctl.arguments import command_id, yes
from channelctl.commands.order_answers.money_shown import cancel_question, print_cancelled
from channelctl.commands.order_answers.options import one_or_file, order_or_file
from channelctl.commands.order_answers.preview import done_if_agreed
from channelctl.commands.order_answers.specs import units
from channelctl.order_csv.columns import CANCEL, described
from channelctl.output import flat, note, print_json
from channelctl.shared import Caller, Verb

__all__ = ["cancel"]


@click.command(cls=Verb, epilog=described(CANCEL))
@order_or_file
@click.option("--reason", metavar="REASON", help="One of Amazon's, such as NoInventory or BuyerCanceled.")
@click.option(
    "--line",
    "--lines",
    "lines",
    metavar="LINE=QUANTITY",
    multiple=True,
    help="Only these units, such as MUG-BLUE=2,CUP=1 (SKU or order item id); else the whole order.",
)
@yes
@command_id
@click.pass_obj
def cancel(
    caller: Caller,
    order_id: str | None,
    channel: str | None,
    source: str | None,
    reason: str | None,
    lines: tuple[str, ...],
    yes: bool,
    command_id: str,
) -> None:
    """Cancel an order or units of it that were not sent, after showing what the buyer gets back.

    Amazon is told if the channel's Order Cancellations are on, and gives the money back by itself.
    """
    known_id = one_or_file(order_id, source)
    if source is not None:
        from channelctl.order_csv.load import load  # here, as one order needs none of it

        load(caller, "cancel", source, yes=yes)
        return
    if not reason:
        raise click.UsageError("--reason is missing: name one of Amazon's, such as NoInventory.")
    request = CancelOrder(
        command_id=command_id, order_id=known_id, channel=channel, reason=reason, lines=units(lines)
    )
    done = done_if_agreed(
        caller,
        request,
        OrderCancelled,
        show=print_cancelled,
        question=cancel_question,
        yes=yes,
    )
    _print(caller, done)


def _print(caller: Caller, cancelled: OrderCancelled) -> None:
    if caller.json:
        print_json(flat(cancelled))
    else:
        print_cancelled(cancelled)
        note(cancelled.message)
    if cancelled.outcome == "rejected":
        click.get_current_context().exit(1)
