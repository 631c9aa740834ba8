"""Stock goes out while the daemon dies and Amazon fails; many more plans: `python -m tests.stock_effects`."""

import pytest

from tests.effects.plan import Cut, Trouble
from tests.stock_effects.plan import Deed, Plan
from tests.stock_effects.tries import try_plan

SETTLED = 4000.0
A_DAY = 100_000.0

PLANS = {
    "sold on both channels, capped, and the daemon dies": Plan(
        deeds=(
            Deed(kind="max_listed", channel=1, number=4),
            Deed(kind="order", sku=0, number=2, pause=SETTLED),
            Deed(kind="order", sku=2, channel=1, number=1, pause=1.0),
            Deed(kind="count", sku=1, number=3),
        ),
        deaths=(12, 30),
        gone=900.0,
        cuts=(Cut(at=2, delivered=True),),
    ),
    "by feeds, of which one sticks and applies late": Plan(
        slow=True,
        deeds=(
            Deed(kind="count", sku=0, number=100),
            Deed(kind="latency", number=31, pause=150.0),
            Deed(kind="count", sku=2, number=1, pause=900.0),
        ),
        troubles=(Trouble(fault="feed_stuck", detail="9000"),),
        deaths=(25,),
    ),
    "what has no effect or comes late is told until it stands": Plan(
        deeds=(
            Deed(kind="count", sku=1, number=5),
            Deed(kind="end_when", channel=0, number=10, pause=20.0),
            Deed(kind="latency", channel=1, number=9, pause=SETTLED),
        ),
        troubles=(
            Trouble(fault="no_effect", times=2),
            Trouble(fault="late_effect", detail="600", at=4),
            Trouble(fault="error_500_after", at=6, times=2),
        ),
    ),
    "closed by hand, and changed by hand": Plan(
        deeds=(
            Deed(kind="meddle", sku=1, number=50),
            Deed(kind="count", sku=0, number=20),
            Deed(kind="close", sku=0, pause=A_DAY),
        ),
    ),
    "switched off and on, in dry run, unlinked and linked": Plan(
        deeds=(
            Deed(kind="update", channel=0, number=0),
            Deed(kind="dry_run", channel=1, number=1, pause=20.0),
            Deed(kind="count", sku=0, number=3, pause=20.0),
            Deed(kind="link", sku=1, number=0),
            Deed(kind="update", channel=0, number=1, pause=150.0),
            Deed(kind="count", sku=1, number=2),
            Deed(kind="link", sku=1, number=1, pause=150.0),
        ),
        deaths=(40,),
    ),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())
def test_amazon_ends_with_what_the_deeds_come_to(plan: Plan) -> None:
    assert try_plan(plan) == []
