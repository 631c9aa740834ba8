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
PART_CANCELLED = Deed(kind="cancel", order=0, lines=((0, 1),))
PAID_BACK = Deed(kind="refund", order=0, amounts={0: 250})
RETRIED = Deed(kind="retry", order=0, awaits=True)
FORCED = Deed(kind="retry", order=0, awaits=True, force=True)
DISMISSED = Deed(kind="dismiss", order=0, awaits=True)
GIVEN_UP = Deed(kind="abandon", order=0, awaits=True)
STANDS = Trouble(fault="feed_stuck", detail="20000")
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
DECIDED = {
    "a carrier that is refused, dismissed twice": Plan(
        kind="decided",
        orders=(OPEN,),
        deeds=(SENT, DISMISSED, DISMISSED),
        troubles=(Trouble(fault="unknown_carrier", times=5),),
        deaths=(12,),
    ),
    "a carrier that is refused, tried again twice": Plan(
        kind="decided",
        orders=(OPEN,),
        deeds=(SENT, RETRIED, RETRIED),
        troubles=(Trouble(fault="unknown_carrier", times=2),),
        deaths=(10, 10),
    ),
    "a refund that never showed is not repeated by itself, and once by force": Plan(
        kind="decided",
        orders=(SHIPPED,),
        deeds=(PAID_BACK, RETRIED, FORCED, FORCED),
        troubles=(Trouble(fault="no_effect", times=1),),
    ),
    "a refund in doubt that was paid is paid again when a person forces it": Plan(
        kind="decided",
        orders=(SHIPPED,),
        deeds=(PAID_BACK, Deed(kind="retry", order=0, force=True, pause=1000)),
        troubles=(Trouble(fault="report_contradicts"),),
    ),
    "a refund in a feed that a person gives up is paid later": Plan(
        kind="decided",
        orders=(SHIPPED,),
        deeds=(PAID_BACK, GIVEN_UP, GIVEN_UP),
        troubles=(STANDS,),
        deaths=(24,),
    ),
    "units in a feed that a person gives up are cancelled later": Plan(
        kind="decided",
        part_cancellation="ordered",
        orders=(OPEN,),
        deeds=(PART_CANCELLED, GIVEN_UP),
        troubles=(STANDS,),
        deaths=(24,),
    ),
}
IN_PARTS = {
    "units are cancelled twice, and the rest leaves": Plan(
        kind="parts cancelled",
        part_cancellation="unfulfilled",
        orders=(Placed(lines=(Goods(sku="MUG", quantity=4),)),),
        deeds=(PART_CANCELLED, PART_CANCELLED, Deed(kind="process", order=0, pause=3700)),
        cuts=(Cut(at=3, delivered=True),),
        deaths=(12,),
    ),
    "Amazon cancels no part of a line, and a person lets it be": Plan(
        kind="parts cancelled",
        orders=(OPEN,),
        deeds=(PART_CANCELLED, RETRIED, DISMISSED, SENT),
        deaths=(10,),
    ),
}
ELSEWHERE = {
    "a buyer cancels what is to be sent": Plan(
        kind="others act",
        orders=(OPEN,),
        deeds=(Deed(kind="buyer cancels", order=0), SENT),
        deaths=(5,),
    ),
    "the parcel was entered in Seller Central": Plan(
        kind="others act",
        orders=(OPEN,),
        deeds=(
            Deed(kind="sent elsewhere", order=0, tracking="AB1"),
            Deed(kind="process", order=0, tracking="AB1", pause=40),
        ),
        deaths=(5,),
    ),
    "the order was sent in Seller Central with another parcel": Plan(
        kind="others act",
        orders=(OPEN,),
        deeds=(UNTRACKED, Deed(kind="sent elsewhere", order=0, tracking="SC1")),
        deaths=(7,),
    ),
    "the same was refunded in Seller Central": Plan(
        kind="others act",
        orders=(SHIPPED,),
        deeds=(PAID_BACK, Deed(kind="refunded elsewhere", order=0, amounts={0: 250}, pause=40)),
        deaths=(9,),
    ),
    "a cancellation comes about when it was given up": Plan(
        kind="late",
        orders=(OPEN,),
        deeds=(CANCELLED,),
        troubles=(Trouble(fault="late_effect", detail="13000"),),
        deaths=(20,),
    ),
}
ALL = PLANS | DECIDED | IN_PARTS | ELSEWHERE


@pytest.mark.parametrize("name", ALL)
def test_each_effect_happens_once_however_the_daemon_and_the_wire_fail(name: str) -> None:
    assert try_plan(ALL[name]) == []


def test_plans_by_chance_end_as_the_ledger_says() -> None:
    try_plans(Tally(), runs=3, seed=20)
