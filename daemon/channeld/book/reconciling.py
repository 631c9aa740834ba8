"""Orders are compared with Amazon's report, once a day and when a person asks (Amazon's reference, 4.1).

Each gap is noted together with a read by its id, in one unit of work. Compared again after a death, a report
shows no gap twice.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from channeld.book.gap_reads import read_by_id
from channeld.book.gaps_told import (
    tell_compared,
    tell_compared_in_part,
    tell_none_expected,
    tell_nothing,
    tell_settled,
)
from channeld.book.reports.moves import failed, processed
from channeld.book.reports.wishing import wish
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.gaps import (
    GapKind,
    Reach,
    compared_up_to,
    doubt_of,
    gap_of,
    is_expected,
    next_comparison,
    reach,
    span,
)
from channeld.domain.marketplaces import BY_ID
from channeld.domain.report.states import State
from channeld.domain.report.types import ORDERS
from channeld.domain.reported_order import ReportedOrder
from channeld.store import channels, order_comparisons, order_gaps, reports
from channeld.store.channels import Channel
from channeld.store.order_gaps import Gap
from channeld.store.reports import ReportRecord
from channeld.store.unit import Unit

__all__ = [
    "Reaches",
    "begin_comparison",
    "book_compared",
    "book_compared_in_part",
    "compare_page",
    "comparison_due",
    "reaches",
    "say_nothing_to_compare",
    "settle_gap",
    "without_orders",
]

PURPOSE = "gaps"
LATER = timedelta(hours=1)
"""Until it is looked again, when everything was compared a moment ago."""
_LOOKED_AT = 50
"""The latest reports of orders; people may have asked for some in between."""
_HINT = "What is there was compared. Orders are compared again by themselves within hours."

Reaches = Mapping[str, Reach]
"""Amazon's name of a sales channel → what is expected of its orders."""


def comparison_due(connection: Connection, account_id: int, now: datetime) -> datetime | None:
    """When an account's orders are to be compared next; None while they cannot be, or are."""
    enabled = _searched(connection, account_id)
    last = _last_automatic(connection, account_id)
    if not enabled or (last is not None and last.ended_at is None and last.state is not State.STUCK):
        return None
    first = min((c.first_enabled_at for c in enabled if c.first_enabled_at), default=None)
    if _span(connection, enabled, now) is None:
        return now + LATER
    is_failed = last is not None and last.state in (State.FAILED, State.STUCK)
    return next_comparison(first, last.created_at if last else None, failed=is_failed)


def begin_comparison(unit: Unit, account_id: int, now: datetime) -> ReportRecord | None:
    """Want the report that shows what is missing, of all enabled channels; None if there is nothing yet."""
    enabled = _searched(unit.connection, account_id)
    wanted = _span(unit.connection, enabled, now)
    if wanted is None:
        return None
    return wish(
        unit,
        account_id=account_id,
        report_type=ORDERS.name,
        marketplaces=sorted(channel.marketplace_id for channel in enabled),
        purpose=PURPOSE,
        now=now,
        data_from=wanted[0],
        data_to=wanted[1],
        fresh=True,
    )


def reaches(connection: Connection, report: ReportRecord) -> Reaches:
    """What is expected of a report's orders, as things stand now."""
    return {
        BY_ID[channel.marketplace_id].name: _reach(channel)
        for channel in _searched(connection, report.account_id)
        if channel.marketplace_id in report.marketplaces
    }


def compare_page(
    unit: Unit, report: ReportRecord, within: Reaches, page: Sequence[ReportedOrder], now: datetime
) -> int:
    """Note the gaps of a page, and have them read by id; how many orders were expected in the book."""
    expected = [
        each for each in page if (r := within.get(each.sales_channel)) is not None and is_expected(each, r)
    ]
    found = _gaps(unit.connection, report, within, expected, now)
    underway = order_gaps.open_ids(unit.connection, report.account_id, [gap.order_id for gap in found])
    told = {gap.order_id for gap in order_gaps.of_report(unit.connection, report.id)} if found else set[str]()
    order_gaps.add(unit, found)
    read_by_id(unit, [gap for gap in found if gap.order_id not in underway | told], now)
    return len(expected)


def book_compared(
    unit: Unit, report: ReportRecord, within: Reaches, compared: int, rows: int, bad_rows: int, now: datetime
) -> None:
    """All that can be read of the report was compared, and the audit trail says what came of it.

    Only what was compared counts as compared: not a report of which too much, or nothing, could be.
    """
    present = reports.get(unit.connection, report.id)
    if present is None or present.state is not State.AVAILABLE:
        return
    processed(unit, report.id, now, rows=rows, bad_rows=bad_rows)
    found = order_gaps.of_report(unit.connection, report.id)
    if doubt := doubt_of(rows, bad_rows):
        tell_compared_in_part(unit, report, compared, found, doubt, now)
    elif rows and not compared:
        tell_none_expected(unit, report, rows, now)
    else:
        tell_compared(unit, report, compared, found, bad_rows, now)
    if found:
        tell_settled(unit, report, found, now)
    if not doubt and (compared or not rows) and report.data_from and report.data_to:
        _note_compared(unit, within, report.data_from, report.data_to)


