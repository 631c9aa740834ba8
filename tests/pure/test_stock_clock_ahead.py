"""What was written while the clock was ahead holds nothing back until that time has come."""

from datetime import timedelta

from channeld.domain.stock.clock_ahead import not_ahead
from channeld.domain.stock.desired import NEW, SETTLES
from channeld.domain.stock.latency import KEEP
from channeld.domain.stock.pushing import accepted, begun, changed_by_order, computed
from channeld.domain.stock.reading_back import read
from channeld.domain.stock.route import Route
from channeld.domain.stock.value import Shown, Value
from tests.support.fake_clock import START

AHEAD = START + timedelta(days=1)
SENT = accepted(
    begun(computed(NEW, Value(quantity=5, lead_time=KEEP), AHEAD), Route.PATCH, "1", AHEAD),
    "1",
    AHEAD + timedelta(minutes=1),
)
UNDER_WAY = begun(computed(NEW, Value(quantity=5, lead_time=KEEP), AHEAD), Route.PATCH, "1", AHEAD)


def test_what_was_written_in_time_stays_as_it_is() -> None:
    later = AHEAD + timedelta(minutes=1)
    assert not_ahead(SENT, later) == SENT


def test_an_order_sends_it_again() -> None:
    now = START + timedelta(hours=1)
    assert changed_by_order(SENT, START, now).is_dirty
    assert changed_by_order(not_ahead(SENT, now), START, now).is_dirty


def test_an_order_during_a_message_sends_it_again() -> None:
    sold = changed_by_order(UNDER_WAY, START, START)
    assert accepted(sold, "1", START).is_dirty


def test_it_is_confirmed_when_no_message_can_come_any_more() -> None:
    settled = START + SETTLES
    row = not_ahead(SENT, START)
    assert read(row, Shown(quantity=5), settled, orders_until=settled).is_confirmed
    assert not read(SENT, Shown(quantity=5), settled, orders_until=settled).is_confirmed


def test_the_next_message_does_not_wait_for_that_time() -> None:
    row = begun(computed(SENT, Value(quantity=3, lead_time=KEEP), START), Route.PATCH, "2", START)
    assert row.settles_at is not None
    assert row.settles_at <= START + SETTLES
