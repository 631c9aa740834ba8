"""Order feeds as XML: elements in Amazon's order, the values of the ledger, the limits (reference 5.2, 6)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channeld.amazon.feeds import acknowledgement, envelope
from channeld.amazon.feeds.envelope import Message, build, fitting, size_of
from channeld.domain.ledger.effects import Cancel, Component, Despatch, Effect, Refund
from channeld.domain.order import Units
from channeld.sandbox.feeds.envelope import read_envelope
from tests.support.amazon_effects import ITEM, ORDER_ID, cancel, despatch, message, refund

SELLER = "A1SELLERTEST"
FEED_TYPES = {
    "despatch": "POST_ORDER_FULFILLMENT_DATA",
    "cancellation": "POST_ORDER_ACKNOWLEDGEMENT_DATA",
    "refund": "POST_PAYMENT_ADJUSTMENT_DATA",
}


def shape(element: Element) -> Any:
    """Names and texts, nested, in the document's order."""
    if len(element) == 0:
        return element.tag, element.text
    return element.tag, [shape(child) for child in element]


def body(kind: str, effect: Effect) -> Any:
    root = fromstring(build(SELLER, kind, [message(effect)]))
    return shape(root.findall("Message")[0][1])


def test_the_envelope_has_header_type_and_numbered_messages() -> None:
    document = build(SELLER, "despatch", [message(despatch(), n, 7000 + n) for n in (1, 2)])
    assert document.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    root = fromstring(document)
    assert [child.tag for child in root] == ["Header", "MessageType", "Message", "Message"]
    assert shape(root[0]) == ("Header", [("DocumentVersion", "1.01"), ("MerchantIdentifier", SELLER)])
    assert root.findtext("MessageType") == "OrderFulfillment"
    assert [each.findtext("MessageID") for each in root.findall("Message")] == ["1", "2"]


def test_a_despatch_in_amazons_order() -> None:
    effect = despatch(lines=(Units(ITEM, 2), Units("90000000000002", 1)))
    assert body("despatch", effect) == (
        "OrderFulfillment",
        [
            ("AmazonOrderID", ORDER_ID),
            ("MerchantFulfillmentID", "7001"),
            ("FulfillmentDate", "2026-11-22T08:30:15.250Z"),
            (
                "FulfillmentData",
                [
                    ("CarrierCode", "Royal Mail"),
                    ("ShippingMethod", "Tracked 24"),
                    ("ShipperTrackingNumber", "JD0001"),
                ],
            ),
            ("Item", [("AmazonOrderItemCode", ITEM), ("Quantity", "2")]),
            ("Item", [("AmazonOrderItemCode", "90000000000002"), ("Quantity", "1")]),
        ],
    )


def test_an_untracked_despatch_by_a_carrier_without_code() -> None:
    effect = despatch(carrier_code="Other", carrier_name="Bob & Söhne <Fast>", method="", tracking="")
    data = dict(body("despatch", effect)[1])["FulfillmentData"]
    assert data == [("CarrierCode", "Other"), ("CarrierName", "Bob & Söhne <Fast>")]


def test_a_cancellation_names_a_quantity_for_part_of_a_line_only() -> None:
    effect = cancel(lines=(Units(ITEM, 2), Units("90000000000002", 1)), whole_lines=(ITEM,))
    assert body("cancellation", effect) == (
        "OrderAcknowledgement",
        [
            ("AmazonOrderID", ORDER_ID),
            ("StatusCode", "Failure"),
            ("Item", [("AmazonOrderItemCode", ITEM), ("CancelReason", "NoInventory")]),
            (
                "Item",
                [
                    ("AmazonOrderItemCode", "90000000000002"),
                    ("CancelReason", "NoInventory"),
                    ("Quantity", "1"),
                ],
            ),
        ],
    )


def test_without_the_switch_part_of_a_line_is_refused_and_never_cancels_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(acknowledgement, "PARTIAL_CANCEL_BY_QUANTITY", False)
    assert size_of(message(cancel()), "cancellation")
    with pytest.raises(ValueError, match="part of a line"):
        size_of(message(cancel(whole_lines=())), "cancellation")


