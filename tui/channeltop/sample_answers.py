"""What a daemon with the sample rows answers: for pictures of the monitor."""

from typing import cast

from channel_protocol.base import Reply, Request
from channel_protocol.channels import ChannelRow, ChannelShown, ShowChannel
from channel_protocol.feeds import FeedRow, ShowFeed
from channel_protocol.locations import ListLocations, LocationList
from channel_protocol.mappings import ListMappings, MappingList
from channel_protocol.order_answers import (
    CancelOrder,
    LineUnits,
    OrderCancelled,
    OrderRefunded,
    RefundLine,
    RefundOrder,
)
from channel_protocol.orders import OrderRow, ShowOrder
from channel_protocol.work import ListWork, ShowWork, WorkList, WorkRow
from channeltop import sample, sample_listings, sample_prices, sample_stock, sample_work
from channeltop.sample_mapping import LOCATIONS, WORDS
from channeltop.sample_settings import SETTINGS

__all__ = ["answer"]

NOTHING_SHIPPED = "Nothing of it was sent yet."


def answer(request: Request) -> Reply | None:
    """The answer, or None for what the sample cannot answer."""
    match request:
        case ShowOrder():
            return sample.shown(request.order_id)
        case ShowChannel():
            row = next(row for row in sample.rows("channels") if row.key == request.channel)
            return ChannelShown(row=cast("ChannelRow", row), settings=SETTINGS)
        case ListLocations():
            return LocationList(rows=LOCATIONS)
        case ListMappings():
            return MappingList(rows=WORDS[request.kind])
        case ListWork():
            rows = tuple(row for row in _work() if row.order_id == request.order_id)
            return WorkList(rows=rows, attention=0)
        case ShowWork():
            row = next(row for row in _work() if row.work_id == request.work_id)
            return sample_work.work_shown(row, sample.NOW)
        case ShowFeed():
            feed = next(row for row in sample.rows("feeds") if row.key == request.feed)
            orders = cast("list[OrderRow]", sample.rows("orders"))
            return sample_work.feed_shown(cast("FeedRow", feed), orders)
        case RefundOrder():
            return _refunded(request)
        case CancelOrder():
            return _cancelled(request)
        case _:
            return _offered(request) or sample_listings.answer(request, sample.NOW)


def _offered(request: Request) -> Reply | None:
    return sample_stock.answer(request, sample.NOW) or sample_prices.answer(request, sample.NOW)


def _work() -> list[WorkRow]:
    return cast("list[WorkRow]", sample.rows("work"))


def _refunded(request: RefundOrder) -> OrderRefunded:
    tea = RefundLine(
        order_item_id="1",
        sku="TEA-EARL-250",
        title="Earl Grey, loose leaf, 250 g",
        components={"Principal": 1000, "Tax": 200},
        amount=1200,
        charged=4100,
        refunded=0,
        left=2900,
        by_cancellation=False,
    )
    mug = RefundLine(
        order_item_id="2",
        sku="MUG-BLUE",
        title="Stoneware mug, blue glaze",
        components={"Principal": 832, "Tax": 167},
        amount=999,
        charged=999,
        refunded=0,
        left=0,
        by_cancellation=True,
    )
    return OrderRefunded(
        order_id=request.order_id,
        channel=request.channel or "",
        done=False,
        outcome="preview",
        message="",
        currency="GBP",
        amount=2199,
        lines=(tea, mug),
    )


def _cancelled(request: CancelOrder) -> OrderCancelled:
    return OrderCancelled(
        order_id=request.order_id,
        channel=request.channel or "",
        done=False,
        outcome="preview",
        message=NOTHING_SHIPPED,
        lines=(
            LineUnits(line="1", quantity=2, sku="TEA-EARL-250"),
            LineUnits(line="2", quantity=1, sku="MUG-BLUE"),
        ),
        currency="GBP",
        amount=4989,
    )
