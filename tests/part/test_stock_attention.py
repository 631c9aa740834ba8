"""What of stock needs a person is counted, and told with the command that finds it."""

from pathlib import Path
from typing import Any

import pytest

from channel_protocol.actors import GetStatus, Status
from channel_protocol.offers import ExplainStock, ListOffers, OfferList, StockExplained
from channeld.domain.stock import pushing
from channeld.domain.stock.desired import NEW, Desired
from channeld.domain.stock.latency import KEEP
from channeld.domain.stock.route import Route
from channeld.domain.stock.value import Value
from channeld.store import desired_stock, meta
from channeld.store.desired_stock import DesiredRow
from tests.support.book_office import Office, open_office
from tests.support.domain_orders import NOW

FIVE = pushing.computed(NEW, Value(quantity=5, lead_time=KEEP), NOW)
REFUSED = pushing.refused(
    pushing.begun(FIVE, Route.PATCH, "p1", NOW), "p1", "Amazon refused it: no such thing.", NOW
)


async def put(office: Office, sku: str, desired: Desired = FIVE, **more: Any) -> None:
    row = DesiredRow(account_id=office.shop.account_id, sku=sku, owner_id=1, channels=(1,), desired=desired)
    filled = DesiredRow(**{name: getattr(row, name) for name in row.__struct_fields__} | more)
    await office.shop.store.write(lambda unit: desired_stock.save(unit, [filled], office.shop.now))


async def offers(office: Office, **wanted: Any) -> list[str]:
    return [row.sku for row in (await office.ask(ListOffers(**wanted), OfferList)).rows]


@pytest.mark.parametrize(
    ("only", "more", "says"),
    [
        ("conflict", {"differing": (1,)}, "channels differ about the stock of 1 SKU"),
        ("issue", {"issue": "Despatch Time must be a number"}, "handling time makes no sense for 1 SKU"),
        ("closed", {"closed_at": NOW}, "1 SKU closed by hand at Amazon: not sent until"),
        ("refused", {"desired": REFUSED}, "Amazon refused the stock of 1 SKU; it is told again later"),
    ],
)
async def test_each_trouble_is_told_and_found(
    tmp_path: Path, only: Any, more: dict[str, Any], says: str
) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await put(office, "FINE")
        assert (await office.ask(GetStatus(), Status)).attention == ()
        await put(office, "MUG", **more)
        (text,) = (await office.ask(GetStatus(), Status)).attention
        assert text.startswith("eu: ") and says in text
        option = {"conflict": "conflicts", "issue": "issues"}.get(only, only)
        assert f"`channelctl stock offers --{option} --account eu`" in text
        assert await offers(office, only=only) == ["MUG"]


async def test_what_is_dirty_is_counted_by_channel_with_the_oldest(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await put(office, "MUG")
        await put(office, "POT", REFUSED)
        (row,) = (await office.ask(GetStatus(), Status)).stock
        assert (row.channel, row.dirty, row.oldest_dirty, row.inventory_sync_date) == ("uk", 2, NOW, None)
        assert (await office.snapshot("stock_sync"))["uk"].dirty == 2  # pyright: ignore[reportAttributeAccessIssue]
        assert await offers(office, only="dirty") == ["MUG", "POT"]


async def test_pages_go_on_where_the_one_before_ended(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        skus = ["A_1", "a%2", "A-3", "B1", "b2/x"]
        for sku in skus:
            await put(office, sku)
        seen: list[str] = []
        page = OfferList(rows=(), after="", more=True)
        while page.more:
            page = await office.ask(ListOffers(after=page.after, limit=1), OfferList)
            seen += [row.sku for row in page.rows]
        assert seen == sorted(skus)
        assert await offers(office, text="a_") == ["A_1"], "it is no pattern"
        assert await offers(office, text="B") == ["B1", "b2/x"]
        assert await offers(office, account="eu", only="dirty", text="a%") == ["a%2"]


async def test_on_another_installation_it_is_said_that_all_is_held(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await put(office, "MUG")
        await office.shop.store.write(lambda unit: meta.put(unit, "instance", b"another"))
        (row,) = (await office.ask(ListOffers(), OfferList)).rows
        assert "channelctl work adopt" in row.withheld
        (found,) = (await office.ask(ExplainStock(sku="MUG"), StockExplained)).offers
        assert "It is held: " in found.waits_for
