"""Saved prices, always the same: for pictures of the monitor."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from channel_protocol.base import Reply, Request
from channel_protocol.prices import ListPrices, PriceList, PriceRow, PriceSyncRow

__all__ = ["answer", "rows"]


def rows() -> Sequence[PriceSyncRow]:
    """A channel on which a price is to be approved, one on which one is on its way, one without any."""

    def row(channel: str, account: str, held: int = 0, waiting: int = 0) -> PriceSyncRow:
        return PriceSyncRow(
            version=1, channel=channel, account=account, held=held, failing=0, waiting=waiting
        )

    return [row("uk-main", "eu"), row("de-main", "eu", held=1, waiting=1), row("us-main", "na")]


def answer(request: Request, now: datetime) -> Reply | None:
    """What is answered about prices; None to anything else."""
    if not isinstance(request, ListPrices):
        return None
    rows = [row for row in _prices(request.channel, now) if request.only in (None, row.state.lower())]
    return PriceList(rows=tuple(rows), after="", more=False)


def _prices(channel: str, now: datetime) -> list[PriceRow]:
    """One of each state that is worth a look."""
    tea = PriceRow(
        version=1,
        channel=channel,
        sku="TEA-EARL-250",
        currency="EUR",
        state="Success",
        saved=1999,
        saved_at=now - timedelta(hours=3),
        by="anna",
        confirmed=1999,
        confirmed_at=now - timedelta(hours=2),
        listed=1999,
        min_price=1500,
        max_price=2500,
        holds=(),
        sent=1999,
        sent_at=now - timedelta(hours=3),
        next_try_at=None,
        reason="",
        held_back="",
    )
    mug = replace(
        tea,
        sku="mug-blue",
        state="Held",
        saved=399,
        saved_at=now - timedelta(minutes=12),
        confirmed=899,
        listed=899,
        min_price=None,
        max_price=None,
        holds=("it is 56 % below the price before",),
    )
    red = replace(tea, sku="MUG-RED-2", state="Pending", saved=1649, confirmed=1599, listed=1599)
    pot = replace(tea, sku="POT-CAST-1L", state="SentNotConfirmed", saved=4790, confirmed=4950, listed=4950)
    towel = replace(
        tea, sku="TOWEL-LINEN", state="Error", saved=650, reason="Amazon refuses it: the offer is not one"
    )
    return [red, pot, tea, towel, mug]
