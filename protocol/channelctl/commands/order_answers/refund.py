"""`channelctl order refund`: money back, in full or by line, quantity and component."""

import click

from channel_protocol.order_answers import OrderRefunded, RefundOrder
from channelctl.arguments import command_id, yes
from channelctl.commands.order_answers.money_shown import given_back, print_refunded
from channelctl.commands.order_answers.options import one_or_file, order_or_file
from channelctl.commands.order_answers.preview import done_if_agreed, not_sent
from channelctl.commands.order_answers.specs import refund_parts
from channelctl.order_csv.columns import REFUND, described
from channelctl.output import flat, note, print_json
from channelctl.shared import Caller, Verb

__all__ = ["refund"]

SYNTAX = """\b
A LINE of --line is an SKU or an order item id:
  --line MUG-BLUE                               all that is left of it
  --line MUG-BLUE=2                             the share of two units, with its tax
  --line MUG-BLUE:Principal=10.00,Tax=2.00      these amounts
  --line MUG-BLUE=1:Shipping=2.50               one unit, and of the shipping 2.50
Without --line: everything that is left of the order. A line whose SKU has a = or a : before a word is named
by its order item id.
"""


@click.command(cls=Verb, epilog=f"{SYNTAX}\n{described(REFUND)}")
@order_or_file
@click.option(
    "--reason", metavar="REASON", default="CustomerReturn", show_default=True, help="One of Amazon's."
)
@click.option("--line", "--lines", "lines", metavar="LINE…", multiple=True, help="Only this line; see below.")
@click.option("--again", is_flag=True, help="Also if the same was refunded within the last 7 days.")
@yes
@command_id
@click.pass_obj
def refund(
    caller: Caller,
    order_id: str | None,
    channel: str | None,
    source: str | None,
    reason: str,
    lines: tuple[str, ...],
    again: bool,
    yes: bool,
    command_id: str,
) -> None:
    """Give money back for an order, in full or by line, after showing how much.

    What was sent is refunded by an adjustment, what was not by cancelling it. Amazon is told if the channel's
    Order Refunds are on.
    """
    known_id = one_or_file(order_id, source)
    if source is not None:
        from channelctl.order_csv.load import load  # here, as one order needs none of it

        load(caller, "refund", source, yes=yes)
        return
    request = RefundOrder(
        command_id=command_id,
        order_id=known_id,
        channel=channel,
        parts=refund_parts(lines),
        again=again,
        reason=reason,
    )
    done = done_if_agreed(
        caller,
        request,
        OrderRefunded,
        show=print_refunded,
        question=lambda seen: f"Refund {given_back(seen)}?",
        yes=yes,
    )
    _print(caller, done)


def _print(caller: Caller, refunded: OrderRefunded) -> None:
    if caller.json:
        print_json(flat(refunded))
    else:
        print_refunded(refunded)
        note(refunded.message)
    if not_sent(refunded):
        click.get_current_context().exit(1)
