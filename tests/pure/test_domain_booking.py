"""What the book makes of an order that arrives (semantics C0, C4, C6, I14, I15, P1)."""

from datetime import timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.booked import Booking, Due, Stored
from channeld.domain.booking import book
from channeld.domain.email import EmailState
from channeld.domain.order import IncomingOrder, Window
from channeld.domain.order_state import RANKS, Merge, OrderState
from channeld.domain.reread import Reread
from tests.support.domain_orders import DAY, HOUR, MINUTE, NOW, order, rules, stored_as

EMAIL = "abc@marketplace.amazon.co.uk"


def arrive(*versions: IncomingOrder, **settings: str) -> tuple[Booking, Stored]:
    """The last booking of orders that arrive one after the other, and what is stored then."""
    stored: Stored | None = None
    booking: Booking | None = None
    for incoming in versions:
        booking = book(incoming, stored, rules(settings=settings), NOW)
        stored = stored_as(incoming, booking, stored)
    assert booking is not None
    assert stored is not None
    return booking, stored


def test_pending_order_is_parked_reserves_stock_and_is_read_again() -> None:
    booking, _ = arrive(order("PENDING"))
    assert booking.state is OrderState.PARKED
    assert booking.reduces_stock
    assert not booking.despatch_duty
    assert booking.email is EmailState.NONE
    assert booking.rereads == (Due(Reread.PENDING, NOW + 30 * MINUTE),)
    assert booking.settled == {Reread.EMAIL}


def test_open_order_is_to_be_sent_and_its_address_looked_for() -> None:
    booking, _ = arrive(order("UNSHIPPED"))
    assert booking.state is OrderState.OPEN
    assert booking.despatch_duty
    assert booking.email is EmailState.PENDING
    assert booking.rereads == (Due(Reread.EMAIL, NOW + 5 * MINUTE),)
    assert booking.settled == {Reread.PENDING}


def test_order_un_parks_by_itself() -> None:
    booking, _ = arrive(order("PENDING"), order("UNSHIPPED", updated_at=NOW + HOUR, email=EMAIL))
    assert booking.state is OrderState.OPEN
    assert booking.email is EmailState.DISCLOSED
    assert booking.settled == {Reread.EMAIL, Reread.PENDING}


def test_cancelled_order_needs_no_stock_no_despatch_and_no_look_ups() -> None:
    booking, _ = arrive(order("UNSHIPPED"), order("CANCELLED", updated_at=NOW + HOUR))
    assert booking.state is OrderState.CANCELLED
    assert not booking.reduces_stock
    assert not booking.despatch_duty
    assert booking.settled == {Reread.EMAIL, Reread.PENDING}


def test_shipped_before_it_was_seen_stays_shipped_elsewhere() -> None:
    shipped = order("SHIPPED", purchased_at=NOW - 3 * DAY)
    again = msgspec.structs.replace(shipped, updated_at=NOW + HOUR)
    for versions in ((shipped,), (shipped, again)):
        booking, _ = arrive(*versions)
        assert booking.state is OrderState.SHIPPED_ELSEWHERE
        assert not booking.despatch_duty
        assert not booking.reduces_stock


def test_order_whose_lines_came_late_was_not_seen_before_it_shipped() -> None:
    bought = NOW - 3 * DAY
    incomplete = order("SHIPPED", lines=(), purchased_at=bought)
    booking, _ = arrive(incomplete, order("SHIPPED", purchased_at=bought))
    assert booking.state is OrderState.SHIPPED_ELSEWHERE
    assert not booking.reduces_stock


def test_shipped_after_it_was_seen_keeps_its_stock_reduced() -> None:
    early = order("UNSHIPPED", purchased_at=NOW - 3 * DAY)
    booking, _ = arrive(early, msgspec.structs.replace(early, status="SHIPPED", updated_at=NOW + HOUR))
    assert booking.state is OrderState.SHIPPED
    assert booking.reduces_stock


def test_incomplete_order_waits_for_its_lines_even_from_an_older_view() -> None:
    incomplete = order("UNSHIPPED", lines=())
    booking, stored = arrive(incomplete)
    assert booking.state is OrderState.INCOMPLETE
    assert not booking.despatch_duty
    assert booking.rereads[-1] == Due(Reread.PENDING, NOW + 30 * MINUTE)
    filled = book(order("PENDING", updated_at=NOW - HOUR), stored, rules(), NOW)
    assert (filled.merge, filled.state) == (Merge.FILL, OrderState.OPEN)


