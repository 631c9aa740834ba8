"""Requests about channels."""

from msgspec.structs import replace
from sqlalchemy import Connection

from channel_protocol.accounts import Tested
from channel_protocol.channels import (
    AddChannel,
    ChannelAdded,
    ChannelChanged,
    ChannelList,
    ChannelPreviewed,
    ChannelRemoved,
    ChannelShown,
    DisableChannel,
    EnableChannel,
    ListChannels,
    PreviewChannel,
    RemoveChannel,
    SetChannel,
    ShowChannel,
    TestChannel,
)
from channeld.commands.asking import Asked, find_channel
from channeld.commands.channel_plan import ChannelPlan, plan_change
from channeld.commands.channels import add_channel, change_channel, remove_channel
from channeld.commands.stock_preview import StockPreview
from channeld.control.context import Context
from channeld.control.handlers.accounts import tested
from channeld.control.rows.channels import channel_row, channel_rows, previewed, setting_rows
from channeld.store.unit import Unit

__all__ = ["add", "change", "disable", "enable", "list_all", "preview", "remove", "show", "try_out"]


async def list_all(request: ListChannels, context: Context) -> ChannelList:
    return ChannelList(rows=tuple((await context.read(channel_rows))[: request.limit]))


async def show(request: ShowChannel, context: Context) -> ChannelShown:
    def query(connection: Connection) -> ChannelShown:
        channel = find_channel(connection, request.channel)
        return ChannelShown(row=channel_row(connection, channel), settings=setting_rows(channel))

    return await context.read(query)


async def add(request: AddChannel, context: Context) -> ChannelAdded:
    def act(unit: Unit, asked: Asked) -> ChannelAdded:
        channel = add_channel(unit, asked, request.channel, request.account, request.marketplace)
        return ChannelAdded(row=channel_row(unit.connection, channel))

    return await context.change(request, ChannelAdded, act)


async def preview(request: PreviewChannel, context: Context) -> ChannelPreviewed:
    now = context.asked().now
    plan = await context.read(lambda c: plan_change(c, now, request.channel, request.values))
    if request.only_stock:
        plan = replace(plan, consequences=())
    return previewed(await with_stock(context, plan))


async def with_stock(context: Context, plan: ChannelPlan) -> ChannelPlan:
    """With what it would do to stock, for which all listings are gone through, a page in each read."""
    preview, after = StockPreview(plan), ""
    if not preview.is_wanted:
        return plan
    while after is not None:
        after = await context.read(lambda c, after=after: preview.look(c, after))
    return replace(plan, consequences=(*plan.consequences, *preview.consequences))


async def change(request: SetChannel, context: Context) -> ChannelChanged:
    return await context.change(
        request,
        ChannelChanged,
        lambda unit, asked: _change(unit, asked, request.channel, request.values, request.settings_mark),
    )


async def enable(request: EnableChannel, context: Context) -> ChannelChanged:
    return await context.change(
        request, ChannelChanged, lambda unit, asked: _change(unit, asked, request.channel, {"enabled": "on"})
    )


async def disable(request: DisableChannel, context: Context) -> ChannelChanged:
    return await context.change(
        request, ChannelChanged, lambda unit, asked: _change(unit, asked, request.channel, {"enabled": "off"})
    )


async def remove(request: RemoveChannel, context: Context) -> ChannelRemoved:
    return await context.change(
        request,
        ChannelRemoved,
        lambda unit, asked: ChannelRemoved(channel=remove_channel(unit, asked, request.channel).name),
    )


async def try_out(request: TestChannel, context: Context) -> Tested:
    channel = await context.read(lambda c: find_channel(c, request.channel))
    return tested(await context.parts.account_test.of_channel(channel))


def _change(
    unit: Unit, asked: Asked, name: str, values: dict[str, str], settings_mark: str | None = None
) -> ChannelChanged:
    change = change_channel(unit, asked, name, values, settings_mark)
    return ChannelChanged(
        row=channel_row(unit.connection, change.channel), changed=change.changed, warnings=change.warnings
    )
