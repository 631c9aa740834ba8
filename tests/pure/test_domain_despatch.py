"""Planning a parcel and a cancellation: what is left, and everything that is wrong (semantics C1, C2)."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.cancellation import Cancelling, plan_cancellation
from channeld.domain.despatch import Parcel, is_repeat, plan_parcel
from channeld.domain.order import Units
from channeld.domain.order_state import OrderState
from channeld.domain.order_units import LineFacts, LocalUnits, OrderFacts, left_of, left_over
from channeld.domain.ship_by import risk_of
from channeld.errors import Problem
from tests.support.domain_orders import DAY, HOUR, MINUTE, NOW

BOUGHT = NOW - HOUR
NOTHING = LocalUnits()


def line(item: str, sku: str, quantity: int, fulfilled: int = 0, *, open_: int | None = None) -> LineFacts:
    still_open = quantity - fulfilled if open_ is None else open_
    return LineFacts(
        order_item_id=item, sku=sku, ordered=quantity, fulfilled=fulfilled, unfulfilled=still_open
    )


MUGS, CUP = line("11", "MUG", 3), line("22", "CUP", 1)


def order(*lines: LineFacts, state: OrderState = OrderState.OPEN, by: str = "MERCHANT") -> OrderFacts:
    return OrderFacts(
        status="UNSHIPPED",
        state=state,
        fulfilled_by=by,
        purchased_at=BOUGHT,
        lines=lines or (MUGS, CUP),
    )


def parcel(plan: Parcel | list[Problem]) -> dict[str, int]:
    assert isinstance(plan, Parcel), plan
    return {part.order_item_id: part.quantity for part in plan.lines}


def wrong(plan: Parcel | Cancelling | list[Problem]) -> dict[str, str]:
    assert isinstance(plan, list), plan
    return {problem.key: problem.message for problem in plan}


def planned(facts: OrderFacts, local: LocalUnits = NOTHING, **asked: Any) -> Parcel | list[Problem]:
    return plan_parcel(facts, local, now=NOW, **asked)


def test_by_default_everything_that_is_left_has_left_now() -> None:
    plan = planned(order())
    assert parcel(plan) == {"11": 3, "22": 1}
    assert isinstance(plan, Parcel)
    assert plan.shipped_at == NOW


@pytest.mark.parametrize(
    ("facts", "local", "left"),
    [
        (order(line("11", "MUG", 3, 1)), NOTHING, {"11": 2}),
        (order(), LocalUnits(processed={"11": 3}), {"22": 1}),
        (order(), LocalUnits(processed={"11": 1}, withdrawn={"11": 1}), {"11": 1, "22": 1}),
        (order(line("11", "MUG", 3, 2)), LocalUnits(processed={"11": 1}), {"11": 1}),
        (order(line("11", "MUG", 3, open_=1)), NOTHING, {"11": 1}),
        (order(line("11", "MUG", 3, open_=2)), LocalUnits(withdrawn={"11": 1}), {"11": 2}),
    ],
)
def test_what_is_left_of_an_order(facts: OrderFacts, local: LocalUnits, left: dict[str, int]) -> None:
    assert parcel(planned(facts, local)) == left
    assert left_over(facts, local) == sum(left.values())


def test_a_part_is_named_by_item_or_by_sku() -> None:
    plan = planned(order(), lines=[("MUG", 2), ("22", 1)])
    assert parcel(plan) == {"11": 2, "22": 1}
    assert isinstance(plan, Parcel)
    assert left_over(order(), NOTHING, plan.lines) == 1


def test_every_line_that_is_wrong_is_named() -> None:
    twice = order(MUGS, CUP, line("33", "CUP", 1))
    asked = [("MUG", 4), ("11", 1), ("CUP", 1), ("22", 0), ("33", -1), ("PLATE", 1)]
    problems = wrong(planned(twice, lines=asked, shipped_at=NOW + MINUTE))
    assert problems.keys() == {f"lines.{name}" for name, _ in asked} | {"shipped_at"}
    assert "3 left to send, not 4" in problems["lines.MUG"]
    assert "22 or 33" in problems["lines.CUP"]
    assert "11 (MUG)" in problems["lines.PLATE"]


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (NOW + MINUTE, "future"),
        (BOUGHT - MINUTE, "before the purchase"),
        (NOW.replace(tzinfo=None), "zone"),
    ],
)
def test_a_parcel_leaves_between_the_purchase_and_now(at: datetime, says: str) -> None:
    assert says in wrong(planned(order(), shipped_at=at))["shipped_at"]


def test_both_ends_are_allowed_and_a_slow_clock_is_not_before_the_purchase() -> None:
    for at in (BOUGHT, NOW):
        plan = planned(order(), shipped_at=at)
        assert isinstance(plan, Parcel)
        assert plan.shipped_at == at
    early = plan_parcel(order(), NOTHING, now=BOUGHT - MINUTE)
    assert isinstance(early, Parcel)
    assert early.shipped_at == BOUGHT


@pytest.mark.parametrize(
    ("state", "by", "says"),
    [
        (OrderState.PARKED, "MERCHANT", "pending"),
        (OrderState.INCOMPLETE, "MERCHANT", "not complete"),
        (OrderState.CANCELLED, "MERCHANT", "cancelled"),
        (OrderState.LOCKED, "AMAZON", "Amazon"),
        (OrderState.FULFILLED, "AMAZON", "Amazon"),
    ],
)
def test_an_order_that_cannot_be_answered_says_why(state: OrderState, by: str, says: str) -> None:
    facts = order(state=state, by=by)
    assert says in wrong(planned(facts, force=True))["order_id"]
    assert says in wrong(plan_cancellation(facts, NOTHING))["order_id"]


def test_what_amazon_shows_as_shipped_is_sent_by_force_only() -> None:
    facts = order(line("11", "MUG", 1, 1), state=OrderState.SHIPPED)
    assert "force" in wrong(planned(facts))["order_id"]
    assert parcel(planned(facts, force=True)) == {"11": 1}
    done = LocalUnits(processed={"11": 1})
    assert "force" not in wrong(planned(facts, done))["order_id"]
    assert "nothing left" in wrong(planned(facts, done, force=True))["order_id"]


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.booleans(),
)
def test_no_more_is_sent_than_was_ordered(
    quantity: int, fulfilled: int, open_: int, processed: int, withdrawn: int, force: bool
) -> None:
    facts = line("11", "MUG", quantity, fulfilled, open_=open_)
    local = LocalUnits(processed={"11": processed}, withdrawn={"11": withdrawn})
    left = left_of(facts, local, force=force)
    assert 0 <= left <= max(0, quantity - processed - withdrawn)


def cancelling(plan: Cancelling | list[Problem]) -> tuple[list[Units], tuple[str, ...]]:
    assert isinstance(plan, Cancelling), plan
    return list(plan.lines), plan.whole_lines


def test_a_whole_order_is_cancelled() -> None:
    plan = plan_cancellation(order(), NOTHING)
    assert cancelling(plan) == ([Units("11", 3), Units("22", 1)], ("11", "22"))


def test_lines_and_parts_of_lines_are_cancelled_by_name() -> None:
    plan = plan_cancellation(order(), NOTHING, [("MUG", 2), ("CUP", 1)])
    assert cancelling(plan) == ([Units("11", 2), Units("22", 1)], ("22",))


def test_a_line_is_whole_only_when_all_that_amazon_has_of_it_is_cancelled_at_once() -> None:
    """Told of a whole line, Amazon would cancel the units of an earlier cancellation that fails as well."""
    local = LocalUnits(withdrawn={"11": 2, "22": 1})
    for rest in (plan_cancellation(order(), local, [("MUG", 1)]), plan_cancellation(order(), local)):
        assert cancelling(rest) == ([Units("11", 1)], ())
    shown = order(line("11", "MUG", 3, open_=1), CUP)
    assert cancelling(plan_cancellation(shown, local, [("MUG", 1)])) == ([Units("11", 1)], ("11",))


@pytest.mark.parametrize(
    ("units", "tracking", "repeat"),
    [
        ({"11": 2, "22": 1}, "AB 1", True),
        ({"11": 1}, "ab1", True),
        ({"11": 3}, "AB1", False),
        ({"33": 1}, "AB1", False),
        ({"11": 2}, "AB2", False),
    ],
)
def test_a_parcel_is_a_repeat_with_the_same_tracking_and_its_units_in_it(
    units: dict[str, int], tracking: str, repeat: bool
) -> None:
    held = [Units("11", 2), Units("22", 1)]
    lines = [Units(*each) for each in units.items()]
    assert is_repeat(lines, tracking, held, "AB1") is repeat


def test_untracked_parcels_are_no_repeats() -> None:
    assert not is_repeat([Units("11", 1)], "", [Units("11", 1)], "")


@pytest.mark.parametrize(
    ("facts", "local", "says"),
    [
        (order(line("11", "MUG", 3, 1)), NOTHING, "refund"),
        (order(), LocalUnits(processed={"22": 1}), "refund"),
        (order(), LocalUnits(processed={"11": 3, "22": 1}), "refund"),
        (order(state=OrderState.SHIPPED), NOTHING, "refund"),
        (order(), LocalUnits(withdrawn={"11": 3, "22": 1}), "already"),
    ],
)
def test_what_has_left_or_is_cancelled_is_not_cancelled(
    facts: OrderFacts, local: LocalUnits, says: str
) -> None:
    assert says in wrong(plan_cancellation(facts, local))["order_id"]


def test_lines_that_have_not_left_can_be_cancelled_beside_one_that_has() -> None:
    local = LocalUnits(processed={"11": 3})
    assert cancelling(plan_cancellation(order(), local, [("CUP", 1)])) == ([Units("22", 1)], ("22",))
    problems = wrong(plan_cancellation(order(), local, [("MUG", 1), ("CUP", 2), ("22", 1), ("PLATE", 1)]))
    assert problems.keys() == {"lines.MUG", "lines.CUP", "lines.22", "lines.PLATE"}
    assert "refund" in problems["lines.MUG"]


@pytest.mark.parametrize(
    ("ship_by", "risk"),
    [
        (None, ""),
        (NOW - MINUTE, "overdue"),
        (NOW, "at risk"),
        (NOW + DAY, "at risk"),
        (NOW + DAY + MINUTE, "on track"),
    ],
)
def test_risk_of_a_ship_by_time(ship_by: datetime | None, risk: str) -> None:
    assert risk_of(ship_by, NOW) == risk
