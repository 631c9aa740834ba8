"""A despatch note that is tried again with another carrier, another tracking number, or by force (C1)."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from channeld.amazon.assumptions import CARRIER_CODES
from channeld.commands.asking import refusal
from channeld.domain.carriers import Carrier, resolve
from channeld.domain.despatch import tracking_problems
from channeld.domain.ledger.effects import Despatch
from channeld.domain.ledger.route import Route
from channeld.errors import Problem
from channeld.store import channels, mappings
from channeld.store.ledger_records import WorkRecord

__all__ = ["Retrying", "with_changes"]


class Retrying(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be tried again, and what is to be different."""

    work_ids: tuple[int, ...]
    carrier: str | None = None
    service: str | None = None
    tracking: str | None = None
    """Empty: untracked."""
    force: bool = False
    """Although Amazon shows the units as shipped otherwise; a refund although it may have been paid."""

    @property
    def changes(self) -> bool:
        """Whether a note is to say something else."""
        return any(each is not None for each in (self.carrier, self.service, self.tracking))


def with_changes(connection: Connection, found: Sequence[WorkRecord], wish: Retrying) -> list[WorkRecord]:
    """The rows as they are to be; the move that follows stores them. Raises `InvalidRequest`."""
    problems = tracking_problems(wish.tracking or "")
    after: list[WorkRecord] = []
    for record in found:
        changed = _changed(connection, record, wish)
        if isinstance(changed, Problem):
            problems.append(msgspec.structs.replace(changed, key=f"work_ids.{record.id}.{changed.key}"))
        else:
            after.append(changed)
    if problems:
        raise refusal(problems, "The change")
    return after


def _changed(connection: Connection, record: WorkRecord, wish: Retrying) -> WorkRecord | Problem:
    effect = record.effect
    if not isinstance(effect, Despatch) or not (wish.changes or wish.force):
        return record
    carrier = _carrier(connection, record, effect, wish)
    if isinstance(carrier, Problem):
        return carrier
    tracking = effect.tracking if wish.tracking is None else wish.tracking.strip()
    other = msgspec.structs.replace(
        effect,
        carrier_code=carrier.code,
        carrier_name=carrier.name,
        method=carrier.method,
        tracking=tracking,
        forced=effect.forced or wish.force,
    )
    is_same = other == msgspec.structs.replace(effect, forced=other.forced)
    return msgspec.structs.replace(
        record,
        effect=other,
        route=Route.UNDECIDED if tracking else Route.FEED,
        sent_at=record.sent_at if is_same else None,  # so Amazon was not told it, whatever it says of before
    )


def _carrier(
    connection: Connection, record: WorkRecord, effect: Despatch, wish: Retrying
) -> Carrier | Problem:
    if wish.carrier is None and wish.service is None:
        return Carrier(code=effect.carrier_code, name=effect.carrier_name, method=effect.method)
    channel = channels.get(connection, record.channel_id)
    mapped = mappings.of_channel(connection, "despatch", record.channel_id)
    name = channel.name if channel else ""
    return resolve(wish.carrier, wish.service or "", mapped, CARRIER_CODES, channel=name)