def test_a_refund_has_its_components_with_currency_and_decimals() -> None:
    components = (Component("Principal", 1050), Component("Tax", 5))
    root = fromstring(build(SELLER, "refund", [message(refund(components=components))]))
    assert shape(root.findall("Message")[0][1]) == (
        "OrderAdjustment",
        [
            ("AmazonOrderID", ORDER_ID),
            ("ActionType", "Refund"),
            (
                "AdjustedItem",
                [
                    ("AmazonOrderItemCode", ITEM),
                    ("MerchantAdjustmentItemID", "7001"),
                    ("AdjustmentReason", "CustomerReturn"),
                    (
                        "ItemPriceAdjustments",
                        [
                            ("Component", [("Type", "Principal"), ("Amount", "10.50")]),
                            ("Component", [("Type", "Tax"), ("Amount", "0.05")]),
                        ],
                    ),
                ],
            ),
        ],
    )
    assert [amount.attrib for amount in root.iter("Amount")] == [{"currency": "GBP"}] * 2


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(1980, "JPY", "1980"), (1, "GBP", "0.01"), (100, "EUR", "1.00"), (10**12, "USD", "10000000000.00")],
)
def test_amounts_have_the_decimals_of_their_currency(minor: int, currency: str, text: str) -> None:
    effect = refund(currency=currency, components=(Component("Principal", minor),))
    root = fromstring(build(SELLER, "refund", [message(effect)]))
    assert [(amount.text, amount.get("currency")) for amount in root.iter("Amount")] == [(text, currency)]


