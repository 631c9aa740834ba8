"""Requests about listing downloads (semantics H1 to H5)."""

from datetime import datetime

from sqlalchemy import Connection

from channel_protocol.listings import (
    DownloadList,
    DownloadListings,
    DownloadRow,
    ListDownloads,
    ListingsDownloaded,
)
from channeld.commands.asking import Asked, find_channel
from channeld.commands.listing_download import download_listings
from channeld.control.context import Context
from channeld.control.handlers.order_waits import LONGEST_WAIT
from channeld.control.rows.downloads import download_rows, rates_of
from channeld.errors import ChanneldError
from channeld.store import channels, downloads
from channeld.store.unit import Unit

__all__ = ["download", "list_all"]

LOOK_EVERY = 1.0
"""Seconds between looks for the end."""


async def download(request: DownloadListings, context: Context) -> ListingsDownloaded:
    """Begin one or attach, once; and wait for its end if that was asked for."""
    parts = context.parts
    now, rates = parts.clock.now(), rates_of(parts.budgets)
    counts = await context.read(lambda c: parts.listing_counts.before(c, request.channel, now))

    def act(unit: Unit, asked: Asked) -> ListingsDownloaded:
        started = download_listings(unit, asked, request.channel, again=request.again)
        (row,) = download_rows(unit.connection, asked.now, rates, counts, {started.channel.name})
        return ListingsDownloaded(row=row, attached=started.attached, complete=False)

    begun = await context.change(request, ListingsDownloaded, act)
    if request.wait <= 0:
        return begun
    row = await _wait(context, request, begun.row.started_at)
    return ListingsDownloaded(row=row, attached=begun.attached, complete=True)


async def list_all(request: ListDownloads, context: Context) -> DownloadList:
    parts = context.parts
    now, rates, counts = parts.clock.now(), rates_of(parts.budgets), parts.listing_counts.asked()

    def query(connection: Connection) -> DownloadList:
        only = {find_channel(connection, request.channel).name} if request.channel else None
        return DownloadList(rows=tuple(download_rows(connection, now, rates, counts, only)))

    return await context.read(query)


async def _wait(context: Context, request: DownloadListings, started_at: datetime | None) -> DownloadRow:
    """The row at its end, well or not. Raises `still_waiting`, `unknown_channel` for one that was removed."""
    parts = context.parts
    clock, rates = parts.clock, rates_of(parts.budgets)
    with clock.deadline(min(request.wait, LONGEST_WAIT)):
        while await context.read(lambda c: _is_running(c, request.channel, started_at)):
            await clock.sleep(LOOK_EVERY)

    counts = parts.listing_counts.asked()

    def query(connection: Connection) -> DownloadRow:
        only = {find_channel(connection, request.channel).name}
        (row,) = download_rows(connection, clock.now(), rates, counts, only)
        return row

    row = await context.read(query)
    if row.in_progress and row.started_at == started_at:
        raise _still_waiting(row)
    return row


def _is_running(connection: Connection, channel_name: str, started_at: datetime | None) -> bool:
    channel = channels.by_name(connection, channel_name)
    running = downloads.running(connection, channel.id) if channel else None
    return running is not None and running.started_at == started_at


def _still_waiting(row: DownloadRow) -> ChanneldError:
    done = f" {row.done:,} of {row.total:,}" if row.total else ""
    expected = f"{row.estimated_completion:%H:%M:%S} UTC" if row.estimated_completion else "later"
    return ChanneldError(
        "still_waiting",
        f"The listing download is not complete yet: {row.phase}{done}, expected at {expected}.",
        "It goes on by itself; `channelctl listing download` attaches to it again.",
    )
