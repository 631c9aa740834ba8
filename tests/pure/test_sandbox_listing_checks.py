"""What the sandbox's Amazon finds wrong with a write to a listing, whatever is in it."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from channeld.sandbox import Listing
from channeld.sandbox.listings.attributes import attributes_of, with_attributes
from channeld.sandbox.listings.checking import Scene, issues_of
from channeld.sandbox.listings.patching import Patch
from channeld.sandbox.listings.told import told
from channeld.sandbox.listings.write import Patched, Put, Write, after
from channeld.sandbox.marketplaces import BY_COUNTRY
from channeld.sandbox.money import Convention

AT = datetime(2026, 11, 22, tzinfo=UTC)
GB = BY_COUNTRY["GB"]
LISTING = Listing(sku="A", country="GB", price=1234, quantity=3, lead_time=2, created=AT, updated=AT)

FIELDS = (
    "fulfillment_channel_code",
    "quantity",
    "lead_time_to_ship_max_days",
    "restock_date",
    "marketplace_id",
    "currency",
    "audience",
    "our_price",
    "discounted_price",
    "value",
)


def price(value: Any) -> Any:
    return [{"schedule": [{"value_with_tax": value}]}]


def patch(op: Any, name: str, value: list[dict[str, Any]]) -> Patch:
    return Patch(op=op, path=f"/attributes/{name}", value=value)


def patched(patches: list[Patch]) -> Write:
    return Patched(product_type="PRODUCT", patches=patches)


def put(attributes: dict[str, list[dict[str, Any]]], requirements: Any) -> Write:
    return Put(product_type="PRODUCT", requirements=requirements, attributes=attributes)


names = st.sampled_from(["fulfillment_availability", "purchasable_offer", "item_name", "brand"])
scalars: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
)
nested: st.SearchStrategy[Any] = st.lists(scalars, max_size=2) | st.dictionaries(st.text(), scalars)
anything = scalars | nested
right: st.SearchStrategy[Any] = st.sampled_from(
    ["DEFAULT", "AMAZON_EU", GB.id, "GBP", "ALL", "B2B", 5, "2026-12-24"]
)
cells = right | st.builds(price, anything) | anything
values = st.lists(st.dictionaries(st.sampled_from(FIELDS), cells, max_size=5), max_size=2)
likely = st.fixed_dictionaries(
    {"fulfillment_channel_code": st.sampled_from(["DEFAULT", "AMAZON_EU"])},
    optional={"quantity": st.integers(-1, 9), "lead_time_to_ship_max_days": st.integers(0, 31)},
)
patches = st.builds(
    patch,
    st.sampled_from(["add", "replace", "merge", "delete"]),
    names,
    values | st.lists(likely, max_size=2),
)
requirements = st.sampled_from(["LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY"])
writes: st.SearchStrategy[Write] = st.builds(patched, st.lists(patches, min_size=1, max_size=3)) | st.builds(
    put, st.dictionaries(names, values), requirements
)


@given(writes, st.sampled_from(["converts", "refused"]))
def test_what_is_not_invalid_can_be_done_and_told(write: Write, amazon_stock: Any) -> None:
    scene = Scene(GB, Convention(amazon_stock=amazon_stock), LISTING)

    if issues_of(write, scene):
        return

    done = after(write, LISTING, LISTING)
    assert done is not None
    assert with_attributes(done, attributes_of(done)) == done
    told(write, at=AT, route="patchListingsItem", submission="1", country="GB")


amounts = st.integers(1, 10**9)


@given(amounts, amounts, st.integers(0, 10**6), st.none() | st.integers(1, 30))
def test_a_listing_is_what_its_attributes_say(
    price: int, business: int, quantity: int, lead_time: int | None
) -> None:
    listing = Listing(
        sku="A",
        country="GB",
        price=price,
        business_price=business,
        quantity=quantity,
        lead_time=lead_time,
        standing="Active" if quantity else "Inactive",
        created=AT,
        updated=AT,
    )

    assert with_attributes(listing, attributes_of(listing)) == listing
