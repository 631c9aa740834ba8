"""How a backfill by two routes begins: a report is wanted, its orders are collected, and the plan is made.

Where nothing comes of that, as the report is late, cut or of another time, searches simply go on alone.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from channeld.book.backfilling import enabled_of, end_if_read, fits, places_of, tell
from channeld.book.reports.moves import given_up, processed
from channeld.book.reports.wishing import wish
from channeld.domain.backfill import AFTER_FAILURE, SETTLED, worth_asking
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.gaps import REPORT_LAG
from channeld.domain.marketplaces import BY_ID
from channeld.domain.report.states import State
from channeld.domain.report.types import ORDERS
from channeld.domain.reported_order import ReportedOrder
from channeld.store import backfills, channels, order_gaps, reports, searches
from channeld.store.backfills import Backfill, BackfillOrder
from channeld.store.channels import Channel
from channeld.store.reports import ReportRecord
from channeld.store.unit import Unit

__all__ = [
    "backfill_due",
    "begin_backfill",
    "begin_collecting",
    "begin_reading",
    "collect_page",
    "decline",
    "drop_collected",
    "leave_to_search",
]

PURPOSE = "backfill"
_NON_AMAZON = "Non-Amazon"
_LOOKED_AT = 50
"""The latest reports of orders; people may have asked for some in between."""


def backfill_due(connection: Connection, account_id: int, now: datetime) -> datetime | None:
    """When a report for a backfill is to be wanted; None while nothing is far behind, or one is there."""
    plan = worth_asking(places_of(connection, account_id), now)
    if plan is None or backfills.of_account(connection, account_id) is not None:
        return None
    latest = [
        each
        for each in reports.latest(connection, _LOOKED_AT, account_id=account_id, report_type=ORDERS.name)
        if each.purpose == PURPOSE
    ]
    if any(each.ended_at is None and each.state is not State.STUCK for each in latest):
        return None
    taking_part = _taking_part(connection, account_id, plan.channel_ids)
    same = next((each for each in latest if each.marketplaces == _marketplaces(taking_part)), None)
    if same is not None and same.data_to is not None and plan.after < same.data_to:
        return same.created_at + AFTER_FAILURE
    return max(c.first_enabled_at or now for c in taking_part) + SETTLED


def begin_backfill(unit: Unit, account_id: int, now: datetime) -> ReportRecord | None:
    """Want the report that tells the ids of a backfill's orders."""
    plan = worth_asking(places_of(unit.connection, account_id), now)
    if plan is None:
        return None
    return wish(
        unit,
        account_id=account_id,
        report_type=ORDERS.name,
        marketplaces=_marketplaces(_taking_part(unit.connection, account_id, plan.channel_ids)),
        purpose=PURPOSE,
        now=now,
        data_from=plan.after,
        data_to=plan.before,
        fresh=True,
    )


def begin_collecting(unit: Unit, report: ReportRecord, now: datetime) -> Backfill | None:
    """The report is there: collect its orders, anew; None when it does not fit, and is given up."""
    connection, account_id = unit.connection, report.account_id
    taking_part = [c for c in enabled_of(connection, account_id) if c.marketplace_id in report.marketplaces]
    before = backfills.of_account(connection, account_id)
    is_free = before is None or not before.running
    if report.data_from is None or report.data_to is None or not is_free:
        decline(unit, report, now)
        return None
    plan = Backfill(
        account_id=account_id,
        report_pk=report.id,
        channel_ids=tuple(channel.id for channel in taking_part),
        data_from=report.data_from,
        data_to=report.data_to,
        started_at=now,
        moved_at=now,
    )
    if len(taking_part) < len(report.marketplaces) or not fits(plan, places_of(connection, account_id), now):
        decline(unit, report, now)
        return None
    backfills.begin(unit, plan)
    return plan


def decline(unit: Unit, report: ReportRecord, now: datetime) -> None:
    """The report is of no use: searches go on alone."""
    drop_collected(unit, report.account_id)
    given_up(unit, report.id, now)


def drop_collected(unit: Unit, account_id: int) -> None:
    """What was collected is of no use; one that runs goes on."""
    before = backfills.of_account(unit.connection, account_id)
    if before is not None and not before.running:
        backfills.drop(unit, account_id)


def collect_page(unit: Unit, plan: Backfill, page: Sequence[ReportedOrder]) -> bool:
    """Add what the book lacks of a page; False when the plan was dropped meanwhile."""
    connection, account_id = unit.connection, plan.account_id
    present = backfills.of_account(connection, account_id)
    if present is None or present.report_pk != plan.report_pk or present.running:
        return False
    known = channels.of_account(connection, account_id)
    by_name = {BY_ID[c.marketplace_id].name: c for c in known if c.id in plan.channel_ids}
    ids = [each.order_id for each in page]
    booked = order_gaps.booked(connection, [channel.id for channel in known], ids)
    aside = order_gaps.set_aside(connection, account_id, ids)
    collected = [
        _collected(plan, each, by_name, is_aside=each.order_id in aside)
        for each in page
        if each.updated_at is not None and not _is_known(each, booked)
    ]
    backfills.put(unit, collected)
    return True


def leave_to_search(unit: Unit, report: ReportRecord, rows: int, now: datetime) -> None:
    """There are so few that searches alone are done soon."""
    backfills.drop(unit, report.account_id)
    processed(unit, report.id, now, rows=rows)


def begin_reading(unit: Unit, plan: Backfill, report: ReportRecord, rows: int, now: datetime) -> None:
    """All is collected: both routes begin, in one unit with the end of the report."""
    connection, account_id = unit.connection, plan.account_id
    present = backfills.of_account(connection, account_id)
    places = places_of(connection, account_id)
    if present is None or present.report_pk != report.id or not fits(present, places, now):
        decline(unit, report, now)
        return
    count = backfills.left(connection, account_id)
    search = searches.running(connection, account_id, "catch_up")
    if search is not None and set(search.channel_ids) & set(plan.channel_ids):
        searches.finish(unit, account_id, "catch_up")
    backfills.start(unit, account_id, count, now)
    processed(unit, report.id, now, rows=rows)
    text = f"{count} orders are read by two routes: searches from the oldest on, single reads from the newest"
    tell(unit, plan, now, "order.backfill_begun", text, count)
    end_if_read(unit, account_id, now)


def _collected(
    plan: Backfill, each: ReportedOrder, by_name: Mapping[str, Channel], *, is_aside: bool
) -> BackfillOrder:
    """An order of a sales channel that has no name here is read as well: it may be one of ours."""
    channel = by_name.get(each.sales_channel)
    is_amazons = each.fulfillment_channel == "Amazon" and (
        channel is not None and not ChannelSettings.of(channel.settings).fba_enabled
    )
    return BackfillOrder(
        account_id=plan.account_id,
        order_id=each.order_id,
        channel_id=channel.id if channel else plan.channel_ids[0],
        updated_at=each.updated_at or plan.data_from,
        wanted=not (is_aside or is_amazons or each.sales_channel == _NON_AMAZON),
    )


def _is_known(each: ReportedOrder, booked: Mapping[str, datetime]) -> bool:
    known = booked.get(each.order_id)
    return known is not None and each.updated_at is not None and each.updated_at - known <= REPORT_LAG


def _taking_part(connection: Connection, account_id: int, channel_ids: Collection[int]) -> list[Channel]:
    return [channel for channel in enabled_of(connection, account_id) if channel.id in channel_ids]


def _marketplaces(taking_part: Collection[Channel]) -> tuple[str, ...]:
    return tuple(sorted(channel.marketplace_id for channel in taking_part))
