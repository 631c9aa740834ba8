"""A daemon whose listings are items with levels, and what a person sees of what Amazon is told of them."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from channel_protocol.listings import ExtractListings, ListingsExtracted
from channeld.sandbox import Market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.daemon_ctl import ctl
from tests.support.fake_clock import FakeClock
from tests.support.listing_daemon import download, listed

__all__ = ["Shop", "open_shop"]


class Shop:
    """The command line at a daemon with the channel `uk`."""

    def __init__(self, daemon: Daemon, skus: list[str]) -> None:
        self.daemon = daemon
        self.skus = skus
        """Of listings that Amazon does not fulfil; each is an item of that SKU."""

    async def said(self, *words: str, typed: str = "", fails: bool = False) -> str:
        """What a person reads."""
        result = await ctl(self.daemon, *words, typed=typed)
        assert result.exit_code == int(fails), result.output
        return _printed(result.stdout) + result.stderr

    async def asked(self, *words: str) -> Any:
        result = await ctl(self.daemon, *words, "--json")
        assert result.exit_code == 0, result.stderr
        return json.loads(_printed(result.stdout))

    async def loaded(self, *words: str, typed: str) -> list[dict[str, Any]]:
        result = await ctl(self.daemon, *words, "-", "--json", typed=typed)
        assert result.exit_code in (0, 1), result.stderr
        return [json.loads(line) for line in _printed(result.stdout).splitlines()]

    async def count(self, **levels: int) -> None:
        """The same level of every SKU, at each location."""
        for location, units in levels.items():
            lines = "".join(f"{sku},{location},{units}\n" for sku in self.skus)
            rows = await self.loaded("stock", "import", typed=f"sku,location,units\n{lines}")
            assert {row["outcome"] for row in rows} <= {"changed", "unchanged"}

    async def offers(self, *words: str) -> dict[str, dict[str, Any]]:
        """By SKU."""
        rows = await self.asked("stock", "offers", "--limit", "1000", *words)
        return {row["sku"]: row for row in rows}

    async def previewed(self, **values: str) -> str:
        words = [f"{key}={value}" for key, value in values.items()]
        return await self.said("channel", "set", "uk", "--dry-run", *words)


def _printed(text: str) -> str:
    """Without what the daemon, which runs in this process, logs meanwhile."""
    return "".join(line for line in text.splitlines(keepends=True) if " level='" not in line)


@asynccontextmanager
async def open_shop(folder: Path, market: Market, clock: FakeClock, **settings: str) -> AsyncGenerator[Shop]:
    """Every listing that Amazon does not fulfil is linked to an item of its SKU; nothing is counted."""
    async with running_daemon(folder, market, clock, by_itself=False) as daemon:
        await daemon.open_shop(poll_seconds=3600, **settings)
        await download(daemon)
        found = await listed(daemon)
        own = sorted(sku for sku, row in found.items() if row.fulfilled_by == "MERCHANT")
        for start in range(0, len(own), 100):
            request = ExtractListings(command_id=new_id(), channel="uk", skus=tuple(own[start : start + 100]))
            await daemon.ask(request, ListingsExtracted)
        yield Shop(daemon, own)
