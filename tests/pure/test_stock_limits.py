"""Max Listed, Stock Percentage, End When: the table of semantics D3–D5, and what holds of every value."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.stock.abstention import Abstention
from channeld.domain.stock.available import Available, Component, LocationStock
from channeld.domain.stock.explained import explained
from channeld.domain.stock.limits import NONE_SET, Limit, Limits, imported, offer, refused

PERCENTAGES = st.decimals("0.000001", 100, places=6)
LIMITS = st.builds(
    Limits,
    end_when=st.none() | st.integers(0, 50),
    percentage=st.none() | PERCENTAGES,
    max_listed=st.none() | st.integers(1, 60),
)


def stock(units: int, reserved: int = 0) -> Available:
    place = LocationStock(location="Main", physical=units + reserved, reserved=reserved)
    return Available(units=units, locations=(place,))


def limits(end_when: int | None = None, percentage: str = "", max_listed: int | None = None) -> Limits:
    share = Decimal(percentage) if percentage else None
    return Limits(end_when=end_when, percentage=share, max_listed=max_listed)


TABLE = [
    (40, 5, "", None, 40),
    (6, 5, "", None, 6),
    (5, 5, "", None, 0),
    (4, 5, "", None, 0),
    (11, 5, "50", None, 5),
    (100, 0, "50", 10, 10),
    (15, 0, "50", 10, 7),
    (3, 0, "50", None, 1),
    (1, 0, "50", None, 0),
    (7, 0, "33.3", None, 2),
    (120, 10, "80", 25, 25),
    (12, 10, "80", 25, 9),
    (10, 10, "80", 25, 0),
    (-2, 0, "", None, 0),
    (9, 5, "", 3, 3),
]


@pytest.mark.parametrize(("units", "end_when", "percentage", "cap", "sent"), TABLE)
def test_the_table(units: int, end_when: int, percentage: str, cap: int | None, sent: int) -> None:
    set_there = limits(end_when, percentage, cap)

    assert offer(stock(units), channel=set_there).quantity == sent
    assert offer(stock(units), set_there).quantity == sent


def test_each_limit_of_a_listing_goes_before_the_channels_and_the_others_stay() -> None:
    channel = limits(5, "50", 10)

    assert offer(stock(30), limits(max_listed=12), channel).quantity == 12
    assert offer(stock(30), limits(percentage="100"), channel).quantity == 10
    assert offer(stock(4), limits(end_when=0), channel).quantity == 2
    assert offer(stock(4), NONE_SET, channel).quantity == 0


def test_an_imported_zero_is_not_set() -> None:
    channel = limits(5, "50", 10)
    nothing = imported(end_when=0, percentage=Decimal("0.0"), max_listed=0)

    assert nothing == NONE_SET
    assert offer(stock(30), nothing, channel) == offer(stock(30), NONE_SET, channel)
    assert imported(end_when=2, percentage=Decimal("12.5"), max_listed=3) == limits(2, "12.5", 3)


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        ({"percentage": "100.000001"}, ["stock_percentage"]),
        ({"percentage": "0"}, ["stock_percentage"]),
        ({"percentage": "-5"}, ["stock_percentage"]),
        ({"percentage": "NaN"}, ["stock_percentage"]),
        ({"percentage": "Infinity"}, ["stock_percentage"]),
        ({"percentage": "1E-999999"}, ["stock_percentage"]),
        ({"max_listed": "2.5"}, ["max_listed"]),
        ({"max_listed": "0"}, ["max_listed"]),
        ({"max_listed": "1E+999999"}, ["max_listed"]),
        ({"end_when": "-1"}, ["end_when"]),
        ({"end_when": "0.5"}, ["end_when"]),
        (
            {"end_when": "-1", "percentage": "101", "max_listed": "0"},
            ["end_when", "stock_percentage", "max_listed"],
        ),
        ({"end_when": "0", "percentage": "0.5", "max_listed": "1"}, []),
        ({"end_when": "10", "percentage": "100", "max_listed": "3.0"}, []),
        ({}, []),
    ],
)
def test_what_cannot_be_is_refused_by_its_key(given: dict[str, str], keys: list[str]) -> None:
    problems = refused(**{name: Decimal(text) for name, text in given.items()})

    assert [problem.key for problem in problems] == keys


@pytest.mark.parametrize(
    ("units", "set_there", "cut_by"),
    [
        (12, limits(10, "80", 25), (Limit.PERCENTAGE,)),
        (120, limits(10, "80", 25), (Limit.PERCENTAGE, Limit.CAP)),
        (10, limits(10, "80", 25), (Limit.END_WHEN,)),
        (-2, limits(10), (Limit.END_WHEN,)),
        (-2, NONE_SET, (Limit.NEGATIVE,)),
        (40, limits(5), ()),
        (0, NONE_SET, ()),
    ],
)
def test_what_cut_it_is_told_in_order(units: int, set_there: Limits, cut_by: tuple[Limit, ...]) -> None:
    assert offer(stock(units), channel=set_there).cut_by == cut_by


@pytest.mark.parametrize(
    ("available", "channel", "listing", "text"),
    [
        (
            stock(12, 3),
            limits(10, "80", 25),
            NONE_SET,
            "A=12 (15−3), End When 10 passed, 80 % → 9, cap 25 → 9",
        ),
        (stock(10), limits(10, "80", 25), NONE_SET, "A=10 (10−0), End When 10 reached → 0"),
        (stock(-2, 3), NONE_SET, NONE_SET, "A=−2 (1−3), below zero → 0"),
        (stock(40), NONE_SET, NONE_SET, "A=40 (40−0)"),
        (
            stock(40),
            limits(5, "33.3"),
            limits(max_listed=4),
            "A=40 (40−0), End When 5 passed, 33.3 % → 13, cap 4 of the listing → 4",
        ),
    ],
)
def test_the_sentence_for_people(available: Available, channel: Limits, listing: Limits, text: str) -> None:
    assert explained(offer(available, listing, channel)) == text


def test_the_sentence_of_a_kit_names_what_is_short() -> None:
    kit = Available(units=4, components=(Component(sku="SCREW", each=3, available=stock(13, 2)),))

    assert explained(offer(kit)) == "A=4 (kit: 13 of SCREW, 3 in each)"


def test_nothing_is_explained_by_its_reason() -> None:
    assert explained(Abstention.NO_LOCATION) == "nothing is sent: no inventory location is chosen"
    by_another = "de sends it, and this channel nothing: Ignore Sync is on for the listing"
    assert explained(Abstention.IGNORE_SYNC, sent_by="de") == by_another


@settings(max_examples=300, deadline=None)
@given(st.integers(-100, 10**12), LIMITS, LIMITS)
def test_never_more_than_is_available_nor_less_than_nothing(
    units: int, listing: Limits, channel: Limits
) -> None:
    assert 0 <= offer(stock(units), listing, channel).quantity <= max(units, 0)


@settings(max_examples=300, deadline=None)
@given(st.integers(-100, 200), st.integers(0, 100), LIMITS, LIMITS)
def test_more_available_never_offers_less(units: int, more: int, listing: Limits, channel: Limits) -> None:
    fewer = offer(stock(units), listing, channel).quantity

    assert offer(stock(units + more), listing, channel).quantity >= fewer


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 10**30), st.decimals("0.000001", 100, places=6))
def test_the_share_is_exact(units: int, percentage: Decimal) -> None:
    exact = floor(units * Fraction(percentage) / 100)

    assert offer(stock(units), Limits(percentage=percentage)).quantity == exact
