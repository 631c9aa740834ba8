"""Outbound work: what is still to be told to Amazon, what was told, and what needs a person (the ledger)."""

from datetime import datetime

import msgspec

from channel_protocol.audit import AuditRow
from channel_protocol.base import Reply, Request, Row, WriteRequest


class WorkRow(Row, frozen=True, kw_only=True, tag="work"):
    """One effect on Amazon's side: a despatch note, a cancellation, a refund of a line. Nothing personal."""

    work_id: int
    """Also the package reference that Amazon is told for a parcel."""
    kind: str
    """`despatch`, `cancellation` or `refund`."""
    order_id: str
    channel: str
    account: str
    state: str
    """`queued`, `sending`, `submitted`, `confirmed`, `unknown`, `needs_attention`, `rejected` or
    `dismissed`."""
    says: str
    """The state in people's words; for refunds `OPEN`, `PENDING`, `PROCESSED`, `ERROR`, `ERROR_ACKED`."""
    held: str = ""
    """Why nothing is sent now although it is queued: channel disabled, dry run, another machine; or empty."""
    route: str = ""
    """`call` (a request of its own), `feed`, `cancellation` (a refund that the cancellation brings), or empty
    while that is not decided."""
    summary: str
    """What it does, such as `2 units by Royal Mail Tracked 24, AB123456785GB`."""
    amount: int | None = None
    """Of a refund; minor units of `currency`."""
    currency: str = ""
    attempts: int
    """Tries that have failed."""
    attempts_allowed: int | None = None
    """None where a window of time limits them."""
    next_at: datetime | None = None
    """When it is tried or looked at next; None when nothing is planned."""
    deadline: datetime | None = None
    """Amazon's ship-by time."""
    window_until: datetime | None = None
    """Until when it is retried; opened by the first failure."""
    reason: str = ""
    """Why it failed last, or why it waits."""
    hint: str = ""
    created_at: datetime
    created_by: str
    submitted_at: datetime | None = None
    ended_at: datetime | None = None
    feed_id: str = ""
    """Amazon's id of the feed that carries it; empty while there is none."""

    @property
    def key(self) -> str:
        return str(self.work_id)


class ListWork(Request, frozen=True, kw_only=True, tag="work.list"):
    """Outbound work: what needs attention first, then what is open by deadline, then what ended last."""

    kind: str | None = None
    channel: str | None = None
    order_id: str | None = None
    state: str | None = None
    attention: bool = False
    """Only what needs a person."""
    open: bool = False
    """Only what has not ended."""
    limit: int = 100


class WorkList(Reply, frozen=True, kw_only=True, tag="work.list.reply"):
    rows: tuple[WorkRow, ...]
    attention: int
    """How many need a person, over all channels."""


class WorkLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a piece of work does to one line of its order."""

    order_item_id: str
    sku: str
    quantity: int | None = None
    components: dict[str, int] = {}
    """Amounts by Amazon's component; minor units."""


class WorkFeed(msgspec.Struct, frozen=True, kw_only=True):
    """One feed that carried it."""

    number: int
    """The feed's number in this daemon."""
    feed_id: str
    message_id: int
    result: str
    """`ok`, `warning`, `error`, `unknown`, or empty while there is none."""
    code: str


class ShowWork(Request, frozen=True, kw_only=True, tag="work.show"):
    work_id: int


class WorkShown(Reply, frozen=True, kw_only=True, tag="work.show.reply"):
    row: WorkRow
    lines: tuple[WorkLine, ...]
    facts: dict[str, str]
    """More of it by label: carrier, tracking, ship time, reason told to Amazon, what confirms it …"""
    feeds: tuple[WorkFeed, ...]
    request: str
    """What Amazon is told, as sent or as it would be sent (JSON or XML)."""
    audit: tuple[AuditRow, ...]


class RetryWork(WriteRequest, frozen=True, kw_only=True, tag="work.retry"):
    """Try it again now; for what needs attention a new window or five new attempts begin.

    Refused with `in_doubt` for a refund whose outcome is not known, unless `force`: it may pay twice.
    """

    work_ids: tuple[int, ...]
    carrier: str | None = None
    """For a despatch note that Amazon refused: another carrier."""
    service: str | None = None
    tracking: str | None = None
    force: bool = False
    """Send a note although Amazon shows the units as shipped otherwise; repeat a refund in doubt."""


class DismissWork(WriteRequest, frozen=True, kw_only=True, tag="work.dismiss"):
    """Nothing more is done about it. Only for what is queued or needs attention."""

    work_ids: tuple[int, ...]


class WorkChanged(Reply, frozen=True, kw_only=True, tag="work.change.reply"):
    rows: tuple[WorkRow, ...]


class AdoptWork(WriteRequest, frozen=True, kw_only=True, tag="work.adopt"):
    """This installation takes over the outbound work of a database that was made by another one."""

    confirmed: bool = False
    """False: change nothing, say what would be sent."""


class WorkAdopted(Reply, frozen=True, kw_only=True, tag="work.adopt.reply"):
    done: bool
    foreign: bool = True
    """Whether there is anything to take over: false for this installation's own database."""
    message: str
    held: int
    """Pieces of work that were held for it."""
    skus: int = 0
    """Seller SKUs whose stock was held for it."""
