"""The next feed's document from what waits for it, and what no feed can carry. Made for a worker thread."""

from collections.abc import Mapping, Sequence

import msgspec

from channeld.amazon.feeds.elements import Message
from channeld.amazon.feeds.envelope import build, fitting, size_of
from channeld.domain.ledger.effects import Effect

__all__ = ["Batch", "Waiting", "make_batch"]


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of work that waits for a feed."""

    work_id: int
    order_id: str
    effect: Effect


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One feed's worth."""

    document: bytes
    """Empty if something has to be sorted out first."""
    count: int
    """How much of what waited is in it, from the first on."""
    unsayable: Mapping[int, str]
    """Work that cannot be written down, and why, by id."""


def make_batch(seller_id: str, kind: str, waiting: Sequence[Waiting]) -> Batch:
    """As many messages, from the first on, as one document takes."""
    messages = [
        Message(message_id=number, work_id=each.work_id, order_id=each.order_id, effect=each.effect)
        for number, each in enumerate(waiting, start=1)
    ]
    unsayable = {message.work_id: reason for message in messages if (reason := _why_unsayable(message, kind))}
    if unsayable:
        return Batch(document=b"", count=0, unsayable=unsayable)
    count = fitting(seller_id, kind, messages)
    return Batch(document=build(seller_id, kind, messages[:count]), count=count, unsayable={})


def _why_unsayable(message: Message, kind: str) -> str:
    try:
        size_of(message, kind)
    except ValueError as error:
        return str(error)
    return ""
