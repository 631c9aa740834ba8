"""What a change would do to what Amazon is told is said in numbers, and nothing is said that is not so."""

import pytest

from channeld.domain.stock.abstention import Abstention
from channeld.domain.stock.available import Available
from channeld.domain.stock.latency import DROP, KEEP, LeadTime, Said, set_to
from channeld.domain.stock.limits import Offer
from channeld.domain.stock.preview import Compared, Tally, counted
from channeld.domain.stock.value import Value
from tests.support.consequences import said

MADE = Offer(quantity=1, available=Available(units=1))
NO_LOCATION = (
    "!No inventory location is chosen: this channel sends nothing. `channelctl location map` chooses some."
)


def value(quantity: int | None, lead_time: LeadTime = KEEP) -> Value | None:
    return None if quantity is None else Value(quantity=quantity, lead_time=lead_time)


def one(
    before: Value | None,
    after: Value | None,
    made: Offer | Abstention = MADE,
    *,
    issue: str = "",
    differs: bool = False,
    leaves: bool = False,
    drops: bool = False,
) -> Compared:
    said = Said(lead_time=DROP if drops else after.lead_time if after else KEEP, issue=issue)
    return Compared(
        before=before, after=after, made=made, said=said, differs=differs, leaves=leaves, drops=drops
    )


def told(*compared: Compared, is_switch: bool = False, dry_run: bool = False) -> list[str]:
    """Warnings begin with `!`."""
    tally = Tally()
    for each in compared:
        tally.add(each)
    found = counted(tally, "end_when", is_switch=is_switch, dry_run=dry_run)
    assert {each.key for each in found} == {"end_when"}
    return [f"{'!' if each.warning else ''}{each.text}" for each in found]


def test_quantities_are_counted_by_which_way_they_go() -> None:
    moves = [(5, 0)] * 3 + [(5, 4)] * 2 + [(5, 6), (5, 7), (0, 1)] + [(5, 5)] * 9
    texts = told(*(one(value(before), value(after)) for before, after in moves))
    assert texts == ["!3 listings would go to 0, 5 would change (2 lower, 3 higher)."]


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (5, 4, "1 listing would change (1 lower, 0 higher)."),
        (5, 0, "!1 listing would go to 0."),
        (5, None, "1 listing would not be sent any more: Amazon keeps what it was told last."),
        (None, 5, "Amazon is told of 1 listing that it is not told of now."),
        (None, 0, "Amazon is told of 1 listing that it is not told of now, 1 of them with 0."),
        (5, 5, "No listing is told to Amazon otherwise than before."),
        (None, None, "No listing is told to Amazon otherwise than before."),
    ],
)
def test_one_listing_is_said_as_one(before: int | None, after: int | None, text: str) -> None:
    assert told(one(value(before), value(after))) == [text]


def test_what_is_not_told_at_all_is_named_with_its_reason_when_that_is_switched() -> None:
    left_out = [
        *[one(None, None, Abstention.UNLINKED)] * 1200,
        *[one(None, None, Abstention.UNCOUNTED)] * 3,
        one(None, None, Abstention.FBA),
    ]
    texts = told(one(None, value(5)), *left_out, is_switch=True)
    assert texts[1] == (
        "This channel sends nothing for listings of these kinds: 1,200 not linked to an item;"
        " of 3 nobody has counted the item at these locations; 1 fulfilled by Amazon."
    )
    assert len(told(one(value(5), value(4)), *left_out)) == 1, "a limit has nothing to do with them"


def test_handling_times_are_said_by_what_listings_get() -> None:
    assert told(*[one(value(5), value(5, set_to(3)))] * 2) == ["2 listings get 3 days of handling time now."]
    assert told(one(value(5, set_to(3)), value(5, set_to(1)))) == [
        "1 listing gets 1 day of handling time now."
    ]
    unset = told(*[one(value(5, set_to(3)), value(5, DROP), drops=True)] * 2)
    assert unset == [
        "!2 linked listings have no value of the product and lose the handling time:"
        " Amazon's own default counts."
    ]
    assert "makes no sense for 1 listing" in told(one(value(5), value(5), issue="two"))[0]


