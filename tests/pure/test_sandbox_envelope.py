"""The XML that the sandbox's feeds take and refuse."""

import pytest

from channeld.sandbox.feeds.envelope import read_envelope
from channeld.sandbox.feeds.xml_tree import Unreadable
from tests.support.sandbox_feeds import adjustment, cancellation, envelope, fulfillment

SHIP = "POST_ORDER_FULFILLMENT_DATA"
GOOD = envelope("OrderFulfillment", fulfillment("204-1111111-1111111", ("1", 2)), fulfillment("204-2-2"))
BOMB = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]>'


def moved(text: str, element: str) -> str:
    """The text with the first such element behind the one that follows it."""
    start = text.index(f"<{element}>")
    end = text.index(f"</{element}>") + len(element) + 3
    name = text[end + 1 : text.index(">", end)]
    after = text.index(f"</{name}>", end) + len(name) + 3
    return text[:start] + text[end:after] + text[start:end] + text[after:]


def test_messages_come_in_their_order() -> None:
    messages = read_envelope(GOOD.encode(), SHIP)
    assert [message.message_id for message in messages] == ["1", "2"]
    assert [message.body.value("AmazonOrderID") for message in messages] == [
        "204-1111111-1111111",
        "204-2-2",
    ]


@pytest.mark.parametrize(
    ("feed_type", "kind", "message"),
    [
        ("POST_ORDER_ACKNOWLEDGEMENT_DATA", "OrderAcknowledgement", cancellation("204-1-1", "1", "2")),
        ("POST_PAYMENT_ADJUSTMENT_DATA", "OrderAdjustment", adjustment("204-1-1", "1", Principal="1.00")),
    ],
)
def test_each_type_takes_its_own_messages_only(feed_type: str, kind: str, message: str) -> None:
    text = envelope(kind, message).encode()
    assert len(read_envelope(text, feed_type)) == 1
    with pytest.raises(Unreadable):
        read_envelope(text, SHIP)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not XML",
        GOOD[:-1],
        GOOD.replace("UTF-8", "no-such-code"),
        GOOD.replace("?>", f"?>{BOMB}"),
        GOOD.replace("<AmazonEnvelope>", '<!DOCTYPE x SYSTEM "file:///etc/hostname"><AmazonEnvelope>'),
        "<a>" * 50 + "</a>" * 50,
        "<a>" * 100_000,
        GOOD.replace("AmazonEnvelope", "Envelope"),
        GOOD.replace("<MessageType>OrderFulfillment", "<MessageType>OrderAdjustment"),
        GOOD.replace("<MessageID>2", "<MessageID>1"),
        GOOD.replace("<MessageID>2", "<MessageID>two"),
        GOOD.replace("<MessageID>2", "<MessageID>1234567890123456789"),
        GOOD.replace("</MessageType>", "</MessageType><PurgeAndReplace>false</PurgeAndReplace>"),
        GOOD.replace("</MessageID>", "</MessageID><OperationType>Update</OperationType>"),
        GOOD.replace("<Quantity>2</Quantity>", "<Amount>2</Amount>"),
        GOOD.replace("<Quantity>2</Quantity>", "<Quantity><Units>2</Units></Quantity>"),
        GOOD.replace("<FulfillmentDate>2026-11-22T09:00:00Z</FulfillmentDate>", ""),
        moved(GOOD, "MerchantFulfillmentID"),
        moved(GOOD, "FulfillmentData"),
        moved(GOOD, "AmazonOrderItemCode"),
    ],
)
def test_what_breaks_the_schema_or_could_hurt_is_refused_whole(text: str) -> None:
    with pytest.raises(Unreadable):
        read_envelope(text.encode(), SHIP)
