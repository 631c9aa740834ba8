"""What counts as an order that the searches have left out."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from channeld.domain.gaps import Reach, compared_up_to, gap_of, next_comparison, reach, span
from channeld.domain.reported_order import ReportedOrder
from tests.support.domain_orders import DAY, HOUR, MINUTE, NOW

WEEK = 7 * DAY
REPORTED = ReportedOrder(
    order_id="203-1111111-2222222",
    updated_at=NOW - DAY,
    purchased_at=NOW - 2 * DAY,
    status="Shipped",
    sales_channel="Amazon.co.uk",
    fulfillment_channel="Merchant",
)
WITHIN = Reach(channel_id=1, since=NOW - WEEK, until=NOW - HOUR, fba=False)


@pytest.mark.parametrize(
    ("reported", "within", "booked_at", "set_aside", "kind"),
    [
        (REPORTED, WITHIN, None, False, "missing"),
        (REPORTED, WITHIN, NOW - DAY, False, None),
        (REPORTED, WITHIN, NOW - DAY - 31 * MINUTE, False, "behind"),
        (REPORTED, WITHIN, NOW - DAY - 29 * MINUTE, False, None),
        (REPORTED, WITHIN, NOW - HOUR, False, None),
        (REPORTED, WITHIN, None, True, None),
        (REPORTED, WITHIN, NOW - 2 * DAY, True, None),
        (replace(REPORTED, updated_at=NOW - 8 * DAY), WITHIN, None, False, None),
        (replace(REPORTED, updated_at=NOW - 30 * MINUTE), WITHIN, None, False, None),
        (replace(REPORTED, updated_at=None), WITHIN, None, False, None),
        (replace(REPORTED, fulfillment_channel="Amazon"), WITHIN, None, False, None),
        (replace(REPORTED, fulfillment_channel="Amazon"), replace(WITHIN, fba=True), None, False, "missing"),
    ],
)
def test_an_order_is_a_gap_where_the_search_should_have_brought_it(
    reported: ReportedOrder, within: Reach, booked_at: None, set_aside: bool, kind: str | None
) -> None:
    assert gap_of(reported, within, booked_at, set_aside=set_aside) == kind


def test_a_channel_reaches_from_its_first_search_to_just_before_its_cursor() -> None:
    found = reach(1, NOW - DAY, WEEK, NOW, fba=False)
    assert (found.since, found.until) == (NOW - DAY - WEEK, NOW - 10 * MINUTE)


def test_a_report_goes_on_where_the_last_one_ended() -> None:
    assert span([NOW - DAY], NOW) == (NOW - DAY - HOUR, NOW - 30 * MINUTE)
    assert span([NOW - DAY, NOW - 3 * DAY], NOW) == (NOW - 3 * DAY - HOUR, NOW - 30 * MINUTE)
    assert span([NOW - 90 * DAY], NOW) == (NOW - 30 * MINUTE - 30 * DAY, NOW - 30 * MINUTE)
    assert span([NOW - 20 * MINUTE], NOW) is None
    assert span([], NOW) is None


def test_what_was_compared_has_no_holes() -> None:
    assert compared_up_to(None, WITHIN, NOW - WEEK, NOW - DAY) == NOW - DAY
    assert compared_up_to(None, WITHIN, NOW - WEEK, NOW) == NOW - HOUR, "not beyond what was searched"
    assert compared_up_to(None, WITHIN, NOW - DAY, NOW) is None, "the days before were not compared"
    assert compared_up_to(NOW - 2 * DAY, WITHIN, NOW - DAY, NOW) == NOW - 2 * DAY
    assert compared_up_to(NOW - DAY, WITHIN, NOW - 2 * DAY, NOW) == NOW - HOUR
    assert compared_up_to(NOW - HOUR, WITHIN, NOW - 2 * DAY, NOW - DAY) == NOW - HOUR


def test_orders_are_compared_once_a_day_and_sooner_after_a_failure() -> None:
    assert next_comparison(None, None, failed=False) is None
    assert next_comparison(NOW, None, failed=False) == NOW + DAY
    assert next_comparison(NOW - WEEK, NOW, failed=False) == NOW + DAY
    assert next_comparison(NOW - WEEK, NOW, failed=True) == NOW + timedelta(hours=4)