def book_compared_in_part(
    unit: Unit, report: ReportRecord, compared: int, reason: str, now: datetime
) -> None:
    """The report does not come whole: what is missing from the rest is left to the next one."""
    present = reports.get(unit.connection, report.id)
    if present is None or present.state is not State.AVAILABLE:
        return
    found = order_gaps.of_report(unit.connection, report.id)
    failed(unit, report, reason, _HINT, now)
    tell_compared_in_part(unit, report, compared, found, "it did not come whole", now)
    if found:
        tell_settled(unit, report, found, now)


def say_nothing_to_compare(unit: Unit, account_id: int, now: datetime) -> None:
    """Amazon had no orders for a report that was to be compared: said once."""
    for report in without_orders(unit.connection, account_id):
        tell_nothing(unit, report, now)
        first = _searched(unit.connection, account_id)[0]
        order_comparisons.note_told(unit, first.id, report.id)


def without_orders(connection: Connection, account_id: int) -> list[ReportRecord]:
    """Reports that were to be compared, and of which it is still to be said that they had nothing."""
    enabled = _searched(connection, account_id)
    told = order_comparisons.told(connection, account_id)
    latest = reports.latest(connection, _LOOKED_AT, account_id=account_id, report_type=ORDERS.name)
    return [
        each
        for each in reversed(latest)
        if enabled and each.id > told and each.purpose == PURPOSE and each.state is State.NO_DATA
    ]


def settle_gap(unit: Unit, account_id: int, order_id: str, outcome: str, now: datetime) -> None:
    """An order that was missing has been read by its id."""
    for gap in order_gaps.settle(unit, account_id, order_id, now, outcome):
        report = reports.get(unit.connection, gap.report_pk)
        if report is not None:
            found = order_gaps.of_report(unit.connection, report.id)
            tell_settled(unit, report, found, now, just=gap)


def _gaps(
    connection: Connection,
    report: ReportRecord,
    within: Reaches,
    expected: Sequence[ReportedOrder],
    now: datetime,
) -> list[Gap]:
    ids = [each.order_id for each in expected]
    known = order_gaps.booked(connection, _all_channels(connection, report.account_id), ids)
    lacking = [each for each in expected if _kind(each, within, known, frozenset()) is not None]
    aside = order_gaps.set_aside(connection, report.account_id, [each.order_id for each in lacking])
    return [
        Gap(
            report_pk=report.id,
            account_id=report.account_id,
            channel_id=within[each.sales_channel].channel_id,
            order_id=each.order_id,
            kind=kind,
            found_at=now,
        )
        for each in lacking
        if (kind := _kind(each, within, known, aside)) is not None
    ]


def _kind(
    each: ReportedOrder, within: Reaches, known: Mapping[str, datetime], aside: Collection[str]
) -> GapKind | None:
    booked_at = known.get(each.order_id)
    return gap_of(each, within[each.sales_channel], booked_at, set_aside=each.order_id in aside)


def _note_compared(unit: Unit, within: Reaches, start: datetime, end: datetime) -> None:
    before = order_comparisons.compared_to(unit.connection, [each.channel_id for each in within.values()])
    for each in within.values():
        to = compared_up_to(before.get(each.channel_id), each, start, end)
        if to is not None and to != before.get(each.channel_id):
            order_comparisons.note_compared(unit, each.channel_id, to)


def _span(
    connection: Connection, enabled: Sequence[Channel], now: datetime
) -> tuple[datetime, datetime] | None:
    done = order_comparisons.compared_to(connection, [channel.id for channel in enabled])
    return span([done.get(c.id) or _reach(c).since for c in enabled], now)


def _searched(connection: Connection, account_id: int) -> list[Channel]:
    """The enabled channels that have begun to be searched."""
    known = channels.of_account(connection, account_id)
    return [c for c in known if c.enabled and c.order_cursor is not None and c.first_enabled_at is not None]


def _all_channels(connection: Connection, account_id: int) -> list[int]:
    return [channel.id for channel in channels.of_account(connection, account_id)]


def _reach(channel: Channel) -> Reach:
    settings = ChannelSettings.of(channel.settings)
    first, cursor = channel.first_enabled_at or channel.created_at, channel.order_cursor or channel.created_at
    look_back = timedelta(days=settings.order_look_back_days)
    return reach(channel.id, first, look_back, cursor, fba=settings.fba_enabled)


def _last_automatic(connection: Connection, account_id: int) -> ReportRecord | None:
    """The last one that was wanted once a day; not one in whose place a stuck one came after all."""
    latest = reports.latest(connection, _LOOKED_AT, account_id=account_id, report_type=ORDERS.name)
    daily = [each for each in latest if each.purpose == PURPOSE and each.channel_id is None]
    came = {each.id for each in daily if each.state in (State.AVAILABLE, State.PROCESSED)}
    return next((each for each in daily if each.repeats not in came), None)
