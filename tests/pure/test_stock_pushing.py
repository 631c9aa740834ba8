"""A SKU's desired state, move by move (design, section 4); that it converges: test_stock_convergence."""

from datetime import timedelta

import pytest

from channeld.domain.stock.desired import NEW, SETTLES, Desired, Rank, Standing
from channeld.domain.stock.latency import DROP, KEEP, LeadTime, set_to
from channeld.domain.stock.pushing import (
    ImpossibleMove,
    accepted,
    begun,
    changed_by_order,
    computed,
    feed_ended,
    forced,
    lost,
    not_sent,
    overtaken,
    refused,
)
from channeld.domain.stock.reading_back import ORDERS_COME_IN, is_closed, read, reported
from channeld.domain.stock.route import Route
from channeld.domain.stock.value import Shown, Value
from tests.support.fake_clock import START

MINUTE = timedelta(minutes=1)
LATER = START + SETTLES
MUCH_LATER = LATER + SETTLES
ALL_KNOWN = MUCH_LATER + ORDERS_COME_IN


def value(quantity: int, lead_time: LeadTime = KEEP) -> Value:
    return Value(quantity=quantity, lead_time=lead_time)


def wanted(quantity: int, row: Desired = NEW, lead_time: LeadTime = KEEP) -> Desired:
    return computed(row, value(quantity, lead_time), START)


def told(quantity: int, row: Desired = NEW, route: Route = Route.PATCH, name: str = "1") -> Desired:
    return accepted(begun(wanted(quantity, row), route, name, START), name, START)


def seen(quantity: int, row: Desired, days: int | None = None) -> Desired:
    return read(row, Shown(quantity=quantity, days=days), LATER, orders_until=ALL_KNOWN)


def test_nothing_computed_sends_nothing_and_is_not_zero() -> None:
    assert NEW.stands(START) is Standing.NOTHING
    with pytest.raises(ImpossibleMove):
        begun(NEW, Route.PATCH, "1", START)


def test_there_are_never_two_in_flight() -> None:
    row = wanted(4, begun(wanted(5), Route.PATCH, "1", START))

    assert row.is_dirty
    with pytest.raises(ImpossibleMove):
        begun(row, Route.PATCH, "2", START)


def test_two_changes_before_the_send_are_one_message_with_the_last_value() -> None:
    row = begun(wanted(3, wanted(5)), Route.PATCH, "1", START)

    assert row.flight is not None
    assert row.flight.value == value(3)


def test_what_was_accepted_is_confirmed_by_a_read_and_by_nothing_less() -> None:
    row = told(5)

    assert (row.is_dirty, row.stands(START)) == (False, Standing.SENT)
    assert seen(5, row).stands(LATER) is Standing.CONFIRMED
    assert reported(row, Shown(quantity=5), LATER, LATER).stands(LATER) is Standing.SENT


def test_a_read_before_the_last_acceptance_says_nothing() -> None:
    row = told(5)

    assert read(row, Shown(quantity=5), START - MINUTE, orders_until=ALL_KNOWN) == row


def test_a_lost_answer_leaves_it_dirty_and_the_present_value_goes_out() -> None:
    row = lost(begun(wanted(5), Route.PATCH, "1", START), "1", START)
    row = begun(wanted(4, row), Route.PATCH, "2", START)

    assert row.flight is not None
    assert row.flight.value == value(4)


def test_after_a_lost_answer_nothing_is_confirmed_until_it_cannot_be_applied_any_more() -> None:
    row = lost(begun(wanted(5), Route.PATCH, "1", START), "1", START)
    row = accepted(begun(wanted(4, row), Route.PATCH, "2", START), "2", START)

    early = read(row, Shown(quantity=4), LATER - MINUTE, orders_until=ALL_KNOWN)
    assert early.stands(LATER) is Standing.SENT
    assert row.look_at == LATER
    assert seen(4, row).is_confirmed


def test_a_refused_value_waits_with_its_reason_and_a_new_one_does_not() -> None:
    row = refused(begun(wanted(5), Route.PATCH, "1", START), "1", "8541", START)

    assert (row.stands(START), row.reason) == (Standing.HELD_BACK, "8541")
    assert row.not_before is not None
    assert row.is_due(row.not_before)
    assert wanted(4, row).is_due(START)
    assert forced(row, START).is_due(START)


