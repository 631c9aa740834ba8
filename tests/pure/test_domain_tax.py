"""How a line is split and an order added up (semantics B2, B7)."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.order import Amounts
from channeld.domain.tax import LineMoney, TaxPolicy, effective_rate, line_money, order_money

UK_CHANNEL_TAX = TaxPolicy(style="included", use_channel_tax=True)
UK = TaxPolicy(style="included", tax_rate="20")
UK_IGNORING = TaxPolicy(style="included", ignore_facilitator=True)
US = TaxPolicy(style="added")
US_IGNORING = TaxPolicy(style="added", ignore_facilitator=True)

SUMS = st.integers(0, 10**7)
AMOUNTS = st.builds(
    Amounts,
    item=SUMS,
    shipping=SUMS,
    gift_wrap=SUMS,
    cod_fee=SUMS,
    other=SUMS,
    discount=st.integers(0, 1000),
    tax=st.integers(0, 10**6),
    total=st.none() | SUMS,
)
POLICIES = st.builds(
    TaxPolicy,
    style=st.sampled_from(("included", "added")),
    use_channel_tax=st.booleans(),
    tax_rate=st.decimals(0, 100, places=2).map(str),
    ignore_facilitator=st.booleans(),
)


def split(amounts: Amounts, policy: TaxPolicy, *, facilitator: bool = False) -> LineMoney:
    return line_money(amounts, facilitator=facilitator, policy=policy)


def numbers(line: LineMoney) -> tuple[int, int, int]:
    return line.net, line.tax, line.gross


def test_uk_line_contains_its_tax() -> None:
    assert numbers(split(Amounts(item=1200, tax=200), UK_CHANNEL_TAX)) == (1000, 200, 1200)


def test_discount_comes_off_before_the_split() -> None:
    line = split(Amounts(item=1500, discount=300, tax=200, total=1200), UK_CHANNEL_TAX)
    assert numbers(line) == (1000, 200, 1200)


def test_amazons_tax_stands_where_a_computation_on_the_sum_would_differ() -> None:
    lines = [split(Amounts(item=99, tax=17), UK_CHANNEL_TAX) for _ in range(2)]
    assert order_money(lines).tax == 34
    assert split(Amounts(item=198), UK).tax == 33


def test_us_tax_is_added() -> None:
    assert numbers(split(Amounts(item=2000, tax=165), US)) == (2000, 165, 2165)


def test_line_total_of_amazon_tells_that_components_are_without_tax() -> None:
    """Amazon's published UK example: ITEM 89.97 + SHIPPING 10.00 + TAX 4.00 = 103.97."""
    line = split(Amounts(item=8997, shipping=1000, tax=400, total=10397), UK_CHANNEL_TAX)
    assert numbers(line) == (9997, 400, 10397)
    assert line.added == 400


@pytest.mark.parametrize(
    ("rate", "gross", "tax"),
    [("20", 1200, 200), ("0", 1200, 0), ("19", 999, 160), ("5.5", 1055, 55), ("100", 101, 51)],
)
def test_without_channel_tax_the_channels_rate_splits_half_up(rate: str, gross: int, tax: int) -> None:
    line = split(Amounts(item=gross, tax=200), TaxPolicy(style="included", tax_rate=rate))
    assert numbers(line) == (gross - tax, tax, gross)
    assert line.variance == 200 - tax


def test_us_tax_stays_in_the_total_whatever_the_rate() -> None:
    policy = TaxPolicy(style="added", tax_rate="20")
    assert numbers(split(Amounts(item=2000, tax=165), policy)) == (2000, 165, 2165)


@pytest.mark.parametrize(("policy", "total"), [(US, 2706), (US_IGNORING, 2500)])
def test_worked_us_facilitator_order(policy: TaxPolicy, total: int) -> None:
    amounts = Amounts(item=2000, shipping=500, tax=206, tax_item=165, tax_shipping=41)
    assert order_money([split(amounts, policy, facilitator=True)]).total == total


def test_only_the_facilitators_tax_is_ignored() -> None:
    equal = Amounts(item=2000, tax=165)
    lines = [split(equal, US_IGNORING, facilitator=False), split(equal, US_IGNORING, facilitator=True)]
    assert order_money(lines).total == 4165


