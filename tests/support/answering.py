"""An office whose channel tells Amazon of everything, with an order of two lines to be answered."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from channel_protocol.audit import AuditList, AuditRow, ListAudit
from channel_protocol.order_answers import (
    CancelOrder,
    LineUnits,
    OrderCancelled,
    OrderProcessed,
    OrderRefunded,
    ProcessOrder,
    RefundOrder,
)
from channel_protocol.work import DismissWork, ListWork, RetryWork, WorkChanged, WorkList, WorkRow
from channeld.book.ledger import moves
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.holding import take_up
from channeld.book.ledger.moves import AuditStamp
from channeld.commands.accounts import add_account
from channeld.commands.channels import add_channel
from channeld.commands.mappings import put_mapping
from channeld.domain.ledger.route import Route
from channeld.domain.marketplaces import BY_CODE
from channeld.domain.order import Amounts, IncomingLine, IncomingOrder, Window
from channeld.store import commands, ledger
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit
from tests.support.book_office import INSTANCE, Office, open_office
from tests.support.book_shop import NEW_ACCOUNT, ORDER, Shop
from tests.support.domain_orders import DAY, NOW, order

__all__ = ["ALL_ON", "MUGS", "POT", "Desk", "an_order", "at_desk", "line"]

ALL_ON = {"despatch_notes": "on", "order_cancellations": "on", "order_refunds": "on"}
ANSWERS = ("order.processed", "despatch.", "cancellation.", "refund.")
"""What codes of the audit trail begin with that tell of answers."""
REFUSED = Failure(code="refused", reason="Amazon refused it.", hint="Correct it.", lasting=True)


def line(order_item_id: str, sku: str, quantity: int, *, shipped: int = 0, **amounts: int) -> IncomingLine:
    """A line of which so many units have left."""
    return IncomingLine(
        order_item_id=order_item_id,
        sku=sku,
        quantity=quantity,
        fulfilled=shipped,
        unfulfilled=quantity - shipped,
        amounts=Amounts(**amounts, total=sum(v for k, v in amounts.items() if not k.startswith("tax"))),
    )


MUGS = line("1", "MUG", 3, item=3000, tax=500, tax_item=500, shipping=500)
POT = line("2", "POT", 1, item=1200, tax=200, tax_item=200)


def an_order(status: str = "UNSHIPPED", **more: Any) -> IncomingOrder:
    """Three mugs and a pot, to be shipped within two days."""
    facts: dict[str, Any] = {"lines": (MUGS, POT), "ship_by": Window(None, NOW + 2 * DAY)}
    return order(status, **(facts | more))


class Desk:
    """A person at the socket, who makes a new command id for everything."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.shop = office.shop
        self._ids = (f"command-{number}" for number in count(1))

    def new_id(self) -> str:
        return next(self._ids)

    async def process(self, *, order_id: str = ORDER, **more: Any) -> OrderProcessed:
        """By Royal Mail, tracked, unless something else is said."""
        said = {"carrier": "Royal Mail", "service": "Tracked 24", "tracking": "AB1"} | more
        request = ProcessOrder(command_id=self.new_id(), order_id=order_id, **_lines(said))
        return await self.office.ask(request, OrderProcessed)

    async def cancel(self, *, order_id: str = ORDER, **more: Any) -> OrderCancelled:
        said = {"reason": "NoInventory", "command_id": self.new_id()} | more
        return await self.office.ask(CancelOrder(order_id=order_id, **_lines(said)), OrderCancelled)

    async def refund(self, *parts: Any, order_id: str = ORDER, **more: Any) -> OrderRefunded:
        said: dict[str, Any] = {"command_id": self.new_id()} | more
        return await self.office.ask(RefundOrder(order_id=order_id, parts=parts, **said), OrderRefunded)

    async def retry(self, *work_ids: int, **more: Any) -> tuple[WorkRow, ...]:
        request = RetryWork(command_id=self.new_id(), work_ids=work_ids, **more)
        return (await self.office.ask(request, WorkChanged)).rows

    async def dismiss(self, *work_ids: int) -> tuple[WorkRow, ...]:
        request = DismissWork(command_id=self.new_id(), work_ids=work_ids)
        return (await self.office.ask(request, WorkChanged)).rows

    async def forget_answers(self) -> None:
        """As retention does after some months."""
        await self.shop.store.write(lambda unit: commands.forget(unit, self.shop.now + DAY))

    async def work(self, **wanted: Any) -> tuple[WorkRow, ...]:
        return (await self.office.ask(ListWork(**wanted), WorkList)).rows

    async def record(self, work_id: int) -> WorkRecord:
        found = await self.shop.store.read(lambda c: ledger.get(c, work_id))
        assert found is not None
        return found

    async def told(self, order_id: str = ORDER) -> list[str]:
        """The audit trail of the order about what was done with it, the oldest first."""
        rows = (await self.office.ask(ListAudit(order_id=order_id), AuditList)).rows
        return [_said(row) for row in reversed(rows) if row.code.startswith(ANSWERS)]

    async def move(self, work_id: int, *events: str) -> WorkRecord:
        """What actors would do with it."""

        def act(unit: Unit) -> WorkRecord:
            record = ledger.get(unit.connection, work_id)
            assert record is not None
            for event in events:
                record = _moved(unit, record, event, AuditStamp(now=self.shop.now))
            return record

        return await self.shop.store.write(act)


