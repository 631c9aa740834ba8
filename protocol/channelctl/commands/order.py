"""`channelctl order`: listing, showing, syncing, recovering and answering orders."""

from importlib import import_module

import click

from channel_protocol.orders import (
    DismissOrder,
    ListOrders,
    ListQuarantine,
    OrderDismissed,
    OrderList,
    OrderRecovered,
    OrderRow,
    OrdersRewound,
    OrdersSynced,
    QuarantineList,
    QuarantineRow,
    RecoverOrder,
    RewindOrders,
    SyncOrders,
)
from channelctl.arguments import command_id, instant, limit, wait, yes
from channelctl.asking import confirm
from channelctl.output import Columns, flat, note, print_json, print_rows
from channelctl.shared import Caller, Noun
from channelctl.shown_order import show_order
from channelctl.states import STATES
from channelctl.words import moment, money

COLUMNS: Columns[OrderRow] = {
    "Order": "order_id",
    "Channel": "channel",
    "Status": "status",
    "State": "state",
    "Received": "received",
    "Ship by": "ship_by",
    "Total": lambda row: money(row.total, row.currency),
    "Units": "units",
    "E-mail": "email_state",
    "Flags": "flags",
}
QUARANTINED: Columns[QuarantineRow] = {
    "Order": "order_id",
    "Channel": "channel",
    "Account": "account",
    "Since": "since",
    "Attempts": "attempts",
    "Next attempt": "next_attempt",
    "Dismissed": "dismissed_at",
    "Reason": "reason",
    "Hint": "hint",
}
EMPTY = "No such order is stored. `channelctl order sync` looks for new ones; see also `channelctl status`."
NONE_QUARANTINED = "No order is quarantined: every order that was read could be applied."
LONGEST_REWIND_ID = 57
"""Characters; what is derived from it must be a `command_id` as well."""
LOADED_LATE = {
    "cancel": "order_answers.cancel",
    "due": "order_answers.due",
    "export": "order_export",
    "process": "order_answers.process",
    "refund": "order_answers.refund",
}
"""Verb → the module that has it."""
NOT_RECOVERED = "quarantined", "skipped"


