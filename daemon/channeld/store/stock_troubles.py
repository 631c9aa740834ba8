"""How many SKUs a person should look at, by the channel that sends them."""

from collections import defaultdict

import msgspec
from sqlalchemy import Connection, text

from channeld.store.tables.offering import ATTENTION

__all__ = ["QUERIES", "REFUSED", "Troubles", "by_channel"]

REFUSED = "json_extract(desired, '$.reason') LIKE 'Amazon refused it%'"
"""Of desired stock: why it was not taken when it was sent last."""
_CHANNEL = """coalesce(owner_id, json_extract(desired_stock.channels, '$[0]'), (
    SELECT c.id FROM channels AS c JOIN listings AS l ON l.channel_id = c.id AND l.sku = desired_stock.sku
    WHERE c.account_id = desired_stock.account_id AND c.removed_at IS NULL
    ORDER BY c.enabled DESC, c.id LIMIT 1))"""
"""The one that sends it; of what is not sent now one that takes part, or at least lists it."""
_TROUBLES = f"""SELECT {_CHANNEL}, sum(differing <> '[]'), sum(issue <> ''), sum(closed_at IS NOT NULL)
    FROM desired_stock WHERE {ATTENTION} GROUP BY 1"""  # noqa: S608 (only names and constants of ours are put together; values are bound)
_REFUSED_NOW = f"""SELECT {_CHANNEL}, count(*) FROM desired_stock
    WHERE held_until IS NOT NULL AND {REFUSED} GROUP BY 1"""  # noqa: S608 (only names and constants of ours are put together; values are bound)
QUERIES = _TROUBLES, _REFUSED_NOW
"""All that is asked."""


class Troubles(msgspec.Struct, frozen=True, kw_only=True):
    """SKUs of a channel that a person should look at."""

    conflicts: int = 0
    """Channels would say different things of them."""
    issues: int = 0
    """The product's handling time makes no sense."""
    closed: int = 0
    """Somebody closed them at Amazon."""
    refused: int = 0
    """Amazon has refused what it was told, and is told again later."""


def by_channel(connection: Connection) -> dict[int, Troubles]:
    """By channel id, where there are any; only rows with troubles are visited, along partial indexes."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for channel_id, conflicts, issues, closed in connection.execute(text(_TROUBLES)):
        counts[channel_id] = {"conflicts": conflicts, "issues": issues, "closed": closed}
    for channel_id, refused in connection.execute(text(_REFUSED_NOW)):
        counts[channel_id]["refused"] = refused
    return {channel_id: Troubles(**each) for channel_id, each in counts.items()}
