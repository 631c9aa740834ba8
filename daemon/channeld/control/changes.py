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

TOPICS_OF: Mapping[str, tuple[str, ...]] = {
    "account": ("accounts",),
    "audit": ("audit",),
    "budget": ("budgets",),
    "channel": ("channels",),
    "due": ("due",),
    "feed": ("feeds",),
    "link": ("listing_downloads",),
    "listing_download": ("listing_downloads",),
    "order": ("orders", "due"),
    "quarantined": ("quarantine",),
    "report": ("reports",),
    "work": ("work",),
}
"""What the store says has changed, and the topics whose rows show it."""


class Changes:
    """Takes note after each commit, without waiting; a task of its own tells the bus."""

    def __init__(self) -> None:
        self._pending: dict[str, set[Hashable]] = {}
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
            await self._news.wait()
            self._news = anyio.Event()
            pending, self._pending = self._pending, {}
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
        "quarantined": lambda key: f"{known.account(key[0])}/{key[1]}",
        "report": str,
        "work": str,
    }
    if kind == "link":  # of an account: its items' counts are shown with each of its channels
        return [channel.name for channel in known.channels.values() if channel.account_id in set(ids)]
    return [make[kind](id_) for id_ in ids]
