"""Which way parcels go, and for how long a feed waits for more (design, section 5)."""

from datetime import timedelta

from channeld.amazon.assumptions import ORDER_FEED_MESSAGES, ORDER_FEED_PAUSE
from channeld.book.ledger.feed_queue import Lane, gathering, look_at_lane
from channeld.book.ledger.feed_results import Result
from channeld.book.ledger.routes import choose_route
from channeld.domain.ledger.kinds import DESPATCH, REFUND, Kind
from channeld.domain.ledger.route import Route
from channeld.store import halts
from channeld.store.halts import Halt
from tests.support.ledger_shop import LedgerShop, parcel, refund

MACHINE = "this one"
OK = Result(outcome="ok")
MANY, FEW = 400, 10


async def lane(house: LedgerShop, kind: Kind = DESPATCH) -> Lane:
    """As it stands now."""
    account, now = house.shop.account_id, house.shop.now
    return await house.shop.store.read(lambda c: look_at_lane(c, account, kind, MACHINE, now))


async def chosen(house: LedgerShop, seconds_each: float = 0.5) -> str:
    """The way for what is queued, where so many requests a second are granted."""
    shop = house.shop
    channel = (await shop.channel()).id
    return await shop.store.write(
        lambda unit: choose_route(
            unit, shop.account_id, channel, lambda count: count * seconds_each, house.stamp
        )
    )


async def test_a_single_piece_of_work_waits_for_company(house: LedgerShop) -> None:
    await house.queue(parcel(), route=Route.FEED)
    assert (await lane(house)).free_at == house.shop.now + timedelta(seconds=30)
    await house.pass_time(seconds=20)
    await house.queue(parcel(), route=Route.FEED)
    await house.pass_time(seconds=10)
    assert len((await lane(house)).waiting) == 2


async def test_a_burst_leaves_soon_after_the_last_of_it_has_come(house: LedgerShop) -> None:
    await house.queue(*(parcel() for _ in range(200)), route=Route.FEED)
    await house.pass_time(seconds=4)
    await house.queue(parcel(), route=Route.FEED)
    assert (await lane(house)).free_at == house.shop.now + timedelta(seconds=5)
    await house.pass_time(seconds=5)
    assert len((await lane(house)).waiting) == 201


async def test_what_is_checked_before_each_try_waits_for_company_from_then_on(house: LedgerShop) -> None:
    """After a long feed refunds are checked again, one by one: the first of them does not go alone."""
    asked = house.shop.now
    await house.pass_time(hours=1)
    checked = house.shop.now
    for _ in range(3):
        await house.queue(refund(), route=Route.FEED, next_at=asked, admitted_at=house.shop.now)
        assert (await lane(house, REFUND)).free_at == checked + timedelta(seconds=30)
        await house.pass_time(seconds=10)
    assert len((await lane(house, REFUND)).waiting) == 3


def test_a_full_feed_waits_for_nothing() -> None:
    assert gathering(ORDER_FEED_MESSAGES) == timedelta()
    assert gathering(ORDER_FEED_MESSAGES - 1) > timedelta()


async def test_few_go_by_requests_and_many_by_a_feed(house: LedgerShop) -> None:
    await house.queue(*(parcel() for _ in range(FEW)))
    assert await chosen(house) == "call"
    await house.queue(*(parcel() for _ in range(MANY)))
    assert await chosen(house) == "bulk"
    assert await chosen(house, seconds_each=0.01) == "call", "when requests are faster after all"


async def test_a_lane_that_must_wait_is_weighed_against_requests(house: LedgerShop) -> None:
    """Requests for all of them take 200 seconds."""
    (single,) = await house.queue(parcel(tracking=""), route=Route.FEED)
    feed = await house.submit([single])
    await house.queue(*(parcel() for _ in range(MANY)))
    assert await chosen(house) == "call", "the lane is taken"
    await house.end(feed, {}, OK)
    assert await chosen(house) == "call", "the next feed has to wait for twenty minutes"
    await house.pass_time(seconds=(ORDER_FEED_PAUSE - timedelta(minutes=1)).total_seconds())
    assert await chosen(house) == "bulk"


async def test_a_lane_that_waits_for_a_person_holds_up_no_parcel_that_can_go_otherwise(
    house: LedgerShop,
) -> None:
    await house.queue(*(parcel() for _ in range(MANY)))
    assert await chosen(house) == "bulk"
    now = house.shop.now
    halt = Halt(actor="eu/feed_lane_despatch", reason="no role", hint="add it", by="channeld", since=now)
    await house.shop.store.write(lambda unit: halts.put(unit, halt))
    assert await chosen(house) == "call"
