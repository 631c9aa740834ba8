"""Why a SKU is down at Amazon for another reason than a zero of ours (semantics I17)."""

from datetime import timedelta
from typing import Any

import pytest

from channeld.domain.stock.closure import Down, ListingFacts, closure_of, held_down
from channeld.domain.stock.relist import Closure, Relisting, relisting
from tests.support.fake_clock import START

LATER = START + timedelta(hours=1)


def listing(**facts: Any) -> ListingFacts:
    usual: dict[str, Any] = {"presence": "listed", "status": "active", "quantity": 5, "changed_at": START}
    return ListingFacts(**(usual | facts))


def down(why: Closure) -> Down:
    return Down(why=why, seen_at=LATER)


@pytest.mark.parametrize(
    ("facts", "closure"),
    [
        ({}, None),
        ({"presence": "missing"}, None),
        ({"presence": "gone"}, Closure.DELETED),
        ({"status": "inactive", "quantity": 0}, None),
        ({"status": "inactive", "quantity": 5}, Closure.SUPPRESSED),
        ({"status": "inactive", "quantity": None}, None),
        ({"down": down(Closure.DELETED)}, Closure.DELETED),
        ({"down": down(Closure.BLOCKED)}, Closure.BLOCKED),
        ({"down": down(Closure.SUPPRESSED), "changed_at": LATER + LATER.resolution}, None),
        (
            {"down": down(Closure.SUPPRESSED), "changed_at": LATER + LATER.resolution, "status": "inactive"},
            Closure.SUPPRESSED,
        ),
        ({"down": down(Closure.DELETED), "changed_at": LATER + LATER.resolution, "quantity": 0}, None),
        ({"down": down(Closure.AMAZONS), "changed_at": LATER + LATER.resolution}, Closure.AMAZONS),
    ],
)
def test_a_listing_is_down_by_its_report_or_its_last_read_whichever_is_newer(
    facts: dict[str, Any], closure: Closure | None
) -> None:
    assert closure_of([listing(**facts)]) is closure


def test_a_sku_is_down_when_all_its_listings_are() -> None:
    gone, blocked = listing(presence="gone"), listing(down=down(Closure.BLOCKED))

    assert closure_of([gone, listing()]) is None
    assert closure_of([gone, gone]) is Closure.DELETED
    assert closure_of([gone, blocked]) is Closure.BLOCKED
    assert closure_of([]) is None


def test_one_closed_by_hand_is_down_whatever_its_listings_show() -> None:
    assert closure_of([listing()], closed_at=START) is Closure.BY_HAND


def test_amazons_own_stock_in_one_marketplace_is_told_nothing_at_all_not_even_zero() -> None:
    closure = closure_of([listing(), listing(down=down(Closure.AMAZONS))])

    assert closure is Closure.AMAZONS
    for wanted in (0, 5):
        assert relisting(wanted, 5, closure) == Relisting(quantity=None, issue=closure)


@pytest.mark.parametrize(
    ("actions", "closure"),
    [
        ((), None),
        (("SEARCH_SUPPRESSED", "ATTRIBUTE_SUPPRESSED"), None),
        (("LISTING_SUPPRESSED",), Closure.SUPPRESSED),
        (("LISTING_SUPPRESSED", "CATALOG_ITEM_REMOVED"), Closure.BLOCKED),
    ],
)
def test_only_some_of_amazons_actions_end_a_sale(actions: tuple[str, ...], closure: Closure | None) -> None:
    assert held_down(actions) is closure
