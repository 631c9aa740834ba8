"""Planning refunds: never more than was charged, to the cent, and nothing twice (semantics C3)."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.money import format_amount
from channeld.domain.order import Units
from channeld.domain.order_state import OrderState
from channeld.domain.refund.balances import Elsewhere
from channeld.domain.refund.parts import Part
from channeld.domain.refund.plan import plan_refund
from channeld.domain.refund.reasons import CANCEL_REASONS, REFUND_REASONS, cancel_reason_for, read_reason
from channeld.domain.refund.repeats import Earlier, repeats
from channeld.domain.refund.shares import share_of
from channeld.errors import Problem
from tests.support.domain_orders import DAY, NOW
from tests.support.refunds import CHARGED, line, order, planned, refunded, wrong

MUG = Part(line="MUG")
ONE_MUG = Part(line="MUG", quantity=1)
OPEN = OrderState.OPEN


def amounts(**of: str) -> Part:
    return Part(line="MUG", amounts=of)


def test_the_worked_example() -> None:
    assert refunded(order(), ONE_MUG) == {"11": {"Principal": 1000, "Tax": 200}}
    rest = order(line(refunded={"Principal": 1000, "Tax": 200}))
    plan = planned(rest)
    assert dict(plan.lines[0].components) == {"Principal": 2000, "Tax": 400, "Shipping": 500}
    assert (plan.minor, plan.lines[0].left, plan.lines[0].refunded) == (2900, 0, 1200)
    nothing = order(line(refunded=CHARGED))
    problems = wrong(nothing, amounts(Principal="0.01"))
    assert "over-refunding by 0.01 USD" in problems["lines.MUG.Principal"]
    assert "nothing left" in wrong(nothing)["order_id"]
    assert "nothing left" in wrong(nothing, MUG)["lines.MUG"]


def test_the_remainder_is_on_the_last_unit() -> None:
    assert [share_of(1000, 3, first, 1) for first in range(3)] == [333, 333, 334]
    assert share_of(1000, 3, 0, 3) == 1000
    assert share_of(2, 3, 0, 2) == 0


def test_shipping_comes_with_units_only_when_it_is_named() -> None:
    part = Part(line="11", quantity=2, amounts={"shipping": "5.00"})
    assert refunded(order(), part) == {"11": {"Principal": 2000, "Tax": 400, "Shipping": 500}}


@pytest.mark.parametrize(
    ("part", "key", "says"),
    [
        (Part(line="MUG", quantity=0), "lines.MUG", "1 unit or more"),
        (Part(line="MUG", quantity=-1), "lines.MUG", "1 unit or more"),
        (Part(line="MUG", quantity=4), "lines.MUG", "3 ordered, not 4"),
        (amounts(Principal="0"), "lines.MUG.Principal", "more than 0.00 USD"),
        (amounts(Principal="-1"), "lines.MUG.Principal", "more than 0.00 USD"),
        (amounts(Principal="1.001"), "lines.MUG.Principal", "decimals"),
        (amounts(Principal="30.01"), "lines.MUG.Principal", "over-refunding by 0.01 USD"),
        (amounts(GiftWrap="1"), "lines.MUG.GiftWrap", "over-refunding by 1.00 USD"),
        (amounts(Goodwill="1"), "lines.MUG.Goodwill", "not charged"),
        (amounts(Postage="1"), "lines.MUG.Postage", "no component"),
        (Part(line="MUG", quantity=1, amounts={"Tax": "1"}), "lines.MUG.Tax", "either units or the amount"),
        (amounts(Principal="1", principal="1"), "lines.MUG.Principal", "twice"),
        (Part(line="CUP"), "lines.CUP", "11 (MUG)"),
    ],
)
def test_what_cannot_be_given_back_is_named(part: Part, key: str, says: str) -> None:
    assert says in wrong(order(), part)[key]


def test_all_that_is_wrong_is_said_at_once() -> None:
    parts = amounts(Principal="x", Shipping="9"), Part(line="CUP"), Part(line="11", quantity=9)
    assert wrong(order(), *parts).keys() == {
        "lines.MUG.Principal",
        "lines.MUG.Shipping",
        "lines.CUP",
        "lines.11",
    }


def test_a_sku_of_two_lines_has_to_be_named_by_item() -> None:
    two = order(line("11"), line("22"))
    assert "11 or 22" in wrong(two, MUG)["lines.MUG"]
    assert refunded(two, Part(line="22", quantity=1)) == {"22": {"Principal": 1000, "Tax": 200}}


def test_where_prices_contain_tax_there_is_no_tax_to_give_back() -> None:
    uk = order(line(charged={"Principal": 3600}), currency="GBP", tax_apart=False)
    assert "part of the price" in wrong(uk, amounts(Tax="1.00"))["lines.MUG.Tax"]
    assert refunded(uk, ONE_MUG) == {"11": {"Principal": 1200}}


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"state": OrderState.PARKED}, "nothing was paid"),
        ({"state": OrderState.INCOMPLETE}, "no reliable money"),
        ({"state": OrderState.CANCELLED}, "cancelled"),
        ({"state": OrderState.FULFILLED, "fulfilled_by": "AMAZON"}, "Amazon"),
        ({"currency": ""}, "no money"),
    ],
)
def test_an_order_without_a_charge_of_ours_is_not_refunded(facts: dict[str, Any], says: str) -> None:
    assert says in wrong(order(**facts))["order_id"]


def test_a_line_without_money_is_named() -> None:
    assert wrong(order(line("11"), line("22", "CUP", charged=None))).keys() == {"lines.22"}
    assert refunded(order(line("11"), line("22", "CUP", charged=None)), ONE_MUG)


def test_a_cancelled_line_without_money_does_not_stand_in_the_way() -> None:
    cancelled = line("22", "CUP", shipped=0, cancelled=3, charged=None)
    assert refunded(order(line("11"), cancelled)).keys() == {"11"}
    assert (
        "cancelled already" in wrong(order(line("11"), cancelled, state=OPEN), Part(line="CUP"))["lines.CUP"]
    )


def test_an_order_that_was_not_shipped_is_cancelled_instead() -> None:
    plan = planned(order(line(shipped=0), state=OPEN))
    assert (plan.cancel, plan.whole_lines) == ((Units("11", 3),), ("11",))
    assert plan.lines[0].by_cancellation
    assert plan.minor == sum(CHARGED.values())


def test_units_that_were_not_shipped_are_cancelled_instead() -> None:
    plan = planned(order(line(shipped=0), state=OPEN), Part(line="MUG", quantity=2))
    assert (plan.cancel, plan.whole_lines) == ((Units("11", 2),), ())
    assert dict(plan.lines[0].components) == {"Principal": 2000, "Tax": 400}
    rest = planned(order(line(shipped=0, cancelled=2), state=OPEN))
    assert (rest.cancel, rest.whole_lines, rest.minor) == ((Units("11", 1),), (), 1700)
    gone = planned(order(line(shipped=0, cancelled=2, cancelled_there=2), state=OPEN))
    assert gone.whole_lines == ("11",), "Amazon has nothing else of the line"


def test_an_amount_of_what_was_not_shipped_is_refused() -> None:
    problems = wrong(order(line(shipped=0), state=OPEN), amounts(Principal="1"))
    assert "nothing was shipped" in problems["lines.MUG.Principal"]


def test_a_mixed_order_is_split_by_line() -> None:
    plan = planned(order(line("11"), line("22", "CUP", quantity=1, shipped=0), state=OPEN))
    assert [each.by_cancellation for each in plan.lines] == [False, True]
    assert (plan.cancel, plan.whole_lines) == ((Units("22", 1),), ("22",))


def test_of_a_line_shipped_in_part_only_what_was_shipped_is_given_back() -> None:
    plan = planned(order(line(shipped=2), state=OPEN))
    assert dict(plan.lines[0].components) == {"Principal": 2000, "Tax": 400, "Shipping": 500}
    assert (plan.lines[0].not_shipped, plan.cancel) == (1, ())
    assert "2 of 3 shipped" in wrong(order(line(shipped=2)), Part(line="MUG", quantity=3))["lines.MUG"]


def test_what_has_left_unseen_is_neither_cancelled_nor_refunded_yet() -> None:
    gone = order(line(shipped=0, processed=3), state=OPEN)
    assert "does not show it as shipped yet" in wrong(gone)["order_id"]
    assert "does not show it as shipped yet" in wrong(gone, ONE_MUG)["lines.MUG"]
    assert "does not show it as shipped yet" in wrong(gone, MUG)["lines.MUG"]


@pytest.mark.parametrize(
    ("elsewhere", "left"),
    [
        (Elsewhere(sku="MUG", minor=1200, components={"Principal": 1000, "Tax": 200}), 2900),
        (Elsewhere(sku="MUG", minor=1200, components={"ProductCharges": 1200}), 2900),
        (Elsewhere(sku="", minor=4000), 100),
        (Elsewhere(sku="CUP", minor=100), 4000),
    ],
)
def test_what_amazon_gave_back_itself_is_not_given_back_again(elsewhere: Elsewhere, left: int) -> None:
    plan = planned(order(elsewhere=(elsewhere,)))
    assert (plan.minor, plan.lines[0].refunded) == (left, sum(CHARGED.values()) - left)


def test_more_than_was_charged_given_back_elsewhere_leaves_nothing() -> None:
    assert "nothing left" in wrong(order(elsewhere=(Elsewhere(sku="MUG", minor=10**6),)))["order_id"]


PRICES = st.integers(0, 99_999)
QUANTITIES = st.integers(1, 7)
STEPS = st.lists(st.tuples(st.sampled_from(("units", "amount")), st.integers(1, 4), PRICES), max_size=8)


@settings(max_examples=200, deadline=None)
@given(QUANTITIES, PRICES, PRICES, PRICES, STEPS, st.sampled_from(("GBP", "JPY")))
def test_any_sequence_and_then_the_rest_is_the_charge(
    quantity: int, principal: int, tax: int, shipping: int, steps: list[tuple[str, int, int]], currency: str
) -> None:
    charged = {
        name: minor
        for name, minor in (("Principal", principal), ("Tax", tax), ("Shipping", shipping))
        if minor
    }
    given_back: Counter[str] = Counter()

    def ask(*parts: Part) -> None:
        facts = order(
            line(quantity=quantity, shipped=quantity, charged=charged, refunded=given_back), currency=currency
        )
        plan = plan_refund(facts, parts)
        if isinstance(plan, list):
            return
        given_back.update(plan.lines[0].components)
        assert plan.lines[0].left == sum(charged.values()) - given_back.total()

    for kind, units, minor in steps:
        decimal = format_amount(minor, currency).split()[0]
        ask(
            Part(line="MUG", quantity=units)
            if kind == "units"
            else Part(line="MUG", amounts={"Principal": decimal})
        )
        assert all(0 <= given_back[name] <= charged.get(name, 0) for name in given_back)
    ask()
    assert {name: minor for name, minor in given_back.items() if minor} == charged


@settings(max_examples=100, deadline=None)
@given(QUANTITIES, st.integers(7, 99_999), PRICES, st.data())
def test_units_one_by_one_or_together_sum_to_the_line(
    quantity: int, principal: int, tax: int, data: st.DataObject
) -> None:
    given_back: Counter[str] = Counter()
    charged = {name: minor for name, minor in (("Principal", principal), ("Tax", tax)) if minor}
    left = quantity
    while left:
        units = data.draw(st.integers(1, left))
        facts = order(line(quantity=quantity, shipped=quantity, charged=charged, refunded=given_back))
        given_back.update(refunded(facts, Part(line="MUG", quantity=units))["11"])
        left -= units
    assert given_back == charged


@settings(max_examples=100, deadline=None)
@given(QUANTITIES, st.integers(7, 99_999), st.data())
def test_cancelling_unit_by_unit_sums_to_the_line(quantity: int, principal: int, data: st.DataObject) -> None:
    cancelled, total = 0, 0
    while cancelled < quantity:
        units = data.draw(st.integers(1, quantity - cancelled))
        facts = line(
            quantity=quantity,
            shipped=0,
            cancelled=cancelled,
            charged={"Principal": principal, "Shipping": 300},
        )
        plan = planned(order(facts, state=OPEN), Part(line="MUG", quantity=units))
        cancelled, total = cancelled + units, total + plan.minor
    assert total == principal + 300


def test_the_same_amount_of_a_line_within_a_week_is_a_repeat() -> None:
    earlier = [
        Earlier("11", 1200, NOW - 7 * DAY),
        Earlier("22", 500, NOW - 7 * DAY - timedelta(seconds=1)),
    ]
    asked = [("11", 1200), ("11", 1000), ("22", 500)]
    (found,) = repeats(asked, earlier, "USD", NOW)
    assert found.key == "lines.11"
    assert "12.00 USD was refunded on 2026-11-15" in found.message


def test_reasons_are_amazons_in_any_case() -> None:
    assert read_reason(" customerreturn", REFUND_REASONS) == "CustomerReturn"
    found = read_reason("NoInventry", CANCEL_REASONS)
    assert isinstance(found, Problem)
    assert (found.key, found.nearest) == ("reason", "NoInventory")
    assert all(cancel_reason_for(reason) in CANCEL_REASONS for reason in REFUND_REASONS)