class Orders(Noun):
    """Loads the verbs that bring much with them when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted((*super().list_commands(ctx), *LOADED_LATE))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in LOADED_LATE:
            return super().get_command(ctx, cmd_name)
        return getattr(import_module(f"channelctl.commands.{LOADED_LATE[cmd_name]}"), cmd_name)


@click.group(cls=Orders)
def command() -> None:
    """Orders: list, show, sync and recover them; process, cancel and refund them."""


@command.command("list")
@click.option("--channel", metavar="NAME", help="Only of this channel.")
@click.option("--state", type=click.Choice(STATES), help="Only in this state.")
@click.option("--quarantined", is_flag=True, help="Orders that could not be applied, with the reason.")
@limit(100)
@click.pass_obj
def list_(caller: Caller, channel: str | None, state: str | None, quarantined: bool, limit: int) -> None:
    """List orders, the most recently updated first. Nothing personal is shown."""
    if quarantined and state:
        raise click.UsageError(
            "--state and --quarantined exclude each other: a quarantined order has no state."
        )
    if quarantined:
        rows = caller.ask(ListQuarantine(channel=channel, limit=limit), QuarantineList).rows
        print_rows(caller, rows, QUARANTINED, NONE_QUARANTINED)
    else:
        orders = caller.ask(ListOrders(channel=channel, state=state, limit=limit), OrderList).rows
        print_rows(caller, orders, COLUMNS, EMPTY)


@command.command()
@click.argument("order_id", metavar="ID")
@click.option("--channel", metavar="NAME", help="Needed only if several channels have the order.")
@click.option("--personal", is_flag=True, help="Also the buyer's data. This is audited.")
@command_id
@click.pass_obj
def show(caller: Caller, order_id: str, channel: str | None, personal: bool, command_id: str) -> None:
    """Show one order: lines, how the total comes about, what Amazon was told, history."""
    show_order(caller, order_id, channel, command_id if personal else None)


@command.command()
@click.argument("channel", required=False)
@click.option("--from", "start", metavar="DATE", help="Read everything changed since then again; asks first.")
@wait(0, "the search to be complete")
@yes
@command_id
@click.pass_obj
def sync(
    caller: Caller, channel: str | None, start: str | None, wait: float, yes: bool, command_id: str
) -> None:
    """Search for changed orders now, in one channel or in every enabled one."""
    rewound = _rewind(caller, channel, start, yes, command_id) if start else None
    synced = caller.ask(SyncOrders(command_id=command_id, channel=channel, wait=wait), OrdersSynced)
    if caller.json:
        print_json(flat(synced) | ({"rewound": rewound} if rewound else {}))
        return
    if rewound:
        note(rewound)
    if synced.complete:
        note(f"The search is complete: {synced.applied} orders were inserted or changed.")
    else:
        note(f"A search is asked for.{_waiting(synced)}")


@command.command()
@click.argument("order_id", metavar="ID")
@click.option(
    "--channel", metavar="NAME", help="Needed only for a new order when there are several accounts."
)
@wait(30, "the order to be read")
@command_id
@click.pass_obj
def recover(caller: Caller, order_id: str, channel: str | None, wait: float, command_id: str) -> None:
    """Read one order from Amazon and store it, or bring it up to date."""
    request = RecoverOrder(command_id=command_id, order_id=order_id, channel=channel, wait=wait)
    recovered = caller.ask(request, OrderRecovered)
    if caller.json:
        row = flat(recovered.row) if recovered.row else {"order_id": order_id}
        print_json({"complete": recovered.complete, "outcome": recovered.outcome} | row)
    else:
        note(_outcome(order_id, recovered))
    if recovered.outcome in NOT_RECOVERED:
        click.get_current_context().exit(1)


@command.command()
@click.argument("order_id", metavar="ID")
@click.option("--account", metavar="NAME", help="Needed only if several accounts have such an order.")
@command_id
@click.pass_obj
def dismiss(caller: Caller, order_id: str, account: str | None, command_id: str) -> None:
    """Let a quarantined order need attention no longer. It is kept, and shown again when it changes."""
    request = DismissOrder(command_id=command_id, order_id=order_id, account=account)
    row = caller.ask(request, OrderDismissed).row
    if caller.json:
        print_json(flat(row))
    else:
        again = "It is tried again by itself all the same. " if row.next_attempt else ""
        note(f"{row.order_id} is dismissed. {again}It needs attention again when Amazon sends another one.")


def _rewind(caller: Caller, channel: str | None, start: str, yes: bool, command_id: str) -> str:
    """Set the cursor back, after a person has seen what it means. Returns what was done, in words."""
    if channel is None:
        raise click.UsageError("--from needs the channel whose orders are read again.")
    if len(command_id) > LONGEST_REWIND_ID:
        raise click.UsageError(f"With --from, --command-id has at most {LONGEST_REWIND_ID} characters.")
    since = instant(start)
    if not yes:
        look = RewindOrders(command_id=f"{command_id}.look", channel=channel, to=since)
        confirm(f"{caller.ask(look, OrdersRewound).message} Go on?", yes=False)
    request = RewindOrders(command_id=f"{command_id}.rewind", channel=channel, to=since, confirmed=True)
    return caller.ask(request, OrdersRewound).message


def _waiting(synced: OrdersSynced) -> str:
    until = f" until {moment(synced.until)}" if synced.until else ""
    return f" It waits for {synced.waits_for}{until}." if synced.waits_for else ""


def _outcome(order_id: str, recovered: OrderRecovered) -> str:
    match recovered.outcome:
        case "":
            return f"{order_id} is asked for; see `channelctl order show {order_id}` in a moment."
        case "quarantined":
            return f"{order_id} could not be applied; see `channelctl order list --quarantined`."
        case outcome:
            return f"{order_id}: {outcome}."
