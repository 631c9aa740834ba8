"""A child spec is data: the supervision tree is a list of these."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal

import msgspec

from channeld.runtime.actor import ActorContext

__all__ = ["ChildSpec", "Halted"]


class ChildSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One actor to be kept running."""

    id: str
    """Unique, `scope/concern`, such as `eu/order_download`."""
    run: Callable[[ActorContext], Awaitable[None]]
    """The actor. It is called afresh after every crash, and finds its state in the store."""
    group: str = ""
    """Actors that can be halted together, such as those of one account; empty for none."""
    account: str = ""
    channel: str = ""
    concern: str = ""
    restart: Literal["permanent", "transient"] = "permanent"
    """A permanent actor that returns has crashed; a transient one has finished."""
    backoff: tuple[float, ...] = (1, 2, 5, 15, 60, 300)
    """Seconds before each attempt after a crash; the last one for ever."""
    stop_within: float = 10.0
    """Seconds it may take to clean up when it is told to stop."""


class Halted(msgspec.Struct, frozen=True, kw_only=True):
    """Why an actor waits for a person."""

    reason: str = ""
    hint: str = ""
    since: datetime | None = None
    """None stands for now."""
    by: str = ""
    """The person who halted it; empty when it halted itself."""
    group: str = ""
    """Set when its whole group was halted with it. Only the first of them has a reason and a hint."""
