"""Outbound work at the desk: notes in the states that people meet, and feeds that carry them."""

from typing import Any

import msgspec

from channel_protocol.actors import GetStatus, Status
from channel_protocol.work import ShowWork, WorkShown
from channeld.store import feed_work, feeds
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit
from tests.support.answering import Desk
from tests.support.domain_orders import NOW

__all__ = ["attention", "in_a_feed", "queued_note", "refused_note", "shown"]


async def queued_note(desk: Desk, **more: Any) -> int:
    row = (await desk.process(**more)).row
    assert row is not None
    return row.work_id


async def refused_note(desk: Desk, **more: Any) -> int:
    """One that Amazon has refused."""
    work_id = await queued_note(desk, **more)
    await desk.move(work_id, "begin", "refused")
    return work_id


async def shown(desk: Desk, work_id: int) -> WorkShown:
    return await desk.office.ask(ShowWork(work_id=work_id), WorkShown)


async def attention(desk: Desk) -> tuple[str, ...]:
    return (await desk.office.ask(GetStatus(), Status)).attention


async def in_a_feed(desk: Desk, *work_ids: int, **more: Any) -> int:
    """A feed that carries it."""

    def act(unit: Unit) -> int:
        record = FeedRecord(
            account_id=desk.shop.account_id, feed_type="POST_ORDER_FULFILLMENT_DATA", created_at=NOW
        )
        feed = feeds.add(unit, msgspec.structs.replace(record, **more), work_ids)
        feed_work.claim(unit, feed.id, [(work_id, 1) for work_id in work_ids])
        return feed.id

    return await desk.shop.store.write(act)
