"""What of stock at Amazon a person should look at, each with the command to type."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from channel_protocol.offers import StockSyncRow
from channeld.concerns.refused_markets import RefusedMarket
from channeld.store import offer_queries
from channeld.store.channels import Channel
from channeld.store.names import Names
from channeld.store.offer_queries import Troubles

__all__ = ["refused_attention", "stock_attention"]


def stock_attention(connection: Connection, rows: Iterable[StockSyncRow], known: Names) -> tuple[str, ...]:
    """Empty when all is well."""
    warnings = [f"{row.channel}: {row.warning}" for row in rows if row.warning]
    found = offer_queries.troubles(connection)
    told = [text for account_id, each in found.items() for text in _told(known.account(account_id), each)]
    return (*warnings, *told)


_REFUSED = {
    "stock_push": "stock of this channel is not sent by requests",
    "stock_feed": "stock of this channel is not sent by feeds",
    "stock_check": "stock of this channel is not read back",
}


def refused_attention(refused: Iterable[RefusedMarket], channels: Iterable[Channel]) -> tuple[str, ...]:
    """Channels whose stock Amazon refuses while it takes that of others."""
    enabled = {each.id: each.name for each in channels if each.enabled}
    return tuple(
        f"{enabled[each.channel_id]}: {_REFUSED[each.concern]}; the account's other channels go on."
        f" {each.reason} {each.hint} It is tried again at {each.until:%H:%M} UTC."
        for each in refused
        if each.channel_id in enabled
    )


def _told(account: str, found: Troubles) -> Iterator[str]:
    if found.refused:
        text = f"Amazon refused the stock of {_skus(found.refused)}; it is told again later"
        yield _line(account, text, "refused")
    if found.closed:
        text = (
            f"{_skus(found.closed)} closed by hand at Amazon: not sent until"
            " `channelctl stock push SKU` puts them up again"
        )
        yield _line(account, text, "closed")
    if found.conflicts:
        text = (
            f"channels differ about the stock of {_skus(found.conflicts)}: the smallest quantity and the"
            " longest handling time are sent"
        )
        yield _line(account, text, "conflicts")
    if found.issues:
        text = f"the product's handling time makes no sense for {_skus(found.issues)}"
        yield _line(account, text, "issues")


def _line(account: str, text: str, option: str) -> str:
    return f"{account}: {text}. `channelctl stock offers --{option} --account {account}` lists them."


def _skus(count: int) -> str:
    return "1 SKU" if count == 1 else f"{count:,} SKUs"
