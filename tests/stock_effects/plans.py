"""Plans by chance, for hypothesis: small ones first, so that a failing one shrinks to what matters."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from tests.effects.plan import Cut, Trouble
from tests.stock_effects.plan import CHANNELS, SKUS, Deed, Plan, What

__all__ = ["plans"]

NUMBERS: Mapping[What, Sequence[int]] = {
    "count": (0, 1, 2, 3, 5, 20, 100),
    "order": (1, 2, 5),
    "cancel": (0,),
    "max_listed": (0, 1, 4),
    "stock_percentage": (0, 50, 33),
    "end_when": (0, 2, 10),
    "own_max_listed": (0, 2, 6),
    "latency": (0, 2, 9, 31),
    "dry_run": (0, 1),
    "update": (0, 1, 1),
    "link": (0, 1, 1),
    "push": (0,),
    "close": (0,),
    "meddle": (1, 7, 50),
}
OFTEN: Sequence[What] = ("count", "count", "order", "order", "order")
PAUSES = (0.0, 0.0, 1.0, 20.0, 150.0, 150.0, 900.0, 4000.0, 100_000.0)
"""Before the first look, after it, when nothing comes any more, and after a day's listing report."""
FAULTS: Mapping[str, Sequence[str]] = {
    "reset_after": ("",),
    "error_500_after": ("",),
    "error_500": ("",),
    "error_503": ("",),
    "timeout": ("",),
    "reset": ("",),
    "truncated": ("",),
    "throttle_burst": ("",),
    "no_effect": ("",),
    "late_effect": ("100", "600", "5000"),
    "write_invalid": ("",),
    "late_issue": ("",),
    "feed_stuck": ("600", "9000", "20000"),
    "feed_cancelled": ("",),
    "feed_fatal": ("none", "", "all"),
    "report_missing": ("",),
}
"""Fault and its variants."""


def plans() -> st.SearchStrategy[Plan]:
    """Any run."""
    return st.builds(
        Plan,
        deeds=st.lists(_deeds(), min_size=1, max_size=8).map(tuple),
        slow=st.booleans(),
        troubles=st.lists(_troubles(), max_size=3).map(tuple),
        cuts=st.lists(st.builds(Cut, at=st.integers(1, 15), delivered=st.booleans()), max_size=2).map(tuple),
        deaths=st.lists(st.integers(1, 80), max_size=2).map(tuple),
        gone=st.sampled_from((0.0, 5.0, 900.0, 30_000.0)),
    )


_KINDS: Sequence[What] = (*OFTEN, *NUMBERS)


@st.composite
def _deeds(draw: st.DrawFn) -> Deed:
    kind = draw(st.sampled_from(_KINDS))
    return Deed(
        kind=kind,
        sku=draw(st.integers(0, len(SKUS) - 1)),
        channel=draw(st.integers(0, len(CHANNELS) - 1)),
        number=draw(st.sampled_from(NUMBERS[kind])),
        pause=draw(st.sampled_from(PAUSES)),
    )


@st.composite
def _troubles(draw: st.DrawFn) -> Trouble:
    fault = draw(st.sampled_from(sorted(FAULTS)))
    return Trouble(
        fault=fault,
        detail=draw(st.sampled_from(FAULTS[fault])),
        at=draw(st.integers(1, 15)),
        times=draw(st.integers(1, 3)),
    )
