"""Saved prices reach Amazon when they have come to rest, and are confirmed by what it shows (G1)."""

from pathlib import Path

import httpx
import pytest

from channel_protocol.prices import PriceWanted
from tests.support.fake_clock import FakeClock
from tests.support.price_desk import MUG, POT, SELLER, at_price_desk, price_market
from tests.support.sandbox_listings import amounts


async def test_a_saved_price_is_sent_and_confirmed_by_a_read(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        saved = await desk.save(MUG, "12.50")
        assert (saved.outcome, saved.before, saved.after) == ("pending", 1000, 1250)
        await desk.pass_time(seconds=4)
        assert desk.requests() == []
        await desk.pass_time(seconds=2)
        assert (await desk.state(), desk.told()) == ("SentNotConfirmed", [1250])
        assert desk.requests() == ["GET", "PATCH"], "it is read just before"
        await desk.pass_time(minutes=3)
        row = await desk.row()
        assert (row.state, row.confirmed, row.listed, row.reported) == ("Success", 1250, 1250, 1000)
        assert desk.price() == 1250
        assert await desk.events() == ["saved", "sent", "accepted", "confirmed"]
        await desk.pass_time(minutes=600)
        assert desk.requests() == ["GET", "PATCH", "GET"], "and nothing more"


async def test_the_newest_wins_within_five_seconds(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        for price in ("11.00", "11.50", "12.00"):
            await desk.save(MUG, price)
            await desk.pass_time(seconds=4)
        assert desk.told() == []
        await desk.pass_time(seconds=2)
        assert desk.told() == [1200]


async def test_one_that_is_saved_while_another_is_sent_goes_next(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.save(MUG, "12.00")
        await desk.pass_time(seconds=6)
        assert (await desk.save(MUG, "13.00")).outcome == "pending"
        await desk.pass_time(minutes=20)
        assert (desk.told(), desk.price()) == ([1200, 1300], 1300)
        row = await desk.row()
        assert (row.state, row.confirmed) == ("Success", 1300)


async def test_it_is_not_confirmed_while_an_older_one_may_still_be_applied(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = price_market(clock)
    market.faults.plan("late_effect", detail="600", operation="patchListingsItem")
    async with at_price_desk(tmp_path, clock, market) as desk:
        await desk.save(MUG, "12.00")
        await desk.pass_time(seconds=6)
        await desk.save(MUG, "13.00")
        await desk.pass_time(minutes=5)
        assert (await desk.state(), desk.price()) == ("SentNotConfirmed", 1300)
        await desk.pass_time(minutes=60)
        row = await desk.row()
        assert (row.state, row.confirmed, desk.price()) == ("Success", 1300, 1300)
        assert desk.told() == [1200, 1300, 1300], "the older one came late, and was set right"


async def test_sale_price_business_price_and_limits_stay(tmp_path: Path, clock: FakeClock) -> None:
    market = price_market(clock)
    sale = amounts(7.5, start_at="2026-11-27T00:00:00Z", end_at="2026-12-01T00:00:00Z")
    terms = {"discounted_price": sale, "minimum_seller_allowed_price": amounts(5.0)}
    market.listings.change(MUG, terms=terms, business_price=801)
    async with at_price_desk(tmp_path, clock, market) as desk:
        await desk.save(MUG, "12.00")
        await desk.pass_time(minutes=3)
        assert await desk.state() == "Success"
    listing = market.listings.get(MUG)
    assert (listing.price, listing.terms, listing.business_price) == (1200, terms, 801)
    told = market.truth.told[SELLER, MUG][-1]
    assert (told.price, told.business_price) == (1200, 801)


async def test_what_amazon_fulfils_is_priced_too_and_its_stock_is_left_alone(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = price_market(clock)
    market.listings.change(MUG, amazon=True, quantity=None)
    async with at_price_desk(tmp_path, clock, market) as desk:
        await desk.save(MUG, "12.00")
        await desk.pass_time(minutes=3)
        assert (await desk.state(), desk.price()) == ("Success", 1200)
        assert market.truth.told[SELLER, MUG][0].quantity is None


async def test_many_go_in_searches_of_twenty(tmp_path: Path, clock: FakeClock) -> None:
    market = price_market(clock)
    skus = [f"S-{number:02}" for number in range(45)]
    for sku in skus:
        market.listings.add(sku, price=1000, quantity=1, title=sku)
    async with at_price_desk(tmp_path, clock, market, listed=dict.fromkeys(skus, 1000)) as desk:
        await desk.save_all(*(PriceWanted(sku=sku, price="11") for sku in skus))
        await desk.pass_time(minutes=5)
        assert {row.state for row in await desk.rows()} == {"Success"}
        assert desk.requests().count("PATCH") == 45
        assert desk.requests().count("GET") <= 3 + 4
        assert not market.truth.over_budget


@pytest.mark.parametrize(
    ("fault", "events"),
    [
        ("reset_after", ["saved", "sent", "lost", "sent", "accepted", "confirmed"]),
        ("error_500_after", ["saved", "sent", "lost", "sent", "accepted", "confirmed"]),
        ("reset", ["saved", "sent", "lost", "sent", "accepted", "confirmed"]),
        ("no_effect", ["saved", "sent", "accepted", "shown", "sent", "accepted", "confirmed"]),
        ("throttle_burst", ["saved", "sent", "accepted", "confirmed"]),
    ],
)
async def test_it_arrives_whatever_becomes_of_an_answer(
    tmp_path: Path, clock: FakeClock, fault: str, events: list[str]
) -> None:
    market = price_market(clock)
    where = {"sku": MUG} if fault == "no_effect" else {"operation": "patchListingsItem"}
    market.faults.plan(fault, 1, **where)
    async with at_price_desk(tmp_path, clock, market) as desk:
        await desk.save(MUG, "12.00")
        await desk.pass_time(minutes=45)
        assert (await desk.state(), desk.price()) == ("Success", 1200)
        assert await desk.events() == events


async def test_what_amazon_refuses_waits_for_another_price_or_a_person(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = price_market(clock)
    market.faults.plan("write_invalid", sku=MUG)
    async with at_price_desk(tmp_path, clock, market) as desk:
        await desk.save(MUG, "12.00")
        await desk.save(POT, "12.00")
        await desk.pass_time(minutes=600)
        row = await desk.row()
        assert (row.state, row.reason != "") == ("Error", True)
        assert (desk.told(), await desk.state(POT)) == ([], "Success"), "it holds up nothing else"
        assert [each.sku for each in await desk.rows(only="error")] == [MUG]
        assert (await desk.save(MUG, "12.00")).outcome == "pending", "the same price tries once more"
        await desk.pass_time(minutes=3)
        assert (await desk.state(), await desk.rows(only="error")) == ("Success", [])


async def test_a_listing_that_amazon_does_not_know_is_an_error_with_its_reason(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with at_price_desk(tmp_path, clock, listed={"GONE": 1000, "A,B": 1000}) as desk:
        await desk.save("GONE", "12.00")
        await desk.save("A,B", "12.00")
        await desk.pass_time(minutes=1)
        for sku in ("GONE", "A,B"):
            row = await desk.row(sku)
            assert (row.state, row.reason) == ("Error", "Amazon does not know the listing")
        assert "PATCH" not in desk.requests()


async def test_a_price_that_somebody_changes_at_amazon_later_is_theirs(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.save(MUG, "12.00")
        await desk.pass_time(minutes=3)
        desk.market.listings.change(MUG, price=1400)
        await desk.pass_time(minutes=600)
        assert (desk.told(), await desk.state()) == ([1200], "Success")
        assert (await desk.save(MUG, "12.00")).outcome == "unchanged"
        assert await desk.push(MUG) == ["pending"]
        await desk.pass_time(minutes=3)
        assert (desk.price(), await desk.state()) == (1200, "Success")


async def test_a_missing_role_halts_the_actor_and_loses_nothing(tmp_path: Path, clock: FakeClock) -> None:
    def deny(request: httpx.Request, answer: httpx.Response) -> httpx.Response | None:
        error = {"errors": [{"code": "Unauthorized", "message": "no"}]}
        return httpx.Response(403, json=error) if request.method == "PATCH" else None

    async with at_price_desk(tmp_path, clock) as desk:
        desk.wire.rewrite = deny
        await desk.save_all(*(PriceWanted(sku=sku, price="12") for sku in (MUG, POT)))
        await desk.pass_time(minutes=30)
        assert desk.actor.state == "halted" and desk.actor.hint
        assert [await desk.state(sku) for sku in (MUG, POT)] == ["Pending", "Pending"]
        desk.wire.rewrite = None
        desk.resume()
        await desk.pass_time(minutes=5)
        assert [await desk.state(sku) for sku in (MUG, POT)] == ["Success", "Success"]


async def test_an_offer_is_read_anew_when_its_turn_comes_late(tmp_path: Path, clock: FakeClock) -> None:
    market = price_market(clock, rates={"patchListingsItem": 0.05})
    skus = [f"S-{number:02}" for number in range(12)]
    for sku in skus:
        market.listings.add(sku, price=1000, quantity=1, title=sku)
    async with at_price_desk(tmp_path, clock, market, listed=dict.fromkeys(skus, 1000)) as desk:
        await desk.save_all(*(PriceWanted(sku=sku, price="11") for sku in skus))
        await desk.pass_time(seconds=20)
        late = [sku for sku in skus if desk.told(sku) == []]
        for sku in late:
            market.listings.change(sku, business_price=700)
        await desk.pass_time(minutes=30)
        assert {row.state for row in await desk.rows()} == {"Success"}
        kept = [market.listings.get(sku).business_price for sku in late[-3:]]
        assert kept == [700] * 3, "what changed at Amazon meanwhile is not undone"
