"""What cannot be a price, what waits for a person, and what a change of settings does to it (G1)."""

from datetime import timedelta
from pathlib import Path

import pytest

from channel_protocol.prices import ListPrices, PriceWanted
from channeld.book.ledger.holding import adopt, take_up
from channeld.book.retention import forget_old
from tests.support.fake_clock import FakeClock
from tests.support.price_desk import MUG, POT, at_price_desk, price_market

CHANGE = "it changes by more than 50 %"


@pytest.mark.parametrize(
    ("row", "key", "says"),
    [
        (PriceWanted(sku=MUG, price="0"), "price", "must be a number above 0"),
        (PriceWanted(sku=MUG, price="-1"), "price", "must be a number above 0"),
        (PriceWanted(sku=MUG, price="1,99"), "price", "must be a number such as 19.99, with a point"),
        (PriceWanted(sku=MUG, price="NaN"), "price", "must be a number such as 19.99, with a point"),
        (PriceWanted(sku=MUG, price="9.999"), "price", "has more decimals than GBP allows, which is 2"),
        (PriceWanted(sku=MUG), "price", "is missing"),
        (
            PriceWanted(sku=MUG, price="9", currency="EUR"),
            "currency",
            "must be GBP, the currency of Amazon.co.uk; nothing is converted",
        ),
        (PriceWanted(sku=MUG, min_price="2", max_price="1"), "max_price", "must not be below the minimum"),
        (PriceWanted(sku=MUG, min_price="0"), "min_price", "must be a number above 0"),
        (PriceWanted(sku="..", price="1"), "sku", "cannot be named in a request to Amazon"),
        (
            PriceWanted(sku="NONE", price="1"),
            "sku",
            "is no listing of this channel that a download has brought",
        ),
    ],
)
async def test_what_cannot_be_is_refused_whole(
    tmp_path: Path, clock: FakeClock, row: PriceWanted, key: str, says: str
) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        good = PriceWanted(sku=POT, price="11")
        imported = await desk.save_all(row, mode="import")
        assert (key, says) in [(each.key, each.message) for each in imported[0].problems]
        refused = await desk.office.refused(desk.saving(good, row))
        assert (key, says) in [(each.key, each.message) for each in refused.problems]
        assert await desk.rows() == [], "nothing of it was done"


