"""Plans by chance, for hypothesis: small ones first, so that a failing one shrinks to what matters."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.effects.meddling import with_abandonment, with_decisions, with_others
from tests.effects.orders import ORDERS, Answered, Draw
from tests.effects.plan import COUNTRIES, Deed, Placed, Plan, Trouble
from tests.effects.troubles import cuts, lasting_troubles, late_effects, stuck_feeds, troubles

__all__ = ["KINDS", "plans"]

KINDS = (*ORDERS, "decided", "late", "mixed", "others act")
"""Of one kind of work, or of all of them: with people's decisions, late effects, or others in between."""
PARTS = ("unfulfilled", "ordered", "refused")


@st.composite
def plans(draw: Draw, kind: str | None = None) -> Plan:
    """One run of that kind, of any kind if None."""
    kind = kind or draw(st.sampled_from(sorted(KINDS)))
    own = _of_kind(draw, kind)
    is_stuck = kind == "decided" and any(trouble.fault == "feed_stuck" for trouble in own)
    orders: list[Placed] = []
    deeds: list[Deed] = []
    for number in range(draw(st.integers(1, 4))):
        order, done = _answered(draw, kind, number, is_stuck=is_stuck)
        orders.append(order)
        deeds += done
    return Plan(
        kind=kind,
        country=draw(st.sampled_from(COUNTRIES)),
        part_cancellation=draw(st.sampled_from(PARTS)),
        orders=tuple(orders),
        deeds=tuple(deeds),
        troubles=(*own, *_any(draw)),
        cuts=tuple(draw(cuts()) for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2))))),
        deaths=tuple(
            draw(st.integers(1, 50 if kind in ORDERS else 120))
            for _ in range(draw(st.sampled_from((0, 1, 1, 1, 2))))
        ),
        gone=draw(st.sampled_from((0.0, 5.0, 900.0, 30_000.0))),
    )


def _answered(draw: Draw, kind: str, number: int, *, is_stuck: bool) -> Answered:
    """An order, and what is done with it."""
    make = ORDERS.get(kind) or draw(st.sampled_from(list(ORDERS.values())))
    order, deeds = make(draw, number)
    if kind == "others act":
        deeds = with_others(draw, number, order, deeds)
    if is_stuck:
        return order, with_abandonment(draw, number, deeds)
    if kind == "decided" or (kind not in ORDERS and draw(st.booleans())):
        deeds = with_decisions(draw, number, deeds)
    return order, deeds


def _of_kind(draw: Draw, kind: str) -> Sequence[Trouble]:
    """What makes a run one of that kind."""
    match kind:
        case "decided":
            return (draw(lasting_troubles() | stuck_feeds()),)
        case "late":
            return (draw(late_effects()),)
        case _:
            return ()


def _any(draw: Draw) -> Sequence[Trouble]:
    return [draw(troubles()) for _ in range(draw(st.sampled_from((0, 1, 1, 2, 3))))]
