"""Actors that wait for a person, across restarts of the daemon."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from channeld.store import tables
from channeld.store.rows import all_as
from channeld.store.unit import Unit

__all__ = ["Halt", "all_halts", "is_halted", "lift", "put"]

_halts = tables.halts


class Halt(msgspec.Struct, frozen=True, kw_only=True):
    """One halted actor."""

    actor: str
    """Its id."""
    reason: str
    hint: str
    by: str
    since: datetime
    group: str = ""
    """What else was halted for the same reason, such as `account:eu`; empty when it is alone."""


def put(unit: Unit, halt: Halt) -> None:
    """Halt an actor; one that is halted keeps its first reason and time."""
    unit.connection.execute(
        insert(_halts).values(msgspec.structs.asdict(halt)).on_conflict_do_nothing(index_elements=["actor"])
    )
    unit.changed("actor", halt.actor)


def lift(unit: Unit, actor: str) -> list[str]:
    """Let an actor start again, and all of its group; their ids, none when it was not halted."""
    group = select(_halts.c.group).where(_halts.c.actor == actor, _halts.c.group != "")
    lifted = unit.connection.scalars(
        delete(_halts)
        .where((_halts.c.actor == actor) | _halts.c.group.in_(group.scalar_subquery()))
        .returning(_halts.c.actor)
    ).all()
    unit.changed("actor", *lifted)
    return sorted(lifted)


def all_halts(connection: Connection) -> list[Halt]:
    """All of them, by actor."""
    return all_as(connection, Halt, select(_halts).order_by(_halts.c.actor))


def is_halted(connection: Connection, actor: str) -> bool:
    """Whether that one waits for a person."""
    return connection.scalar(select(_halts.c.actor).where(_halts.c.actor == actor)) is not None
