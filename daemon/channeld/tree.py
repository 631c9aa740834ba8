"""The whole running system on one screen: from what the store says to the list of actors."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Hashable, Sequence
from typing import Protocol

import msgspec
from sqlalchemy import Connection

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
from channeld.domain.ledger.kinds import CANCELLATION, DESPATCH, KINDS, REFUND
from channeld.domain.report.types import LISTINGS
from channeld.runtime.actor import ActorContext
from channeld.runtime.child import ChildSpec
from channeld.store import accounts, channels, downloads, feeds, ledger_lists, prices, stale_stock
from channeld.store.accounts import Account
from channeld.store.channels import Channel

__all__ = ["OF_THE_MACHINE", "Branch", "Planned", "plan", "plan_branches", "read_branches"]

OF_THE_MACHINE = ("daemon/machine", "daemon/retention")
"""Actors that look again when the store or the clock is another than it was."""
OUTBOUND = ((DESPATCH, DespatchActor), (CANCELLATION, CancellationActor), (REFUND, RefundActor))
"""Kinds of outbound work and who does it for a channel."""


Hearing = tuple[str, Hashable]
"""A kind of change and its key, as units of work note them."""


class Actor(Protocol):
    """What runs under a child spec."""

    async def run(self, context: ActorContext) -> None: ...


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """One account that has something to do."""

    account: Account
    channels: tuple[Channel, ...]
    """The enabled ones."""
    secrets_mark: str = ""
    """Another one each time that credentials are entered."""
    unfinished: frozenset[tuple[int, str]] = frozenset()
    """Channels and kinds of outbound work that has not ended, whatever their settings say by now."""
    feeding: frozenset[str] = frozenset()
    """Feed types of which a feed has not ended."""
    downloading: frozenset[int] = frozenset()
    """Channels with a listing download that has not ended."""
    pricing: frozenset[int] = frozenset()
    """Channels with a price that waits, or was sent and not read back."""
    stocking: bool = False
    """It sends stock, or has to stop it."""


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """One actor that should run."""

    spec: ChildSpec
    settings: object
    """What it was started with; when that changes, it begins anew and a halt of its own is lifted."""
    serves: frozenset[int] = frozenset()
    """The channels it works for. When one leaves it begins anew, so that nothing more begins for that one."""
    account_id: int | None = None
    """The account it works for; None for the daemon's own."""
    hears: frozenset[Hearing] = frozenset()
    """Changes in the store after which it is woken, as there is something for it to do."""


def read_branches(connection: Connection, account_ids: Collection[int] | None = None) -> list[Branch]:
    """Accounts with an enabled channel, or stock to be computed, by name; of those alone if any are given."""
    known = accounts.all_accounts(connection, only=account_ids)
    enabled: defaultdict[int, list[Channel]] = defaultdict(list)
    for channel in channels.all_channels(connection, of_accounts=account_ids):
        if channel.enabled:
            enabled[channel.account_id].append(channel)
    marks = accounts.secrets_marks(connection, only=account_ids)
    unfinished = ledger_lists.unfinished_kinds(connection)
    feeding = feeds.open_lanes(connection)
    downloading = downloads.running_channels(connection)
    pricing = prices.unfinished(connection)
    stocking = stale_stock.accounts(connection)
    return [
        Branch(
            account=account,
            channels=tuple(enabled[account.id]),
            secrets_mark=marks.get(account.id, ""),
            unfinished=frozenset(
                each for each in unfinished if each[0] in {c.id for c in enabled[account.id]}
            ),
            feeding=frozenset(feed_type for account_id, feed_type in feeding if account_id == account.id),
            downloading=frozenset(c.id for c in enabled[account.id] if c.id in downloading),
            pricing=frozenset(c.id for c in enabled[account.id] if c.id in pricing),
            stocking=account.id in stocking,
        )
        for account in known
        if account.id in enabled or account.id in stocking
    ]


def plan(branches: Sequence[Branch], kit: Kit) -> list[Planned]:
    """The actors, in the order in which they are started."""
    own = [_of_daemon("machine", lambda: Machine(kit)), _of_daemon("retention", lambda: Retention(kit))]
    return own + plan_branches(branches, kit)


