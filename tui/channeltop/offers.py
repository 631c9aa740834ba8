"""What Amazon is told to have in stock, as a page asks for it and shows it. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from channel_protocol.base import Reply
from channel_protocol.offers import ListOffers, OfferFilter, OfferList, OfferRow, StockSyncRow
from channeltop.filter import Filter
from channeltop.paging import Batch
from channeltop.tone import Tone

__all__ = [
    "MOST",
    "STANDINGS",
    "VIEWS",
    "Place",
    "View",
    "batch",
    "is_late",
    "notes",
    "places",
    "query",
]

PAGE = 100
MOST = 500
"""Rows that are kept, as many as the daemon gives at once, so that all of them are renewed together."""
LATE = 3600.0
"""Seconds after which a value that Amazon was not told of is more than a queue."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Which seller SKUs are shown."""

    name: str
    word: str
    """As it is typed after `is:`."""
    only: OfferFilter | None = None


VIEWS: Sequence[View] = (
    View(name="all", word="all"),
    View(name="not told yet", word="dirty", only="dirty"),
    View(name="channels differ", word="conflict", only="conflict"),
    View(name="withheld", word="withheld", only="withheld"),
    View(name="refused", word="refused", only="refused"),
    View(name="closed by hand", word="closed", only="closed"),
    View(name="handling time wrong", word="issue", only="issue"),
    View(name="not confirmed", word="unconfirmed", only="unconfirmed"),
    View(name="other without dry run", word="dry_run", only="dry_run"),
)
STANDINGS: Mapping[str, tuple[str, Tone]] = {
    "nothing to send": ("– nothing to send", "muted"),
    "waiting": ("◌ waiting", "accent"),
    "in flight": ("● in flight", "accent"),
    "tried again later": ("▲ tried again", "warn"),
    "shadowed": ("◌ shadowed", "accent"),
    "sent, not confirmed": ("→ not confirmed", "accent"),
    "confirmed": ("✓ confirmed", "good"),
}
"""How each standing is shown."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A channel, or all of them, with how their stock stands."""

    channel: str
    """Empty for all."""
    account: str
    synced_at: datetime | None
    dirty: int
    oldest_dirty: datetime | None
    drift_checked_at: datetime | None
    warning: str


def places(rows: Iterable[StockSyncRow]) -> tuple[Place, ...]:
    """The channels by account and name; before them all together, if there are several."""
    ordered = sorted(rows, key=lambda row: (row.account, row.channel))
    channels = tuple(
        Place(
            channel=row.channel,
            account=row.account,
            synced_at=row.inventory_sync_date,
            dirty=row.dirty,
            oldest_dirty=row.oldest_dirty,
            drift_checked_at=row.drift_checked_at,
            warning=row.warning,
        )
        for row in ordered
    )
    return (_all(channels), *channels) if len(channels) > 1 else channels


def _all(channels: Sequence[Place]) -> Place:
    """Without a number of SKUs: each counts on all of its channels."""
    return Place(
        channel="",
        account="",
        synced_at=max((each.synced_at for each in channels if each.synced_at), default=None),
        dirty=0,
        oldest_dirty=min((each.oldest_dirty for each in channels if each.oldest_dirty), default=None),
        drift_checked_at=None,
        warning="",
    )


def query(channel: str, view: View, typed: Filter) -> ListOffers:
    """The first page: what is typed begins the SKU; `is:` is a view, `account:` and `channel:` are fields."""
    fields = dict(typed.fields)
    word = fields.get("standing", "")
    chosen = next((each for each in VIEWS if word and each.word.startswith(word)), view)
    return ListOffers(
        account=fields.get("account", ""),
        channel=channel or fields.get("channel", ""),
        text=" ".join(typed.words),
        only=chosen.only,
        limit=PAGE,
    )


def batch(reply: Reply) -> Batch[OfferRow] | None:
    """The rows of a reply."""
    if not isinstance(reply, OfferList):
        return None
    return Batch(rows=reply.rows, after=reply.after, more=reply.more)


def is_late(since: datetime | None, now: datetime) -> bool:
    """Whether something should have been told long ago."""
    return since is not None and (now - since).total_seconds() > LATE


def notes(row: OfferRow) -> Iterator[tuple[str, Tone]]:
    """What is odd about it, the most important first."""
    if row.withheld:
        yield f"withheld: {row.withheld}", "warn"
    if row.reason:
        yield f"failed: {row.reason}", "warn"
    if row.issue:
        yield f"handling time: {row.issue}", "warn"
    if row.differing:
        yield f"other on {', '.join(row.differing)}", "warn"
    if row.would != row.quantity:
        would = "nothing" if row.would is None else f"{row.would:,}"
        yield f"dry run: else {would}", "muted"
