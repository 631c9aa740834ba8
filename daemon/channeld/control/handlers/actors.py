"""Requests about actors, and the status of everything."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from channel_protocol.actors import (
    ActorChanged,
    ActorList,
    GetStatus,
    HaltActor,
    ListActors,
    RestartActor,
    ResumeActor,
    Status,
)
from channel_protocol.offers import StockSyncRow
from channeld.commands.actors import tell, write_halts
from channeld.commands.asking import Asked
from channeld.control.context import Context
from channeld.control.rows.actors import actor_row, attention, status_rows
from channeld.control.rows.download_attention import download_attention
from channeld.control.rows.price_attention import price_attention
from channeld.control.rows.price_sync import price_sync_rows
from channeld.control.rows.report_attention import report_attention
from channeld.control.rows.stock_attention import refused_attention, stock_attention
from channeld.control.rows.stock_sync import stock_sync_rows
from channeld.control.rows.work_attention import work_attention
from channeld.runtime.status import ActorStatus
from channeld.store import channels, order_counts, quarantine
from channeld.store.names import names
from channeld.store.unit import Unit

__all__ = ["halt", "list_all", "restart", "resume", "status"]

HALTED_BY_HAND = "halted by hand"


async def list_all(request: ListActors, context: Context) -> ActorList:
    statuses = context.parts.supervisor.statuses()
    return ActorList(rows=tuple(actor_row(each) for each in statuses[: request.limit]))


async def restart(request: RestartActor, context: Context) -> ActorChanged:
    async def act() -> ActorChanged:
        await context.parts.supervisor.restart(request.actor)
        return _changed(context, request.actor)

    return await context.act(
        request,
        ActorChanged,
        act,
        lambda unit, asked: tell(unit, asked, _status(context, request.actor), "restarted"),
    )


async def halt(request: HaltActor, context: Context) -> ActorChanged:
    """The halt is stored before it is answered, so that it outlives the daemon."""

    async def act() -> ActorChanged:
        hint = f"`channelctl actor resume {request.actor}` starts it again."
        reason = _printable(request.reason)[:200] or HALTED_BY_HAND
        await context.parts.supervisor.halt(request.actor, reason, hint, by=context.access.user)
        return _changed(context, request.actor)

    return await context.act(
        request,
        ActorChanged,
        act,
        lambda unit, asked: _write_down(unit, asked, _status(context, request.actor), "halted"),
    )


async def resume(request: ResumeActor, context: Context) -> ActorChanged:
    async def act() -> ActorChanged:
        context.parts.supervisor.resume(request.actor)
        return _changed(context, request.actor)

    return await context.act(
        request,
        ActorChanged,
        act,
        lambda unit, asked: _write_down(unit, asked, _status(context, request.actor), "resumed"),
    )


async def status(request: GetStatus, context: Context) -> Status:
    statuses = context.parts.supervisor.statuses()
    now = context.parts.clock.now()
    near = context.parts.order_rate.near_ceiling(now)
    refused = context.parts.refused_markets.all(now)

    def query(connection: Connection) -> Status:
        known_channels, known = channels.all_channels(connection), names(connection)
        busy = {known.account(account_id): orders for account_id, orders in near.items()}
        stock = stock_sync_rows(connection, now)
        lost = {known.account(id_): orders for id_, orders in quarantine.without_channel(connection).items()}
        return Status(
            daemon=context.parts.version,
            started_at=context.parts.started_at,
            rows=tuple(status_rows(known_channels, statuses, known, _dates(stock))),
            attention=(
                *attention(known_channels, statuses, order_counts.counts(connection), busy, lost),
                *work_attention(
                    connection,
                    known_channels,
                    known,
                    context.parts.instance,
                    now,
                    untold_skus=sum(row.dirty for row in stock),
                ),
                *price_attention(price_sync_rows(connection, now), known_channels),
                *report_attention(connection, known),
                *download_attention(connection, known),
                *stock_attention(stock),
                *refused_attention(refused, known_channels),
            ),
            stock=tuple(row for row in stock if row.dirty or row.warning or row.computed_at),
        )

    return await context.read(query)


def _dates(stock: Iterable[StockSyncRow]) -> dict[str, datetime | None]:
    return {row.channel: row.inventory_sync_date for row in stock}


def _printable(text: str) -> str:
    """Without what steers a terminal; every client shows it."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _write_down(unit: Unit, asked: Asked, status: ActorStatus, what: Literal["halted", "resumed"]) -> None:
    write_halts(unit, [status])
    tell(unit, asked, status, what)


def _changed(context: Context, actor: str) -> ActorChanged:
    return ActorChanged(row=actor_row(_status(context, actor)))


def _status(context: Context, actor: str) -> ActorStatus:
    return context.parts.supervisor.status(actor)
