"""Single orders read by their id, and personal data that goes when its time is over (C0, P1)."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from channel_protocol.audit import AuditRow
from channel_protocol.errors import RequestRefused
from channel_protocol.orders import OrderPersonal, OrderRecovered, RecoverOrder, RevealOrder
from channeld.sandbox import Market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import START, FakeClock

DAY = timedelta(days=1)


async def recover(daemon: Daemon, order_id: str, channel: str | None = None) -> OrderRecovered:
    request = RecoverOrder(command_id=new_id(), order_id=order_id, channel=channel, wait=30)
    return await daemon.patiently(request, OrderRecovered)


async def reveal(daemon: Daemon, order_id: str) -> OrderPersonal:
    return await daemon.ask(RevealOrder(command_id=new_id(), order_id=order_id), OrderPersonal)


async def test_recovering_an_order_that_was_never_seen_stores_it(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = market.place_order(at=START - 20 * DAY).order_id
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        assert await daemon.orders() == {}
        answer = await recover(daemon, order_id)
        assert (answer.complete, answer.outcome) == (True, "inserted")
        assert answer.row is not None
        assert answer.row.order_id == order_id
        assert {"order.recover", "order.stored"} <= set(await daemon.codes(order_id))


async def test_recovering_a_stored_order_applies_what_a_search_missed(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = market.place_order(status="PENDING", at=START - timedelta(hours=1)).order_id
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        market.change(order_id, "CANCELLED", silent=True)
        await daemon.pass_time(seconds=5)
        assert (await recover(daemon, order_id)).outcome == "changed"
        assert (await daemon.orders())[order_id].state == "cancelled"


async def test_an_order_that_amazon_does_not_know_is_said_to_be_unknown(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        with pytest.raises(RequestRefused) as refused:
            await recover(daemon, "204-9999999-9999999")
        assert refused.value.code == "order_not_found"
        with pytest.raises(RequestRefused) as refused:
            await recover(daemon, "the order of Mrs Smith")
        assert refused.value.code == "invalid"


async def test_an_order_that_amazon_refuses_to_read_is_told_with_amazons_code(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    def refuse(request: httpx.Request, _: httpx.Response) -> httpx.Response | None:
        if not request.url.path.endswith("/204-9999999-9999999"):
            return None
        return httpx.Response(400, json={"errors": [{"code": "InvalidInput", "message": "CANARY"}]})

    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        daemon.wire.rewrite = refuse
        with pytest.raises(RequestRefused) as refused:
            await recover(daemon, "204-9999999-9999999")
        assert refused.value.code == "order_refused"
        assert "InvalidInput" in refused.value.message
        assert "uk" in refused.value.hint
        assert "CANARY" not in str(refused.value)


async def test_an_unknown_order_of_several_accounts_needs_its_channel(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = market.place_order("A2SANDBOXNA", country="US", at=START - 20 * DAY).order_id
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await daemon.add_account("na", "A2SANDBOXNA")
        await daemon.add_channel("us", "US", account="na")
        with pytest.raises(RequestRefused) as refused:
            await recover(daemon, order_id)
        assert refused.value.code == "ambiguous_order"
        assert (await recover(daemon, order_id, "us")).outcome == "inserted"


async def test_personal_data_is_removed_on_its_day_and_the_audit_says_so(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order = market.place_order(status="SHIPPED", at=START - timedelta(hours=20))
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        assert order.buyer.name in (await reveal(daemon, order.order_id)).fields.values()
        promised = (await daemon.orders())[order.order_id].deliver_by
        assert promised is not None
    clock.jump((promised + 30 * DAY - clock.now()).total_seconds() - 15 * 60)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(minutes=1)
        assert (await reveal(daemon, order.order_id)).fields, "a quarter of an hour too early"
        await daemon.pass_time(minutes=30)
        gone = await reveal(daemon, order.order_id)
        assert (gone.fields, gone.removed_at is not None) == ({}, True)
        removed: list[AuditRow] = [
            entry for entry in await daemon.audit(order.order_id) if entry.code == "order.personal_removed"
        ]
        assert len(removed) == 1
        assert (await daemon.orders())[order.order_id].total is not None, "the order itself stays"


async def test_a_person_can_recover_removed_data_for_a_day(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order = market.place_order(status="SHIPPED", at=START - timedelta(hours=20))
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
    clock.jump((60 * DAY).total_seconds())
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(seconds=1)
        assert (await reveal(daemon, order.order_id)).fields == {}
        await recover(daemon, order.order_id)
        assert order.buyer.name in (await reveal(daemon, order.order_id)).fields.values()
    clock.jump((DAY + timedelta(minutes=1)).total_seconds())
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(seconds=1)
        assert (await reveal(daemon, order.order_id)).fields == {}


async def test_orders_that_are_past_their_time_when_they_come_are_stored_without(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    old = market.place_order(at=START - 80 * DAY)
    market.record(old, delay=0)
    shipped = market.change(old.order_id, "SHIPPED", silent=True)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        market.edit(shipped.order_id, service_level="EXPEDITED")
        await daemon.pass_time(minutes=6)
        assert (await daemon.orders())[old.order_id].state == "shipped elsewhere"
        assert (await reveal(daemon, old.order_id)).fields == {}


async def test_looking_at_personal_data_is_audited_every_time(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = market.place_order(at=START - timedelta(hours=1)).order_id
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await reveal(daemon, order_id)
        await reveal(daemon, order_id)
        shown = [entry for entry in await daemon.audit(order_id) if entry.code == "order.revealed"]
        assert len(shown) == 2
        assert all(entry.by not in ("", "channeld") for entry in shown)
