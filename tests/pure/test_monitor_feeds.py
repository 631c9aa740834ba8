"""The columns of feeds and their messages, whatever the feed carries."""

from datetime import UTC, datetime

from channel_protocol.feeds import FeedMessage
from channeltop.screens.feed_columns import MESSAGE_COLUMNS, short_type

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def said(message: FeedMessage) -> dict[str, str]:
    return {column.name: column.text(message, NOW) for column in MESSAGE_COLUMNS}


def test_a_message_of_stock_names_its_sku_and_no_work() -> None:
    shown = said(FeedMessage(message_id=7, work_id=0, order_id="", result="", code="", sku="MUG-BLUE"))

    assert (shown["message"], shown["order"]) == ("7", "MUG-BLUE")
    assert "0" not in shown["work"]


def test_a_message_of_an_order_names_both() -> None:
    shown = said(FeedMessage(message_id=1, work_id=100_001, order_id="203-1", result="ok", code=""))

    assert (shown["work"], shown["order"]) == ("100001", "203-1")


def test_feeds_are_named_by_what_they_carry() -> None:
    assert short_type("POST_ORDER_FULFILLMENT_DATA") == "order fulfillment"
    assert short_type("JSON_LISTINGS_FEED") == "stock"
