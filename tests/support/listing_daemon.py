"""A daemon that downloads listings from the simulated Amazon, and what a person sees of it."""

from pathlib import Path
from typing import Any

from channel_protocol.listings import (
    DownloadList,
    DownloadListings,
    DownloadRow,
    ListDownloads,
    ListingList,
    ListingRow,
    ListingsDownloaded,
    ListListings,
)
from channeld.sandbox import Market, SandboxOptions
from tests.support.daemon import Daemon, new_id
from tests.support.fake_clock import FakeClock

__all__ = ["LISTINGS", "download", "finished", "listed", "market_with", "pressed", "row_of", "spooled"]

LISTINGS = 60


def market_with(clock: FakeClock, listings: int = LISTINGS, **options: Any) -> Market:
    """A market in which reports are made quickly, and show what is true."""
    quick: dict[str, Any] = {"listing_cache_seconds": 0.0, "report_repeat_seconds": 0.0, "change_delay": 0.0}
    return Market(clock, SandboxOptions(listings=listings, **{**quick, **options}))


async def pressed(daemon: Daemon, channel: str = "uk", *, again: bool = True) -> ListingsDownloaded:
    """A person asks for it."""
    request = DownloadListings(command_id=new_id(), channel=channel, again=again)
    return await daemon.ask(request, ListingsDownloaded)


async def finished(daemon: Daemon, channel: str = "uk", *, minutes: float = 60) -> DownloadRow:
    """As it is when its download has ended."""
    for _ in range(int(minutes)):
        row = await row_of(daemon, channel)
        if not row.in_progress:
            return row
        await daemon.pass_time(minutes=1)
    raise AssertionError(f"it still runs: {await row_of(daemon, channel)}")


async def download(daemon: Daemon, channel: str = "uk") -> DownloadRow:
    """A whole one."""
    await pressed(daemon, channel)
    return await finished(daemon, channel)


async def row_of(daemon: Daemon, channel: str = "uk") -> DownloadRow:
    return (await daemon.ask(ListDownloads(channel=channel), DownloadList)).rows[0]


async def listed(daemon: Daemon, channel: str = "uk", **filters: str) -> dict[str, ListingRow]:
    """By SKU."""
    request = ListListings(channel=channel, limit=1000, **filters)  # pyright: ignore[reportArgumentType]
    return {row.sku: row for row in (await daemon.ask(request, ListingList)).rows}


def spooled(folder: Path) -> list[str]:
    """Files that are left beside the database."""
    return sorted(path.name for path in (folder / "spool").glob("*"))
