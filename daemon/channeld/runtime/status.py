"""What is known of one actor, as it is shown to people."""

from datetime import datetime
from typing import Literal

import msgspec

__all__ = ["ActorStatus", "State"]

State = Literal["starting", "running", "waiting", "failing", "halted", "stopped"]


class ActorStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One actor at one instant. Instants are aware and UTC.

    `failing` lasts from the first crash to the first turn that is done, through all attempts between.
    """

    id: str
    group: str
    account: str
    channel: str
    concern: str
    state: State
    since: datetime
    """When it came into this state; for `failing` the first crash."""
    waits_for: str = ""
    """For an actor that was halted with its whole group: the group."""
    until: datetime | None = None
    reason: str = ""
    """Why it is failing or halted. Never holds personal data."""
    hint: str = ""
    """What a person can do about it."""
    by: str = ""
    """The person who halted it; empty when it halted itself."""
    halted_group: str = ""
    """The group that was halted with it, if it was the first of them."""
    restarts: int = 0
    mailbox: int = 0
    """Messages it has not taken yet."""
    version: int = 0
    """Grows with every change, also when an actor of the same id is removed and comes back."""
