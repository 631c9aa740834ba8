"""Who waits for a search of orders is answered when it is complete, or told what it waits for."""

from pathlib import Path

import anyio

from channel_protocol.orders import OrdersSynced, SyncOrders
from channeld.store import accounts, channels
from tests.support.book_office import open_office
from tests.support.domain_orders import NOW


async def test_who_waits_for_a_search_is_answered_when_it_is_complete(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        uk = await office.shop.open_channel()
        office.add_actor("eu/order_download")
        answers: list[OrdersSynced] = []

        async def ask() -> None:
            answers.append(await office.ask(SyncOrders(command_id="command-1", wait=60), OrdersSynced))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask)
            await office.shop.clock.advance(1)
            assert office.parts.board.is_wanted([uk.id])
            office.parts.board.applied([uk.id], 3)
            office.parts.board.complete([uk.id], NOW)
        assert [(each.complete, each.applied) for each in answers] == [(True, 3)]


async def test_a_search_that_takes_longer_says_what_it_waits_for(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        office.add_actor("eu/order_download")
        codes: list[str] = []

        async def ask() -> None:
            refusal = await office.refused(SyncOrders(command_id="command-1", wait=5))
            codes.append(f"{refusal.code}: {refusal.message}")

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask)
            await office.shop.clock.advance(6)
        (told,) = codes
        assert told.startswith("still_waiting: ")
        assert "eu/order_download waits for the next order search" in told


async def test_a_halted_account_does_not_hold_up_the_search_of_others(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        office.add_actor("eu/order_download")
        await office.shop.clock.settle()
        await office.supervisor.halt("eu/order_download", "lunch")
        refusal = await office.refused(SyncOrders(command_id="command-1"))
        assert refusal.code == "actor_halted"
        na = await office.shop.store.write(
            lambda unit: accounts.add(
                unit,
                accounts.Account(name="na", region="na", seller_id="A1", client_id="c", created_at=NOW),
            )
        )
        us = channels.Channel(
            account_id=na.id,
            name="us",
            marketplace_id="ATVPDKIKX0DER",
            created_at=NOW,
            settings={"enabled": "on"},
            enabled=True,
        )
        await office.shop.store.write(lambda unit: channels.add(unit, us))
        await office.ask(SyncOrders(command_id="command-1"), OrdersSynced)
