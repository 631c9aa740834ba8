"""Requests for orders page by page, with personal data for those who may see it (semantics P1)."""

import re
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from channel_protocol.order_export import (
    ExportedOrder,
    ExportOrders,
    ExportPersonalOrders,
    OrderChoice,
    OrderPage,
)
from channeld.book.personal_data import to_show
from channeld.commands.asking import find_channel
from channeld.commands.order_export import note_exported
from channeld.commands.orders import check_state
from channeld.control.context import Context
from channeld.control.rows.orders import money_of, order_lines, order_row
from channeld.errors import InvalidRequest, Problem
from channeld.store import locations, order_pages
from channeld.store.cipher import Cipher
from channeld.store.names import names
from channeld.store.order_pages import OrderFilter
from channeld.store.order_records import OrderRecord

__all__ = ["export", "export_personal"]

HIGHEST_LIMIT = 200
"""Orders; more would keep others waiting for as long as their numbers are computed."""
PAGE_BYTES = 2 << 20
"""A page that grows larger ends; with the order that made it so it stays far below what a line may have."""
CURSOR = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")
"""The last key of the page before, and the last one of the book when the first page was asked for."""


async def export(request: ExportOrders, context: Context) -> OrderPage:
    check_state(request.choice.state)
    return await context.read(lambda c: _page(c, request, None))


async def export_personal(request: ExportPersonalOrders, context: Context) -> OrderPage:
    """Audited before it is answered, and never remembered: an answer that was kept would outlive the data."""
    check_state(request.choice.state)
    asked = context.asked()
    page = await context.read(lambda c: _page(c, request, asked.cipher))
    if shown := sum(bool(each.personal) for each in page.orders):
        await context.parts.store.write(
            lambda unit: note_exported(unit, asked, request.choice.channel, shown)
        )
    return page


def _page(
    connection: Connection, request: ExportOrders | ExportPersonalOrders, cipher: Cipher | None
) -> OrderPage:
    after, last = _cursor(connection, request.after)
    limit = min(request.limit, HIGHEST_LIMIT)
    found, seen = order_pages.page(connection, _filter(connection, request.choice), after, last, limit)
    exported = _exported(connection, found, cipher)
    if len(exported) < len(found):
        seen = found[len(exported) - 1].id
    return OrderPage(orders=tuple(exported), next=f"{seen}-{last}" if seen < last else None)


def _cursor(connection: Connection, after: str | None) -> tuple[int, int]:
    if after is None:
        return 0, order_pages.last_order(connection)
    if found := CURSOR.fullmatch(after):
        return int(found[1]), int(found[2])
    problem = Problem(key="after", message="must be `next` of the page before")
    raise InvalidRequest("invalid", "That is no place to go on from.", "Begin again.", [problem])


def _filter(connection: Connection, choice: OrderChoice) -> OrderFilter:
    given = {key: at for key in ("since", "until") if (at := getattr(choice, key)) is not None}
    naive = [key for key, at in given.items() if at.tzinfo is None]
    if naive:
        problems = [Problem(key=key, message="must have a time zone, such as Z for UTC") for key in naive]
        raise InvalidRequest("invalid", "That is not an instant.", "Add the time zone.", problems)
    channel = find_channel(connection, choice.channel) if choice.channel else None
    return OrderFilter(channel_id=channel.id if channel else None, state=choice.state, **given)


def _exported(
    connection: Connection, found: Sequence[OrderRecord], cipher: Cipher | None
) -> list[ExportedOrder]:
    """As many of them as a line can carry, at least one."""
    known, places = names(connection), locations.labels(connection)
    kept = to_show(connection, cipher, [each.id for each in found]) if cipher else {}
    exported: list[ExportedOrder] = []
    size = 0
    for record in found:
        own, money = kept.get(record.id), money_of(record)
        order = ExportedOrder(
            row=order_row(record, known, places, money),
            items=order_lines(record, money),
            personal=None if cipher is None else own.fields if own else {},
        )
        size += len(msgspec.json.encode(order))
        exported.append(order)
        if size > PAGE_BYTES:
            break
    return exported
