"""What the connection hands on, in the order in which it happened."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from channel_protocol.codec import AnyRow, decode_rows
from channel_protocol.session import Delta, Hello, Snapshot

__all__ = ["Connected", "DeltaArrived", "Event", "Lost", "SnapshotArrived", "decoded"]


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """A daemon answered; snapshots follow."""

    hello: Hello


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """There is no daemon."""

    why: str
    """What happened and what to do, for a person."""
    at: datetime
    retry_at: datetime
    """When the next attempt is made."""


class SnapshotArrived(msgspec.Struct, frozen=True, kw_only=True):
    """A chunk of a topic's snapshot; chunk 0 begins a new one."""

    topic: str
    chunk: int
    last: bool
    rows: Sequence[AnyRow]


class DeltaArrived(msgspec.Struct, frozen=True, kw_only=True):
    """These rows of a topic now look so, and those keys are gone."""

    topic: str
    number: int
    rows: Sequence[AnyRow] = ()
    gone: tuple[str, ...] = ()


Event = Connected | Lost | SnapshotArrived | DeltaArrived


def decoded(message: Snapshot | Delta) -> Event:
    """The event in a message of the daemon. Raises `msgspec.MsgspecError` for rows it cannot read."""
    rows = decode_rows(message.rows)
    if isinstance(message, Snapshot):
        return SnapshotArrived(topic=message.topic, chunk=message.chunk, last=message.last, rows=rows)
    return DeltaArrived(topic=message.topic, number=message.number, rows=rows, gone=message.gone)
