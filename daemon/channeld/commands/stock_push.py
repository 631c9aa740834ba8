"""A person wants Amazon told once more, whatever it is thought to have (semantics D1, I17)."""

from collections.abc import Collection, Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from channeld.book.offering.computing.compute import compute
from channeld.book.offering.moves import handling_text
from channeld.commands.asking import Asked, find_channel, refusal
from channeld.commands.offered import find_offered
from channeld.domain.stock import pushing
from channeld.errors import Problem
from channeld.store import audit, desired_stock, offer_queries, stale_stock, stock_history
from channeld.store.channels import Channel
from channeld.store.desired_stock import DesiredRow
from channeld.store.stock_history import Happened
from channeld.store.unit import Unit

__all__ = ["PAGE", "Pushed", "check_push", "push_page", "push_skus", "tell_pushed"]

PAGE = 250
"""SKUs of a channel in one unit of work."""
_NAMED = 10
"""In an entry of the audit trail."""


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """What comes of one SKU."""

    account_id: int
    sku: str
    quantity: int | None
    """What is sent; None: nothing is."""
    note: str
    """Why nothing is sent."""


def check_push(skus: Sequence[str], channel: str) -> None:
    """Raises `InvalidRequest` unless it is said what is to be sent, in one way."""
    if bool(skus) == bool(channel):
        message = "says the same as skus in another way" if channel else "must be given, or skus"
        raise refusal([Problem(key="channel", message=message)], "The request", "Name SKUs, or a channel.")


def push_skus(unit: Unit, asked: Asked, skus: Sequence[str], account: str) -> list[Pushed]:
    """An answer for each seller SKU. Raises `InvalidRequest`, see `find_offered`."""
    found = find_offered(unit.connection, skus, account)
    answers: list[Pushed] = []
    for account_id in dict.fromkeys(id_ for id_, _ in found):
        answers += _force(unit, asked, account_id, [sku for id_, sku in found if id_ == account_id])
    names = ", ".join(sku for _, sku in found[:_NAMED]) + (" …" if len(found) > _NAMED else "")
    for account_id in dict.fromkeys(each.account_id for each in answers):
        count = sum(each.account_id == account_id for each in answers)
        audit.add(unit, _entry(asked, account_id, None, f"{_skus(count)} sent once more: {names}"))
    return answers


def push_page(unit: Unit, asked: Asked, channel: Channel, after: str) -> tuple[int, str | None]:
    """The next SKUs of the channel: how many are sent, and the last of them; None at the end."""
    skus = offer_queries.listed_skus(unit.connection, channel.id, after, PAGE)
    told = _force(unit, asked, channel.account_id, skus)
    return sum(each.quantity is not None for each in told), skus[-1] if len(skus) == PAGE else None


def tell_pushed(unit: Unit, asked: Asked, channel_name: str, count: int) -> None:
    """Once for a whole channel."""
    channel = find_channel(unit.connection, channel_name)
    text = f"Everything of channel {channel.name} is sent once more: {_skus(count)}"
    audit.add(unit, _entry(asked, channel.account_id, channel.id, text))


def _force(unit: Unit, asked: Asked, account_id: int, skus: Collection[str]) -> list[Pushed]:
    """Also what was closed by hand: it is open again, and computed anew."""
    rows = desired_stock.of_skus(unit.connection, account_id, skus)
    changed = [_forced(row, asked) for row in rows.values()]
    desired_stock.save(unit, changed, asked.now)
    stale_stock.mark_skus(unit, account_id, skus, asked.now)
    answers = list(_answers(unit.connection, account_id, skus))
    if sent := [each for each in answers if each.quantity is not None]:
        stock_history.add(unit, [_happened(each, rows.get(each.sku), asked) for each in sent])
    return answers


def _forced(row: DesiredRow, asked: Asked) -> DesiredRow:
    return msgspec.structs.replace(row, desired=pushing.forced(row.desired, asked.now), closed_at=None)


def _answers(connection: Connection, account_id: int, skus: Collection[str]) -> Iterable[Pushed]:
    made = compute(connection, account_id, skus)
    for sku in skus:
        value = made[sku].value
        yield Pushed(
            account_id=account_id,
            sku=sku,
            quantity=value.quantity if value else None,
            note=made[sku].withheld,
        )


def _happened(pushed: Pushed, row: DesiredRow | None, asked: Asked) -> Happened:
    value = row.desired.computed if row else None
    return Happened(
        at=asked.now,
        account_id=pushed.account_id,
        sku=pushed.sku,
        event="forced",
        quantity=pushed.quantity,
        handling=handling_text(value.lead_time) if value else "",
        note=f"by {asked.by}",
    )


def _entry(asked: Asked, account_id: int, channel_id: int | None, text: str) -> audit.AuditEntry:
    return asked.entry("stock.pushed", text, account_id=account_id, channel_id=channel_id)


def _skus(count: int) -> str:
    return "1 SKU" if count == 1 else f"{count:,} SKUs"
