"""Listings of the sandbox: a catalogue of any size, read item by item and searched."""

from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import anyio
import pytest

from channeld.sandbox import Listing, Market, SandboxOptions
from channeld.sandbox.listings.query import DATA_SETS
from channeld.sandbox.pools import GOODS
from tests.support.fake_clock import START, FakeClock
from tests.support.sandbox_client import SandboxClient, connected
from tests.support.sandbox_reports import DE, GB, ITEMS, US

RATES = {"searchListingsItems": 1e6, "getListingsItem": 1e6}


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return Market(clock, SandboxOptions(listings=3_000, rates=RATES))


async def found(clock: FakeClock, client: SandboxClient, **params: str) -> dict[str, Any]:
    await clock.advance(0.001)  # the burst cannot be raised
    answer = await client.get(ITEMS, {"marketplaceIds": GB, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def every_page(clock: FakeClock, client: SandboxClient, **params: str) -> list[dict[str, Any]]:
    params = {"pageSize": "20", **params}
    page = await found(clock, client, **params)
    items: list[dict[str, Any]] = page["items"]
    while token := page.get("pagination", {}).get("nextToken"):
        page = await found(clock, client, **params, pageToken=token)
        items += page["items"]
    return items


async def refused(client: SandboxClient, path: str = ITEMS, **params: str) -> tuple[int, str]:
    answer = await client.get(path, {"marketplaceIds": GB, **params})
    return answer.status_code, answer.json()["errors"][0]["message"]


def test_the_same_seed_gives_the_same_catalogue_and_another_one_another(clock: FakeClock) -> None:
    first, same, other = (
        list(Market(clock, SandboxOptions(listings=500, seed=seed)).listings.all()) for seed in (1, 1, 2)
    )
    assert first == same != other
    assert len({listing.sku for listing in first}) == 500


def test_a_catalogue_has_everything_that_occurs(market: Market) -> None:
    every = list(market.listings.all())
    assert {listing.standing for listing in every} == {"Active", "Inactive", "Incomplete"}
    assert {listing.product_id_type for listing in every} == {1, 4}
    assert any(listing.amazon and listing.fn_sku and listing.quantity is None for listing in every)
    assert any(listing.is_parent for listing in every) and any(listing.parent for listing in every)
    assert {goods.sku for goods in GOODS} <= {listing.sku for listing in every}
    assert any("Ł" in listing.title for listing in every)


def test_half_a_million_listings_are_there_at_once(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(listings=500_000))
    shown = market.listings.shown("A1SANDBOXEU", "DE", START)
    assert len(shown) == 500_000
    assert market.listings.get(shown.invented.sku(499_989), country="DE").country == "DE"


async def test_a_change_shows_after_its_delay(clock: FakeClock, market: Market) -> None:
    sku = market.listings.shown("A1SANDBOXEU", "GB", START).invented.sku(7)
    before = market.listings.get(sku)
    market.listings.change(sku, price=777, quantity=5)
    market.listings.add("NEW, 1", title="Fresh")
    market.listings.remove("MUG-RED")
    async with connected(market) as client:

        async def shown() -> list[Any]:
            answers = [
                await client.get(f"{ITEMS}/{quote(each)}", {"marketplaceIds": GB, "includedData": "offers"})
                for each in (sku, "NEW, 1", "MUG-RED")
            ]
            price = answers[0].json()["offers"][0]["price"]["amount"] if before.price else None
            return [price, *(answer.status_code for answer in answers)]

        assert (await shown())[1:] == [200, 404, 200]
        await clock.advance(2)
        assert await shown() == ["7.77", 200, 200, 404]
    assert market.listings.get(sku).updated == START
    with pytest.raises(KeyError):
        market.listings.get("MUG-RED")


async def test_an_item_shows_what_is_asked_for(clock: FakeClock, market: Market) -> None:
    market.listings.add("W", price=1234, quantity=3, product_id="4006381333931", product_id_type=4)
    async with connected(market) as client:
        await clock.advance(2)
        plain = (await client.get(f"{ITEMS}/W", {"marketplaceIds": GB})).json()
        names = ",".join(DATA_SETS)
        whole = (await client.get(f"{ITEMS}/W", {"marketplaceIds": GB, "includedData": names})).json()
    assert set(plain) == {"sku", "summaries"}
    assert set(whole) == {"sku", *DATA_SETS} - {"procurement"}
    assert whole["offers"][0]["price"] == {"amount": "12.34", "currencyCode": "GBP"}
    assert whole["fulfillmentAvailability"] == [{"fulfillmentChannelCode": "DEFAULT", "quantity": 3}]
    assert whole["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]
    code = whole["attributes"]["externally_assigned_product_identifier"][0]
    assert (code["type"], code["value"]) == ("ean", "4006381333931")


async def test_a_slash_in_a_sku_has_to_be_encoded(market: Market) -> None:
    async with connected(market) as client:
        right = await client.get(f"{ITEMS}/LAMP%2FDESK%2001", {"marketplaceIds": GB})
        wrong = await client.get(f"{ITEMS}/LAMP/DESK%2001", {"marketplaceIds": GB})
    assert (right.json()["sku"], wrong.status_code) == ("LAMP/DESK 01", 404)
    assert wrong.json()["errors"][0]["code"] == "NOT_FOUND"


async def test_twenty_skus_in_one_search(clock: FakeClock, market: Market) -> None:
    invented = market.listings.shown("A1SANDBOXEU", "GB", START).invented
    skus = [invented.sku(number) for number in range(19)]
    async with connected(market) as client:
        page = await found(
            clock, client, identifiersType="SKU", identifiers=",".join([*skus, "unknown"]), pageSize="20"
        )
        many = await refused(client, identifiersType="SKU", identifiers=",".join(map(str, range(21))))
    assert {item["sku"] for item in page["items"]} == set(skus) and page["numberOfResults"] == 19
    assert many == (400, "identifiers takes at most 20 values.")


@pytest.mark.parametrize("kind", ["ASIN", "EAN", "FNSKU"])
async def test_an_item_is_found_by_its_other_identifiers(clock: FakeClock, market: Market, kind: str) -> None:
    every = list(market.listings.all())
    field = {"ASIN": "asin", "EAN": "product_id", "FNSKU": "fn_sku"}[kind]
    wanted = next(
        each for each in every if each.product_id_type == 4 and each.fn_sku and each.sku[:1].isdigit()
    )
    async with connected(market) as client:
        page = await found(clock, client, identifiersType=kind, identifiers=getattr(wanted, field))
        none = await found(clock, client, identifiersType=kind, identifiers="B000000000")
    assert [item["sku"] for item in page["items"]] == [wanted.sku]
    assert none == {"numberOfResults": 0, "items": []}


async def test_children_are_found_by_their_parent(clock: FakeClock, market: Market) -> None:
    parent = next(each.sku for each in market.listings.all() if each.is_parent)
    children = {each.sku for each in market.listings.all() if each.parent == parent}
    async with connected(market) as client:
        page = await found(clock, client, variationParentSku=parent)
        data = {"marketplaceIds": GB, "includedData": "relationships"}
        item = (await client.get(f"{ITEMS}/{quote(parent, safe='')}", data)).json()
    assert {item["sku"] for item in page["items"]} == children and children
    assert set(item["relationships"][0]["relationships"][0]["childSkus"]) == children


@pytest.mark.parametrize("sort_by", ["sku", "createdDate", "lastUpdatedDate"])
@pytest.mark.parametrize("order", ["ASC", "DESC"])
async def test_pages_are_in_order_and_end_after_a_thousand(
    clock: FakeClock, market: Market, sort_by: str, order: str
) -> None:
    key = {"sku": "sku", "createdDate": "created", "lastUpdatedDate": "updated"}[sort_by]
    for sku in ("MUG-BLUE", "MUG-RED"):
        market.listings.change(sku, price=1)
    every = sorted(
        market.listings.all(),
        key=lambda listing: (getattr(listing, key), listing.sku),
        reverse=order == "DESC",
    )
    async with connected(market) as client:
        await clock.advance(2)
        first = await found(clock, client, sortBy=sort_by, sortOrder=order)
        items = await every_page(clock, client, sortBy=sort_by, sortOrder=order)
    assert first["numberOfResults"] == 3_000
    assert [item["sku"] for item in items] == [listing.sku for listing in every[:1000]]


def fits(listing: Listing, **filters: str) -> bool:
    """What the filters mean, told by the facts of a listing."""
    shoppers = {"Active": {"BUYABLE", "DISCOVERABLE"}, "Inactive": {"DISCOVERABLE"}, "Incomplete": set[str]()}
    have = {"DISCOVERABLE"} if listing.is_parent else shoppers[listing.standing]
    have |= {issue.severity for issue in listing.issues}
    asked = {name: set(values.split(",")) for name, values in filters.items()}
    without = asked.pop("withoutStatus", set[str]())
    return not have & without and all(have & values for values in asked.values())


@pytest.mark.parametrize(
    "filters",
    [
        {"withStatus": "BUYABLE"},
        {"withStatus": "DISCOVERABLE", "withoutStatus": "BUYABLE"},
        {"withoutStatus": "DISCOVERABLE"},
        {"withIssueSeverity": "ERROR"},
        {"withIssueSeverity": "ERROR,WARNING", "withStatus": "BUYABLE"},
    ],
)
async def test_filters_find_and_count_what_fits(
    clock: FakeClock, market: Market, filters: dict[str, str]
) -> None:
    market.listings.change("MUG-BLUE", standing="Inactive")
    invented = market.listings.shown("A1SANDBOXEU", "GB", START).invented
    for number in range(0, 900, 7):
        market.listings.change(invented.sku(number), standing="Incomplete", issues=())
    for number in range(1, 900, 70):
        market.listings.remove(invented.sku(number))

    expected = {listing.sku for listing in market.listings.all() if fits(listing, **filters)}
    async with connected(market) as client:
        await clock.advance(2)
        page = await found(clock, client, **filters)
        items = await every_page(clock, client, **filters)
    assert page["numberOfResults"] == len(expected)
    assert {item["sku"] for item in items} <= expected and len(items) == min(1000, len(expected))


async def test_dates_cut_a_catalogue_into_slices(clock: FakeClock, market: Market) -> None:
    every = list(market.listings.all())
    after, before = START - timedelta(days=20), START - timedelta(days=15)
    expected = {listing.sku for listing in every if after <= listing.updated <= before}
    async with connected(market) as client:
        items = await every_page(
            clock, client, lastUpdatedAfter=after.isoformat(), lastUpdatedBefore=before.isoformat()
        )
        none = await found(clock, client, createdAfter=START.isoformat())
    assert {item["sku"] for item in items} == expected and 300 < len(expected) < 1000
    assert none["numberOfResults"] == 0


async def test_pages_go_back_too_and_a_token_is_for_its_search(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        first = await found(clock, client, sortBy="sku")
        assert "previousToken" not in first["pagination"]
        second = await found(clock, client, sortBy="sku", pageToken=first["pagination"]["nextToken"])
        again = await found(clock, client, sortBy="sku", pageToken=second["pagination"]["previousToken"])
        other = await refused(client, sortBy="createdDate", pageToken=first["pagination"]["nextToken"])
        forged = await refused(client, sortBy="sku", pageToken="forged")
    assert again["items"] == first["items"] != second["items"]
    assert other[0] == forged[0] == 400


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"marketplaceIds": f"{GB},{DE}"}, 400),
        ({"marketplaceIds": US}, 403),
        ({"includedData": "everything"}, 400),
        ({"identifiers": "A"}, 400),
        ({"identifiersType": "SKU"}, 400),
        ({"identifiers": "A", "identifiersType": "ISSN"}, 400),
        ({"identifiers": "A", "identifiersType": "SKU", "variationParentSku": "A"}, 400),
        ({"pageSize": "21"}, 400),
        ({"pageSize": "0"}, 400),
        ({"sortBy": "price"}, 400),
        ({"sortOrder": "asc"}, 400),
        ({"withStatus": "ACTIVE"}, 400),
        ({"createdAfter": "2026-01-01"}, 400),
    ],
)
async def test_what_breaks_a_rule_is_refused(market: Market, params: dict[str, str], status: int) -> None:
    async with connected(market) as client:
        assert (await refused(client, **params))[0] == status
        assert (await refused(client, ITEMS.replace("A1", "A9")))[0] == 403


async def test_reads_keep_to_their_budget(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(listings=10))
    async with connected(market) as client:
        answers = [await client.get(ITEMS, {"marketplaceIds": GB}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


async def test_buyers_take_from_the_stock(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(listings=100, orders_per_hour=600))
    before = {
        (country, listing.sku): listing
        for country in ("GB", "DE", "FR")
        for listing in market.listings.all(country=country)
    }
    async with anyio.create_task_group() as group:
        group.start_soon(market.live)
        await clock.advance(600)
        group.cancel_scope.cancel()
    sold: Counter[str] = Counter()
    for order in market.orders("A1SANDBOXEU").values():
        for line in order.lines:
            sold[line.sku] += line.quantity
    assert sold
    for (country, sku), listing in before.items():
        if units := sold[sku]:
            assert listing.quantity is not None
            assert market.listings.get(sku, country=country).quantity == max(0, listing.quantity - units)
    changed = [
        key for key, listing in before.items() if market.listings.get(key[1], country=key[0]) != listing
    ]
    assert {sku for _, sku in changed} - set(sold)
