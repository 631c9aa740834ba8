"""The whole running system on one screen: from what the store says to the list of actors."""

from collections.abc import Callable, Iterator, Sequence

from channeld.amazon.feeds.listings_document import FEED_TYPE
from channeld.book.ledger.holding import ADOPTED
from channeld.concerns.cancellation import CancellationActor
from channeld.concerns.despatch import DespatchActor
from channeld.concerns.feed_lane import FeedLane
from channeld.concerns.kit import Kit
from channeld.concerns.listing_download import ListingDownload
from channeld.concerns.machine import Machine
from channeld.concerns.order_download import OrderDownload
from channeld.concerns.order_intake import OrderIntake
from channeld.concerns.order_reconciliation import OrderReconciliation
from channeld.concerns.price import PriceActor
from channeld.concerns.refund import RefundActor
from channeld.concerns.reports import Reports
from channeld.concerns.retention import Retention
from channeld.concerns.stock import Stock
from channeld.concerns.stock_check import StockCheck
from channeld.concerns.stock_feed import StockFeed
from channeld.concerns.stock_push import StockPush
from channeld.domain.ledger.kinds import CANCELLATION, DESPATCH, KINDS, REFUND, Kind
from channeld.domain.report.types import LISTINGS
from channeld.store.channels import Channel
from channeld.tree_branches import Branch
from channeld.tree_children import Actor, Hearing, OfAccount, OfChannel, OfDaemon, Planned

__all__ = ["OF_THE_MACHINE", "plan", "plan_branches"]

OF_THE_MACHINE = ("daemon/machine", "daemon/retention")
"""Actors that look again when the store or the clock is another than it was."""


def _outbound(kind: Kind, make: Callable[[Kit, int, int], Actor]) -> OfChannel:
    """For the work of that kind that the channel's settings ask for, or that it still has."""

    def hears(branch: Branch, channel: Channel) -> Iterator[Hearing]:
        yield "outbound", (channel.id, kind.name)
        yield "actor", f"{branch.account.name}/{kind.lane}"
        yield ADOPTED
        if kind.reconciled:
            yield "lane_free", (channel.account_id, kind.feed_type)

    return OfChannel(
        kind.name,
        lambda kit, channel: make(kit, channel.account_id, channel.id),
        hears,
        lambda branch, channel: (
            channel.settings.get(kind.setting) == "on" or (channel.id, kind.name) in branch.unfinished
        ),
    )


def _lane(kind: Kind) -> OfAccount:
    """For a feed type that a channel of the account may need, or that a feed is left of."""
    return OfAccount(
        kind.lane,
        lambda kit, branch: FeedLane(kit, branch.account.id, kind),
        lambda branch: [("feed_lane", (branch.account.id, kind.name)), ADOPTED],
        lambda branch: (
            bool(branch.channels)
            and (
                kind.feed_type in branch.feeding
                or any(name == kind.name for _, name in branch.unfinished)
                or any(channel.settings.get(kind.setting) == "on" for channel in branch.channels)
            )
        ),
    )


def _sends_stock(branch: Branch) -> bool:
    return branch.stocking and bool(branch.channels)


_DAEMON = (OfDaemon("machine", lambda kit: Machine(kit)), OfDaemon("retention", lambda kit: Retention(kit)))
_ACCOUNT_FIRST = (
    OfAccount(
        "order_download",
        lambda kit, branch: OrderDownload(kit, branch.account.id),
        lambda branch: [("backfill", branch.account.id)],
    ),
    OfAccount(
        "reports",
        lambda kit, branch: Reports(kit, branch.account.id),
        lambda branch: [("report_wanted", branch.account.id)],
        outlives_channels=True,  # what was asked for by then is only left alone once it is there
    ),
    OfAccount(
        "order_reconciliation",
        lambda kit, branch: OrderReconciliation(kit, branch.account.id),
        lambda branch: [
            ("report_moved", (branch.account.id, "gaps")),
            ("report_moved", (branch.account.id, "backfill")),
            ("backfill", branch.account.id),
        ],
        outlives_channels=True,
    ),
)
_CHANNEL = (
    OfChannel(
        "order_intake",
        lambda kit, channel: OrderIntake(kit, channel.account_id, channel.id),
        lambda branch, channel: [("reread", channel.id)],
    ),
    _outbound(DESPATCH, DespatchActor),
    _outbound(CANCELLATION, CancellationActor),
    _outbound(REFUND, RefundActor),
    OfChannel(
        "listing_download",
        lambda kit, channel: ListingDownload(kit, channel.account_id, channel.id),
        lambda branch, channel: [("report_moved", (channel.account_id, LISTINGS.purpose))],
        lambda branch, channel: channel.id in branch.downloading,
    ),
    OfChannel(  # while prices that are saved are sent, and until what was sent is read back
        "price",
        lambda kit, channel: PriceActor(kit, channel.account_id, channel.id, channel.marketplace_id),
        lambda branch, channel: [("price_due", channel.id), ADOPTED],
        lambda branch, channel: channel.settings.get("price_change") == "on" or channel.id in branch.pricing,
    ),
)
_ACCOUNT_LAST = (
    *map(_lane, KINDS.values()),
    OfAccount(  # also without a channel: what is shown is true then, and no old value is left over
        "stock",
        lambda kit, branch: Stock(kit, branch.account.id),
        lambda branch: [("stock_stale", branch.account.id)],
        lambda branch: branch.stocking,
    ),
    OfAccount(
        "stock_push",
        lambda kit, branch: StockPush(kit, branch.account.id),
        lambda branch: [("stock_due", branch.account.id), ADOPTED],
        _sends_stock,
        outlives_channels=True,
    ),
    OfAccount(  # also when a feed is left of stock that is not sent any more
        "stock_feed",
        lambda kit, branch: StockFeed(kit, branch.account.id),
        lambda branch: [
            ("stock_due", branch.account.id),
            ("lane_free", (branch.account.id, FEED_TYPE)),
            ADOPTED,
        ],
        lambda branch: (branch.stocking or FEED_TYPE in branch.feeding) and bool(branch.channels),
        outlives_channels=True,
    ),
    OfAccount(
        "stock_check",
        lambda kit, branch: StockCheck(kit, branch.account.id),
        lambda branch: [
            *(("listing_download", channel.id) for channel in branch.channels),
            ("stock_look", branch.account.id),
            ADOPTED,
        ],
        _sends_stock,
    ),
)


def plan(branches: Sequence[Branch], kit: Kit) -> list[Planned]:
    """The actors, in the order in which they are started."""
    return [child.planned(kit) for child in _DAEMON] + plan_branches(branches, kit)


def plan_branches(branches: Sequence[Branch], kit: Kit) -> list[Planned]:
    """The actors of these accounts alone."""
    return [planned for branch in branches for planned in _plan_branch(branch, kit)]


def _plan_branch(branch: Branch, kit: Kit) -> Iterator[Planned]:
    yield from (child.planned(branch, kit) for child in _ACCOUNT_FIRST if child.runs(branch))
    for channel in branch.channels:
        yield from (child.planned(branch, channel, kit) for child in _CHANNEL if child.runs(branch, channel))
    yield from (child.planned(branch, kit) for child in _ACCOUNT_LAST if child.runs(branch))
