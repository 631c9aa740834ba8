"""What can be sold of an item or a kit (semantics D3–D5: A; X1), against counting by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.stock.abstention import Abstention
from channeld.domain.stock.available import Available, LocationStock, available

HERE = "Here"
UNITS = st.integers(-30, 60)


def at(location: str, physical: int | None, reserved: int = 0) -> LocationStock:
    return LocationStock(location=location, physical=physical, reserved=reserved)


def units(sku: str, mapped: set[str], stock: dict[str, list[LocationStock]], **kits: dict[str, int]) -> int:
    found = available(sku, mapped=mapped, stock=stock, made_of=kits)
    assert isinstance(found, Available)
    return found.units


def test_a_location_that_was_oversold_lowers_the_sum() -> None:
    stock = {"A": [at("Main", 5), at("Shop", 1, 3)]}

    assert units("A", {"Main", "Shop"}, stock) == 3
    assert units("A", {"Shop"}, stock) == -2


def test_only_mapped_locations_count_with_their_own_reservations() -> None:
    stock = {"A": [at("Main", 15, 3), at("Shop", 100, 1)]}
    found = available("A", mapped={"Main"}, stock=stock, made_of={})

    assert isinstance(found, Available)
    assert (found.units, found.physical, found.reserved) == (12, 15, 3)


def test_without_a_mapped_location_there_is_nothing_to_say_and_not_zero() -> None:
    stock = {"A": [at("Main", 15)]}

    assert available("A", mapped=set(), stock=stock, made_of={}) is Abstention.NO_LOCATION


def test_what_nobody_has_counted_at_these_locations_is_not_known_and_not_zero() -> None:
    uncounted = {"A": [at("Main", None, 2), at("Shop", 5)]}

    assert available("A", mapped={"Main"}, stock={}, made_of={}) is Abstention.UNCOUNTED
    assert available("A", mapped={"Main"}, stock=uncounted, made_of={}) is Abstention.UNCOUNTED


def test_counted_at_one_location_the_others_count_as_none_and_their_orders_all_the_same() -> None:
    assert units("A", {"Main", "Shop"}, {"A": [at("Main", None, 2), at("Shop", 5)]}) == 3


def test_a_kit_of_which_a_component_was_never_counted_is_not_known() -> None:
    stock = {"SCREW": [at(HERE, 12)]}
    kits = {"SHELF": {"SCREW": 4, "BOARD": 1}}

    assert available("SHELF", mapped={HERE}, stock=stock, made_of=kits) is Abstention.UNCOUNTED


@pytest.mark.parametrize(
    ("screws", "boards", "kits"),
    [(12, 3, 3), (11, 3, 2), (3, 9, 0), (0, 9, 0), (-1, 9, -1), (12, -2, -2)],
)
def test_a_kit_is_as_many_as_its_shortest_component_allows(screws: int, boards: int, kits: int) -> None:
    stock = {"SCREW": [at(HERE, screws)], "BOARD": [at(HERE, boards)]}
    shelf = {"SCREW": 4, "BOARD": 1}

    assert units("SHELF", {HERE}, stock, SHELF=shelf) == kits


def test_a_component_is_summed_over_locations_before_it_is_divided() -> None:
    stock = {"SCREW": [at("Main", 3), at("Shop", 3)]}

    assert units("SHELF", {"Main", "Shop"}, stock, SHELF={"SCREW": 4}) == 1


def test_the_shortest_component_is_named_first() -> None:
    stock = {"SCREW": [at(HERE, 100)], "BOARD": [at(HERE, 1)]}
    made_of = {"SHELF": {"SCREW": 4, "BOARD": 1}}
    found = available("SHELF", mapped={HERE}, stock=stock, made_of=made_of)

    assert isinstance(found, Available)
    assert [component.sku for component in found.components] == ["BOARD", "SCREW"]


def test_a_kit_that_takes_an_item_by_two_ways_needs_both() -> None:
    kits = {
        "SET": {"SHELF": 1, "SCREW": 1},
        "SHELF": {"SCREW": 1},
    }

    assert units("SET", {HERE}, {"SCREW": [at(HERE, 1)]}, **kits) == 0
    assert units("SET", {HERE}, {"SCREW": [at(HERE, 2)]}, **kits) == 1


@settings(max_examples=100, deadline=None)
@given(UNITS, UNITS, st.integers(1, 5), st.integers(1, 5), st.integers(1, 5))
def test_a_kit_of_kits_is_what_dividing_step_by_step_gives(
    screws: int, boards: int, each: int, other: int, shelves: int
) -> None:
    stock = {"SCREW": [at(HERE, screws)], "BOARD": [at(HERE, boards)]}
    kits = {
        "SET": {"SHELF": shelves},
        "SHELF": {"SCREW": each, "BOARD": other},
    }

    assert units("SET", {HERE}, stock, **kits) == min(screws // each, boards // other) // shelves


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(UNITS, UNITS), min_size=1, max_size=4), st.integers(1, 10))
def test_more_stock_never_makes_less(levels: list[tuple[int, int]], more: int) -> None:
    mapped = {f"{number}" for number in range(len(levels))}
    stock = [at(f"{number}", physical, reserved) for number, (physical, reserved) in enumerate(levels)]
    fuller = [*stock[1:], at("0", levels[0][0] + more, levels[0][1])]
    kit = {"A": 3}

    assert units("A", mapped, {"A": fuller}) == units("A", mapped, {"A": stock}) + more
    assert units("KIT", mapped, {"A": fuller}, KIT=kit) >= units("KIT", mapped, {"A": stock}, KIT=kit)
