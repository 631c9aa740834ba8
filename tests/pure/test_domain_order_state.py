"""What a status means, and which view of an order wins (semantics C0)."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.order import IncomingOrder
from channeld.domain.order_state import (
    RANKS,
    Merge,
    OrderState,
    decide,
    order_state,
    rank,
    reduces_stock,
)
from tests.support.domain_orders import DAY, MINUTE, NOW, order

STATUSES = st.sampled_from((*RANKS, "SOMETHING_NEW", "SOMETHING_ELSE"))
VERSIONS = st.lists(st.tuples(STATUSES, st.integers(0, 3)), min_size=1, max_size=7)


def test_ranks_are_as_defined() -> None:
    ladder = ["PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED"]
    assert all(rank(low) < rank(high) for low, high in pairwise(ladder))
    assert rank("UNFULFILLABLE") == rank("CANCELLED")


@pytest.mark.parametrize(
    ("status", "minutes", "merge"),
    [
        ("PENDING", 1, Merge.APPLY),
        ("CANCELLED", -1, Merge.FILL),
        ("SHIPPED", 0, Merge.APPLY),
        ("UNSHIPPED", 0, Merge.FILL),
        ("PENDING", 0, Merge.FILL),
        ("SOMETHING_NEW", 0, Merge.FILL),
    ],
)
def test_newer_wins_and_at_equal_time_the_higher_rank(status: str, minutes: int, merge: Merge) -> None:
    incoming = order(status, updated_at=NOW + minutes * MINUTE)
    assert decide(incoming, stored_at=NOW, stored_status="UNSHIPPED") is merge


def test_unknown_order_is_inserted() -> None:
    assert decide(order(), stored_at=None) is Merge.INSERT


def _after(versions: list[tuple[str, int]]) -> tuple[str, int]:
    booked: IncomingOrder | None = None
    for status, minutes in versions:
        incoming = order(status, updated_at=NOW + minutes * MINUTE)
        merge = decide(
            incoming, stored_at=booked and booked.updated_at, stored_status=booked.status if booked else ""
        )
        booked = incoming if booked is None or merge is not Merge.FILL else booked
    assert booked is not None
    return booked.status, (booked.updated_at - NOW) // MINUTE


@settings(max_examples=50, deadline=None)
@given(VERSIONS, st.randoms(use_true_random=False), st.integers(0, 3))
def test_any_order_of_arrival_ends_in_the_same_status_and_time(
    versions: list[tuple[str, int]], random: Random, repeats: int
) -> None:
    shuffled = versions + versions[:repeats]
    random.shuffle(shuffled)
    assert _after(shuffled) == _after(versions)


@pytest.mark.parametrize(
    ("status", "by", "seen_before", "state"),
    [
        ("PENDING", "MERCHANT", False, OrderState.PARKED),
        ("PENDING_AVAILABILITY", "MERCHANT", False, OrderState.PARKED),
        ("SOMETHING_NEW", "MERCHANT", True, OrderState.PARKED),
        ("UNSHIPPED", "MERCHANT", False, OrderState.OPEN),
        ("PARTIALLY_SHIPPED", "MERCHANT", False, OrderState.OPEN),
        ("SHIPPED", "MERCHANT", True, OrderState.SHIPPED),
        ("SHIPPED", "MERCHANT", False, OrderState.SHIPPED_ELSEWHERE),
        ("INVOICE_UNCONFIRMED", "MERCHANT", False, OrderState.SHIPPED_ELSEWHERE),
        ("CANCELLED", "MERCHANT", True, OrderState.CANCELLED),
        ("UNFULFILLABLE", "AMAZON", False, OrderState.CANCELLED),
        ("PENDING", "AMAZON", False, OrderState.LOCKED),
        ("UNSHIPPED", "AMAZON", False, OrderState.LOCKED),
        ("SHIPPED", "AMAZON", False, OrderState.FULFILLED),
    ],
)
def test_state_of_an_order(status: str, by: str, seen_before: bool, state: OrderState) -> None:
    assert order_state(order(status, fulfilled_by=by), seen_before=seen_before) is state


def test_order_without_lines_is_incomplete_unless_it_is_cancelled() -> None:
    assert order_state(order("UNSHIPPED", lines=()), seen_before=False) is OrderState.INCOMPLETE
    assert order_state(order("CANCELLED", lines=()), seen_before=False) is OrderState.CANCELLED
    assert order_state(order("UNSHIPPED", lines=()), seen_before=True, had_lines=True) is OrderState.OPEN


@pytest.mark.parametrize(
    ("status", "by", "seen_before", "bought", "reduces"),
    [
        ("PENDING", "MERCHANT", False, timedelta(0), True),
        ("UNSHIPPED", "MERCHANT", False, -3 * DAY, True),
        ("SHIPPED", "MERCHANT", True, -3 * DAY, True),
        ("SHIPPED", "MERCHANT", False, -3 * DAY, False),
        ("SHIPPED", "MERCHANT", False, DAY, True),
        ("CANCELLED", "MERCHANT", True, DAY, False),
        ("UNSHIPPED", "AMAZON", True, DAY, False),
        ("SHIPPED", "AMAZON", False, DAY, False),
    ],
)
def test_which_orders_leave_the_sellers_stock(
    status: str, by: str, seen_before: bool, bought: timedelta, reduces: bool
) -> None:
    incoming = order(status, fulfilled_by=by, purchased_at=NOW + bought)
    assert reduces_stock(incoming, seen_before=seen_before, first_enabled_at=NOW) is reduces


def test_shipped_order_of_a_channel_never_enabled_leaves_stock_alone() -> None:
    assert not reduces_stock(order("SHIPPED"), seen_before=False, first_enabled_at=None)
