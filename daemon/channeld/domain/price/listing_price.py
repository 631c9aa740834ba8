"""The price of one listing: what was saved, what Amazon was told, what it showed (semantics G1)."""

from datetime import datetime

import msgspec

from channeld.domain.price.debounce import Saved
from channeld.domain.price.guard import Bounds
from channeld.domain.price.states import State

__all__ = ["ListingPrice"]


class ListingPrice(msgspec.Struct, frozen=True, kw_only=True):
    """One listing of one channel. Prices are in minor units of the marketplace's currency."""

    channel_id: int
    sku: str
    state: State = State.NO_CHANGE
    saved: int | None = None
    """The newest price that somebody saved; None: nobody has, or it was dropped by a person."""
    first_saved_at: datetime | None = None
    """When the row of saves began that it belongs to."""
    saved_at: datetime | None = None
    by: str = ""
    """Who saved it."""
    least: int | None = None
    most: int | None = None
    holds: tuple[str, ...] = ()
    """Why it waits for approval."""
    approved: int | None = None
    """The price that a person has let pass."""
    flight: int | None = None
    """The price of the request that is under way."""
    was_sure: bool = True
    """`is_sure` as it was before that request."""
    sent: int | None = None
    """The price that Amazon has taken last."""
    sent_at: datetime | None = None
    submission: str = ""
    """What Amazon's support asks for."""
    shown: int | None = None
    """What a direct read has shown last."""
    shown_at: datetime | None = None
    confirmed: int | None = None
    """The last one that was read back; None: never priced here."""
    confirmed_at: datetime | None = None
    is_sure: bool = True
    """Nothing was sent since that Amazon may still apply."""
    settles_at: datetime | None = None
    """Until then an older request may still be applied."""
    look_at: datetime | None = None
    """When what was sent last is read back, whatever was saved since."""
    not_before: datetime | None = None
    """After a failure: the next try."""
    failures: int = 0
    """In a row, of this price."""
    reason: str = ""
    """What went wrong last, or why it is not sent; for people."""
    version: int = 0

    @property
    def bounds(self) -> Bounds:
        return Bounds(least=self.least, most=self.most)

    @property
    def is_unread(self) -> bool:
        """What was sent last is still to be read back."""
        return self.sent_at is not None and self.look_at is not None and self.state is not State.SENDING

    @property
    def burst(self) -> Saved | None:
        """The row of saves that has not left yet."""
        is_new = self.state in (State.PENDING, State.HELD)
        is_new |= self.state is State.SENDING and self.saved != self.flight
        if not is_new or self.saved is None or self.first_saved_at is None or self.saved_at is None:
            return None
        return Saved(minor=self.saved, first_at=self.first_saved_at, at=self.saved_at)

    @property
    def due_at(self) -> datetime | None:
        """When it may leave; None unless it is pending."""
        if self.state is not State.PENDING or self.burst is None:
            return None
        return max(self.burst.due_at, self.not_before or self.burst.due_at)

    def before(self, listed: int | None = None) -> int | None:
        """What a new price is compared with. `listed`: what the newest report shows."""
        return next((each for each in (self.confirmed, self.shown, listed) if each is not None), None)
