"""From what was committed to what watchers are told: ids become the keys that rows have on the wire."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from typing import Any

import anyio

from channeld.errors import ChanneldError
from channeld.runtime.bus import Bus
from channeld.runtime.clock import Clock
from channeld.store.names import Names, names
from channeld.store.store import Store

__all__ = ["Changes"]

AGAIN = 1.0
"""Seconds until the next attempt when the store fails."""
RARELY: Mapping[str, float] = {"link": 5.0, "price_due": 1.0, "stock_standing": 1.0}
"""Kinds of changes that are told once in so many seconds: the row of a channel with links counts all of its
listings, and a file of links is a unit of work for every few hundred of them; what stands of its stock and
its prices is counted, and is another with every answer of Amazon's."""
_MARGIN = 0.001
"""Seconds, so that rounding wakes nobody just before the time."""

TOPICS_OF: Mapping[str, tuple[str, ...]] = {
    "account": ("accounts",),
    "audit": ("audit",),
    "budget": ("budgets",),
    "channel": ("channels", "price_sync", "stock_sync"),
    "due": ("due",),
    "feed": ("feeds",),
    "link": ("listing_downloads",),
    "listing_download": ("listing_downloads",),
    "order": ("orders", "due"),
    "price_due": ("price_sync",),
    "quarantined": ("quarantine",),
    "report": ("reports",),
    "stock_standing": ("stock_sync",),
    "work": ("work",),
}
"""What the store says has changed, and the topics whose rows show it."""


class Changes:
    """Takes note after each commit, without waiting; a task of its own tells the bus."""

    def __init__(self) -> None:
        self._pending: dict[str, set[Hashable]] = {}
        self._not_before: dict[str, float] = {}
        """When a kind that is rarely told may be told again, of those that were told lately."""
        self._news = anyio.Event()

    def note(self, changes: Mapping[str, Set[Hashable]]) -> None:
        """These rows were committed."""
        for kind, keys in changes.items():
            if kind in TOPICS_OF:
                self._pending.setdefault(kind, set()).update(keys)
                self._news.set()

    async def run(self, store: Store, bus: Bus[Any], clock: Clock) -> None:
        """Tell the bus for ever; when the store cannot be read now, later."""
        while True:
            await self._wait(clock)
            pending = self._take(clock.monotonic())
            if not bus.is_watched:
                continue
            try:
                known = await store.read(names)
            except ChanneldError:
                self.note(pending)
                await clock.sleep(AGAIN)
                continue
            for kind, keys in pending.items():
                for topic in TOPICS_OF[kind]:
                    bus.changed(topic, _keys(kind, keys, known))
                if kind in RARELY:
                    self._not_before[kind] = clock.monotonic() + RARELY[kind]

    async def _wait(self, clock: Clock) -> None:
        """Until there is something new, or something that was held back may be told."""
        held = [at for kind, at in self._not_before.items() if kind in self._pending]
        if held:
            with clock.deadline(max(0.0, min(held) - clock.monotonic()) + _MARGIN):
                await self._news.wait()
        else:
            await self._news.wait()
        self._news = anyio.Event()

    def _take(self, now: float) -> dict[str, set[Hashable]]:
        """What may be told now."""
        self._not_before = {kind: at for kind, at in self._not_before.items() if at > now}
        taken = {kind: keys for kind, keys in self._pending.items() if kind not in self._not_before}
        self._pending = {kind: keys for kind, keys in self._pending.items() if kind in self._not_before}
        return taken


def _keys(kind: str, ids: Iterable[Any], known: Names) -> list[str]:
    def of_order(key: tuple[int, str]) -> str:
        return f"{known.channel(key[0])}/{key[1]}"

    make: Mapping[str, Callable[[Any], str]] = {
        "account": known.account,
        "audit": str,
        "budget": lambda key: f"{known.account(key[0])}/{key[1]}",
        "channel": known.channel,
        "due": of_order,
        "feed": str,
        "listing_download": known.channel,
        "order": of_order,
        "price_due": known.channel,
        "quarantined": lambda key: f"{known.account(key[0])}/{key[1]}",
        "report": str,
        "stock_standing": known.channel,
        "work": str,
    }
    if kind == "link":  # of an account: its items' counts are shown with each of its channels
        return [channel.name for channel in known.channels.values() if channel.account_id in set(ids)]
    return [make[kind](id_) for id_ in ids]
