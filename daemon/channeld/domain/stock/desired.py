"""The desired state of one seller SKU: what Amazon is to be told, and what it was told (design, section 4).

Amazon may apply an accepted message late, a lost one after all, and one in a stuck feed days later. So what
stands there is only known when nothing older can come any more and a direct read shows it.
"""

from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

import msgspec

from channeld.domain.stock.route import Route
from channeld.domain.stock.value import Shown, Value

__all__ = ["NEW", "SETTLES", "Desired", "Flight", "Proof", "Rank", "Sent", "Standing"]

SETTLES = timedelta(minutes=15)
"""So long after its answer, or the end of its feed, a message may still come to be seen. Amazon has published
no figure: an assumption."""


class Flight(msgspec.Struct, frozen=True, kw_only=True):
    """The one message that is under way; committed before it leaves."""

    value: Value
    route: Route
    submission: str
    """Our own name of the request or feed, unlike any other of this SKU."""
    began_at: datetime
    sold_since: bool = False
    """Amazon has changed its number itself since, and may do so after it has applied this one."""


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """The last message that Amazon has accepted."""

    value: Value
    route: Route
    submission: str
    began_at: datetime
    at: datetime
    """When Amazon accepted it."""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What a direct read has shown last, when it was of any use."""

    shown: Shown
    at: datetime
    lacking_since: datetime | None = None
    """The first read that showed fewer units than were told; None: it does not."""
    up_at: datetime | None = None
    """The last read before, since the value was told, that has shown units; None: none has."""


class Standing(StrEnum):
    """How a SKU stands, for people."""

    NOTHING = "nothing to send"
    IN_FLIGHT = "in flight"
    WAITING = "waiting"
    """To be sent when its turn comes."""
    HELD_BACK = "tried again later"
    SHADOWED = "shadowed"
    """Sent; an older message in an unfinished feed may still undo it."""
    SENT = "sent, not confirmed"
    CONFIRMED = "confirmed"


class Rank(IntEnum):
    """What goes first."""

    TO_ZERO = 0
    DECREASE = 1
    UNKNOWN = 2
    """Never told: it may be a decrease."""
    INCREASE = 3
    """And what changes the handling time only."""


class Desired(msgspec.Struct, frozen=True, kw_only=True):
    """One SKU of one account."""

    computed: Value | None = None
    """None: nothing is to be sent, and what Amazon has is left alone."""
    version: int = 0
    """Grows with every change of it."""
    standing: Value | None = None
    """What Amazon was told last and surely took; None while that is in doubt."""
    flight: Flight | None = None
    shadows: tuple[str, ...] = ()
    """Submissions of unfinished feeds with a message that is older than what was sent since."""
    feared: int | None = None
    """The highest quantity of messages that were in doubt since the last proof."""
    reported: int | None = None
    """The highest quantity that reports showed when it was computed for the first time, or anew after a time
    in which nothing was sent: what to think of while nothing better is known."""
    settles_at: datetime | None = None
    """Until then an older message, not in these feeds, may still be applied."""
    sent: Sent | None = None
    proof: Proof | None = None
    look_at: datetime | None = None
    """When a direct read is worth its request; None while it would prove nothing, or all is proven."""
    dirty_since: datetime | None = None
    not_before: datetime | None = None
    """After failures: the next try."""
    failures: int = 0
    reason: str = ""
    """What went wrong last, for people."""

    @property
    def is_dirty(self) -> bool:
        """Amazon was not told the computed value yet, or not so that it can be relied on."""
        return self.computed is not None and not self.computed.is_told_by(self.standing)

    @property
    def is_confirmed(self) -> bool:
        """A direct read has shown the computed value, and nothing older can undo it."""
        if self.computed is None or self.proof is None or self.look_at is not None:
            return False
        if self.is_dirty or self.flight is not None or self.shadows:
            return False
        is_later = self.sent is None or self.proof.at >= self.sent.at
        return is_later and self.computed.is_shown_by(self.proof.shown)

    def is_due(self, now: datetime) -> bool:
        """It may be sent now."""
        is_held = self.not_before is not None and self.not_before > now
        return self.is_dirty and self.flight is None and not is_held

    @property
    def rank(self) -> Rank:
        """The place of its computed value in the order of work; the longest dirty first among equals."""
        wanted = self.computed.quantity if self.computed else 0
        offered = self._highest_offered()
        if offered is None:
            return Rank.UNKNOWN if wanted else Rank.TO_ZERO
        if wanted >= offered:
            is_sure = self.standing is not None or self.sent is not None or self.proof is not None
            return Rank.INCREASE if wanted or is_sure else Rank.DECREASE  # a report is hours old
        return Rank.DECREASE if wanted else Rank.TO_ZERO

    def stands(self, now: datetime) -> Standing:
        """In a word."""
        if self.computed is None:
            return Standing.NOTHING
        if self.flight is not None:
            return Standing.IN_FLIGHT
        if self.is_dirty:
            return Standing.WAITING if self.is_due(now) else Standing.HELD_BACK
        if self.shadows:
            return Standing.SHADOWED
        return Standing.CONFIRMED if self.is_confirmed else Standing.SENT

    def _highest_offered(self) -> int | None:
        """The most that Amazon may have on offer, as far as anything is known; None: nothing is."""
        if self.standing is not None:
            return self.standing.quantity
        known = [self.feared] if self.feared is not None else []
        known += [self.sent.value.quantity] if self.sent else []
        known += [self.proof.shown.quantity] if self.proof else []
        known += [self.reported] if self.reported is not None and self.proof is None else []
        return max(known, default=None)


NEW = Desired()
"""Of a SKU of which nothing is known."""