def plan_branches(branches: Sequence[Branch], kit: Kit) -> list[Planned]:
    """The actors of these accounts alone."""
    planned: list[Planned] = []
    for branch in branches:
        if not branch.channels:
            planned.append(_stock(branch, kit))
            continue
        planned.append(_order_download(branch, kit))
        planned.append(_reports(branch, kit))
        planned.append(_order_reconciliation(branch, kit))
        for channel in branch.channels:
            planned.append(_order_intake(branch, channel, kit))
            planned += _outbound(branch, channel, kit)
            planned += _listing_download(branch, channel, kit)
            planned += _price(branch, channel, kit)
        planned += _feed_lanes(branch, kit)
        planned += _stock_actors(branch, kit)
    return planned


def _order_download(branch: Branch, kit: Kit) -> Planned:
    account_id = branch.account.id
    hears = frozenset([("backfill", account_id)])
    return _of_account(branch, "order_download", lambda: OrderDownload(kit, account_id), hears)


def _order_reconciliation(branch: Branch, kit: Kit) -> Planned:
    account_id = branch.account.id
    moved = frozenset(("report_moved", (account_id, purpose)) for purpose in ("gaps", "backfill"))
    hears = moved | {("backfill", account_id)}
    planned = _of_account(branch, "order_reconciliation", lambda: OrderReconciliation(kit, account_id), hears)
    return msgspec.structs.replace(planned, serves=frozenset())


def _reports(branch: Branch, kit: Kit) -> Planned:
    """It goes on when a channel leaves: what was asked for by then is only left alone once it is there."""
    account_id = branch.account.id
    hears = frozenset([("report_wanted", account_id)])
    planned = _of_account(branch, "reports", lambda: Reports(kit, account_id), hears)
    return msgspec.structs.replace(planned, serves=frozenset())


def _order_intake(branch: Branch, channel: Channel, kit: Kit) -> Planned:
    hears = frozenset([("reread", channel.id)])
    return _of_channel(
        branch, channel, "order_intake", lambda: OrderIntake(kit, channel.account_id, channel.id), hears
    )


def _listing_download(branch: Branch, channel: Channel, kit: Kit) -> list[Planned]:
    """Only while there is one to be done."""
    if channel.id not in branch.downloading:
        return []
    hears = frozenset([("report_moved", (channel.account_id, LISTINGS.purpose))])
    return [
        _of_channel(
            branch,
            channel,
            "listing_download",
            lambda: ListingDownload(kit, channel.account_id, channel.id),
            hears,
        )
    ]


def _outbound(branch: Branch, channel: Channel, kit: Kit) -> list[Planned]:
    """One actor for each kind of work that the channel's settings ask for, or that it still has."""
    return [
        _of_channel(
            branch,
            channel,
            kind.name,
            lambda actor=actor: actor(kit, channel.account_id, channel.id),
            frozenset(
                [
                    ("outbound", (channel.id, kind.name)),
                    ("actor", f"{branch.account.name}/{kind.lane}"),
                    ADOPTED,
                    *([("lane_free", (channel.account_id, kind.feed_type))] if kind.reconciled else []),
                ]
            ),
        )
        for kind, actor in OUTBOUND
        if channel.settings.get(kind.setting) == "on" or (channel.id, kind.name) in branch.unfinished
    ]


def _price(branch: Branch, channel: Channel, kit: Kit) -> list[Planned]:
    """While prices that are saved are sent, and until what was sent is read back."""
    if channel.settings.get("price_change") != "on" and channel.id not in branch.pricing:
        return []
    return [
        _of_channel(
            branch,
            channel,
            "price",
            lambda: PriceActor(kit, channel.account_id, channel.id, channel.marketplace_id),
            frozenset([("price_due", channel.id), ADOPTED]),
        )
    ]


