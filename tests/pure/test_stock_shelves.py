"""Units that have left a line, and what kits take from the shelves."""

from hypothesis import given
from hypothesis import strategies as st

from channeld.domain.order_units import LineFacts, LocalUnits, left_of
from channeld.domain.stock.shelves import HIGHEST_LEVEL, buildable, contents, gone_of, moved, on_shelf

CUP, PAIR, BOX, SET = 1, 2, 3, 4
MADE_OF = {PAIR: {CUP: 2}, SET: {PAIR: 3, BOX: 1, CUP: 1}}


def line(ordered: int, fulfilled: int = 0) -> LineFacts:
    facts = {"ordered": ordered, "fulfilled": fulfilled, "unfulfilled": ordered - fulfilled}
    return LineFacts(order_item_id="1", sku="MUG", **facts)


def test_of_what_left_here_and_what_amazon_shows_the_greater_one_holds() -> None:
    assert gone_of(line(5, 2), LocalUnits()) == 2
    assert gone_of(line(5, 2), LocalUnits(processed={"1": 3})) == 3
    assert gone_of(line(5, 4), LocalUnits(processed={"1": 3})) == 4
    assert gone_of(line(5), LocalUnits(processed={"2": 3})) == 0


def test_a_kit_is_itself_and_everything_below_it_by_every_way() -> None:
    assert contents(CUP, MADE_OF) == {CUP: 1}
    assert contents(SET, MADE_OF) == {SET: 1, PAIR: 3, BOX: 1, CUP: 7}
    assert on_shelf(SET, MADE_OF) == {BOX: 1, CUP: 7}
    assert on_shelf(CUP, MADE_OF) == {CUP: 1}


def test_as_many_kits_can_be_built_as_the_scarcest_part_allows() -> None:
    assert buildable([(15, 7), (9, 1)]) == 2
    assert buildable([(6, 7), (9, 1)]) == 0
    assert buildable([(-3, 1), (9, 1)]) == 0


def test_a_level_goes_below_zero_and_never_out_of_bounds() -> None:
    assert moved(1, -3) == -2
    assert moved(1, 10**30) == HIGHEST_LEVEL
    assert moved(1, -(10**30)) == -HIGHEST_LEVEL


def test_kits_may_be_deep_and_share_parts() -> None:
    deep = {n: {n + 1: 1000, n + 2: 1} for n in range(60)}
    assert contents(0, deep)[60] == HIGHEST_LEVEL
    chain = {n: {n + 1: 1} for n in range(5000)}
    assert on_shelf(0, chain) == {5000: 1}


@given(
    ordered=st.integers(0, 9),
    views=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1),
    level=st.integers(-20, 20),
)
def test_taken_by_difference_a_level_ends_the_same_however_often_it_is_looked_at(
    ordered: int, views: list[tuple[int, int]], level: int
) -> None:
    """Processed here, shown by Amazon: what counts is how it stands at last, and reservations go along."""
    physical, taken = level, 0
    for processed, fulfilled in views:
        facts = line(ordered, min(fulfilled, ordered))
        local = LocalUnits(processed={"1": min(processed, ordered)})
        for _ in range(2):
            gone = gone_of(facts, local)
            physical, taken = moved(physical, taken - gone), gone
        assert physical == level - gone_of(facts, local)
        assert physical - left_of(facts, local) == level - ordered
