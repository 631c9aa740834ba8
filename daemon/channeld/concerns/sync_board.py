"""Who waits for an order search to be complete. Only for who is connected: nothing is lost with it."""

from collections.abc import Collection, Generator, Iterable
from contextlib import contextmanager
from datetime import datetime

import anyio

__all__ = ["SyncBoard", "Ticket"]


class Ticket:
    """One wish: a live search of these channels that begins after it was made."""

    def __init__(self, channel_ids: Iterable[int], asked_at: datetime) -> None:
        self.missing = set(channel_ids)
        self.asked_at = asked_at
        self.applied = 0
        self.complete = anyio.Event()


class SyncBoard:
    """Wishes of people and the searches that fulfil them."""

    def __init__(self) -> None:
        self._tickets: list[Ticket] = []

    @contextmanager
    def ask(self, channel_ids: Iterable[int], now: datetime) -> Generator[Ticket]:
        """Wish for a search while the block runs."""
        ticket = Ticket(channel_ids, now)
        self._tickets.append(ticket)
        try:
            yield ticket
        finally:
            self._tickets.remove(ticket)

    def is_wanted(self, channel_ids: Collection[int]) -> bool:
        """Whether somebody waits for one of these channels."""
        return any(not ticket.missing.isdisjoint(channel_ids) for ticket in self._tickets)

    def applied(self, channel_ids: Collection[int], orders: int) -> None:
        """A page was booked."""
        for ticket in self._tickets:
            if not ticket.missing.isdisjoint(channel_ids):
                ticket.applied += orders

    def complete(self, channel_ids: Iterable[int], started_at: datetime) -> None:
        """A live search of these channels is complete."""
        channel_ids = set(channel_ids)
        for ticket in self._tickets:
            if started_at >= ticket.asked_at:
                ticket.missing -= channel_ids
                if not ticket.missing:
                    ticket.complete.set()
