"""What a processing report does to the work that its feed carried (semantics C1, C2, C3)."""

from datetime import timedelta

import pytest

from channeld.book.ledger import moves
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.feed_results import Result
from channeld.domain.ledger.effects import Effect
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from tests.support.domain_orders import MINUTE, NOW, order
from tests.support.ledger_shop import LedgerShop, cancel, parcel, refund

OK = Result(outcome="ok")
REFUSED = Result(outcome="error", code="18028", text="The data is wrong")
PASSING = Result(outcome="error", code="5000", text="The document is wrong", passing=True)
DOUBT = Result(outcome="unknown", code="report_contradicts")


async def test_each_message_is_judged_by_its_own_result(house: LedgerShop) -> None:
    rows = await house.queue(*(parcel(tracking="") for _ in range(4)), route=Route.FEED)
    feed = await house.submit(rows)
    results = {2: REFUSED, 3: Result(outcome="warning", code="1"), 4: DOUBT}
    await house.end(feed, results, OK)
    states = [(await house.row(row.id)).state for row in rows]
    assert states == [State.CONFIRMED, State.NEEDS_ATTENTION, State.CONFIRMED, State.UNKNOWN]
    assert (await house.feed(feed.id)).state == "done"


@pytest.mark.parametrize(
    ("effect", "result", "state"),
    [
        (cancel(), OK, State.SUBMITTED),  # only a read of the order confirms it
        (cancel(), REFUSED, State.NEEDS_ATTENTION),
        (cancel(), PASSING, State.QUEUED),
        (cancel(), DOUBT, State.UNKNOWN),
        (refund(), OK, State.SUBMITTED),  # only a transaction confirms it
        (refund(), REFUSED, State.QUEUED),  # five attempts
        (refund(), DOUBT, State.UNKNOWN),
        (parcel(tracking=""), PASSING, State.QUEUED),
    ],
    ids=lambda each: str(getattr(each, "outcome", each))[:30],
)
async def test_what_a_result_proves_depends_on_the_kind(
    house: LedgerShop, effect: Effect, result: Result, state: State
) -> None:
    (row,) = await house.queue(effect, route=Route.FEED)
    await house.end(await house.submit([row]), {1: result}, DOUBT)
    assert (await house.row(row.id)).state is state


async def test_a_success_of_a_feed_that_was_only_found_is_no_proof_yet(house: LedgerShop) -> None:
    (row,) = await house.queue(parcel(tracking=""), route=Route.FEED)
    await house.end(await house.submit([row], adopted=True), {}, OK)
    found = await house.row(row.id)
    assert found.state is State.SUBMITTED
    assert found.look_at is not None, "the order is read instead"


async def test_what_is_in_doubt_and_not_repeatable_waits_for_its_effect(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    await house.end(await house.submit([row]), {}, DOUBT)
    found = await house.row(row.id)
    assert (found.attempts, found.next_at) == (0, row.next_at), "no attempt, no next one planned"
    assert found.look_at == house.shop.now + timedelta(minutes=15)
    assert "refund.in_doubt" in await house.shop.codes()


async def test_a_tracked_parcel_in_doubt_goes_by_a_request_of_its_own(house: LedgerShop) -> None:
    (row,) = await house.queue(parcel(tracking="AB1"), route=Route.BULK)
    await house.end(await house.submit([row]), {}, DOUBT)
    found = await house.row(row.id)
    assert (found.state, found.route, found.feed_pk) == (State.UNKNOWN, "call", None)


async def test_a_feed_that_moves_late_still_counts_for_what_was_not_sent_otherwise(house: LedgerShop) -> None:
    (row,) = await house.queue(parcel(tracking=""), route=Route.FEED)
    feed = await house.submit([row])
    not_seen = Failure(code="not_seen", reason="Amazon does not show it")
    await house.move(row.id, lambda unit, now: moves.failed(unit, now, house.stamp, not_seen))
    await house.end(feed, {}, OK)
    assert (await house.row(row.id)).state is State.CONFIRMED


async def test_what_was_settled_meanwhile_is_left_alone(house: LedgerShop) -> None:
    (row,) = await house.queue(cancel(), route=Route.FEED)
    feed = await house.submit([row])
    await house.move(row.id, lambda unit, now: moves.confirmed(unit, now, house.stamp))
    await house.end(feed, {1: REFUSED}, OK)
    assert (await house.row(row.id)).state is State.CONFIRMED


async def test_amazon_s_words_are_shown_without_the_buyer_s(house: LedgerShop) -> None:
    later = NOW + MINUTE
    await house.shop.apply(
        order(personal={"recipient.deliveryAddress.name": "Ada Lovelace"}, updated_at=later)
    )
    (row,) = await house.queue(parcel(tracking=""), route=Route.FEED)
    text = Result(outcome="error", code="18028", text="No parcel for ADA LOVELACE in London")
    await house.end(await house.submit([row]), {1: text}, OK)
    told = (await house.row(row.id)).reason
    assert "Lovelace" not in told.title()
    assert "London" in told