def test_pauses_grow_while_the_same_value_fails() -> None:
    row, pauses = wanted(5), list[timedelta]()
    now = START
    for number in range(4):
        row = lost(begun(row, Route.PATCH, f"{number}", now), f"{number}", now)
        assert row.not_before is not None
        pauses.append(row.not_before - now)
        now = row.not_before

    assert pauses[0] == timedelta(0)
    assert pauses == sorted(set(pauses))


def test_what_was_certainly_not_sent_is_as_before() -> None:
    row = told(5)
    row = not_sent(begun(wanted(4, row), Route.PATCH, "2", START), "2", START)

    assert (row.standing, row.is_due(START), row.failures) == (value(5), True, 0)
    assert wanted(5, row).stands(START) is Standing.SENT


def test_answers_to_what_is_not_in_flight_change_nothing() -> None:
    row = told(5)

    assert accepted(row, "0", START) == refused(row, "0", "", START) == lost(row, "0", START) == row
    assert feed_ended(row, "0", START) == not_sent(row, "0", START) == row


def test_a_stuck_feed_is_overtaken_and_shadows_what_was_sent_since() -> None:
    row = overtaken(begun(wanted(9), Route.FEED, "feed", START), START)
    row = accepted(begun(wanted(0, row), Route.PATCH, "2", START), "2", START)

    assert row.stands(START) is Standing.SHADOWED
    assert row.look_at is None
    assert not seen(0, row).is_confirmed


def test_when_the_late_feed_ends_the_present_value_is_sent_again_and_read_back() -> None:
    row = overtaken(begun(wanted(9), Route.FEED, "feed", START), START)
    row = accepted(begun(wanted(0, row), Route.PATCH, "2", START), "2", START)
    row = feed_ended(row, "feed", LATER)

    assert row.is_due(LATER)
    row = accepted(begun(row, Route.PATCH, "3", LATER), "3", LATER)
    assert row.sent is not None
    assert row.sent.value == value(0)
    assert row.look_at == MUCH_LATER
    assert read(row, Shown(quantity=0), MUCH_LATER, orders_until=ALL_KNOWN).is_confirmed


def test_only_what_is_in_a_feed_is_overtaken() -> None:
    with pytest.raises(ImpossibleMove):
        overtaken(begun(wanted(9), Route.PATCH, "1", START), START)


def test_drift_in_a_report_is_read_directly_and_only_then_counts() -> None:
    row = seen(5, told(5))
    drifted = reported(row, Shown(quantity=7), LATER, LATER)

    assert (drifted.is_dirty, drifted.look_at) == (False, LATER)
    assert seen(5, drifted).is_confirmed
    really = seen(7, drifted)
    assert really.is_due(LATER)
    assert "7" in really.reason


def test_a_report_older_than_what_was_sent_says_nothing() -> None:
    row = seen(5, told(5))

    assert reported(row, Shown(quantity=7), LATER - MINUTE, MUCH_LATER) == row


def test_fewer_units_than_told_may_have_been_sold_and_wait_for_their_orders() -> None:
    row = told(5)
    waiting = read(row, Shown(quantity=4), LATER, orders_until=LATER)

    assert not waiting.is_dirty
    assert waiting.look_at is not None
    assert waiting.look_at > LATER
    assert read(row, Shown(quantity=4), LATER, orders_until=None) == waiting
    assert seen(4, row).is_due(LATER)


def test_units_that_were_lacking_before_the_orders_came_in_were_not_sold() -> None:
    """However late it is read again: what counts is when they were first seen to be lacking."""
    waiting = read(told(5), Shown(quantity=4), LATER, orders_until=LATER)
    orders_until = LATER + ORDERS_COME_IN

    assert read(waiting, Shown(quantity=4), MUCH_LATER, orders_until=orders_until).is_due(MUCH_LATER)
    assert read(waiting, Shown(quantity=3), MUCH_LATER, orders_until=orders_until).is_due(MUCH_LATER)


