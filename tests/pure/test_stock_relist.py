"""A listing comes back with its stock, unless people or Amazon have taken it down (semantics I17)."""

import pytest

from channeld.domain.stock.relist import Closure, Relisting, relisting


def test_from_zero_to_units_is_a_relist_and_from_units_is_none() -> None:
    assert relisting(5, told=0) == Relisting(quantity=5, relists=True)
    assert relisting(5, told=3) == Relisting(quantity=5)
    assert relisting(5, told=None) == Relisting(quantity=5)


@pytest.mark.parametrize("closure", list(Closure))
def test_what_was_taken_down_does_not_come_back_by_a_number(closure: Closure) -> None:
    for told in (0, None):
        assert relisting(5, told, closure) == Relisting(quantity=None, issue=closure)


@pytest.mark.parametrize(
    ("closure", "quantity"),
    [(Closure.BY_HAND, None), (Closure.DELETED, None), (Closure.SUPPRESSED, 4), (Closure.BLOCKED, 4)],
)
def test_units_of_what_amazon_holds_down_are_kept_true(closure: Closure, quantity: int | None) -> None:
    assert relisting(4, told=5, closure=closure).quantity == quantity


@pytest.mark.parametrize("closure", [None, *Closure])
@pytest.mark.parametrize("told", [None, 0, 5])
def test_zero_always_goes_out_but_to_amazons_own_stock(closure: Closure | None, told: int | None) -> None:
    is_theirs = closure is Closure.AMAZONS
    right = Relisting(quantity=None, issue=closure) if is_theirs else Relisting(quantity=0)

    assert relisting(0, told, closure, at_least=3) == right


@pytest.mark.parametrize(
    ("wanted", "told", "quantity", "waits"),
    [(2, 0, 0, True), (3, 0, 3, False), (2, 3, 2, False), (1, None, 1, False)],
)
def test_few_units_keep_a_listing_but_do_not_bring_it_back(
    wanted: int, told: int | None, quantity: int, waits: bool
) -> None:
    found = relisting(wanted, told, at_least=3)

    assert (found.quantity, found.waits) == (quantity, waits)