def test_items_without_a_handling_time_are_counted_whatever_other_channels_say_of_it() -> None:
    saved = one(value(5), value(5, set_to(2)), drops=True)
    lost = one(value(5), value(5, DROP), drops=True)
    others = "what other channels of the account say of the handling time counts."
    assert told(saved)[-1] == f"!1 linked listing has no value of the product: {others}"
    assert told(saved, saved, lost)[-1] == (
        "!3 linked listings have no value of the product; 1 of them loses the handling time, so that Amazon's"
        f" own default counts, of the others {others}"
    )


def test_a_handling_time_that_goes_with_the_channel_is_a_warning() -> None:
    gone = one(value(5, set_to(3)), value(5, DROP), Abstention.DISABLED, leaves=True)
    assert told(gone)[-1] == (
        "!1 listing loses the handling time, as other channels of the account have none: Amazon's own default"
        " counts."
    )
    assert len(told(one(value(5, DROP), value(5, DROP), leaves=True))) == 1, "it is so already"


def test_what_other_channels_send_instead_is_a_warning() -> None:
    off = Abstention.UPDATE_OFF
    kept = "1 listing would not be sent any more: Amazon keeps what it was told last."
    over = "!{} sent by other channels of the account from now on, without this channel's limits."
    assert told(one(value(4), None, off, leaves=True)) == [kept]
    assert told(one(value(4), value(4), off, leaves=True)) == [over.format("1 SKU is")]
    texts = told(
        one(value(4), value(9), off, leaves=True), *[one(value(4), value(4), off, leaves=True)] * 1200
    )
    assert texts == ["1 listing would change (0 lower, 1 higher).", over.format("1,201 SKUs are")]


def test_new_conflicts_between_channels_are_said() -> None:
    (text,) = told(one(value(5), value(5), differs=True))
    assert text.startswith("Channels of the account would differ about 1 SKU: the smallest quantity")


def test_in_dry_run_it_is_said_that_nothing_is_sent() -> None:
    first, second = told(one(value(5), value(0)), dry_run=True)
    assert first.startswith("Dry run is on: so it would be")
    assert second == "!1 listing would go to 0."


def test_a_channel_without_listings_says_so() -> None:
    assert "has no listings yet" in told()[0]


ON = {"enabled": "on", "update_inventory": "on"}


@pytest.mark.parametrize(
    ("before", "after", "key", "text"),
    [
        ({"enabled": "on"}, ON, "inventory_locations", NO_LOCATION),
        ({**ON, "inventory_locations": "A"}, ON, "inventory_locations", NO_LOCATION),
        ({"enabled": "on"}, {**ON, "inventory_locations": "A"}, "inventory_locations", None),
        (ON, {**ON, "max_listed": "3"}, "inventory_locations", None),
        ({}, {"max_listed": "3"}, "max_listed", "Update inventory is off: it counts when"),
        (ON, {**ON, "max_listed": "3"}, "max_listed", None),
        ({}, {"update_inventory": "on"}, "update_inventory", "The channel is disabled: it sends nothing"),
        (ON, {"enabled": "on"}, "update_inventory", "This channel sends no quantities"),
    ],
)
def test_what_settings_alone_tell(
    before: dict[str, str], after: dict[str, str], key: str, text: str | None
) -> None:
    found = said(before, after).get(key)
    assert found is None if text is None else text in (found or "")


ELSEWHERE = (
    "!Orders are put at Default, which is none of the inventory locations: what is sold is not taken off"
    " what is offered, and would be sold again. Choose that one, too, or set order_location to one that is"
    " chosen."
)


@pytest.mark.parametrize(
    ("before", "values", "warns"),
    [
        ({"update_inventory": "on"}, {"inventory_locations": "Shop"}, True),
        ({"update_inventory": "on"}, {"inventory_locations": "Shop, Default"}, False),
        ({"inventory_locations": "Shop"}, {"update_inventory": "on"}, True),
        ({"inventory_locations": "Shop"}, {"max_listed": "3"}, False),
        ({"update_inventory": "on", "inventory_locations": "Default"}, {"order_location": "Shop"}, False),
        (
            {"update_inventory": "on", "inventory_locations": "Shop", "order_location": "Shop"},
            {"order_location": "Default"},
            True,
        ),
    ],
)
def test_orders_at_a_location_that_is_not_offered_from_are_warned_of(
    before: dict[str, str], values: dict[str, str], warns: bool
) -> None:
    assert (said(before, before | values).get("order_location", "").endswith(ELSEWHERE)) is warns
