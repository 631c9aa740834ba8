"""The actor that computes stock: it runs where stock is sent, and is woken by what changes it."""

from pathlib import Path

import anyio
import structlog

from channeld.concerns.stock import Stock
from channeld.runtime.actor import ActorContext
from channeld.runtime.mailbox import Mailbox
from channeld.tree import plan
from channeld.tree_branches import read_branches
from tests.part.test_tree import kit
from tests.support.offer_desk import OfferDesk, at_offer_desk


async def planned(desk: OfferDesk) -> set[str]:
    """Concerns of stock that have an actor."""
    branches = await desk.shop.store.read(read_branches)
    actors = plan(branches, kit(desk.shop.store, desk.shop.clock))
    return {each.spec.concern for each in actors if each.spec.concern.startswith("stock")}


async def quantity(desk: OfferDesk) -> int | None:
    value = (await desk.row()).desired.computed
    return value.quantity if value else None


async def test_it_runs_while_an_account_sends_stock_or_has_to_stop_it(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path, update_inventory="off") as desk:
        assert "stock" not in await planned(desk)
        desk.changes.clear()
        await desk.shop.set(update_inventory="on")
        assert "stock" in await planned(desk)
        assert ("account", desk.shop.account_id) in desk.changes["settings"]
        await desk.shop.set(update_inventory="off")
        assert "stock" in await planned(desk), "what is stored is to be taken back first"
        await desk.settle()
        assert "stock" not in await planned(desk)


async def test_it_computes_what_changes_and_tells_of_a_sweep_once(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        shop, mailbox, waits = desk.shop, Mailbox("eu/stock"), list[str]()
        context = ActorContext(
            "eu/stock", shop.clock, mailbox, on_wait=lambda what, _until: waits.append(what)
        )
        await desk.sell("MUG", 10)
        with structlog.testing.capture_logs() as logs:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(Stock(kit(shop.store, shop.clock), shop.account_id).run, context)
                await shop.clock.advance(1)
                assert await quantity(desk) == 10
                assert waits[-1] == "a change of stock"
                desk.changes.clear()
                await desk.count("MUG", 4)
                assert desk.changes["stock_stale"] == {shop.account_id}
                mailbox.wake()
                await shop.clock.advance(1)
                assert await quantity(desk) == 4
                tasks.cancel_scope.cancel()
        assert [(each["actor"], each["skus"]) for each in logs] == [("eu/stock", 1)]
