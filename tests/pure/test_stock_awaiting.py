"""What happens next to a SKU is always said, as long as anything is to happen."""

from datetime import timedelta

from channeld.domain.stock import pushing
from channeld.domain.stock.awaiting import awaiting
from channeld.domain.stock.desired import NEW
from channeld.domain.stock.latency import KEEP
from channeld.domain.stock.reading_back import read
from channeld.domain.stock.route import Route
from channeld.domain.stock.value import Shown, Value
from tests.support.domain_orders import NOW

FIVE = Value(quantity=5, lead_time=KEEP)
MINUTE = timedelta(minutes=1)


def test_each_state_says_what_it_waits_for() -> None:
    assert awaiting(NEW, NOW) == ""
    assert awaiting(NEW, NOW, is_stale=True) == "It is about to be computed anew."
    dirty = pushing.computed(NEW, FIVE, NOW)
    assert awaiting(dirty, NOW) == "It is sent when its turn comes."
    assert awaiting(dirty, NOW, held="dry dock") == "It is held: dry dock."
    flying = pushing.begun(dirty, Route.FEED, "f1", NOW)
    assert awaiting(flying, NOW) == "It left 2026-11-22 09:00:00 UTC in a feed; Amazon's answer is awaited."
    refused = pushing.refused(flying, "f1", "Amazon refused it: no.", NOW)
    assert awaiting(refused, NOW) == "It is sent again 2026-11-22 09:15:00 UTC. Amazon refused it: no."
    assert awaiting(refused, NOW + 15 * MINUTE).startswith("It is sent when its turn comes.")
    sent = pushing.accepted(flying, "f1", NOW)
    assert awaiting(sent, NOW).startswith("It is read back 2026-11-22 09:02:00 UTC")
    assert awaiting(sent, NOW + 2 * MINUTE).startswith("It is read back now")
    late = NOW + 60 * MINUTE
    assert awaiting(read(sent, Shown(quantity=5), late, orders_until=late), late) == ""


def test_a_feed_that_may_still_undo_it_is_named() -> None:
    lost = pushing.lost(pushing.begun(pushing.computed(NEW, FIVE, NOW), Route.FEED, "f1", NOW), "f1", NOW)
    again = pushing.accepted(pushing.begun(lost, Route.PATCH, "p1", NOW), "p1", NOW)
    assert "(f1)" in awaiting(again, NOW)


def test_units_that_lack_are_said_to_wait_for_orders() -> None:
    five = pushing.computed(NEW, FIVE, NOW)
    told = pushing.accepted(pushing.begun(five, Route.PATCH, "p", NOW), "p", NOW)
    at = NOW + timedelta(minutes=16)
    lacking = read(told, Shown(quantity=1), at, orders_until=NOW)

    assert awaiting(lacking, at) == (
        "Amazon shows 1 after it was told 5: orders that are not read yet may explain it,"
        " so it is not sent again. It is read once more 2026-11-22 09:21:00 UTC."
    )
