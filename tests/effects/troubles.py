"""What goes wrong, by chance: faults of Amazon and connections that end."""

from collections.abc import Mapping

from hypothesis import strategies as st

from tests.effects.plan import Cut, Trouble

__all__ = ["cuts", "lasting_troubles", "late_effects", "stuck_feeds", "troubles"]

Draw = st.DrawFn
FAULTS: Mapping[str, tuple[str, ...]] = {
    "reset_after": ("",),
    "error_500_after": ("",),
    "error_500": ("",),
    "error_503": ("",),
    "timeout": ("",),
    "reset": ("",),
    "truncated": ("",),
    "no_effect": ("",),
    "feed_stuck": ("600", "9000", "20000"),
    "feed_cancelled": ("",),
    "feed_fatal": ("none", "", "all"),
    "report_missing": ("",),
    "report_contradicts": ("", "results"),
    "unknown_carrier": ("",),
    "empty_page": ("",),
    "throttle_burst": ("",),
}
"""Fault and its variants."""
OF_REQUESTS = ("reset_after", "error_500_after", "error_500", "error_503", "timeout", "reset")
OPERATIONS = ("", "createFeed", "createFeed", "confirmShipment", "getFeed", "listTransactions", "getOrder")
LASTING = ("no_effect", "unknown_carrier", "report_contradicts", "report_missing", "feed_cancelled")
"""They bring work into people's hands when they last."""


@st.composite
def troubles(draw: Draw) -> Trouble:
    """Any of them."""
    fault = draw(st.sampled_from(sorted(FAULTS)))
    return Trouble(
        fault=fault,
        detail=draw(st.sampled_from(FAULTS[fault])),
        at=draw(st.integers(1, 12)),
        times=draw(st.integers(1, 2)),
        operation=draw(st.sampled_from(OPERATIONS)) if fault in OF_REQUESTS else "",
    )


def lasting_troubles() -> st.SearchStrategy[Trouble]:
    """From the first request on, often enough that work comes into people's hands."""
    return st.builds(Trouble, fault=st.sampled_from(LASTING), times=st.sampled_from((2, 5, 60)))


def stuck_feeds() -> st.SearchStrategy[Trouble]:
    """Long enough that a person may give them up; Amazon works through them all the same, hours later."""
    details = st.sampled_from(("9000", "20000", "50000"))
    return st.builds(Trouble, fault=st.just("feed_stuck"), detail=details, times=st.integers(1, 3))


def late_effects() -> st.SearchStrategy[Trouble]:
    """What a report calls done comes about minutes or hours later, or after it was given up."""
    details = st.sampled_from(("900", "5000", "9000", "13000"))
    return st.builds(Trouble, fault=st.just("late_effect"), detail=details, times=st.integers(1, 3))


def cuts() -> st.SearchStrategy[Cut]:
    return st.builds(Cut, at=st.integers(1, 12), delivered=st.booleans())
