"""The demo without a screen: events as JSON Lines, and what it came to."""

from pathlib import Path

import click
import msgspec
from sqlalchemy import Connection

from channel_protocol.client import connect
from channel_protocol.codec import decode_rows
from channel_protocol.session import TOPICS, Subscribe
from channeld.control.parts import Parts
from channeld.sandbox import Market
from channeld.store import audit, channels, order_counts

__all__ = ["print_events", "summary"]


async def print_events(socket: Path) -> None:
    """One line for each row as it now looks, as any client gets it, for ever."""
    async with connect(socket) as client:
        await client.request(Subscribe(topics=TOPICS))
        async for event in client.events():
            for row in decode_rows(event.rows):
                click.echo(msgspec.json.encode(row))


async def summary(parts: Parts, market: Market) -> str:
    """The last line: what the book has, and what the simulated Amazon counted."""
    numbers = await parts.store.read(_numbers)
    truth = market.truth
    return msgspec.json.encode(
        {
            "type": "summary",
            **numbers,
            "requests": sum(truth.requests.values()),
            "requests_over_budget": sum(truth.over_budget.values()),
            "invalid_requests": sum(truth.invalid.values()),
        }
    ).decode()


def _numbers(connection: Connection) -> dict[str, int]:
    counts = order_counts.counts(connection).values()
    newest = audit.entries(connection, 1)
    return {
        "orders": sum(each.orders for each in counts),
        "audit_entries": newest[0].id if newest else 0,
        "channels": len(channels.all_channels(connection)),
        "quarantined": sum(each.quarantined for each in counts),
    }