async def test_of_an_import_each_row_is_answered_and_a_second_time_changes_nothing(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        rows = [
            PriceWanted(sku=MUG, price="12"),
            PriceWanted(sku="NONE", price="12"),
            PriceWanted(sku=POT, price="99"),
        ]
        for first in (True, False):
            answers = await desk.save_all(*rows, mode="import")
            wanted = ["pending", "refused", "held"] if first else ["unchanged", "refused", "unchanged"]
            assert [each.outcome for each in answers] == wanted
        said = [text for text in await desk.shop.texts() if "GBP" in text]
        assert said == ["ann: 10.00 GBP → 12.00 GBP", f"ann: 10.00 GBP → 99.00 GBP, held: {CHANGE}"]


@pytest.mark.parametrize(
    ("price", "outcome"), [("15", "pending"), ("15.01", "held"), ("5", "pending"), ("4.99", "held")]
)
async def test_a_change_of_more_than_half_waits_for_approval(
    tmp_path: Path, clock: FakeClock, price: str, outcome: str
) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        saved = await desk.save(MUG, price)
        assert (saved.outcome, saved.note) == (outcome, CHANGE if outcome == "held" else "")
        await desk.pass_time(minutes=5)
        assert len(desk.told()) == (outcome == "pending")


async def test_a_price_that_somebody_changed_at_amazon_since_waits_for_approval(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        desk.market.listings.change(MUG, price=10_000)
        assert (await desk.save(MUG, "12")).outcome == "pending"
        await desk.pass_time(minutes=5)
        row = await desk.row()
        assert (row.state, row.listed, desk.told()) == ("Held", 10_000, [])
        assert row.holds == (f"{CHANGE} from 100.00 GBP, which Amazon shows now",)
        assert await desk.events() == ["saved", "held"]
        assert len(await desk.attention()) == 1
        assert await desk.approve(MUG, "12") == "pending"
        await desk.pass_time(minutes=5)
        assert (desk.told(), await desk.state()) == ([1200], "Success")


async def test_yen_have_no_decimals(tmp_path: Path, clock: FakeClock) -> None:
    market = price_market(clock, "JP")
    async with at_price_desk(tmp_path, clock, market, code="JP") as desk:
        (refused,) = await desk.save_all(PriceWanted(sku=MUG, price="1000.5"), mode="import")
        assert [each.key for each in refused.problems] == ["price"]
        assert (await desk.save(MUG, "1200.0")).after == 1200
        await desk.pass_time(minutes=5)
        assert (desk.told(), await desk.state()) == ([1200], "Success")


async def test_an_approval_is_for_that_very_price(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.save(MUG, "20")
        assert await desk.approve(MUG, "21") == "nothing"
        await desk.save(MUG, "22")
        assert await desk.approve(MUG, "20") == "nothing", "another one is held by now"
        assert await desk.approve(MUG, "22.00") == "pending"
        await desk.pass_time(minutes=5)
        assert (desk.told(), await desk.state()) == ([2200], "Success")
        assert (await desk.save(MUG, "10")).outcome == "held", "it was for once"
        assert await desk.drop() == "dropped"
        row = await desk.row()
        assert (row.state, row.saved, row.confirmed) == ("NoChange", None, 2200)
        assert await desk.push() == [], "what was dropped is not sent when all is pushed"
        assert await desk.drop() == await desk.approve(MUG, "10") == "nothing"
        codes = [code for code in await desk.shop.codes(None) if code.startswith("price.")]
        assert codes == ["price.saved", "price.saved", "price.approved", "price.saved", "price.dropped"]


async def test_bounds_hold_what_crosses_them(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        assert (await desk.save(MUG, "", min_price="9", max_price="11")).outcome == "saved"
        below, above = await desk.save(MUG, "8.99"), await desk.save(MUG, "11.01")
        assert (below.note, above.note) == ("it is below the minimum", "it is above the maximum")
        assert (await desk.save(MUG, "", max_price="12")).outcome == "pending", "judged by the new bounds"
        assert (await desk.save(MUG, "", max_price="11")).outcome == "held"
        assert (await desk.save(MUG, "", max_price="")).outcome == "pending"
        row = await desk.row()
        assert (row.min_price, row.max_price) == (900, None)
        assert "ann: minimum none → 9.00 GBP, maximum none → 11.00 GBP" in await desk.shop.texts()


async def test_without_a_price_of_before_it_waits_for_approval(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock, listed={MUG: None}) as desk:
        saved = await desk.save(MUG, "12")
        assert (saved.outcome, saved.note) == ("held", "there is no price of before to compare it with")


async def test_the_price_that_is_there_already_is_not_sent(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        assert (await desk.save(MUG, "10.00")).outcome == "pending"
        await desk.save(POT, "12")
        await desk.save(POT, "10")
        await desk.pass_time(minutes=5)
        assert (desk.told(), await desk.state(), await desk.state(POT)) == ([], "Success", "Success")
        assert (await desk.save(MUG, "10.00")).outcome == "unchanged"


async def test_a_report_does_not_stand_for_what_amazon_has_now(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        desk.market.listings.change(MUG, price=1400)
        assert (await desk.save(MUG, "10.00")).outcome == "pending"
        await desk.pass_time(minutes=30)
        assert (desk.price(), await desk.state()) == (1000, "Success")


async def test_an_approval_ends_when_it_is_dropped(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.save(MUG, "1.00")
        await desk.approve(MUG, "1.00")
        await desk.drop(MUG)
        assert (await desk.save(MUG, "1.00")).outcome == "held"
        await desk.pass_time(minutes=5)
        assert (desk.told(), desk.price()) == ([], 1000)


async def test_an_approval_ends_when_price_change_is_switched_off(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock, dry_run="on") as desk:
        await desk.save(MUG, "1.00")
        await desk.approve(MUG, "1.00")
        await desk.set(price_change="off")
        await desk.set(price_change="on", dry_run="off")
        await desk.push(MUG)
        await desk.pass_time(minutes=5)
        assert (desk.told(), await desk.state()) == ([], "Held")


async def test_an_approval_ends_with_the_bounds_that_it_was_given_for(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with at_price_desk(tmp_path, clock, dry_run="on") as desk:
        await desk.save(MUG, "30.00")
        await desk.approve(MUG, "30.00")
        assert (await desk.save(MUG, "", max_price="25.00")).outcome == "held"


async def test_it_is_sent_while_update_inventory_is_off_and_not_in_dry_run(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with at_price_desk(tmp_path, clock, dry_run="on") as desk:
        assert (await desk.save(MUG, "12")).note == "not sent in dry run"
        await desk.pass_time(minutes=5)
        row = await desk.row()
        assert (row.state, row.held_back, desk.requests()) == ("Pending", "dry run", [])
        change = await desk.shop.set(dry_run="off")
        assert change.warnings == ("Prices that wait are sent now: 1 price.",)
        await desk.pass_time(minutes=5)
        assert (await desk.state(), (await desk.row()).held_back) == ("Success", "")


async def test_another_installation_sends_nothing_until_it_has_taken_over(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.shop.store.write(lambda unit: adopt(unit, "another machine"))
        await desk.save(MUG, "12")
        await desk.pass_time(minutes=5)
        assert ((await desk.row()).held_back, desk.requests()) == ("another installation", [])
        await desk.shop.store.write(lambda unit: adopt(unit, desk.office.parts.instance))
        await desk.set(order_look_back_days="3")
        await desk.pass_time(minutes=5)
        assert await desk.state() == "Success"


async def test_off_drops_what_waits_and_on_sends_nothing_unless_asked(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.save(MUG, "12")
        await desk.save(POT, "99")
        await desk.set(price_change="off")
        assert [row.state for row in await desk.rows()] == ["NoChange", "NoChange"]
        saved = await desk.save(MUG, "13")
        assert (saved.outcome, saved.note) == ("saved", "Price Change was off")
        assert (await desk.office.refused(desk.pushing())).code == "price_change_off"
        await desk.set(price_change="on")
        await desk.pass_time(minutes=60)
        assert desk.requests() == []
        assert {row.sku for row in await desk.rows(only="unsent")} == {MUG, POT}
        assert await desk.push() == ["pending", "held"]
        await desk.pass_time(minutes=5)
        assert (desk.told(), desk.told(POT), await desk.state(POT)) == ([1300], [], "Held")


async def test_what_was_sent_is_read_back_after_it_is_off(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.save(MUG, "12")
        await desk.pass_time(seconds=6)
        await desk.set(price_change="off")
        await desk.save(MUG, "13")
        await desk.set(price_change="on")
        await desk.pass_time(minutes=30)
        row = await desk.row()
        assert (row.state, row.confirmed, row.saved, desk.told()) == ("NoChange", 1200, 1300, [1200])


async def test_off_while_the_answer_is_lost_sends_nothing_more(tmp_path: Path, clock: FakeClock) -> None:
    market = price_market(clock)
    market.faults.plan("reset", None, operation="patchListingsItem")
    async with at_price_desk(tmp_path, clock, market) as desk:
        await desk.save(MUG, "12")
        await desk.pass_time(minutes=3)
        assert await desk.state() == "Pending"
        await desk.set(price_change="off")
        market.faults.clear()
        await desk.pass_time(minutes=300)
        assert (await desk.state(), desk.told()) == ("NoChange", [])
        await desk.set(price_change="on")
        assert (await desk.save(MUG, "10")).outcome == "pending", "12.00 may have been applied after all"


async def test_a_list_comes_in_pages_and_unknown_things_are_named(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.save(MUG, "12")
        await desk.save(POT, "99")
        seen = [row.sku for row in await desk.rows(limit=1)]
        assert [*seen, *(row.sku for row in await desk.rows(limit=1, after=seen[0]))] == [MUG, POT]
        assert [row.sku for row in await desk.rows(only="held")] == [POT]
        assert (await desk.office.refused(ListPrices(channel="uj"))).code == "unknown_channel"
        assert (await desk.office.refused(desk.showing("NONE"))).code == "unknown_listing"


async def test_status_says_what_waits_for_a_person(tmp_path: Path, clock: FakeClock) -> None:
    market = price_market(clock)
    market.faults.plan("write_invalid", sku=MUG)
    async with at_price_desk(tmp_path, clock, market) as desk:
        await desk.save(MUG, "12")
        await desk.save(POT, "99")
        await desk.pass_time(minutes=1)
        assert await desk.attention() == [
            "uk has 1 price to be approved. `channelctl price list uk --only held` says why.",
            "uk has 1 price that Amazon does not take. `channelctl price list uk --only error` says why.",
        ]


async def test_watchers_are_told_how_many_prices_wait_and_for_what(tmp_path: Path, clock: FakeClock) -> None:
    market = price_market(clock)
    market.faults.plan("write_invalid", sku=MUG)
    async with at_price_desk(tmp_path, clock, market) as desk:

        async def counts() -> tuple[int, int, int]:
            row = (await desk.office.snapshot("price_sync"))["uk"]
            return row.held, row.failing, row.waiting

        assert await counts() == (0, 0, 0)
        desk.heard.clear()
        await desk.save(MUG, "12")
        await desk.save(POT, "99")
        assert (await counts(), desk.heard) == ((1, 0, 1), {1})
        desk.heard.clear()
        await desk.pass_time(minutes=1)
        assert (await counts(), desk.heard) == ((1, 1, 0), {1})
        desk.heard.clear()
        await desk.set(price_change="off")
        assert (await counts(), desk.heard) == ((0, 1, 0), {1}), "nothing waits any more"


async def test_a_removed_channel_sends_nothing_and_comes_back_so(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.shop.store.write(lambda unit: take_up(unit, desk.office.parts.instance))
        await desk.save(MUG, "12")
        await desk.remove_channel()
        await desk.pass_time(minutes=10)
        assert desk.requests() == []
        await desk.shop.open_channel("uk", "UK", price_change="on")
        await desk.pass_time(minutes=10)
        assert (desk.requests(), await desk.state()) == ([], "NoChange")


async def test_what_happened_is_kept_for_ninety_days(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock, dry_run="on") as desk:
        await desk.save(MUG, "12")
        for days, kept in ((89, ["saved"]), (2, [])):
            clock.jump(timedelta(days=days).total_seconds())
            await desk.shop.store.write(lambda unit: forget_old(unit, desk.shop.now))
            assert await desk.events() == kept
        assert (await desk.row()).saved == 1200
