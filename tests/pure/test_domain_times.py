"""Dates that are computed: received, kept until, read again (semantics C0, C4, C6, P1)."""

from datetime import UTC, datetime, timedelta
from itertools import count, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.order import IncomingOrder, Window
from channeld.domain.received import received_date
from channeld.domain.reread import Reread, delay
from channeld.domain.retention import kept_until
from tests.support.domain_orders import DAY, HOUR, MINUTE, NOW, order


@pytest.mark.parametrize(
    ("hours", "received"),
    [
        (1.0, "2026-03-30T00:30:00"),
        (-5.5, "2026-03-29T18:00:00"),
        (0, "2026-03-29T23:30:00"),
        (5.75, "2026-03-30T05:15:00"),
        (14, "2026-03-30T13:30:00"),
        (-14, "2026-03-29T09:30:00"),
    ],
)
def test_received_date_is_purchase_plus_offset(hours: float, received: str) -> None:
    bought = datetime(2026, 3, 29, 23, 30, tzinfo=UTC)
    assert received_date(bought, round(hours * 60)) == received


@settings(max_examples=50, deadline=None)
@given(st.integers(-56, 56), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 hypothesis takes bounds without a zone
def test_received_date_knows_no_daylight_saving(quarters: int, bought: datetime) -> None:
    local = datetime.fromisoformat(received_date(bought, quarters * 15)).replace(tzinfo=UTC)
    assert local - bought.replace(microsecond=0) == timedelta(minutes=15 * quarters)


PROMISED = Window(latest=NOW + 3 * DAY)


@pytest.mark.parametrize(
    ("incoming", "until"),
    [
        (order("SHIPPED", delivered_at=NOW - DAY, deliver_by=PROMISED, shipped_at=NOW - 2 * DAY), NOW - DAY),
        (order("SHIPPED", deliver_by=PROMISED, shipped_at=NOW - 2 * DAY), NOW + 3 * DAY),
        (order("SHIPPED", shipped_at=NOW - 2 * DAY), NOW - 2 * DAY),
        (order("SHIPPED"), NOW),
        (order("CANCELLED", deliver_by=PROMISED), NOW),
        (order("UNFULFILLABLE"), NOW),
        (order("PENDING"), NOW),
        (order("UNSHIPPED", deliver_by=Window(latest=NOW - 9 * DAY)), NOW),
        (order("UNSHIPPED", deliver_by=PROMISED), NOW + 3 * DAY),
    ],
)
def test_personal_data_is_kept_30_days_after_the_ladder(incoming: IncomingOrder, until: datetime) -> None:
    assert kept_until(incoming) == until + 30 * DAY


def test_address_of_an_order_sent_in_part_outlives_its_first_delivery() -> None:
    part = order("PARTIALLY_SHIPPED", delivered_at=NOW - 29 * DAY)
    assert kept_until(part) == NOW + 30 * DAY


def test_pending_orders_are_read_again_for_7_days() -> None:
    first = [delay(Reread.PENDING, attempt) for attempt in range(6)]
    assert first == [30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 10 * HOUR, 16 * HOUR]
    ladder = list(takewhile(lambda wait: wait is not None, (delay(Reread.PENDING, n) for n in count())))
    last = ladder[-1]
    assert last is not None
    assert 7 * DAY - 6 * HOUR < last <= 7 * DAY


def test_quarantined_orders_are_tried_for_ever_and_recovery_once() -> None:
    waits = [delay(Reread.QUARANTINE, attempt) for attempt in range(1000)]
    assert None not in waits
    assert delay(Reread.RECOVER, 0) == timedelta(0)
    assert delay(Reread.RECOVER, 1) is None


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(Reread), st.integers(0, 200))
def test_re_reads_come_later_each_time(kind: Reread, attempt: int) -> None:
    now, then = delay(kind, attempt), delay(kind, attempt + 1)
    assert then is None or (now is not None and then > now)
