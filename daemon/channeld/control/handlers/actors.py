"""Requests about actors, and the status of everything."""

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
from channeld.control.context import Context
from channeld.control.rows.actors import actor_row, attention, status_rows
from channeld.store import channels
from channeld.store.names import names

__all__ = ["halt", "list_all", "restart", "resume", "status"]

HALTED_BY_HAND = "halted by hand"


async def list_all(request: ListActors, context: Context) -> ActorList:
    statuses = context.parts.supervisor.statuses()
    return ActorList(rows=tuple(actor_row(each) for each in statuses[: request.limit]))


async def restart(request: RestartActor, context: Context) -> ActorChanged:
    await context.parts.supervisor.restart(request.actor)
    return _changed(context, request.actor)


async def halt(request: HaltActor, context: Context) -> ActorChanged:
    hint = f"`channelctl actor resume {request.actor}` starts it again."
    reason = request.reason.strip()[:200] or HALTED_BY_HAND
    await context.parts.supervisor.halt(request.actor, reason, hint, by=context.access.user)
    return _changed(context, request.actor)


async def resume(request: ResumeActor, context: Context) -> ActorChanged:
    context.parts.supervisor.resume(request.actor)
    return _changed(context, request.actor)


async def status(request: GetStatus, context: Context) -> Status:
    statuses = context.parts.supervisor.statuses()

    def query(connection: Connection) -> Status:
        known_channels = channels.all_channels(connection)
        return Status(
            daemon=context.parts.version,
            started_at=context.parts.started_at,
            rows=tuple(status_rows(known_channels, statuses, names(connection))),
            attention=attention(known_channels, statuses),
        )

    return await context.read(query)


def _changed(context: Context, actor: str) -> ActorChanged:
    return ActorChanged(row=actor_row(context.parts.supervisor.status(actor)))
