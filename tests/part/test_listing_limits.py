"""Limits of single listings are listed a page at a time, and a file of them sets what it was written from."""

import io
from pathlib import Path

from channel_protocol.limits import LimitsList, ListingLimitsRow, ListLimits
from channel_protocol.offers import ListingSettings, ListingsSet, SetListings
from channelctl.limits_csv.reading import read_limits
from channelctl.limits_csv.writing import write_limits
from tests.support.book_office import Office, open_office
from tests.support.daemon import new_id
from tests.support.offer_desk import OfferDesk

KEYS = ("end_when", "stock_percentage", "max_listed", "ignore_sync")
SET = {
    "A": {"end_when": "0", "ignore_sync": "on"},
    "B": {"stock_percentage": "33.3", "max_listed": "7"},
    "C": {"end_when": "4"},
    "FBA": {"ignore_sync": "off"},
}


def texts(row: ListingLimitsRow) -> dict[str, str]:
    """What is set."""
    return {key: text for key in KEYS if (text := getattr(row, key))}


async def limits(office: Office, limit: int = 100) -> list[ListingLimitsRow]:
    """All, so many a page."""
    rows: list[ListingLimitsRow] = []
    while True:
        after = rows[-1].sku if rows else ""
        page = await office.ask(ListLimits(channel="uk", after=after, limit=limit), LimitsList)
        rows += page.rows
        assert len(page.rows) <= limit
        if not page.more:
            return rows


async def change(office: Office, *listings: ListingSettings, imported: bool = False) -> set[str]:
    request = SetListings(command_id=new_id(), channel="uk", listings=listings, imported=imported)
    return {each.outcome for each in (await office.ask(request, ListingsSet)).answers}


async def test_what_is_set_is_listed_page_by_page_and_loaded_again(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        desk = OfferDesk(office.shop)
        for sku in ("A", "B", "C", "D", "FBA"):
            await desk.list(sku)
        await change(office, *(ListingSettings(sku=sku, values=values) for sku, values in SET.items()))
        await change(office, ListingSettings(sku="D", values={"end_when": "1"}))
        await change(office, ListingSettings(sku="D", values={"end_when": ""}))
        for size in (1, 3, 100):
            found = await limits(office, size)
            assert {row.sku: texts(row) for row in found} == SET, "what was cleared is not among them"
        stream = io.StringIO()
        write_limits(stream, found)
        wishes, _ = read_limits(stream.getvalue())
        assert await change(office, *(each.listing for each in wishes), imported=True) == {"unchanged"}
        for sku in SET:
            await change(office, ListingSettings(sku=sku, values=dict.fromkeys(KEYS, "")))
        assert await limits(office) == []
        assert await change(office, *(each.listing for each in wishes), imported=True) == {"changed"}
        assert await limits(office) == found
        assert (await office.refused(ListLimits(channel="nowhere"))).code == "unknown_channel"
