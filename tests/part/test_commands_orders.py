"""What people ask of orders: a search, a recovery, a rewind, the personal data of one (C0, C5, P1)."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from channeld.commands.accounts import add_account
from channeld.commands.asking import find_order
from channeld.commands.channels import add_channel, change_channel, remove_channel
from channeld.commands.order_search import request_search
from channeld.commands.orders import check_state, recover_order, reveal_order, rewind_orders
from channeld.errors import InvalidRequest
from channeld.store import accounts, searches
from channeld.store.searches import Search
from tests.support.book_shop import NEW_ACCOUNT, ORDER, Shop, damaged, open_shop
from tests.support.domain_orders import DAY, HOUR, NOW, order


async def add_na(shop: Shop) -> None:
    """Another account with a channel that is on."""
    new = msgspec.structs.replace(NEW_ACCOUNT, name="na", region="na")
    await shop.command(lambda u, a: add_account(u, a, new))
    await shop.command(lambda u, a: add_channel(u, a, "us", "na", "US"))
    await shop.set("us", enabled="on")


async def test_a_search_is_asked_for_only_where_something_is_on(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        refusal = await shop.refused(lambda u, a: request_search(u, a, None))
        assert refusal.code == "channel_disabled"
        await shop.open_channel(enabled="off")
        assert (await shop.refused(lambda u, a: request_search(u, a, "uk"))).code == "channel_disabled"
        await shop.open_channel("de", "DE")
        await shop.store.write(lambda unit: accounts.note_live_search(unit, shop.account_id, NOW))
        found = await shop.command(lambda u, a: request_search(u, a, None))
        assert [channel.name for channel in found] == ["de"]
        account = await shop.store.read(lambda c: accounts.get(c, shop.account_id))
        assert account is not None
        assert account.last_live_started_at is None, "it is due now"


@pytest.mark.parametrize("order_id", ["", "123", "026-1234567/1234567", "x" * 41, "026-12345é7-1234567"])
async def test_what_is_no_order_id_is_not_asked_of_amazon(order_id: str, tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        refusal = await shop.refused(lambda u, a: recover_order(u, a, order_id, None))
        assert [problem.key for problem in refusal.problems] == ["order_id"]


async def test_a_recovery_finds_the_channel_that_has_the_order(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.open_channel("de", "DE")
        await add_na(shop)
        await shop.apply(order())
        await shop.apply_carefully(damaged=[damaged("damaged-1")])
        found = await shop.command(lambda u, a: recover_order(u, a, ORDER, None))
        assert found.name == "uk"
        found = await shop.command(lambda u, a: recover_order(u, a, "damaged-1", None))
        assert found.name == "uk"
        refusal = await shop.refused(lambda u, a: recover_order(u, a, "unheard-of-1", None))
        assert refusal.code == "ambiguous_order"
        found = await shop.command(lambda u, a: recover_order(u, a, "unheard-of-1", "us"))
        assert found.name == "us"


async def test_a_recovery_needs_a_channel_that_is_on(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order())
        await shop.set(enabled="off")
        assert (await shop.refused(lambda u, a: recover_order(u, a, ORDER, None))).code == "channel_disabled"
        await shop.command(lambda u, a: remove_channel(u, a, "uk"))
        assert (await shop.refused(lambda u, a: recover_order(u, a, ORDER, None))).code == "channel_disabled"


async def test_a_rewind_is_told_before_it_is_done(tmp_path: Path) -> None:
    back = NOW - 2 * DAY
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel(order_look_back_days="0")
        search = Search(
            account_id=shop.account_id, kind="live", channel_ids=(uk.id,), query="[]", started_at=NOW
        )
        await shop.store.write(lambda unit: searches.save(unit, search))
        told = await shop.command(lambda u, a: rewind_orders(u, a, "uk", back, confirmed=False))
        assert (told.done, told.days) == (False, 2)
        assert (await shop.channel()).order_cursor == NOW
        await shop.command(lambda u, a: rewind_orders(u, a, "uk", back, confirmed=True))
        assert (await shop.channel()).order_cursor == back
        assert await shop.store.read(lambda c: searches.running(c, shop.account_id, "live")) is None
        assert "ann: Order cursor set back to 2026-11-20 09:00 UTC" in (await shop.texts())[-1]


@pytest.mark.parametrize("to", [NOW, NOW + HOUR, NOW - 31 * DAY, datetime(2026, 11, 21)])  # noqa: DTZ001 (as a client may send it)
async def test_a_cursor_goes_back_only_and_no_more_than_30_days(to: datetime, tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel(order_look_back_days="0")
        refusal = await shop.refused(lambda u, a: rewind_orders(u, a, "uk", to, confirmed=True))
        assert [problem.key for problem in refusal.problems] == ["to"]
        assert (await shop.channel()).order_cursor == NOW


async def test_a_channel_that_never_read_has_nothing_to_rewind(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel(enabled="off")
        refusal = await shop.refused(
            lambda u, a: rewind_orders(u, a, "uk", NOW - timedelta(hours=1), confirmed=True)
        )
        assert refusal.code == "nothing_read"


async def test_who_looks_at_personal_data_is_audited_each_time(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order(personal={"buyer.buyerName": "CANARY-NAME"}))
        for _ in range(2):
            _, found = await shop.command(lambda u, a: reveal_order(u, a, ORDER, None))
            assert found is not None
            assert found.fields == {"buyer.buyerName": "CANARY-NAME"}
            assert "CANARY" not in repr(found)
        assert (await shop.texts())[-2:] == ["ann: Personal data shown"] * 2


async def test_an_order_on_two_channels_must_be_named_with_its_channel(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk, de = await shop.open_channel(), await shop.open_channel("de", "DE")
        await shop.apply(order())
        await shop.apply(order(marketplace_id=de.marketplace_id, currency="EUR"))
        for name, code in ((None, "ambiguous_order"), ("fr", "unknown_channel")):
            with pytest.raises(InvalidRequest) as refused:
                await shop.store.read(lambda c, name=name: find_order(c, ORDER, name))
            assert refused.value.code == code
        found = await shop.store.read(lambda c: find_order(c, ORDER, "uk"))
        assert found.channel_id == uk.id


def test_a_state_that_does_not_exist_comes_with_the_nearest() -> None:
    check_state(None)
    check_state("open")
    with pytest.raises(InvalidRequest) as refused:
        check_state("canceled")
    assert [problem.nearest for problem in refused.value.problems] == ["cancelled"]


async def test_a_change_says_who(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.command(lambda u, a: change_channel(u, a, "uk", {"tax_rate": "20"}))
        assert {text.split(":")[0] for text in await shop.texts()} == {"ann"}