def test_ignored_tax_comes_off_a_price_that_contains_it() -> None:
    line = split(Amounts(item=1200, tax=200, total=1200), UK_IGNORING, facilitator=True)
    assert numbers(line) == (1000, 0, 1000)
    assert (line.ignored, line.amazon_tax, line.paid) == (200, 200, 1200)


def test_line_whose_tax_is_ignored_is_not_split_again_by_the_channels_rate() -> None:
    policy = TaxPolicy(style="included", tax_rate="20", ignore_facilitator=True)
    line = split(Amounts(item=1200, tax=200, total=1200), policy, facilitator=True)
    assert (numbers(line), line.variance) == ((1000, 0, 1000), 0)


def test_tip_is_in_the_total_and_carries_no_tax() -> None:
    """Amazon's published US example: 99.98 + 49.99 + tax 0.02 + tip 5.00 = 154.99."""
    lines = [split(Amounts(item=9998, tax=2, total=10000), US), split(Amounts(item=4999, total=4999), US)]
    money = order_money(lines, tip=500, grand_total=15499)
    assert (money.total, money.tax, money.net, money.agrees) == (15499, 2, 15497, True)


@pytest.mark.parametrize(
    ("policy", "grand_total", "agrees"),
    [
        (US, 2165, True),
        (US, 2000, True),
        (US, 2166, False),
        (US, None, True),
        (UK, 2000, True),
        (UK, 1835, False),
        (UK, 2165, False),
    ],
)
def test_amazons_grand_total_is_compared(policy: TaxPolicy, grand_total: int | None, agrees: bool) -> None:
    line = split(Amounts(item=2000, tax=165), policy)
    assert order_money([line], grand_total=grand_total).agrees is agrees


def test_ignoring_facilitator_tax_is_no_difference_to_amazon() -> None:
    line = split(Amounts(item=2000, tax=165, total=2165), US_IGNORING, facilitator=True)
    assert order_money([line], grand_total=2165).agrees


def test_line_that_does_not_add_up_is_flagged() -> None:
    assert not order_money([split(Amounts(item=2000, tax=165, total=2100), US)]).agrees


@pytest.mark.parametrize(
    ("tax", "net", "rate"),
    [(200, 1000, "0.2000"), (165, 2000, "0.0825"), (17, 82, "0.2073"), (5, 0, "0.0000")],
)
def test_effective_rate_has_four_decimals(tax: int, net: int, rate: str) -> None:
    assert effective_rate(tax, net) == rate


@settings(max_examples=50, deadline=None)
@given(AMOUNTS, POLICIES, st.booleans())
def test_net_and_tax_are_the_gross_and_what_is_ignored_is_the_rest(
    amounts: Amounts, policy: TaxPolicy, facilitator: bool
) -> None:
    line = split(amounts, policy, facilitator=facilitator)
    assert line.net + line.tax == line.gross
    assert line.gross + line.ignored == line.paid
    assert line.tax + line.variance + line.ignored == amounts.tax


@settings(max_examples=50, deadline=None)
@given(AMOUNTS, st.booleans(), st.decimals(0, 100, places=2))
def test_what_the_buyer_paid_does_not_depend_on_how_it_is_split(
    amounts: Amounts, use_channel_tax: bool, rate: Decimal
) -> None:
    policy = TaxPolicy(style="included", use_channel_tax=use_channel_tax, tax_rate=str(rate))
    assert split(amounts, policy).gross == split(amounts, UK_CHANNEL_TAX).gross


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(AMOUNTS, st.booleans()), max_size=8), POLICIES, st.integers(0, 500))
def test_lines_add_up_to_the_order(lines: list[tuple[Amounts, bool]], policy: TaxPolicy, tip: int) -> None:
    split_lines = [split(amounts, policy, facilitator=by_amazon) for amounts, by_amazon in lines]
    money = order_money(split_lines, tip=tip)
    assert money.total == sum(line.gross for line in split_lines) + tip
    assert money.net + money.tax == money.total
    assert money.total + money.ignored == money.paid
