"""Details of listings are read: what is refused, left out or mended."""

from pathlib import Path

import httpx

from channeld.domain.stock.relist import Closure
from channeld.store import listings_down
from tests.support.listing_desk import AtAmazon, Desk, open_desk, report_of, row

FIVE = [row(each) for each in "ABCDE"]


async def test_details_are_read_and_mend_titles(tmp_path: Path) -> None:
    amazon = AtAmazon(items={sku: {} for sku in "ABCD"} | {"X,1": {"itemName": "Comma"}})
    amazon.items["A"] = {"itemName": "Kubek świąteczny"}
    async with open_desk(tmp_path, amazon, download_full_listings="on") as desk:
        lines = [row("A", title="Kubek świąteczny"), *FIVE[1:], row("X,1")]
        found = await desk.download(report_of(*lines))
        assert (found.details_total, found.details_done) == (6, 6)
        assert (await desk.listings())["A"].title == "Kubek świąteczny"
        details = await desk.details()
        assert {sku: each.details.is_known for sku, each in details.items() if not each.details.is_known} == {
            "E": False
        }
        assert details["X,1"].details.title == "Comma" and details["B"].product_type == "MUG"
        assert sorted(set(amazon.asked)) == [
            "document",
            "getListingsItem",
            "getReportDocument",
            "searchListingsItems",
        ]

        again = await desk.download(report_of(*lines[:1], row("B", price="1.00"), *lines[2:]), automatic=True)
        assert (again.details_total, (await desk.listings())["A"].title) == (1, "Kubek świąteczny")
        assert (await desk.details())["C"].read_at == details["C"].read_at
        assert (await desk.download(report_of(*lines))).details_total == 6, "a person's reads all"


async def test_skus_that_are_refused_together_are_read_one_by_one(tmp_path: Path) -> None:
    amazon = AtAmazon(items={sku: {} for sku in "ABCDE"})
    amazon.answer = lambda name: (
        httpx.Response(400, json={"errors": [{"code": "InvalidInput", "message": "no"}]})
        if name == "searchListingsItems"
        else None
    )
    async with open_desk(tmp_path, amazon, download_full_listings="on") as desk:
        await desk.download(report_of(*FIVE))
        assert amazon.asked.count("getListingsItem") == 5
        assert all(each.details.is_known for each in (await desk.details()).values())


async def test_when_every_search_is_refused_alike_not_every_sku_is_asked_for(tmp_path: Path) -> None:
    many = [f"S{number:03}" for number in range(400)]
    amazon = AtAmazon(items={sku: {} for sku in many})
    refusal = httpx.Response(400, json={"errors": [{"code": "InvalidInput", "message": "no"}]})
    amazon.answer = lambda name: refusal if name == "searchListingsItems" else None
    async with open_desk(tmp_path, amazon, download_full_listings="on") as desk:
        found = await desk.download(report_of(*map(row, many)))
        assert (found.state, found.details_total) == ("done", 400)
        assert amazon.asked.count("getListingsItem") <= 2 * 20
        told = f"Details of {400 - found.details_done} listings could not be read and stay as they were: "
        assert told + "3 searches in a row were refused alike" in found.reason and found.hint

        amazon.answer = lambda name: None
        again = await desk.download(report_of(*map(row, many)))
        assert (again.details_done, again.reason) == (400, "")


async def test_what_amazon_refuses_to_show_stays_as_it_was_and_is_told(tmp_path: Path) -> None:
    amazon = AtAmazon(items={sku: {} for sku in "ABCDE"})
    async with open_desk(tmp_path, amazon, download_full_listings="on") as desk:
        await desk.download(report_of(*FIVE))
        before = await desk.details()
        refusal = httpx.Response(400, json={"errors": [{"code": "InvalidInput", "message": "no"}]})
        amazon.answer = lambda name: refusal if "Listings" in name else None
        refused = await desk.download(report_of(*FIVE, row("F")))

        assert (refused.state, refused.details_done, refused.details_total) == ("done", 0, 6)
        assert "Details of 6 listings could not be read" in refused.reason and refused.hint
        assert await desk.details() == before, "and nothing is said of F"
        amazon.answer = lambda name: None
        again = await desk.download(report_of(*FIVE, row("F")), automatic=True)
        assert again.details_total == 1, "those of the others are not a week old"
        assert not (await desk.details())["F"].details.is_known


async def test_what_a_search_leaves_out_is_asked_for_alone(tmp_path: Path) -> None:
    amazon = AtAmazon(items={sku: {} for sku in "ABCDE"})
    nothing = httpx.Response(200, content=b'{"numberOfResults": 0, "items": []}')
    amazon.answer = lambda name: nothing if name.startswith("search") else None
    async with open_desk(tmp_path, amazon, download_full_listings="on") as desk:
        await desk.download(report_of(*FIVE))
        assert all(each.details.is_known for each in (await desk.details()).values())


async def test_what_amazon_does_not_know_is_down_until_it_is_shown_again(tmp_path: Path) -> None:
    amazon = AtAmazon(items={sku: {} for sku in "ABCD"})
    async with open_desk(tmp_path, amazon, download_full_listings="on") as desk:
        await desk.download(report_of(*FIVE))
        assert await down(desk) == {"E": Closure.DELETED}

        amazon.items["E"] = {}
        await desk.download(report_of(*FIVE))
        assert await down(desk) == {}


async def down(desk: Desk) -> dict[str, Closure]:
    channel_id = (await desk.channel()).id
    found = await desk.shop.store.read(lambda c: listings_down.of_skus(c, [channel_id], list("ABCDE")))
    return {sku: each.why for (_, sku), each in found.items()}
