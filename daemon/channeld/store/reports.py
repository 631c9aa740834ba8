"""Reports that Amazon is asked for, and the rows of them that could not be read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, insert, select, text, update

from channeld.domain.listing.reported import BadRow
from channeld.domain.report.states import State
from channeld.store import tables
from channeld.store.rows import add_row, all_as, first_as
from channeld.store.unit import Unit

__all__ = [
    "ReportRecord",
    "add",
    "add_faults",
    "alike",
    "available",
    "by_report_id",
    "faults",
    "forget",
    "get",
    "is_awaited",
    "known_ids",
    "latest",
    "move_downloads",
    "open_reports",
    "processed_ids",
    "remove",
    "repeat_of",
    "save",
    "stuck",
    "waits",
]

_reports, _faults, _downloads = tables.reports, tables.report_faults, tables.listing_downloads
_is_open = text("ended_at IS NULL")
_LAST_WAITS = 20


class ReportRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One report (Amazon's reference, section 7)."""

    account_id: int
    channel_id: int | None = None
    """None for one about several channels of the account."""
    report_type: str
    marketplaces: tuple[str, ...]
    options: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])
    data_from: datetime | None = None
    data_to: datetime | None = None
    purpose: str
    """`listings`, `gaps`, `backfill` or `person`: who does something with it."""
    by: str = ""
    """Who asked for it; empty for the daemon itself."""
    state: State = State.WANTED
    report_id: str = ""
    """Amazon's."""
    document_id: str = ""
    amazon_status: str = ""
    fresh: bool = False
    """None that Amazon has already may serve."""
    reused: bool = False
    repeats: int | None = None
    """The stuck report that it stands in for."""
    created_at: datetime
    sent_at: datetime | None = None
    """When it was last asked for."""
    submitted_at: datetime | None = None
    available_at: datetime | None = None
    """When Amazon had made it."""
    ended_at: datetime | None = None
    """None also for one that is stuck and may still come."""
    next_at: datetime
    looks: int = 0
    """Since its last move."""
    tries: int = 0
    """Steps that failed in a row."""
    unanswered: int = 0
    """Requests for it that nobody knows the end of, in all."""
    rows: int | None = None
    columns: tuple[str, ...] = ()
    """Their names, for a report that a person asked for."""
    bad_rows: int = 0
    letters_lost: int = 0
    reason: str = ""
    """Why it ended as it did, or why it does not go on."""
    hint: str = ""
    id: int = 0
    version: int = 0


def add(unit: Unit, report: ReportRecord) -> ReportRecord:
    """Store a new one; its id and version are in the answer. Its account's actor is woken."""
    values = msgspec.structs.asdict(report) | {"version": 1}
    del values["id"]
    stored = msgspec.structs.replace(report, id=add_row(unit.connection, _reports, values), version=1)
    unit.changed("report_wanted", stored.account_id)
    _note(unit, stored)
    return stored


def save(unit: Unit, report: ReportRecord) -> ReportRecord:
    """Replace what is stored of it; whoever does something with such reports is woken."""
    saved = msgspec.structs.replace(report, version=report.version + 1)
    values = msgspec.structs.asdict(saved)
    unit.connection.execute(update(_reports).where(_reports.c.id == saved.id).values(values))
    _note(unit, saved)
    return saved


def remove(unit: Unit, report: ReportRecord) -> None:
    """One that was never asked for, and is not needed any more."""
    unit.connection.execute(delete(_reports).where(_reports.c.id == report.id))
    _note(unit, report)


def get(connection: Connection, report_pk: int) -> ReportRecord | None:
    return first_as(connection, ReportRecord, select(_reports).where(_reports.c.id == report_pk))


def by_report_id(connection: Connection, report_id: str) -> ReportRecord | None:
    """By Amazon's id; the newest, as one may have served several times."""
    query = select(_reports).where(_reports.c.report_id == report_id).order_by(_reports.c.id.desc()).limit(1)
    return first_as(connection, ReportRecord, query)


def latest(
    connection: Connection,
    limit: int,
    *,
    account_id: int | None = None,
    channel_id: int | None = None,
    report_type: str | None = None,
    ids: Collection[int] | None = None,
) -> list[ReportRecord]:
    """The newest first."""
    query = select(_reports).order_by(_reports.c.id.desc()).limit(limit)
    wanted = (
        (_reports.c.account_id, account_id),
        (_reports.c.channel_id, channel_id),
        (_reports.c.report_type, report_type),
    )
    for column, value in wanted:
        if value is not None:
            query = query.where(column == value)
    if ids is not None:
        query = query.where(_reports.c.id.in_(ids))
    return all_as(connection, ReportRecord, query)


def open_reports(connection: Connection, account_id: int) -> list[ReportRecord]:
    """What has not ended, what is due first in front."""
    query = select(_reports).where(_reports.c.account_id == account_id, _is_open)
    return all_as(connection, ReportRecord, query.order_by(_reports.c.next_at, _reports.c.id))


def available(connection: Connection, account_id: int, purposes: Collection[str]) -> list[ReportRecord]:
    """What can be fetched now, the oldest first."""
    return [
        report
        for report in sorted(open_reports(connection, account_id), key=lambda each: each.id)
        if report.state is State.AVAILABLE and report.purpose in purposes
    ]


