"""What people do with actors, written down: halts outlive the daemon, and who asked is audited."""

from collections.abc import Iterable
from typing import Literal

from channeld.commands.asking import Asked
from channeld.runtime.status import ActorStatus
from channeld.store import accounts, audit, channels, halts
from channeld.store.halts import Halt
from channeld.store.unit import Unit

__all__ = ["tell", "write_halts"]


def write_halts(unit: Unit, statuses: Iterable[ActorStatus]) -> None:
    """Store which of these actors wait for a person, and forget the others.

    Forgetting comes first: it takes the whole group along, whose message may just have been passed on.
    """
    halted: list[ActorStatus] = []
    for status in statuses:
        if status.state == "halted":
            halted.append(status)
        else:
            halts.lift(unit, status.id)
    for status in halted:
        halts.put(unit, _as_halt(status))


def tell(
    unit: Unit, asked: Asked, status: ActorStatus, what: Literal["halted", "resumed", "restarted"]
) -> None:
    """Audit what a person did with an actor. The reason that was given stays out: it is free text."""
    account = accounts.by_name(unit.connection, status.account)
    channel = channels.by_name(unit.connection, status.channel)
    entry = asked.entry(
        f"actor.{what}",
        f"Actor {status.id} {what} by hand",
        account_id=account.id if account else None,
        channel_id=channel.id if channel else None,
    )
    audit.add(unit, entry)


def _as_halt(status: ActorStatus) -> Halt:
    return Halt(
        actor=status.id,
        reason=status.reason,
        hint=status.hint,
        by=status.by,
        since=status.since,
        group="" if status.by else status.halted_group,
    )
