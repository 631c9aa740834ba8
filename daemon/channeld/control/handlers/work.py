"""Requests about outbound work."""

from sqlalchemy import Connection

from channel_protocol.work import (
    AdoptWork,
    DismissWork,
    ListWork,
    RetryWork,
    ShowWork,
    WorkAdopted,
    WorkChanged,
    WorkList,
    WorkShown,
)
from channeld.book.ledger.as_sent import as_sent
from channeld.commands.asking import Asked, check, find_channel
from channeld.commands.outbound import pieces_text
from channeld.commands.retrying import Retrying
from channeld.commands.work import Adopted, adopt_work, count_held, dismiss_work, find_work, retry_work
from channeld.control.context import Context
from channeld.control.rows.audit import audit_row
from channeld.control.rows.work import work_row, work_rows
from channeld.control.rows.work_shown import work_facts, work_feeds, work_lines
from channeld.domain.ledger.kinds import KINDS
from channeld.domain.ledger.states import State
from channeld.domain.settings import nearest
from channeld.errors import Problem
from channeld.store import accounts, audit, channels, feeds, ledger_lists, order_queries
from channeld.store.ledger_lists import WorkFilter
from channeld.store.ledger_records import WorkRecord
from channeld.store.names import names
from channeld.store.unit import Unit

__all__ = ["adopt", "dismiss", "list_all", "retry", "show"]

AUDIT_SHOWN = 200
STATES = tuple(state.value for state in State)


async def list_all(request: ListWork, context: Context) -> WorkList:
    _check_words(request)

    def query(connection: Connection) -> WorkList:
        channel = find_channel(connection, request.channel) if request.channel else None
        criteria = WorkFilter(
            limit=request.limit,
            kind=request.kind,
            channel_id=channel.id if channel else None,
            order_id=request.order_id,
            state=request.state,
            attention=request.attention,
            open=request.open,
        )
        found = ledger_lists.select_work(connection, criteria)
        return WorkList(
            rows=work_rows(connection, found, context.parts.instance),
            attention=sum(ledger_lists.attention(connection).values()),
        )

    return await context.read(query)


async def show(request: ShowWork, context: Context) -> WorkShown:
    return await context.read(lambda c: _shown(c, find_work(c, request.work_id), context.parts.instance))


async def retry(request: RetryWork, context: Context) -> WorkChanged:
    wish = Retrying(
        work_ids=request.work_ids,
        carrier=request.carrier,
        service=request.service,
        tracking=request.tracking,
        force=request.force,
    )

    def act(unit: Unit, asked: Asked) -> WorkChanged:
        return WorkChanged(
            rows=work_rows(unit.connection, retry_work(unit, asked, wish), context.parts.instance)
        )

    return await context.change(request, WorkChanged, act)


async def dismiss(request: DismissWork, context: Context) -> WorkChanged:
    def act(unit: Unit, asked: Asked) -> WorkChanged:
        found = dismiss_work(unit, asked, request.work_ids)
        return WorkChanged(rows=work_rows(unit.connection, found, context.parts.instance))

    return await context.change(request, WorkChanged, act)


async def adopt(request: AdoptWork, context: Context) -> WorkAdopted:
    """Without confirmation nothing is changed, and nothing is remembered: the deed may have the same id."""
    instance = context.parts.instance
    if not request.confirmed:
        return _adopted(await context.read(lambda c: count_held(c, instance)), done=False)
    return await context.change(
        request,
        WorkAdopted,
        lambda unit, asked: _adopted(adopt_work(unit, asked, instance), done=True),
    )


def _shown(connection: Connection, record: WorkRecord, instance: str) -> WorkShown:
    (order,) = order_queries.by_keys(connection, [(record.channel_id, record.order_id)])
    channel = channels.get(connection, record.channel_id)
    account = accounts.get(connection, record.account_id)
    known = names(connection)
    entries = audit.entries(connection, AUDIT_SHOWN, record.order_id, record.channel_id)
    mine = [entry for entry in entries if entry.details.get("work") == str(record.id)]
    return WorkShown(
        row=work_row(connection, record, instance),
        lines=work_lines(record, order),
        facts=work_facts(record),
        feeds=work_feeds(feeds.of_work(connection, record.id)),
        request=as_sent(
            record,
            seller_id=account.seller_id if account else "",
            marketplace_id=channel.marketplace_id if channel else "",
        ),
        audit=tuple(audit_row(entry, known) for entry in mine),
    )


def _check_words(request: ListWork) -> None:
    problems: list[Problem] = []
    for key, value, known in (("kind", request.kind, KINDS), ("state", request.state, STATES)):
        if value is not None and value not in known:
            message = f"must be one of {', '.join(known)}"
            problems.append(Problem(key=key, message=message, nearest=nearest(value, known)))
    check(problems, "The request")


def _adopted(found: Adopted, *, done: bool) -> WorkAdopted:
    pieces = f"{pieces_text(found.held)} of outbound work"
    if found.skus:
        pieces += f" and the stock of {found.stock_text}"
    if not found.foreign:
        message = "The database is this installation's own: there is nothing to take over."
    elif done:
        message = f"This installation has taken over {pieces}, and sends what is due."
    else:
        message = (
            f"{pieces} of another installation would be sent from here. If that one still "
            "runs, buyers may get everything twice."
        )
    return WorkAdopted(
        done=done and found.foreign,
        foreign=found.foreign,
        message=message,
        held=found.held if found.foreign else 0,
        skus=found.skus if found.foreign else 0,
    )