def alike(connection: Connection, like: ReportRecord) -> list[ReportRecord]:
    """The last ones of the same type and marketplaces, the newest first."""
    c = _reports.c
    where = (
        c.account_id == like.account_id,
        c.report_type == like.report_type,
        c.marketplaces == like.marketplaces,
    )
    return all_as(
        connection, ReportRecord, select(_reports).where(*where).order_by(c.id.desc()).limit(_LAST_WAITS)
    )


def waits(
    connection: Connection,
    account_id: int,
    report_type: str,
    marketplaces: Sequence[str],
    limit: int = _LAST_WAITS,
) -> list[timedelta]:
    """How long Amazon took for the last such reports that were made for us, the newest first.

    Those that were stuck are left out: they would put off the next one that is.
    """
    c = _reports.c
    stood_still = select(c.repeats).where(c.account_id == account_id, c.repeats.is_not(None))
    where = (
        c.account_id == account_id,
        c.report_type == report_type,
        c.marketplaces == tuple(marketplaces),
        c.reused.is_(False),
        c.submitted_at.is_not(None),
        c.available_at.is_not(None),
        c.id.not_in(stood_still),
    )
    query = select(c.submitted_at, c.available_at).where(*where).order_by(c.id.desc()).limit(limit)
    return [row.available_at - row.submitted_at for row in connection.execute(query)]


def known_ids(connection: Connection, account_id: int, report_ids: Collection[str]) -> set[str]:
    """Which of Amazon's reports have been taken up already."""
    return _ids(connection, account_id, report_ids)


def processed_ids(connection: Connection, account_id: int, report_ids: Collection[str]) -> set[str]:
    """Of which of Amazon's reports all is known that they say."""
    return _ids(connection, account_id, report_ids, _reports.c.state == State.PROCESSED)


def repeat_of(connection: Connection, report_pk: int) -> ReportRecord | None:
    """What was asked for in place of a stuck one."""
    query = select(_reports).where(_reports.c.repeats == report_pk).order_by(_reports.c.id.desc()).limit(1)
    return first_as(connection, ReportRecord, query)


def stuck(connection: Connection) -> list[ReportRecord]:
    """Those that may still come, of all accounts, the oldest first."""
    query = select(_reports).where(_is_open, _reports.c.state == State.STUCK).order_by(_reports.c.id)
    return all_as(connection, ReportRecord, query)


def move_downloads(unit: Unit, from_pk: int, to_pk: int) -> None:
    """A running download of listings goes on with another report."""
    c = _downloads.c
    where = (c.report_pk == from_pk, c.state == "running")
    moved = (
        update(_downloads)
        .where(*where)
        .values(report_pk=to_pk, version=c.version + 1)
        .returning(c.channel_id)
    )
    unit.changed("listing_download", *unit.connection.scalars(moved).all())


def is_awaited(connection: Connection, report_pk: int) -> bool:
    """Whether a running download of listings goes on with it."""
    where = (_downloads.c.report_pk == report_pk, _downloads.c.state == "running")
    return connection.scalar(select(_downloads.c.id).where(*where)) is not None


def add_faults(unit: Unit, report_pk: int, found: Iterable[BadRow]) -> None:
    """Rows that could not be read; one that was noted before stays as it was."""
    rows = [msgspec.structs.asdict(fault) | {"report_pk": report_pk} for fault in found]
    if rows:
        unit.connection.execute(insert(_faults).prefix_with("OR IGNORE"), rows)


def faults(connection: Connection, report_pk: int, limit: int) -> list[BadRow]:
    """The first ones."""
    c = _faults.c
    query = select(c.line, c.reason, c.text).where(c.report_pk == report_pk).order_by(c.line).limit(limit)
    return all_as(connection, BadRow, query)


def forget(unit: Unit, before: datetime, limit: int) -> int:
    """Remove so many that ended before then, with their faults; how many there were.

    One of which an order is still being recovered stays, and one that a backfill goes by.
    """
    gaps, c = tables.order_gaps, _reports.c
    unsettled = select(gaps.c.report_pk).where(gaps.c.settled_at.is_(None))
    in_use = unsettled.union(select(tables.backfills.c.report_pk))
    query = select(c.id).where(c.ended_at < before, c.id.not_in(in_use)).order_by(c.id).limit(limit)
    old = list(unit.connection.scalars(query))
    if old:
        run = unit.connection.execute
        run(delete(gaps).where(gaps.c.report_pk.in_(old)))
        run(update(_downloads).where(_downloads.c.report_pk.in_(old)).values(report_pk=None))
        run(update(_reports).where(c.repeats.in_(old)).values(repeats=None))
        run(delete(_reports).where(c.id.in_(old)))
        unit.changed("report", *old)
    return len(old)


def _ids(
    connection: Connection, account_id: int, report_ids: Collection[str], *more: ColumnElement[bool]
) -> set[str]:
    where = (_reports.c.account_id == account_id, _reports.c.report_id.in_(report_ids), *more)
    return set(connection.scalars(select(_reports.c.report_id).where(*where)))


def _note(unit: Unit, report: ReportRecord) -> None:
    unit.changed("report", report.id)
    unit.changed("report_moved", (report.account_id, report.purpose))