def test_newer_view_without_lines_takes_none_away() -> None:
    booking, _ = arrive(order("UNSHIPPED"), order("PARTIALLY_SHIPPED", lines=(), updated_at=NOW + HOUR))
    assert booking.state is OrderState.OPEN


@pytest.mark.parametrize("older", ["PENDING", "CANCELLED", "SHIPPED"])
def test_older_view_undoes_nothing_that_is_under_way(older: str) -> None:
    booking, stored = arrive(order("UNSHIPPED"))
    filled = book(order(older, updated_at=NOW - HOUR), stored, rules(), NOW + MINUTE)
    assert filled.merge is Merge.FILL
    kept = (
        "state",
        "email",
        "reduces_stock",
        "despatch_duty",
        "settled",
        "first_disclosing_at",
        "kept_until",
    )
    assert all(getattr(filled, name) == getattr(booking, name) for name in kept)
    assert filled.rereads == ()
    assert filled.audit == ()


def test_older_view_of_an_order_that_went_back_ends_no_re_read() -> None:
    _, stored = arrive(order("UNSHIPPED"), order("PENDING", updated_at=NOW + HOUR))
    filled = book(order("UNSHIPPED", updated_at=NOW + MINUTE), stored, rules(), NOW)
    assert filled.state is OrderState.PARKED
    assert Reread.PENDING not in filled.settled


def test_address_of_an_equally_old_view_fills_the_blank() -> None:
    booking, _ = arrive(order("UNSHIPPED"), order("UNSHIPPED", email=EMAIL))
    assert booking.merge is Merge.FILL
    assert booking.email is EmailState.DISCLOSED


def test_address_that_comes_after_all_replaces_the_alternate() -> None:
    _, stored = arrive(order("UNSHIPPED"))
    settled = msgspec.structs.replace(stored, email_state=EmailState.ALTERNATE)
    booking = book(order("UNSHIPPED", email=EMAIL), settled, rules(), NOW + DAY)
    assert booking.email is EmailState.DISCLOSED


def test_look_ups_count_from_the_first_disclosing_status() -> None:
    _, stored = arrive(order("UNSHIPPED"), order("PENDING", updated_at=NOW + MINUTE))
    again = book(order("UNSHIPPED", updated_at=NOW + 2 * MINUTE), stored, rules(), NOW + 2 * MINUTE)
    assert again.first_disclosing_at == NOW
    assert Due(Reread.EMAIL, NOW + 5 * MINUTE) in again.rereads


@pytest.mark.parametrize(
    ("alternate", "email"), [("a@b.example", EmailState.ALTERNATE), ("", EmailState.NOT_DISCLOSED)]
)
def test_fba_order_is_finalised_at_once(alternate: str, email: EmailState) -> None:
    booking, _ = arrive(order("UNSHIPPED", fulfilled_by="AMAZON"), not_disclosed_email=alternate)
    assert (booking.state, booking.email) == (OrderState.LOCKED, email)
    assert not booking.reduces_stock
    assert booking.rereads == ()


def test_pending_fba_order_is_read_again() -> None:
    booking, _ = arrive(order("PENDING", fulfilled_by="AMAZON"))
    assert booking.rereads == (Due(Reread.PENDING, NOW + 30 * MINUTE),)


def test_what_was_decided_at_first_storing_stays() -> None:
    booking, stored = arrive(order("PENDING"), order_received_offset="1", tax_rate="20")
    later = order("UNSHIPPED", updated_at=NOW + HOUR)
    changed = book(later, stored, rules(settings={"order_received_offset": "-5.5", "tax_rate": "10"}), NOW)
    assert changed.received == booking.received == "2026-11-22T09:00:00"
    assert changed.tax_policy == booking.tax_policy


def test_mapping_holds_for_orders_downloaded_afterwards() -> None:
    plain, mapped = (
        rules(),
        msgspec.structs.replace(rules(), payment={"CARD": "Terminal"}, shipping={"STANDARD": "48h"}),
    )
    paid = order(payment_methods=("card",), service_level="STANDARD")
    before = book(paid, None, plain, NOW)
    after = book(paid, None, mapped, NOW)
    assert (before.payment, before.shipping) == (("CARD", "Default", False), ("STANDARD", "Default", False))
    assert (after.payment, after.shipping) == (("CARD", "Terminal", True), ("STANDARD", "48h", True))
    again = msgspec.structs.replace(paid, updated_at=NOW + HOUR)
    assert book(again, stored_as(paid, before), mapped, NOW).payment == before.payment


