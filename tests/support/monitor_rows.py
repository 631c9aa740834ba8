"""Rows of every topic of the monitor, with the parts that a test cares about."""

from datetime import datetime, timedelta

from channel_protocol.accounts import AccountRow
from channel_protocol.actors import ActorRow, BudgetRow
from channel_protocol.audit import AuditRow
from channel_protocol.channels import ChannelRow
from channel_protocol.mappings import MappingRow
from channel_protocol.orders import OrderLine, OrderRow, OrderShown, QuarantineRow
from tests.support.fake_clock import START


def account(name: str = "eu", *, state: str = "ok", reason: str = "", hint: str = "") -> AccountRow:
    return AccountRow(
        account=name,
        region="eu",
        seller_id="A1",
        client_id="c",
        endpoint="",
        auth_endpoint="",
        order_poll_seconds=180,
        channels=1,
        state=state,
        reason=reason,
        hint=hint,
    )


def actor(
    name: str = "eu/order_download",
    *,
    channel: str = "",
    account: str = "eu",
    state: str = "waiting",
    since: datetime = START,
    waits_for: str = "",
    until: datetime | None = None,
    reason: str = "",
    hint: str = "",
    version: int = 1,
) -> ActorRow:
    return ActorRow(
        version=version,
        actor=name,
        account=account,
        channel=channel,
        concern=name.split("/")[-1],
        state=state,
        since=since,
        waits_for=waits_for,
        until=until,
        reason=reason,
        hint=hint,
    )


def channel(
    name: str = "uk-main",
    *,
    account: str = "eu",
    enabled: bool = True,
    synced: datetime | None = None,
    quarantined: int = 0,
    unmapped_payment: int = 0,
) -> ChannelRow:
    return ChannelRow(
        version=1,
        channel=name,
        account=account,
        marketplace="UK",
        marketplace_id="A1F83G8C2ARO7P",
        currency="GBP",
        enabled=enabled,
        order_sync_date=synced,
        quarantined=quarantined,
        unmapped_payment=unmapped_payment,
    )


def order(
    n: int = 1,
    *,
    channel: str = "uk-main",
    state: str = "open",
    total: int | None = 1999,
    currency: str = "GBP",
    version: int = 1,
) -> OrderRow:
    """Order number `n`; a smaller number was purchased later."""
    return OrderRow(
        version=version,
        order_id=f"202-{n:07}-0000001",
        channel=channel,
        account="eu",
        status="UNSHIPPED",
        state=state,
        fulfilled_by="MERCHANT",
        location="Default",
        purchased_at=START - timedelta(minutes=n),
        received="2026-11-22T08:59:00",
        updated_at=START,
        ship_by=START + timedelta(days=2),
        deliver_by=None,
        currency=currency,
        total=total,
        tax=0,
        units=1,
        lines=1,
        payment_method="Card",
        shipping_service="Standard",
        email_state="pending",
    )


def shown(row: OrderRow) -> OrderShown:
    line = OrderLine(
        order_item_id="1",
        sku="TEA-250",
        asin="B01",
        title="Earl Grey",
        quantity=1,
        fulfilled=0,
        unfulfilled=1,
        linked=True,
        net=1666,
        tax=333,
        gross=1999,
        amazon_tax=333,
        tax_rate="0.2000",
        facilitator=False,
        components={},
    )
    return OrderShown(
        row=row,
        items=(line,),
        explanation=("16.66 net + 3.33 tax = 19.99",),
        facts={"programs": "PRIME"},
        audit=(entry(7, order_id=row.order_id, text="Order stored"),),
    )


def entry(
    n: int,
    *,
    channel: str = "uk-main",
    order_id: str = "",
    text: str = "Something happened",
    reason: str = "",
) -> AuditRow:
    at = START + timedelta(seconds=n)
    return AuditRow(
        version=n,
        entry=n,
        at=at,
        account="eu",
        channel=channel,
        order_id=order_id,
        code="order.stored",
        text=text,
        reason=reason,
        by="channeld",
    )


def budget(operation: str = "searchOrders", *, tokens: float = 5.0, waiting: int = 0) -> BudgetRow:
    return BudgetRow(
        version=1, account="eu", operation=operation, tokens=tokens, rate=0.5, burst=20.0, waiting=waiting
    )


def quarantined(n: int = 1, *, reason: str = "The currency is unknown", hint: str = "") -> QuarantineRow:
    return QuarantineRow(
        version=1,
        order_id=f"303-{n:07}-0000001",
        channel="uk-main",
        account="eu",
        reason=reason,
        hint=hint,
        since=START - timedelta(hours=3),
        attempts=4,
        next_attempt=START + timedelta(minutes=41),
    )


def word(
    tag: str = "COD",
    *,
    kind: str = "payment",
    channel: str = "uk-main",
    target: str | None = "Cash",
    orders: int = 1,
    unmapped: int = 0,
) -> MappingRow:
    return MappingRow(kind=kind, channel=channel, tag=tag, target=target, orders=orders, unmapped=unmapped)