def test_none_where_units_were_shown_is_a_closure_once_no_order_explains_it() -> None:
    row = seen(5, told(5))
    waiting = read(row, Shown(quantity=0), LATER, orders_until=LATER)
    orders_until = LATER + ORDERS_COME_IN

    assert not is_closed(row, Shown(quantity=0), LATER, orders_until=LATER)
    assert not waiting.is_dirty
    assert is_closed(waiting, Shown(quantity=0), MUCH_LATER, orders_until=orders_until)
    assert not is_closed(waiting, Shown(quantity=1), MUCH_LATER, orders_until=orders_until)
    assert not is_closed(waiting, Shown(quantity=0), MUCH_LATER, orders_until=LATER)


def test_the_last_unit_may_have_been_sold_after_others_were_lacking() -> None:
    fewer = read(seen(5, told(5)), Shown(quantity=1), LATER, orders_until=LATER)

    assert not is_closed(fewer, Shown(quantity=0), MUCH_LATER, orders_until=LATER + ORDERS_COME_IN)


def test_what_never_came_to_be_seen_is_sent_again_and_no_closure() -> None:
    """The message may have had no effect."""
    row = told(5)

    assert not is_closed(row, Shown(quantity=0), LATER, orders_until=ALL_KNOWN)
    assert seen(0, row).is_due(LATER)


def test_a_sale_sends_the_value_again_even_if_it_is_the_same() -> None:
    row = seen(5, told(5))  # Max Listed 5, with hundreds in stock

    assert changed_by_order(row, LATER, LATER).is_due(LATER)
    assert changed_by_order(row, START - MINUTE, LATER) == row


def test_a_sale_while_a_message_is_in_flight_sends_once_more() -> None:
    row = begun(wanted(5), Route.PATCH, "1", START)
    row = accepted(changed_by_order(row, START, START), "1", START)

    assert row.is_due(START)


def test_a_quantity_that_is_shown_already_is_not_sent() -> None:
    assert seen(5, wanted(5)).is_confirmed


@pytest.mark.parametrize(
    ("lead_time", "shown", "confirmed"),
    [
        (KEEP, None, True),
        (KEEP, 9, True),
        (set_to(3), 3, True),
        (set_to(3), 9, False),
        (set_to(3), None, False),
        (DROP, None, True),
        (DROP, 3, False),
    ],
)
def test_the_handling_time_is_confirmed_with_the_quantity(
    lead_time: LeadTime, shown: int | None, confirmed: bool
) -> None:
    row = accepted(begun(wanted(5, NEW, lead_time), Route.PATCH, "1", START), "1", START)

    assert seen(5, row, shown).is_confirmed is confirmed


def test_a_change_of_the_handling_time_goes_out_without_one_of_the_quantity() -> None:
    row = seen(5, told(5))

    assert wanted(5, row, set_to(3)).is_dirty
    assert not wanted(5, wanted(5, row, set_to(3)), KEEP).is_dirty


def test_taking_part_again_looks_at_what_became_of_it() -> None:
    row = seen(5, told(5))
    away = computed(row, None, LATER)
    back = computed(away, value(5), MUCH_LATER)

    assert away.stands(LATER) is Standing.NOTHING
    assert (back.is_dirty, back.is_confirmed, back.look_at) == (False, False, MUCH_LATER)


def test_to_zero_goes_first_then_decreases_then_increases() -> None:
    shown = seen(5, told(5))
    in_doubt = lost(begun(wanted(9, shown), Route.PATCH, "2", START), "2", START)
    ranks = [
        wanted(0, shown).rank,
        wanted(3, shown).rank,
        wanted(6, in_doubt).rank,
        wanted(3).rank,
        wanted(9, shown).rank,
        wanted(0, told(0)).rank,
    ]

    assert ranks == [
        *(Rank.TO_ZERO, Rank.DECREASE, Rank.DECREASE),
        *(Rank.UNKNOWN, Rank.INCREASE, Rank.INCREASE),
    ]
    assert sorted(ranks) == ranks


def test_how_long_it_has_been_dirty_does_not_begin_anew_with_a_new_value() -> None:
    row = computed(wanted(5), value(4), LATER)

    assert row.dirty_since == START
    assert accepted(begun(row, Route.PATCH, "1", LATER), "1", LATER).dirty_since is None