@pytest.mark.parametrize(
    ("kind", "effect", "reason"),
    [
        ("despatch", despatch(tracking="AB\x00"), "ShipperTrackingNumber"),
        ("despatch", despatch(method="a\ud800"), "ShippingMethod"),
        ("despatch", despatch(method="a\nb"), "ShippingMethod"),
        ("despatch", despatch(carrier_code="Other"), "CarrierName"),
        ("despatch", despatch(carrier_code="\ufffe"), "CarrierCode"),
        ("despatch", despatch(lines=()), "nothing in it"),
        ("despatch", despatch(lines=(Units(ITEM, 0),)), "Quantity"),
        ("despatch", despatch(shipped_at=datetime(2026, 1, 1)), "zone"),  # noqa: DTZ001
        ("despatch", refund(), "Refund"),
        ("cancellation", cancel(lines=()), "no line"),
        ("cancellation", cancel(lines=(Units(ITEM, 0),), whole_lines=()), "Quantity"),
        ("refund", refund(components=()), "no amount"),
        ("refund", refund(components=(Component("Tax", 0),)), "Amount"),
        ("refund", refund(by_cancellation=True), "twice"),
        ("refund", cancel(), "Cancel"),
    ],
)
def test_what_a_feed_cannot_say_is_refused_by_name(kind: str, effect: Effect, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refused:
        size_of(message(effect), kind)
    assert "AB" not in str(refused.value)


@pytest.mark.parametrize("numbers", [[], [1, 1], [2], [0, 1]])
def test_messages_are_numbered_from_one_on(numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="message"):
        build(SELLER, "despatch", [message(despatch(), number) for number in numbers])


def test_a_feed_ends_at_its_largest_size_and_is_not_built_beyond(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = [message(despatch(), number) for number in range(1, 11)]
    whole = len(build(SELLER, "despatch", messages))
    monkeypatch.setattr(envelope, "DOCUMENT_BYTES", whole)
    assert fitting(SELLER, "despatch", messages) == 10
    monkeypatch.setattr(envelope, "DOCUMENT_BYTES", whole - 1)
    assert fitting(SELLER, "despatch", messages) == 9
    assert len(build(SELLER, "despatch", messages[:9])) < whole
    with pytest.raises(ValueError, match="too many"):
        build(SELLER, "despatch", messages)


def test_a_feed_ends_at_its_most_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "ORDER_FEED_MESSAGES", 3)
    messages = [message(despatch(), number) for number in range(1, 6)]
    assert fitting(SELLER, "despatch", iter(messages)) == 3
    with pytest.raises(ValueError, match="too many"):
        build(SELLER, "despatch", messages[:4])


def test_messages_are_taken_one_by_one() -> None:
    """A document of thousands never needs all of its messages at once."""
    at_hand = 0

    def one_by_one() -> Iterator[Message]:
        nonlocal at_hand
        for number in range(1, 51):
            at_hand += 1
            assert at_hand == 1
            yield message(despatch(), number)
            at_hand -= 1

    assert build(SELLER, "despatch", one_by_one()).count(b"<MessageID>") == 50


AS_SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Machines may be busy; nothing here is about time."""
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff\u2028"),
    max_size=12,
).map("x{}x".format)
ITEMS = st.integers(0, 10**14 - 1).map("{:014}".format)
LINES = st.lists(st.builds(Units, ITEMS, st.integers(1, 999)), min_size=1, max_size=3).map(tuple)
CURRENCIES = {"GBP": 2, "JPY": 0, "EUR": 2}
DESPATCHES = st.builds(
    Despatch,
    lines=LINES,
    shipped_at=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    carrier_code=st.sampled_from(["Other", "DHL"]),
    carrier_name=TEXTS,
    method=TEXTS | st.just(""),
    tracking=TEXTS | st.just(""),
)
CANCELS = LINES.flatmap(
    lambda lines: st.builds(
        Cancel,
        reason=st.just("NoInventory"),
        lines=st.just(lines),
        whole_lines=st.lists(st.sampled_from([line.order_item_id for line in lines])).map(tuple),
    )
)
REFUNDS = st.builds(
    Refund,
    order_item_id=ITEMS,
    sku=TEXTS,
    reason=st.just("PriceError"),
    currency=st.sampled_from(list(CURRENCIES)),
    components=st.lists(
        st.builds(Component, st.sampled_from(["Principal", "Tax"]), st.integers(1, 10**12)), min_size=1
    ).map(tuple),
    by_cancellation=st.just(False),
)


@AS_SLOW
@given(st.lists(DESPATCHES, min_size=1, max_size=3))
def test_despatches_arrive_as_they_were(effects: list[Despatch]) -> None:
    messages = [message(effect, n, 7000 + n) for n, effect in enumerate(effects, start=1)]
    read = read_envelope(build(SELLER, "despatch", messages), FEED_TYPES["despatch"])
    assert [each.message_id for each in read] == [str(each.message_id) for each in messages]
    for sent, got in zip(messages, read, strict=True):
        effect = sent.effect
        assert isinstance(effect, Despatch)
        data = got.body.child("FulfillmentData")
        assert data is not None
        assert got.body.value("MerchantFulfillmentID") == str(sent.work_id)
        assert data.value("CarrierName") == (effect.carrier_name if effect.carrier_code == "Other" else "")
        assert (data.value("ShippingMethod"), data.value("ShipperTrackingNumber")) == (
            effect.method,
            effect.tracking,
        )
        assert tuple(
            Units(item.value("AmazonOrderItemCode"), int(item.value("Quantity")))
            for item in got.body.all("Item")
        ) == (effect.lines)
        at = datetime.fromisoformat(got.body.value("FulfillmentDate"))
        assert 0 <= (effect.shipped_at - at).total_seconds() < 0.001


@AS_SLOW
@given(CANCELS)
def test_cancellations_arrive_as_they_were(effect: Cancel) -> None:
    (got,) = read_envelope(build(SELLER, "cancellation", [message(effect)]), FEED_TYPES["cancellation"])
    for line, item in zip(effect.lines, got.body.all("Item"), strict=True):
        whole = line.order_item_id in effect.whole_lines
        assert item.value("AmazonOrderItemCode") == line.order_item_id
        assert item.value("Quantity") == ("" if whole else str(line.quantity))


@AS_SLOW
@given(REFUNDS)
def test_refunds_arrive_to_the_cent(effect: Refund) -> None:
    (got,) = read_envelope(build(SELLER, "refund", [message(effect)]), FEED_TYPES["refund"])
    (item,) = got.body.all("AdjustedItem")
    prices = item.child("ItemPriceAdjustments")
    assert prices is not None and item.value("AmazonOrderItemCode") == effect.order_item_id
    paid = [
        (each.value("Type"), Decimal(each.value("Amount")).scaleb(CURRENCIES[effect.currency]))
        for each in prices.all("Component")
    ]
    assert paid == [(component.type, component.minor) for component in effect.components]
