"""A stored order as people read it (semantics B2, B7)."""

import pytest

from channeld.domain.order import Amounts
from channeld.domain.order_view import LineFacts, LineView, MoneyView, OrderFacts, flags_text, money_view
from channeld.domain.tax import TaxPolicy

UK_LINE = LineFacts(amounts=Amounts(item=1200, tax=200, total=1200))
US_LINE = LineFacts(amounts=Amounts(item=2000, shipping=500, tax=206, total=2706), facilitator=True)
US_IGNORING = TaxPolicy(style="added", ignore_facilitator=True)


def shown(
    *lines: LineFacts, policy: TaxPolicy, currency: str = "GBP", grand_total: int | None = None, tip: int = 0
) -> MoneyView:
    return money_view(
        OrderFacts(lines=lines, policy=policy, currency=currency, grand_total=grand_total, tip=tip)
    )


def test_uk_order_with_amazons_tax() -> None:
    view = shown(UK_LINE, policy=TaxPolicy(style="included", use_channel_tax=True), grand_total=1200)
    assert view.lines == (LineView(net=1000, tax=200, gross=1200, amazon_tax=200, rate="0.2000"),)
    assert (view.total, view.tax, view.agrees) == (1200, 200, True)
    assert view.explanation == (
        "Goods: 12.00 GBP",
        "Tax that Amazon reports as included above: 2.00 GBP",
        "Total: 12.00 GBP, of which tax 2.00 GBP",
    )


def test_own_rate_shows_the_variance() -> None:
    view = shown(UK_LINE, policy=TaxPolicy(style="included", tax_rate="10"))
    assert (view.total, view.tax) == (1200, 109)
    assert view.explanation[-2:] == (
        "Tax is split off at the channel's rate of 10 %, as Use Channel Tax is off",
        "Variance (Amazon's tax less this one): 0.91 GBP",
    )


def test_ignored_facilitator_tax_explains_the_way_to_amazons_total() -> None:
    view = shown(US_LINE, policy=US_IGNORING, currency="USD", grand_total=2706)
    assert (view.total, view.agrees) == (2500, True)
    assert view.explanation == (
        "Goods: 20.00 USD",
        "Shipping: 5.00 USD",
        "Tax, added on top: 2.06 USD",
        "Tax that Amazon collects and remits, left out (Ignore Facilitator Tax): 2.06 USD",
        "Total: 25.00 USD, of which tax 0.00 USD",
        "Amazon's own total: 27.06 USD, which differs by 2.06 USD",
    )


def test_every_component_and_the_tip_are_told() -> None:
    amounts = Amounts(item=1000, shipping=300, gift_wrap=200, cod_fee=50, other=10, discount=60)
    view = shown(LineFacts(amounts=amounts), policy=TaxPolicy(style="added"), currency="JPY", tip=500)
    assert view.total == 2000
    assert view.explanation == (
        "Goods: 1000 JPY",
        "Shipping: 300 JPY",
        "Gift wrap: 200 JPY",
        "Cash on delivery fee: 50 JPY",
        "Other charges: 10 JPY",
        "Discount, taken off: 60 JPY",
        "Delivery tip: 500 JPY",
        "Total: 2000 JPY, of which tax 0 JPY",
    )


def test_total_that_differs_from_amazons_says_by_how_much() -> None:
    line = LineFacts(amounts=Amounts(item=1000, total=990))
    view = shown(line, policy=TaxPolicy(style="added"), currency="USD", grand_total=990)
    assert not view.agrees
    assert view.explanation[-2:] == (
        "Lines whose components do not add up to Amazon's total of the line: 1",
        "Amazon's own total: 9.90 USD, which differs by -0.10 USD",
    )


@pytest.mark.parametrize(
    ("currency", "grand_total", "text"),
    [
        ("", None, "Amazon shows no reliable money for this order yet"),
        ("GBP", 1200, "Amazon shows a total of 12.00 GBP and no amounts for every line yet"),
    ],
)
def test_order_without_money_has_no_total(currency: str, grand_total: int | None, text: str) -> None:
    policy = TaxPolicy(style="included")
    view = shown(UK_LINE, LineFacts(amounts=None), policy=policy, currency=currency, grand_total=grand_total)
    assert (view.total, view.tax, view.agrees) == (None, None, True)
    assert view.lines[1] == LineView()
    assert view.explanation == (text,)


def test_order_without_lines_has_no_total() -> None:
    assert shown(policy=TaxPolicy(style="added")).total is None


def test_flags_are_told_in_a_fixed_order() -> None:
    assert flags_text() == ""
    assert flags_text(total_differs=True, gift=True) == "gift, total differs"
    everything = flags_text(
        business=True,
        gift=True,
        prime=True,
        cancel_requested=True,
        replacement=True,
        unlinked=True,
        total_differs=True,
    )
    assert everything == "business, gift, prime, cancel requested, replacement, unlinked, total differs"
