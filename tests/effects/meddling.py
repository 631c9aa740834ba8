"""What comes in between, by chance: people decide about work, and others act on the same order."""

from hypothesis import strategies as st

from tests.effects.orders import PAUSES, Draw
from tests.effects.plan import Deed, Placed, What

__all__ = ["with_abandonment", "with_decisions", "with_others"]

LATER = st.sampled_from((0.0, 30.0, 1500.0, 8000.0, 100_000.0))
"""Seconds: at once, in the middle of a feed, while it is looked for, and when a window has closed."""
BEFORE_IT_LEFT: tuple[What, ...] = ("buyer cancels", "buyer asks", "sent elsewhere")
AFTER_IT_LEFT: tuple[What, ...] = ("refunded elsewhere",)
DECISIONS: tuple[tuple[What, ...], ...] = (
    ("retry",),
    ("retry", "retry"),
    ("dismiss",),
    ("dismiss", "dismiss"),
    ("retry", "dismiss"),
    ("dismiss", "retry"),
)


def with_decisions(draw: Draw, number: int, deeds: list[Deed]) -> list[Deed]:
    """People look at what has not ended, and try it again or let it be: once, or twice."""
    after = list(deeds)
    for kind in draw(st.sampled_from(DECISIONS)):
        decision = Deed(
            kind=kind,
            order=number,
            pause=draw(LATER),
            awaits=draw(st.booleans()),
            force=kind == "retry" and draw(st.booleans()),
        )
        after.append(decision)
    return after


def with_abandonment(draw: Draw, number: int, deeds: list[Deed]) -> list[Deed]:
    """A person gives up the feed that stands, perhaps before or after he decides about what it carries."""
    given_up = Deed(kind="abandon", order=number, pause=draw(LATER), awaits=True)
    decided = with_decisions(draw, number, []) if draw(st.booleans()) else []
    at = draw(st.integers(0, len(decided)))
    return [*deeds, *decided[:at], given_up, *decided[at:]]


def with_others(draw: Draw, number: int, order: Placed, deeds: list[Deed]) -> list[Deed]:
    """A buyer, or somebody in Seller Central, does something with the order before, between or after ours."""
    kind = draw(st.sampled_from(AFTER_IT_LEFT if order.shipped else BEFORE_IT_LEFT))
    tracking = draw(st.sampled_from([deed.tracking for deed in deeds] + ["SC0001"]))
    minor = draw(st.sampled_from([*_amounts(deeds), 7, order.lines[0].unit_price]))
    deed = Deed(kind=kind, order=number, tracking=tracking, amounts={0: minor}, pause=draw(PAUSES))
    at = draw(st.integers(0, len(deeds)))
    return [*deeds[:at], deed, *deeds[at:]]


def _amounts(deeds: list[Deed]) -> list[int]:
    """Those that are given back by us, so that both may be the same."""
    return [minor for deed in deeds for minor in deed.amounts.values()]