def _moved(unit: Unit, record: WorkRecord, event: str, stamp: AuditStamp) -> WorkRecord:
    match event:
        case "begin":
            return moves.begin(unit, record, stamp, route=record.route or Route.CALL)
        case "submitted":
            return moves.submitted(unit, record, stamp)
        case "confirmed":
            return moves.confirmed(unit, record, stamp)
        case "refused":
            return moves.failed(unit, record, stamp, REFUSED)
        case "lost":
            doubt = Failure(code="no_answer", reason="There was no answer.", in_doubt=True)
            return moves.failed(unit, record, stamp, doubt)
        case "never seen":
            unseen = Failure(code="no_transaction", reason="There is no transaction.", in_doubt=True)
            return moves.given_up(unit, record, stamp, unseen)
        case _:
            raise AssertionError(event)


def _lines(said: dict[str, Any]) -> dict[str, Any]:
    lines = said.get("lines", {})
    return said | {"lines": tuple(LineUnits(line=name, quantity=units) for name, units in lines.items())}


def _said(row: AuditRow) -> str:
    return f"{row.by}: {row.text}{f' ({row.reason})' if row.reason else ''}"


@asynccontextmanager
async def at_desk(
    folder: Path, *orders: IncomingOrder, code: str = "UK", **settings: str
) -> AsyncGenerator[Desk]:
    """Everything is told to Amazon, unless the settings say otherwise. Without orders there is the one."""
    async with open_office(folder) as office:
        await office.shop.store.write(lambda unit: take_up(unit, INSTANCE))
        await _open_channel(office.shop, code)
        await office.shop.set(**(ALL_ON | settings | {"enabled": "on"}))
        for each in orders or (an_order(),):
            await office.shop.apply(each)
        await office.shop.set(enabled=settings.get("enabled", "on"))
        await office.shop.command(
            lambda unit, asked: put_mapping(unit, asked, "despatch", "uk", "First", "Royal Mail / 1st Class")
        )
        yield Desk(office)


async def _open_channel(shop: Shop, code: str) -> None:
    """Named uk wherever it is, of an account of that region."""
    region = BY_CODE[code].region
    if region != NEW_ACCOUNT.region:
        new = msgspec.structs.replace(NEW_ACCOUNT, name=region, region=region)
        shop.account_id = (await shop.command(lambda unit, asked: add_account(unit, asked, new))).id
    await shop.command(lambda unit, asked: add_channel(unit, asked, "uk", region, code))
