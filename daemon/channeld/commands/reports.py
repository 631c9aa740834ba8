"""Asking for a report, and finding one (semantics H5, H6)."""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channeld.amazon.reports.types import report_type, why_refused
from channeld.book.reports.wishing import wish
from channeld.commands.asking import Asked, check, find_channel
from channeld.commands.downloading import begin_download, check_enabled
from channeld.commands.recently import check_pause
from channeld.domain.report.states import ENDED, State
from channeld.domain.report.types import LISTINGS, ReportUse, report_use
from channeld.errors import InvalidRequest, Problem
from channeld.store import reports
from channeld.store.channels import Channel
from channeld.store.reports import ReportRecord
from channeld.store.unit import Unit

__all__ = ["Requested", "Wish", "find_report", "request_report"]

_NAME = re.compile(r"[A-Z][A-Z0-9_]{2,99}")
_LARGEST_NUMBER = 2**63 - 1


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks for."""

    channel: str
    report_type: str
    data_from: datetime | None = None
    data_to: datetime | None = None
    again: bool = False
    """Also when Amazon will hardly have anything new."""


class Requested(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    report: ReportRecord
    attached: bool
    """One was under way, and serves."""


def request_report(unit: Unit, asked: Asked, asked_for: Wish) -> Requested:
    """Want a report, or attach to one that is under way.

    Raises `InvalidRequest`: `unknown_channel`, `channel_disabled`, `invalid` with every problem, and
    `asked_recently` when Amazon would answer with nothing, or with what it said before.
    """
    channel = find_channel(unit.connection, asked_for.channel)
    use = report_use(asked_for.report_type)
    check([*_type_problems(use), *_range_problems(use, asked_for, asked.now)], "The request")
    check_enabled(channel)
    if use.name == LISTINGS.name:
        return _download(unit, asked, channel, again=asked_for.again)
    wanted = _record(channel, use, asked_for, asked)
    last = reports.alike(unit.connection, wanted)
    running = next((each for each in last if _serves(each, wanted, asked_for)), None)
    if running is not None:
        return Requested(report=running, attached=True)
    if not asked_for.again:
        pause = report_type(use.name).repeat_after
        check_pause("That report was asked for", _answered(last, wanted), pause, asked.now)
    report = wish(
        unit,
        account_id=channel.account_id,
        channel_id=channel.id,
        report_type=use.name,
        marketplaces=wanted.marketplaces,
        purpose=use.purpose,
        by=asked.by,
        now=asked.now,
        data_from=wanted.data_from,
        data_to=wanted.data_to,
        fresh=asked_for.again,
    )
    return Requested(report=report, attached=False)


def find_report(connection: Connection, text: str) -> ReportRecord:
    """By its number here, which is small, or by Amazon's id. Raises `InvalidRequest("unknown_report")`."""
    given = text.strip()
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 20 else 0
    found = reports.get(connection, number) if 0 < number <= _LARGEST_NUMBER else None
    found = found or (reports.by_report_id(connection, given) if given else None)
    if found is None:
        raise InvalidRequest(
            "unknown_report",
            "There is no report of that number or id here.",
            "`channelctl report list` shows the latest.",
            [Problem(key="report", message="is not known")],
        )
    return found


def _download(unit: Unit, asked: Asked, channel: Channel, *, again: bool) -> Requested:
    """A listing report is a download of the channel's listings."""
    download, attached = begin_download(unit, asked, channel, again=again)
    report = reports.get(unit.connection, download.report_pk) if download.report_pk else None
    if report is None:
        raise LookupError(f"the report of download {download.id}")
    return Requested(report=report, attached=attached)


def _type_problems(use: ReportUse) -> Sequence[Problem]:
    if not _NAME.fullmatch(use.name):
        message = "must be a name of Amazon's such as GET_AFN_INVENTORY_DATA, or `listings` or `orders`"
        return [Problem(key="report_type", message=message)]
    reason = why_refused(use.name)
    return [Problem(key="report_type", message=f"is not asked for: {reason}")] if reason else []


def _range_problems(use: ReportUse, asked_for: Wish, now: datetime) -> Sequence[Problem]:
    given = {"data_from": asked_for.data_from, "data_to": asked_for.data_to}
    said = {key: at for key, at in given.items() if at is not None}
    if use.range == "none":
        return [Problem(key=key, message="cannot be said: the report is about the present") for key in said]
    problems = [
        Problem(key=key, message="needs a time zone, such as Z") for key, at in said.items() if not at.tzinfo
    ]
    if problems:
        return problems
    begin, end = _range(use, asked_for, now)
    problems = [Problem(key=key, message="is in the future") for key, at in said.items() if at > now]
    if begin and end and begin >= end:
        problems.append(Problem(key="data_from", message="must be before data_to"))
    longest = report_type(use.name).longest_span
    if begin and end and longest and end - begin > longest:
        problems.append(Problem(key="data_from", message=f"Amazon gives at most {longest.days} days at once"))
    return problems


def _range(use: ReportUse, asked_for: Wish, now: datetime) -> tuple[datetime | None, datetime | None]:
    """To the second, as Amazon shows ranges; up to now where nothing else was said."""
    begin, end = asked_for.data_from, asked_for.data_to
    if use.range == "none" or (use.range == "allowed" and begin is None and end is None):
        return None, None
    end = (end or now).replace(microsecond=0)
    begin = begin or (end - use.usual_range if use.range == "needed" else None)
    return (begin.replace(microsecond=0) if begin else None), end


def _record(channel: Channel, use: ReportUse, asked_for: Wish, asked: Asked) -> ReportRecord:
    begin, end = _range(use, asked_for, asked.now)
    return ReportRecord(
        account_id=channel.account_id,
        channel_id=channel.id,
        report_type=use.name,
        marketplaces=(channel.marketplace_id,),
        data_from=begin,
        data_to=end,
        purpose=use.purpose,
        by=asked.by,
        created_at=asked.now,
        next_at=asked.now,
    )


def _serves(running: ReportRecord, wanted: ReportRecord, asked_for: Wish) -> bool:
    """Whether what is under way is what is wanted; without a range any is."""
    if running.state in ENDED or running.state is State.STUCK or running.purpose != wanted.purpose:
        return False
    is_any = asked_for.data_from is None and asked_for.data_to is None
    same = (running.data_from, running.data_to) == (wanted.data_from, wanted.data_to)
    return is_any or same


def _answered(last: Sequence[ReportRecord], wanted: ReportRecord) -> datetime | None:
    """When Amazon took the last one of the same that it made, or had nothing for."""
    times = [
        each.submitted_at
        for each in last
        if each.state in (State.PROCESSED, State.NO_DATA)
        and each.submitted_at
        and (each.data_from, each.data_to) == (wanted.data_from, wanted.data_to)
    ]
    return max(times, default=None)
