"""What is stale is computed anew, a page at a time: first SKUs that were noted, then a sweep over all.

A page is read and computed beside the writer, and then written in one unit of work. What has changed in
between was noted again by whoever changed it, so it stays stale.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.book.offering.computing.compute import Computed, Selling, compute, read_account
from channeld.domain.stock import pushing
from channeld.domain.stock.clock_ahead import not_ahead
from channeld.domain.stock.desired import Desired
from channeld.domain.stock.route import Route
from channeld.store import desired_stock, listing_facts, stale_stock, stock_history, stock_sync
from channeld.store.desired_stock import DesiredRow
from channeld.store.stale_stock import Stale, Sweep
from channeld.store.stock_history import Happened
from channeld.store.unit import Unit

__all__ = ["PAGE", "Idle", "StalePage", "SweepPage", "book_stale", "book_sweep", "end", "next_page"]

PAGE = 500
"""SKUs that are computed together."""
WHILE_IN_FLIGHT = timedelta(minutes=1)
"""An account that sends no stock any more is looked at again so soon while messages of it are under way."""


class StalePage(msgspec.Struct, frozen=True, kw_only=True):
    """SKUs that were noted."""

    stale: Sequence[Stale]
    computed: Mapping[str, Computed]


class SweepPage(msgspec.Struct, frozen=True, kw_only=True):
    """The next SKUs of a sweep."""

    sweep: Sweep
    after: str | None
    """How far it is with them; None: these were the last."""
    computed: Mapping[str, Computed]


class Idle(msgspec.Struct, frozen=True, kw_only=True):
    """There is nothing to be computed."""

    ended: Sweep | None = None
    """No channel of the account is to send stock any more, and nothing of it is under way."""
    look_again: bool = False
    """Only what is under way keeps it from that."""


def next_page(connection: Connection, account_id: int) -> StalePage | SweepPage | Idle:
    """What is to be computed now, and what that comes to."""
    if stale := stale_stock.stale(connection, account_id, PAGE):
        return StalePage(stale=stale, computed=compute(connection, account_id, [each.sku for each in stale]))
    sweep = stale_stock.sweep(connection, account_id)
    if sweep is None:
        return Idle()
    selling = read_account(connection, account_id)
    if sweep.after is None:
        return _idle(connection, selling, sweep)
    channels = [each.channel.id for each in selling]
    skus = listing_facts.next_skus(connection, account_id, channels, sweep.after, PAGE)
    after = skus[-1] if len(skus) == PAGE else None
    return SweepPage(sweep=sweep, after=after, computed=compute(connection, account_id, skus))


def _idle(connection: Connection, selling: Sequence[Selling], sweep: Sweep) -> Idle:
    if any(each.settings.update_inventory for each in selling):
        return Idle()
    routes = (Route.PATCH, Route.FEED)
    is_under_way = any(desired_stock.in_flight(connection, sweep.account_id, route, 1) for route in routes)
    return Idle(look_again=True) if is_under_way else Idle(ended=sweep)


def book_stale(unit: Unit, account_id: int, page: StalePage, now: datetime) -> int:
    """They are told what they are to be told from now on; how many rows are others."""
    orders = {each.sku: each.order_at for each in page.stale if each.order_at is not None}
    changed = _book(unit, account_id, page.computed, orders, now)
    stale_stock.settle(unit, account_id, page.stale)
    return changed


def book_sweep(unit: Unit, page: SweepPage, now: datetime) -> int:
    """The same for a page of a sweep. One that has begun anew meanwhile goes on from its start."""
    changed = _book(unit, page.sweep.account_id, page.computed, {}, now)
    stale_stock.sweep_on(unit, page.sweep, page.after)
    return changed


def end(unit: Unit, sweep: Sweep) -> None:
    """The account sends no stock any more, unless a setting has changed since it was looked at."""
    stale_stock.end(unit, sweep)


def _book(
    unit: Unit,
    account_id: int,
    computed: Mapping[str, Computed],
    orders: Mapping[str, datetime],
    now: datetime,
) -> int:
    news = [sku for sku, each in computed.items() if _is_news(each, is_order=sku in orders)]
    rows = desired_stock.of_skus(unit.connection, account_id, news)
    after: list[DesiredRow] = []
    overtaken: list[Happened] = []
    for sku in news:
        before = rows.get(sku) or DesiredRow(account_id=account_id, sku=sku)
        if before.closed_at != computed[sku].row.closed_at:
            continue  # closed or opened meanwhile, and noted for it
        desired = _desired(before.desired, computed[sku], orders.get(sku), now)
        if _is_overtaken(desired):
            overtaken.append(_overtaken(before, desired, now))
            desired = pushing.overtaken(desired, now)
        after.append(msgspec.structs.replace(_row(computed[sku], before), desired=desired))
    changed = [row for row in after if row != rows.get(row.sku)]
    desired_stock.save(unit, changed, now)
    stock_sync.note_standing(unit, [row.owner_id for row in rows.values()])
    stock_history.add(unit, overtaken)
    stock_sync.note_computed(unit, _channels(computed.values()), now)
    return len(changed)


def _is_news(computed: Computed, *, is_order: bool) -> bool:
    """Whether there may be anything to write. Nothing is, of what nobody linked or listed and nobody told."""
    before = computed.row
    if before.version == 0 and (computed.item_id is None or not computed.members):
        return False
    is_same = before.desired.computed == computed.value and _row(computed, before) == before
    return is_order or not is_same or _is_overtaken(before.desired)


def _row(computed: Computed, before: DesiredRow) -> DesiredRow:
    """What is stored beside the desired state."""
    return msgspec.structs.replace(
        before,
        item_id=computed.item_id,
        owner_id=computed.group.owner,
        channels=computed.channels,
        differing=computed.group.differing,
        withheld=computed.withheld,
        issue=computed.issue,
        would=computed.would,
        last_valid=computed.last_valid,
    )


def _with_reported(before: Desired, computed: Computed) -> Desired:
    """Of what begins to be told: it may have to go down, and then it leaves before what may go up (D1)."""
    if before.computed is not None or computed.value is None:
        return before
    shown = [each.listed.quantity for each in computed.members if each.listed.quantity is not None]
    return msgspec.structs.replace(before, reported=max(shown, default=None))


def _desired(before: Desired, computed: Computed, order_at: datetime | None, now: datetime) -> Desired:
    desired = pushing.computed(_with_reported(before, computed), computed.value, now)
    return not_ahead(desired if order_at is None else pushing.changed_by_order(desired, order_at, now), now)


def _is_overtaken(desired: Desired) -> bool:
    """Whether fewer are to be offered than a feed is about to offer: that does not wait for the feed."""
    flight = desired.flight
    if flight is None or flight.route is not Route.FEED or desired.computed is None:
        return False
    return desired.computed.quantity < flight.value.quantity


def _overtaken(row: DesiredRow, desired: Desired, now: datetime) -> Happened:
    flight = desired.flight
    return Happened(
        at=now,
        account_id=row.account_id,
        sku=row.sku,
        event="overtaken",
        quantity=flight.value.quantity if flight else None,
        route=Route.FEED,
        reference=flight.submission if flight else "",
        note="fewer are to be offered by now",
    )


def _channels(computed: Collection[Computed]) -> set[int]:
    """Those whose stock this is about."""
    return {
        member.channel.id
        for each in computed
        for member in each.members
        if member.selling.settings.update_inventory
    }
