"""After any changes the stored values of seller SKUs are those of a computation from scratch."""

from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Literal

import anyio
import anyio.from_thread
import anyio.to_thread
import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.offer_desk import SENDING, OfferDesk, at_offer_desk, sale

SKUS = ("MUG", "LID", "BOX", "SET")
What = Literal["count", "order", "cancelled", "limit", "sync", "setting", "link", "parts", "settle", "list"]


class Step(msgspec.Struct, frozen=True):
    what: What
    sku: Literal["MUG", "LID", "BOX", "SET"]
    units: int
    channel: Literal["uk", "de"]


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(
            ("count", "order", "cancelled", "limit", "sync", "setting", "link", "parts", "settle", "list")
        ),
        st.sampled_from(SKUS),
        st.integers(0, 9),
        st.sampled_from(("uk", "de")),
    ),
    max_size=10,
)
PLACES = "Default", "Shop"
SETTINGS = (
    {"max_listed": "4"},
    {"max_listed": ""},
    {"end_when": "2"},
    {"end_when": "0", "stock_percentage": "50"},
    {"stock_percentage": "", "dry_run": "on"},
    {"dry_run": "off"},
    {"update_inventory": "off"},
    {"update_inventory": "on", "inventory_locations": ""},
    {"inventory_locations": "Default, Shop", "enabled": "off"},
    {"enabled": "on", "update_inventory": "on", "default_latency": "3"},
)


class Walk:
    """Items of its own, in a shop that others before it have used."""

    def __init__(self, desk: OfferDesk, number: int) -> None:
        self.desk = desk
        self.names = {sku: f"{sku}-{number}" for sku in SKUS}
        self._orders = number * 1000
        self._open: dict[str, int] = {}

    async def begin(self) -> None:
        names = self.names
        await self.desk.item(names["MUG"])
        await self.desk.item(names["LID"])
        await self.desk.item(names["BOX"], {names["MUG"]: 2, names["LID"]: 1})
        await self.desk.item(names["SET"], {names["BOX"]: 1, names["MUG"]: 1})
        for sku in names.values():
            await self.desk.list(sku)
        await self.desk.count(names["MUG"], 30)
        await self.desk.count(names["LID"], 9)

    async def take(self, step: Step) -> None:
        desk, sku = self.desk, self.names[step.sku]
        takes: dict[str, Callable[[], Awaitable[object]]] = {
            "count": lambda: desk.count(
                self.names["MUG"], step.units, "Shop" if step.units % 2 else "Default"
            ),
            "order": lambda: self._order(step),
            "cancelled": lambda: self._cancelled(step),
            "limit": lambda: desk.limit(sku, max_listed=step.units + 1),
            "sync": lambda: desk.limit(sku, ignore_sync=step.units % 2 == 0),
            "setting": lambda: desk.shop.set(step.channel, **SETTINGS[step.units]),
            "link": lambda: desk.link(sku, self.names["LID"] if step.units % 2 else None),
            "parts": lambda: desk.item(self.names["BOX"], {self.names["LID"]: step.units + 1}),
            "settle": lambda: desk.settle(1),
            "list": lambda: self._list(sku),
        }
        await takes[step.what]()

    async def _order(self, step: Step) -> None:
        self._orders += 1
        self._open[step.sku] = self._orders
        await self.desk.shop.apply(sale(self.names[step.sku], step.units + 1, number=self._orders))

    async def _cancelled(self, step: Step) -> None:
        if number := self._open.get(step.sku):
            view = sale(self.names[step.sku], 1, number=number, status="CANCELLED", minutes=number)
            await self.desk.shop.apply(view)

    async def _list(self, sku: str) -> None:
        if len((await self.desk.one(sku)).members) == 1:
            await self.desk.list(sku, "de")

    async def check(self) -> None:
        skus = list(self.names.values())
        await self.desk.settle()
        stored = {sku: row.desired.computed for sku, row in (await self.desk.rows(*skus)).items()}
        scratch = await self.desk.computed(*skus)
        assert {sku: stored.get(sku) for sku in skus} == {sku: each.value for sku, each in scratch.items()}


async def test_after_any_changes_the_stored_values_are_those_of_a_computation_from_scratch(
    tmp_path: Path,
) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.place("Shop")
        await desk.shop.open_channel("de", "DE", **SENDING)
        runs = count(1)

        @settings(max_examples=25, deadline=None, derandomize=True)
        @given(STEPS)
        def happen(steps: list[Step]) -> None:
            anyio.from_thread.run(_happens, Walk(desk, next(runs)), steps)

        await anyio.to_thread.run_sync(happen)


async def _happens(walk: Walk, steps: list[Step]) -> None:
    for channel in ("uk", "de"):
        await walk.desk.shop.set(channel, enabled="on", dry_run="off", **SENDING)
    await walk.begin()
    for step in steps:
        await walk.take(step)
    await walk.check()
