"""Actors and budgets: why something happens, waits, or does not happen."""

from datetime import datetime

from channel_protocol.base import Reply, Request, Row, WriteRequest
from channel_protocol.offers import StockSyncRow


class ActorRow(Row, frozen=True, kw_only=True, tag="actor"):
    """One actor: the running unit for one concern of one channel or account."""

    actor: str
    """Its id: `scope/concern`, such as `eu/order_download`."""
    account: str
    channel: str
    """Empty for an actor of a whole account or of the daemon."""
    concern: str
    state: str
    """`starting`, `running`, `waiting`, `failing`, `halted` or `stopped`."""
    since: datetime
    waits_for: str = ""
    until: datetime | None = None
    reason: str = ""
    """Why it is failing or halted."""
    hint: str = ""
    restarts: int = 0
    mailbox: int = 0
    """Messages it has not taken yet."""

    @property
    def key(self) -> str:
        return self.actor


class BudgetRow(Row, frozen=True, kw_only=True, tag="budget"):
    """The token bucket of one operation of one account."""

    account: str
    operation: str
    tokens: float
    rate: float
    """Tokens a second."""
    burst: float
    waiting: int
    """Requests in the queue."""
    full_at: datetime | None = None
    throttled: int = 0
    """429 answers since the start."""

    @property
    def key(self) -> str:
        return f"{self.account}/{self.operation}"


class StatusRow(Row, frozen=True, kw_only=True, tag="status"):
    """One concern of one channel or account, with what a person wants to know of it."""

    channel: str
    account: str
    concern: str
    state: str
    """As for an actor, or `disabled` for a channel that is switched off."""
    since: datetime | None
    waits_for: str
    until: datetime | None
    reason: str
    hint: str
    order_sync_date: datetime | None
    inventory_sync_date: datetime | None = None


class GetStatus(Request, frozen=True, kw_only=True, tag="status.get"):
    """Every channel and concern: state, sync dates, what it waits for, what needs attention."""


class Status(Reply, frozen=True, kw_only=True, tag="status.reply"):
    daemon: str
    started_at: datetime
    rows: tuple[StatusRow, ...]
    attention: tuple[str, ...]
    """What a person should look at, with what to do; empty when all is well."""
    stock: tuple[StockSyncRow, ...] = ()
    """Of channels that tell Amazon of stock, or have done so."""


class ListActors(Request, frozen=True, kw_only=True, tag="actor.list"):
    """All actors, in the order in which they were started."""

    limit: int = 10000


class ActorList(Reply, frozen=True, kw_only=True, tag="actor.list.reply"):
    rows: tuple[ActorRow, ...]


class RestartActor(WriteRequest, frozen=True, kw_only=True, tag="actor.restart"):
    """Stop an actor and start it afresh; one that waits to be retried is started at once."""

    actor: str


class HaltActor(WriteRequest, frozen=True, kw_only=True, tag="actor.halt"):
    """Stop an actor until it is resumed, also across restarts of the daemon."""

    actor: str
    reason: str = ""


class ResumeActor(WriteRequest, frozen=True, kw_only=True, tag="actor.resume"):
    """Start a halted actor again (and with it whatever was halted for the same reason)."""

    actor: str


class ActorChanged(Reply, frozen=True, kw_only=True, tag="actor.reply"):
    row: ActorRow
