"""By which way work goes to Amazon; as stored."""

from enum import StrEnum

__all__ = ["Route"]


class Route(StrEnum):
    """The way of the next try, or of the last one."""

    UNDECIDED = ""
    CALL = "call"
    """A request of its own."""
    FEED = "feed"
    """Only a feed can carry it."""
    BULK = "bulk"
    """It could go by a request of its own; a feed is faster now."""
    CANCELLATION = "cancellation"
    """None: Amazon does it with the cancellation that it follows."""
