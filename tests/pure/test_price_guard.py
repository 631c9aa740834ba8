"""What cannot be a price, and what waits for a person (semantics G1)."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.marketplaces import BY_CODE
from channeld.domain.money import minor_digits
from channeld.domain.price.debounce import saved
from channeld.domain.price.guard import Bounds, Hold, judge, read_price, refused_bounds
from tests.support.fake_clock import START

UK, JP = BY_CODE["UK"], BY_CODE["JP"]
FREE = Bounds()


@pytest.mark.parametrize(
    ("amount", "currency", "code", "read"),
    [
        ("19.99", "GBP", "UK", 1999),
        ("19.9", "GBP", "UK", 1990),
        ("19.9900", "GBP", "UK", 1999),
        ("1980", "JPY", "JP", 1980),
        ("1980.0", "JPY", "JP", 1980),
        ("1980.5", "JPY", "JP", ["price"]),
        ("19.999", "GBP", "UK", ["price"]),
        ("0", "GBP", "UK", ["price"]),
        ("-1", "GBP", "UK", ["price"]),
        ("NaN", "GBP", "UK", ["price"]),
        ("Infinity", "GBP", "UK", ["price"]),
        ("1E+999999", "GBP", "UK", ["price"]),
        ("1E-999999", "GBP", "UK", ["price"]),
        ("0.001", "GBP", "UK", ["price"]),
        ("19.99", "EUR", "UK", ["currency"]),
        ("19.999", "EUR", "UK", ["currency", "price"]),
        ("0", "JPY", "UK", ["currency", "price"]),
    ],
)
def test_a_price_is_read_exactly_or_refused(
    amount: str, currency: str, code: str, read: int | list[str]
) -> None:
    found = read_price(Decimal(amount), currency, BY_CODE[code])

    assert (found if isinstance(found, int) else [problem.key for problem in found]) == read


@settings(max_examples=200, deadline=None)
@given(st.decimals("0.0001", 10**9, places=4), st.sampled_from((UK, JP)))
def test_no_price_is_rounded(amount: Decimal, marketplace: object) -> None:
    chosen = UK if marketplace is UK else JP
    found = read_price(amount, chosen.currency, chosen)
    exact = Fraction(amount) * 10 ** minor_digits(chosen.currency)

    assert found == exact if isinstance(found, int) else exact.denominator > 1


@pytest.mark.parametrize(
    ("minor", "before", "bounds", "holds"),
    [
        (1500, 1000, FREE, ()),
        (1501, 1000, FREE, (Hold.CHANGE,)),
        (500, 1000, FREE, ()),
        (499, 1000, FREE, (Hold.CHANGE,)),
        (1, 3, FREE, (Hold.CHANGE,)),
        (1000, 1000, Bounds(least=1000, most=1000), ()),
        (999, 1000, Bounds(least=1000), (Hold.BELOW,)),
        (1001, 1000, Bounds(most=1000), (Hold.ABOVE,)),
        (100, 1000, Bounds(least=200), (Hold.CHANGE, Hold.BELOW)),
        (1000, None, FREE, (Hold.UNCOMPARED,)),
        (1000, 0, FREE, (Hold.UNCOMPARED,)),
    ],
)
def test_what_waits_for_a_person(
    minor: int, before: int | None, bounds: Bounds, holds: tuple[Hold, ...]
) -> None:
    assert judge(minor, before, bounds).holds == holds


def test_an_approval_is_for_that_price_only() -> None:
    assert judge(100, 1000, FREE, approved=100).holds == ()
    assert judge(10, 1000, FREE, approved=100).holds == (Hold.CHANGE,)


@pytest.mark.parametrize(
    ("bounds", "keys"),
    [
        (Bounds(least=1, most=1), []),
        (Bounds(least=2, most=1), ["max_price"]),
        (Bounds(least=0), ["min_price"]),
        (Bounds(most=-1), ["max_price"]),
        (FREE, []),
    ],
)
def test_bounds_that_leave_no_price_are_refused(bounds: Bounds, keys: list[str]) -> None:
    assert [problem.key for problem in refused_bounds(bounds)] == keys


def test_the_newest_price_leaves_when_saving_has_come_to_rest() -> None:
    first = saved(None, 1000, START)
    second = saved(first, 1100, START + timedelta(seconds=4))

    assert first.due_at == START + timedelta(seconds=5)
    assert (second.minor, second.due_at) == (1100, START + timedelta(seconds=9))


def test_saving_without_end_keeps_no_price_back_for_ever() -> None:
    row = None
    for second in range(0, 200, 4):
        row = saved(row, second, START + timedelta(seconds=second))

    assert row is not None
    assert row.due_at <= START + timedelta(seconds=60)