def test_payment_that_amazon_shows_late_is_mapped_then() -> None:
    mapped = msgspec.structs.replace(rules(), payment={"CARD": "Terminal"})
    pending = order("PENDING")
    stored = stored_as(pending, book(pending, None, mapped, NOW))
    booking = book(order(payment_methods=("Card",), updated_at=NOW + HOUR), stored, mapped, NOW)
    assert booking.payment == ("CARD", "Terminal", True)


def test_order_past_its_retention_is_stored_without_personal_data() -> None:
    old = order("SHIPPED", email=EMAIL, delivered_at=NOW - 30 * DAY, updated_at=NOW - DAY)
    booking, _ = arrive(old)
    assert not booking.keep_personal
    assert booking.email is EmailState.NOT_DISCLOSED


def test_later_changes_do_not_prolong_what_delivery_began() -> None:
    """Amazon gives no time of delivery: the first sight of it counts."""
    _, stored = arrive(order("UNSHIPPED"), order("SHIPPED", updated_at=NOW, delivered_at=NOW))
    later = order("SHIPPED", updated_at=NOW + 9 * DAY, delivered_at=NOW + 9 * DAY)
    booking = book(later, stored, rules(), NOW + 9 * DAY)
    assert booking.delivered_at == NOW
    assert booking.kept_until == NOW + 30 * DAY


def test_what_a_person_recovered_stays_as_long_as_it_was_granted() -> None:
    gone = order("SHIPPED", delivered_at=NOW - 40 * DAY, updated_at=NOW - 40 * DAY)
    _, stored = arrive(gone)
    granted = msgspec.structs.replace(stored, kept_until=NOW + DAY)
    assert book(gone, granted, rules(), NOW).kept_until == NOW + DAY
    newer = msgspec.structs.replace(gone, updated_at=NOW)
    assert book(newer, granted, rules(), NOW).keep_personal
    assert not book(newer, granted, rules(), NOW + DAY).keep_personal


def test_older_promise_does_not_replace_a_newer_one() -> None:
    promised = order("SHIPPED", deliver_by=Window(latest=NOW + 5 * DAY))
    older = order("UNSHIPPED", updated_at=NOW - HOUR, deliver_by=Window(latest=NOW + DAY))
    assert arrive(promised, older)[0].kept_until == NOW + 35 * DAY


def test_delivery_ends_an_earlier_longer_promise() -> None:
    _, stored = arrive(order("UNSHIPPED"))
    promised = msgspec.structs.replace(stored, kept_until=NOW + 20 * DAY)
    delivered = order("SHIPPED", updated_at=NOW + HOUR, delivered_at=NOW - 31 * DAY)
    assert not book(delivered, promised, rules(), NOW).keep_personal


VERSIONS = st.lists(st.tuples(st.sampled_from(tuple(RANKS)), st.integers(0, 3)), min_size=1, max_size=6)


@settings(max_examples=50, deadline=None)
@given(VERSIONS, st.randoms(use_true_random=False), st.sampled_from(("MERCHANT", "AMAZON")))
def test_any_order_of_arrival_is_booked_alike(
    versions: list[tuple[str, int]], random: Random, by: str
) -> None:
    views = [order(status, updated_at=NOW + hours * HOUR, fulfilled_by=by) for status, hours in versions]
    shuffled = random.sample(views, len(views))
    straight, mixed = arrive(*views)[1], arrive(*shuffled)[1]
    assert (mixed.status, mixed.updated_at) == (straight.status, straight.updated_at)
    shipped = {OrderState.SHIPPED: OrderState.SHIPPED_ELSEWHERE}
    assert shipped.get(mixed.state, mixed.state) is shipped.get(straight.state, straight.state)


@settings(max_examples=50, deadline=None)
@given(VERSIONS, st.integers(0, 5))
def test_arriving_again_changes_nothing(versions: list[tuple[str, int]], which: int) -> None:
    views = [order(status, updated_at=NOW + hours * HOUR) for status, hours in versions]
    _, stored = arrive(*views)
    again = book(views[which % len(views)], stored, rules(), NOW + timedelta(minutes=1))
    assert again.merge is Merge.FILL
    assert (again.state, again.audit, again.rereads) == (stored.state, (), ())
