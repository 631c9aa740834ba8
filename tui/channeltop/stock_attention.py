"""What needs a person so that Amazon is told what there is. Pure."""

from collections.abc import Iterator
from datetime import datetime

from channel_protocol.offers import OfferFilter, StockSyncRow
from channeltop.format import age, things
from channeltop.model import Model
from channeltop.notice import Notice
from channeltop.offers import VIEWS, is_late
from channeltop.pages import key_of

__all__ = ["stock_attention"]


def stock_attention(model: Model, now: datetime) -> Iterator[Notice]:
    """What stands still, is late or troubled in the stock of channels that are switched on."""
    for row in sorted(model.stock_sync.values(), key=lambda row: row.channel):
        channel = model.channels.get(row.channel)
        if channel is not None and channel.enabled:
            yield from _unsaid(row, now)
            yield from _troubled(row)


def _unsaid(row: StockSyncRow, now: datetime) -> Iterator[Notice]:
    """Nothing is sent though it should be, or something was to be said for long."""
    if row.warning:
        yield Notice(
            tone="warn",
            what=f"{row.channel}: {row.warning}",
            do=f"{key_of('mapping')}, then i chooses the locations that it offers from",
        )
    if is_late(row.oldest_dirty, now):
        yield Notice(
            tone="warn",
            what=f"{row.channel}: {things(row.dirty, 'SKU')} not told to Amazon, "
            f"the oldest for {age(row.oldest_dirty, now)}",
            do=f"{key_of('stock')} lists them, f chooses those: enter says why",
        )


def _troubled(row: StockSyncRow) -> Iterator[Notice]:
    """SKUs that the channel sends, by what is wrong with them."""
    if row.refused:
        what = f"{things(row.refused, 'SKU')} refused by Amazon, told again later"
        yield _notice(row, what, "refused", "enter says why")
    if row.closed:
        what = f"{things(row.closed, 'SKU')} closed by hand at Amazon, not sent until put up again"
        yield _notice(row, what, "closed", "p puts one up again")
    if row.conflicts:
        what = f"channels differ about the stock of {things(row.conflicts, 'SKU')}"
        yield _notice(row, what, "conflict", "enter says how")
    if row.issues:
        what = f"the product's handling time makes no sense for {things(row.issues, 'SKU')}"
        yield _notice(row, what, "issue", "enter says why")


def _notice(row: StockSyncRow, what: str, only: OfferFilter, do: str) -> Notice:
    word = next(view.word for view in VIEWS if view.only == only)
    return Notice(
        tone="warn",
        what=f"{row.channel}: {what}",
        do=f"{key_of('stock')}, then / and is:{word} lists them: {do}",
    )
