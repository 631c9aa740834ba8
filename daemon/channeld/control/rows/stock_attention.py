"""What of stock at Amazon a person should look at, each with the command to type."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from channel_protocol.offers import StockSyncRow
from channeld.concerns.refused_markets import RefusedMarket
from channeld.store.channels import Channel
from channeld.store.stock_troubles import Troubles

__all__ = ["refused_attention", "stock_attention"]


def stock_attention(rows: Iterable[StockSyncRow]) -> tuple[str, ...]:
    """Empty when all is well. SKUs are counted for each account: its channels share them."""
    warnings: list[str] = []
    accounts: defaultdict[str, list[StockSyncRow]] = defaultdict(list)
    for row in rows:
        warnings += [f"{row.channel}: {row.warning}"] if row.warning else []
        accounts[row.account].append(row)
    return (*warnings, *(text for name, each in accounts.items() for text in _told(name, _summed(each))))


def _summed(rows: Sequence[StockSyncRow]) -> Troubles:
    return Troubles(
        refused=sum(row.refused for row in rows),
        closed=sum(row.closed for row in rows),
        conflicts=sum(row.conflicts for row in rows),
        issues=sum(row.issues for row in rows),
    )


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
