"""What operations of a patch make of attributes, at the sandbox's Amazon."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channeld.sandbox.listings.patching import Malformed, Patch, patched

STOCK, OFFERS = "fulfillment_availability", "purchasable_offer"
BEFORE: Mapping[str, Any] = {
    STOCK: [{"fulfillment_channel_code": "DEFAULT", "quantity": 5, "lead_time_to_ship_max_days": 3}],
    OFFERS: [
        {"marketplace_id": "M", "currency": "GBP", "audience": "ALL", "our_price": 1, "discounted_price": 2},
        {"marketplace_id": "M", "currency": "GBP", "audience": "B2B", "our_price": 3},
    ],
}


def after(op: Any, name: str, *values: dict[str, Any]) -> Any:
    patch = Patch(op=op, path=f"/attributes/{name}", value=list(values) or None)
    return patched(BEFORE, [patch]).get(name)


def test_merging_keeps_what_is_not_named() -> None:
    assert after("merge", STOCK, {"fulfillment_channel_code": "DEFAULT", "quantity": 0}) == [
        {"fulfillment_channel_code": "DEFAULT", "quantity": 0, "lead_time_to_ship_max_days": 3}
    ]
    where = {"marketplace_id": "M", "currency": "GBP", "audience": "ALL"}
    assert after("merge", OFFERS, {**where, "our_price": 9}) == [
        {**where, "our_price": 9, "discounted_price": 2},
        BEFORE[OFFERS][1],
    ]


def test_merging_adds_what_is_selected_by_nothing() -> None:
    amazons = {"fulfillment_channel_code": "AMAZON_EU"}
    assert after("merge", STOCK, amazons) == [*BEFORE[STOCK], amazons]


@pytest.mark.parametrize("op", ["add", "replace"])
def test_replacing_drops_what_is_not_sent(op: str) -> None:
    sent = {"fulfillment_channel_code": "DEFAULT", "quantity": 7}
    assert after(op, STOCK, sent) == [sent]


def test_deleting_takes_the_selected_value_or_all_of_it() -> None:
    assert after("delete", OFFERS, {**BEFORE[OFFERS][1], "our_price": 0}) == [BEFORE[OFFERS][0]]
    assert after("delete", OFFERS) is None


@pytest.mark.parametrize(
    "path",
    ["/attributes/fulfillment_availability/0/quantity", "/attributes/", "attributes/a", "/summaries", ""],
)
def test_only_whole_attributes_can_be_named(path: str) -> None:
    with pytest.raises(Malformed):
        patched(BEFORE, [Patch(op="replace", path=path, value=[])])


def test_a_value_is_needed_except_to_delete() -> None:
    with pytest.raises(Malformed):
        after("merge", STOCK)


quantities = st.lists(st.integers(0, 99), min_size=1, max_size=5)


@given(quantities)
def test_of_several_merges_the_last_quantity_stands_and_the_lead_time_stays(values: list[int]) -> None:
    patches = [
        Patch(
            op="merge",
            path=f"/attributes/{STOCK}",
            value=[{"fulfillment_channel_code": "DEFAULT", "quantity": value}],
        )
        for value in values
    ]
    assert patched(BEFORE, patches)[STOCK] == [{**BEFORE[STOCK][0], "quantity": values[-1]}]
    assert patched(BEFORE, patches)[OFFERS] == BEFORE[OFFERS]
