"""`channelctl channel`: marketplaces of an account, with their settings."""

import click

from channel_protocol.accounts import Tested
from channel_protocol.channels import (
    AddChannel,
    ChannelAdded,
    ChannelList,
    ChannelRemoved,
    ChannelRow,
    ChannelShown,
    ListChannels,
    RemoveChannel,
    SettingRow,
    ShowChannel,
    TestChannel,
)
from channel_protocol.listings import DownloadList, ListDownloads
from channelctl.arguments import command_id, limit, settings, yes
from channelctl.asking import confirm, interactive
from channelctl.changing import change_settings, preview_settings, print_stock_of_removal
from channelctl.checks import print_checks
from channelctl.commands.channel_files import apply, export
from channelctl.output import Columns, flat, note, print_facts, print_json, print_rows, print_table
from channelctl.shared import Caller, Noun
from channelctl.shown_download import download_facts
from channelctl.words import moment

COLUMNS: Columns[ChannelRow] = {
    "Channel": "channel",
    "Account": "account",
    "Marketplace": "marketplace",
    "Enabled": "enabled",
    "Order sync date": lambda row: moment(row.order_sync_date, "never"),
    "Orders": "orders",
    "Open": "open_orders",
    "Parked": "parked_orders",
    "Quarantined": "quarantined",
}
SETTINGS: Columns[SettingRow] = {
    "Key": "key",
    "Setting": "label",
    "Value": "value",
    "Default": "default",
    "Range": "allowed",
    "Meaning": "meaning",
}
EMPTY = (
    "There is no channel yet. Add one with "
    "`channelctl channel add NAME --account ACCOUNT --marketplace CODE`."
)


@click.group(cls=Noun)
def command() -> None:
    """Channels: one marketplace of an account each, with its settings."""


@command.command("list")
@limit(1000)
@click.pass_obj
def list_(caller: Caller, limit: int) -> None:
    """List the channels."""
    print_rows(caller, caller.ask(ListChannels(limit=limit), ChannelList).rows, COLUMNS, EMPTY)


@command.command()
@click.argument("channel", metavar="NAME")
@click.pass_obj
def show(caller: Caller, channel: str) -> None:
    """Show one channel, and every setting with its value, its range and its meaning."""
    with caller.connect() as link:
        shown = link.request(ShowChannel(channel=channel), ChannelShown)
        downloads = link.request(ListDownloads(channel=channel), DownloadList).rows
    if caller.json:
        parts = {
            "listing_download": flat(downloads[0]) if downloads else None,
            "settings": [flat(row) for row in shown.settings],
        }
        print_json(flat(shown.row) | parts)
        return
    print_facts(_facts(shown.row) | (download_facts(downloads[0]) if downloads else {}))
    note("")
    print_table(shown.settings, SETTINGS)


@command.command()
@click.argument("channel", metavar="NAME")
@click.option("--account", required=True, metavar="NAME", help="The account it belongs to.")
@click.option(
    "--marketplace", required=True, metavar="CODE", help="UK, DE, US …, or Amazon's marketplace id."
)
@command_id
@click.pass_obj
def add(caller: Caller, channel: str, account: str, marketplace: str, command_id: str) -> None:
    """Add a channel. It is switched off until you enable it."""
    request = AddChannel(command_id=command_id, channel=channel, account=account, marketplace=marketplace)
    row = caller.ask(request, ChannelAdded).row
    if caller.json:
        print_json(flat(row))
        return
    note(f"Channel {row.channel} ({row.marketplace}) is added, switched off.")
    note(f"Next: look at `channelctl channel show {channel}`, then `channelctl channel enable {channel}`.")


@command.command("set")
@click.argument("channel", metavar="NAME")
@click.argument("changes", metavar="KEY=VALUE...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Say what it would do, and change nothing.")
@yes
@command_id
@click.pass_obj
def set_(
    caller: Caller, channel: str, changes: tuple[str, ...], dry_run: bool, yes: bool, command_id: str
) -> None:
    """Change settings; KEY= clears one. All are stored, or none.

    On a terminal you are told first what it does, and asked.
    """
    if dry_run:
        preview_settings(caller, channel, settings(changes))
    else:
        change_settings(caller, channel, settings(changes), yes=yes, command_id=command_id)


@command.command()
@click.argument("channel", metavar="NAME")
@yes
@command_id
@click.pass_obj
def enable(caller: Caller, channel: str, yes: bool, command_id: str) -> None:
    """Begin to communicate; orders are read from where they were left.

    On a terminal you are told first what it does, and asked.
    """
    change_settings(caller, channel, {"enabled": "on"}, yes=yes, command_id=command_id)


@command.command()
@click.argument("channel", metavar="NAME")
@yes
@command_id
@click.pass_obj
def disable(caller: Caller, channel: str, yes: bool, command_id: str) -> None:
    """Stop communicating; nothing new starts.

    On a terminal you are told first what it does, and asked.
    """
    change_settings(caller, channel, {"enabled": "off"}, yes=yes, command_id=command_id)


@command.command()
@click.argument("channel", metavar="NAME")
@click.pass_obj
def test(caller: Caller, channel: str) -> None:
    """Try everything the channel needs; exit code 1 if a step failed. Changes nothing."""
    print_checks(caller, caller.ask(TestChannel(channel=channel), Tested))


@command.command()
@click.argument("channel", metavar="NAME")
@yes
@command_id
@click.pass_obj
def remove(caller: Caller, channel: str, yes: bool, command_id: str) -> None:
    """Remove a channel. Its orders and its history stay readable.

    On a terminal you are told first what it does to stock.
    """
    if interactive() and not yes and not caller.json:
        print_stock_of_removal(caller, channel)
    confirm(f"Remove the channel {channel}?", yes=yes)
    removed = caller.ask(RemoveChannel(command_id=command_id, channel=channel), ChannelRemoved)
    if caller.json:
        print_json(flat(removed))
    else:
        note(f"Channel {removed.channel} is removed. Its orders and its history stay readable.")


for verb in (export, apply):
    command.add_command(verb)


def _facts(row: ChannelRow) -> dict[str, object]:
    return {
        "Channel": row.channel,
        "Account": row.account,
        "Marketplace": f"{row.marketplace} ({row.marketplace_id}, {row.currency})",
        "Enabled": row.enabled,
        "Order sync date": moment(row.order_sync_date, "never"),
        "Inventory sync date": row.inventory_sync_date,
        "Orders read up to": row.order_cursor,
        "Orders": f"{row.orders}, {row.open_orders} open, {row.parked_orders} parked",
        "Quarantined": row.quarantined or None,
        "Orders with unmapped payment": row.unmapped_payment or None,
        "Orders with unmapped shipping": row.unmapped_shipping or None,
        "FBA orders not stored": row.fba_orders or None,
        "Fulfilment location": row.fulfilment_location,
    }
