"""Outbound work when the daemon dies, the wire is cut and Amazon fails: each effect once, or never.

Some plans that are known to be hard, and a few by chance; `python -m tests.effects` makes up many more.
"""

import pytest

from tests.effects.plan import Cut, Deed, Goods, Placed, Plan, Trouble
from tests.effects.tries import Tally, try_plan, try_plans

TWO_LINES = (Goods(sku="MUG", quantity=2, unit_price=1299), Goods(sku="JUG", unit_price=450, shipping=350))
OPEN, SHIPPED = Placed(lines=TWO_LINES), Placed(lines=TWO_LINES, shipped=True)
SENT = Deed(kind="process", order=0, tracking="AB1")
UNTRACKED = Deed(kind="process", order=0)
CANCELLED = Deed(kind="cancel", order=0)
PAID_BACK = Deed(kind="refund", order=0, amounts={0: 250})
PLANS = {
    "a tracked note, and its answer is lost": Plan(
        kind="tracked", orders=(OPEN,), deeds=(SENT,), cuts=(Cut(at=1, delivered=True),), deaths=(6,)
    ),
    "a feed without an answer, and the daemon dies": Plan(
        kind="untracked",
        country="US",
        orders=(OPEN,),
        deeds=(UNTRACKED,),
        cuts=(Cut(at=3, delivered=True),),
        deaths=(9,),
    ),
    "a cancellation that was not created": Plan(
        kind="cancelled", orders=(OPEN,), deeds=(CANCELLED,), cuts=(Cut(at=3, delivered=False),), deaths=(4,)
    ),
    "a refund whose feed was created without an answer": Plan(
        kind="refunded",
        country="JP",
        orders=(SHIPPED,),
        deeds=(PAID_BACK, PAID_BACK),
        troubles=(Trouble(fault="reset_after", operation="createFeed"),),
        deaths=(14,),
    ),
    "a refund in a feed that ends fatal with all of it paid": Plan(
        kind="refunded",
        orders=(SHIPPED,),
        deeds=(PAID_BACK,),
        troubles=(Trouble(fault="feed_fatal", detail="all"),),
    ),
    "a report that contradicts itself about a refund": Plan(
        kind="refunded",
        orders=(SHIPPED,),
        deeds=(PAID_BACK,),
        troubles=(Trouble(fault="report_contradicts"),),
        deaths=(20,),
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_each_effect_happens_once_however_the_daemon_and_the_wire_fail(name: str) -> None:
    assert try_plan(PLANS[name]) == []


def test_plans_by_chance_end_as_the_ledger_says() -> None:
    try_plans(Tally(), runs=3, seed=20)
