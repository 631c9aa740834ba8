"""A saved price, with the parts that tests of the monitor care about."""

from channel_protocol.prices import PriceRow
from tests.support.fake_clock import START

__all__ = ["price"]


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
