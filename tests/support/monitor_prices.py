"""A saved price, with the parts that tests of the monitor care about."""

from channel_protocol.prices import PriceRow, PriceSyncRow
from tests.support.fake_clock import START

__all__ = ["price", "priced"]


def price(
    n: int = 1,
    *,
    state: str = "Success",
    saved: int | None = 1999,
    holds: tuple[str, ...] = (),
    reason: str = "",
    min_price: int | None = None,
) -> PriceRow:
    """Confirmed before at 18.99."""
    return PriceRow(
        version=1,
        channel="uk-main",
        sku=f"MUG-{n:04}",
        currency="GBP",
        state=state,
        saved=saved,
        saved_at=START,
        by="anna",
        confirmed=1899,
        confirmed_at=START,
        listed=1899,
        min_price=min_price,
        max_price=None,
        holds=holds,
        sent=None,
        sent_at=None,
        next_try_at=None,
        reason=reason,
        held_back="",
    )


def priced(channel: str = "uk-main", *, held: int = 0, failing: int = 0, waiting: int = 0) -> PriceSyncRow:
    """How a channel's saved prices stand."""
    return PriceSyncRow(version=1, channel=channel, account="eu", held=held, failing=failing, waiting=waiting)
