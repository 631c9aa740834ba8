"""A row of the ledger as the daemon knows it: what `ledger` writes and reads."""

from datetime import datetime

import msgspec

from channeld.domain.ledger.effects import Effect
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State

__all__ = ["WorkRecord"]


class WorkRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One effect on Amazon's side (design, section 4). Nothing personal is in it."""

    kind: str
    """A key of `domain.ledger.kinds.KINDS`."""
    key: str
    """Unique for ever: the same effect cannot be queued twice."""
    account_id: int
    channel_id: int
    order_pk: int
    order_id: str
    effect: Effect
    state: State = State.QUEUED
    route: Route = Route.UNDECIDED
    follows: int | None = None
    """The work whose outcome is also this one's."""
    feed_pk: int | None = None
    """The feed that carries it now."""
    deadline: datetime | None = None
    attempts: int = 0
    """Tries that have failed since it was queued, or since a person had it tried again."""
    next_at: datetime
    """Not before this is it tried."""
    window_until: datetime | None = None
    """When retrying ends; opened by the first failure."""
    sent_at: datetime | None = None
    """When the last request left."""
    submitted_at: datetime | None = None
    look_at: datetime | None = None
    """When its effect is looked for next."""
    looks: int = 0
    in_doubt: int = 0
    """Of what must not be done twice. 1: its last submission may have had its effect; 2: one before it, too,
    that a person had repeated. Only proof, or a certain failure of the only submission, takes it back."""
    in_doubt_since: datetime | None = None
    """When the first of those submissions left; only of a refund, and only true while it is in doubt."""
    admitted_at: datetime | None = None
    """When Amazon's finances were last found to allow it."""
    ended_at: datetime | None = None
    reason: str = ""
    reason_code: str = ""
    hint: str = ""
    created_at: datetime
    created_by: str
    id: int = 0
    """Also the package reference; 0 before it is stored."""
    version: int = 0

    @property
    def left_at(self) -> datetime:
        """When Amazon got it, the last time; of what has never left, when it was asked for."""
        return max(self.sent_at or self.created_at, self.submitted_at or self.created_at)

    @property
    def may_show_since(self) -> datetime | None:
        """When the first submission left that may have had its effect; None: it has never left."""
        return self.in_doubt_since if self.in_doubt and self.in_doubt_since else self.sent_at