def _feed_lanes(branch: Branch, kit: Kit) -> list[Planned]:
    """One actor for each feed type that a channel of the account may need, or that a feed is left of."""
    account = branch.account
    kinds = {kind for _, kind in branch.unfinished}
    return [
        _of_account(
            branch,
            kind.lane,
            lambda kind=kind: FeedLane(kit, account.id, kind),
            frozenset([("feed_lane", (account.id, kind.name)), ADOPTED]),
        )
        for kind in KINDS.values()
        if kind.name in kinds
        or kind.feed_type in branch.feeding
        or any(channel.settings.get(kind.setting) == "on" for channel in branch.channels)
    ]


def _stock_actors(branch: Branch, kit: Kit) -> list[Planned]:
    """What computes, sends and checks what Amazon is told of stock; they meet only in the store."""
    if not branch.stocking:
        return [_stock_feed(branch, kit)] if FEED_TYPE in branch.feeding else []
    return [
        _stock(branch, kit),
        _stock_push(branch, kit),
        _stock_feed(branch, kit),
        _stock_check(branch, kit),
    ]


def _stock(branch: Branch, kit: Kit) -> Planned:
    """It goes on when the last channel leaves: what is shown is true then, and no old value is left over."""
    account_id = branch.account.id
    return _of_account(
        branch, "stock", lambda: Stock(kit, account_id), frozenset([("stock_stale", account_id)])
    )


def _stock_push(branch: Branch, kit: Kit) -> Planned:
    """It goes on when a channel leaves: each time that it takes something it looks at who may send."""
    account_id = branch.account.id
    hears = frozenset([("stock_due", account_id), ADOPTED])
    planned = _of_account(branch, "stock_push", lambda: StockPush(kit, account_id), hears)
    return msgspec.structs.replace(planned, serves=frozenset())


def _stock_check(branch: Branch, kit: Kit) -> Planned:
    account_id = branch.account.id
    downloads_of = frozenset(("listing_download", channel.id) for channel in branch.channels)
    hears = downloads_of | {("stock_look", account_id), ADOPTED}
    return _of_account(branch, "stock_check", lambda: StockCheck(kit, account_id), hears)


def _stock_feed(branch: Branch, kit: Kit) -> Planned:
    """It goes on when a channel leaves: before a feed is created it looks at who may send."""
    account_id = branch.account.id
    hears = frozenset([("stock_due", account_id), ("lane_free", (account_id, FEED_TYPE)), ADOPTED])
    planned = _of_account(branch, "stock_feed", lambda: StockFeed(kit, account_id), hears)
    return msgspec.structs.replace(planned, serves=frozenset())


def _of_daemon(concern: str, make: Callable[[], Actor]) -> Planned:
    return Planned(spec=ChildSpec(id=f"daemon/{concern}", concern=concern, run=_fresh(make)), settings=None)


def _of_account(
    branch: Branch, concern: str, make: Callable[[], Actor], hears: frozenset[Hearing] = frozenset()
) -> Planned:
    name = branch.account.name
    spec = ChildSpec(id=f"{name}/{concern}", group=name, account=name, concern=concern, run=_fresh(make))
    serves = frozenset(channel.id for channel in branch.channels)
    return Planned(
        spec=spec, settings=_credentials(branch), serves=serves, account_id=branch.account.id, hears=hears
    )


def _of_channel(
    branch: Branch, channel: Channel, concern: str, make: Callable[[], Actor], hears: frozenset[Hearing]
) -> Planned:
    name = branch.account.name
    spec = ChildSpec(
        id=f"{channel.name}/{concern}",
        group=name,
        account=name,
        channel=channel.name,
        concern=concern,
        run=_fresh(make),
    )
    settings = (_credentials(branch), channel.id)
    return Planned(spec=spec, settings=settings, account_id=branch.account.id, hears=hears)


def _fresh(make: Callable[[], Actor]) -> Callable[[ActorContext], Awaitable[None]]:
    """A new actor at every start: what a crashed one remembered is not trusted."""
    return lambda context: make().run(context)


def _credentials(branch: Branch) -> object:
    account = branch.account
    return (
        account.id, account.seller_id, account.client_id, account.endpoint, account.auth_endpoint,
        account.order_poll_seconds, branch.secrets_mark,
    )  # fmt: skip
