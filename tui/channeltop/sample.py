"""Rows as a busy daemon would send them, always the same: for pictures of the monitor."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from channel_protocol.accounts import AccountRow
from channel_protocol.actors import ActorRow, BudgetRow
from channel_protocol.audit import AuditRow
from channel_protocol.channels import ChannelRow
from channel_protocol.codec import AnyRow
from channel_protocol.orders import OrderLine, OrderRow, OrderShown, QuarantineRow
from channeltop import sample_listings, sample_prices, sample_stock, sample_work

__all__ = ["NOW", "rows", "shown"]

NOW = datetime(2026, 11, 22, 9, 41, 7, tzinfo=UTC)

CHANNELS = (
    ("uk-main", "eu", "UK", "GBP", True),
    ("de-main", "eu", "DE", "EUR", True),
    ("fr-main", "eu", "FR", "EUR", True),
    ("us-main", "na", "US", "USD", True),
    ("jp-trial", "fe", "JP", "JPY", False),
)
STATES = ("open", "open", "fulfilled", "parked", "open", "cancelled", "shipped elsewhere", "fulfilled")
STATUSES = {
    "open": "UNSHIPPED",
    "fulfilled": "SHIPPED",
    "parked": "PENDING",
    "cancelled": "CANCELLED",
    "shipped elsewhere": "SHIPPED",
}
FLAGS = ("", "", "prime", "", "business", "", "gift,unlinked", "", "")
SHIP_WITHIN = (38, 20, 30, 4, 52)
"""Hours, by channel."""
EMAILS = ("disclosed", "pending", "disclosed", "alternate")
ACTORS = (
    ("eu/order_download", "", "waiting", 2.0, "searchOrders budget", 104.0, "", ""),
    ("uk-main/order_intake", "uk-main", "waiting", 14.0, "e-mail deadline", 731.0, "", ""),
    ("de-main/order_intake", "de-main", "running", 0.05, "", None, "", ""),
    (
        "fr-main/order_intake",
        "fr-main",
        "failing",
        23.0,
        "the next attempt",
        188.0,
        "Amazon answers 503 to getOrder",
        "It is tried again by itself; see Amazon's health dashboard.",
    ),
    (
        "na/order_download",
        "",
        "halted",
        51.0,
        "",
        None,
        "Amazon refused the refresh token (invalid_grant)",
        "Authorise again in Seller Central, then: channelctl account set na --secrets",
    ),
    ("us-main/order_intake", "us-main", "waiting", 320.0, "the next order", None, "", ""),
    ("uk-main/listing_download", "uk-main", "running", 9.0, "", None, "", ""),
)
BUDGETS = (
    ("eu", "searchOrders", 0.4, 0.0056, 20.0, 7, 0),
    ("eu", "getOrder", 27.5, 0.5, 30.0, 0, 0),
    ("na", "searchOrders", 17.0, 0.0056, 20.0, 0, 1),
    ("na", "getOrder", 30.0, 0.5, 30.0, 0, 0),
)


def _ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def rows(topic: str, orders: int = 60) -> Sequence[AnyRow]:
    """The rows of a topic."""
    match topic:
        case "accounts":
            return [_account("eu", 3), _account("na", 1), _account("fe", 1)]
        case "actors":
            return [_actor(*actor) for actor in ACTORS]
        case "audit":
            return [_entry(n) for n in range(1, 41)]
        case "budgets":
            return [_budget(*budget) for budget in BUDGETS]
        case "channels":
            return [_channel(n, *channel) for n, channel in enumerate(CHANNELS)]
        case "due" | "feeds" | "work":
            return sample_work.rows(topic, [_order(n) for n in range(orders)], NOW)
        case "orders":
            return [_order(n) for n in range(orders)]
        case "quarantine":
            return [_quarantined(), _nameless()]
        case "price_sync" | "stock_sync":
            return sample_prices.rows() if topic == "price_sync" else sample_stock.rows(NOW)
        case _:
            return sample_listings.rows(topic, NOW)


def _account(account: str, channels: int) -> AccountRow:
    return AccountRow(
        version=1,
        account=account,
        region=account,
        seller_id="A1EXAMPLE",
        client_id="amzn1.application-oa2-client.example",
        endpoint="https://sellingpartnerapi-eu.amazon.com",
        auth_endpoint="https://api.amazon.com/auth/o2/token",
        order_poll_seconds=180,
        channels=channels,
        state="ok",
        secret_set_at=_ago(days=40),
    )


def _actor(
    actor: str,
    channel: str,
    state: str,
    minutes: float,
    waits_for: str,
    seconds_left: float | None,
    reason: str,
    hint: str,
) -> ActorRow:
    scope, concern = actor.split("/")
    return ActorRow(
        version=1,
        actor=actor,
        account=next((account for name, account, *_ in CHANNELS if name == channel), scope),
        channel=channel,
        concern=concern,
        state=state,
        since=_ago(minutes=minutes),
        waits_for=waits_for,
        until=None if seconds_left is None else _ago(seconds=-seconds_left),
        reason=reason,
        hint=hint,
        restarts=6 if state == "failing" else 0,
    )


def _budget(
    account: str, operation: str, tokens: float, rate: float, burst: float, waiting: int, throttled: int
) -> BudgetRow:
    return BudgetRow(
        version=1,
        account=account,
        operation=operation,
        tokens=tokens,
        rate=rate,
        burst=burst,
        waiting=waiting,
        full_at=_ago(seconds=-(burst - tokens) / rate),
        throttled=throttled,
    )


def _channel(
    n: int, channel: str, account: str, marketplace: str, currency: str, enabled: bool
) -> ChannelRow:
    return ChannelRow(
        version=1,
        channel=channel,
        account=account,
        marketplace=marketplace,
        marketplace_id=f"A{n}EXAMPLE",
        currency=currency,
        enabled=enabled,
        order_sync_date=_ago(minutes=3 + 11 * n) if enabled else None,
        order_cursor=_ago(minutes=4) if enabled else None,
        orders=(4821, 2307, 968, 371, 0)[n],
        open_orders=(37, 21, 9, 4, 0)[n],
        parked_orders=(3, 2, 0, 1, 0)[n],
        quarantined=(0, 1, 0, 0, 0)[n],
        unmapped_payment=(0, 0, 2, 0, 0)[n],
    )


def _order(n: int) -> OrderRow:
    channel, account, _, currency, _ = CHANNELS[n % len(CHANNELS)]
    state = STATES[n % len(STATES)]
    purchased = _ago(minutes=7 * n + 2)
    total = None if state == "parked" else (1999 + 745 * (n * 7 % 23))
    return OrderRow(
        version=1,
        order_id=f"{202 + n % 5}-{4410027 + 31 * n:07}-{1900451 + 97 * n:07}",
        channel=channel,
        account=account,
        status=STATUSES[state],
        state=state,
        fulfilled_by="MERCHANT",
        location="Warehouse",
        purchased_at=purchased,
        received=f"{purchased:%Y-%m-%dT%H:%M:%S}",
        updated_at=_ago(minutes=7 * n),
        ship_by=purchased + timedelta(hours=SHIP_WITHIN[n % len(SHIP_WITHIN)]),
        deliver_by=purchased + timedelta(days=4),
        currency=currency,
        total=total,
        tax=None if total is None else total // 6,
        units=1 + n % 3,
        lines=1 + n % 2,
        payment_method="Amazon Pay",
        shipping_service="Standard",
        email_state=EMAILS[n % len(EMAILS)],
        flags=FLAGS[n % len(FLAGS)],
    )


def _entry(n: int) -> AuditRow:
    order = _order(40 - n)
    text, reason, code, by = (
        ("Order stored: 2 units, open", "", "order.stored", "channeld"),
        ("Order Despatch Failed", "Amazon answered 503 (attempt 1)", "despatch.failed", "channeld"),
        ("Order confirmed by Amazon: no longer parked", "", "order.unparked", "channeld"),
        ("Order sync asked for", "", "order.sync", "anna"),
    )[n % 4]
    return AuditRow(
        version=n,
        entry=n,
        at=_ago(seconds=37 * (41 - n)),
        account=order.account,
        channel=order.channel,
        order_id="" if code == "order.sync" else order.order_id,
        code=code,
        text=text,
        reason=reason,
        by=by,
    )


def _quarantined() -> QuarantineRow:
    return QuarantineRow(
        version=1,
        order_id="304-8810021-5523017",
        channel="de-main",
        account="eu",
        reason="The order has a currency that is not its marketplace's (PLN instead of EUR)",
        hint="It is tried again by itself; if it stays, report it with the order id.",
        since=_ago(hours=3),
        attempts=4,
        next_attempt=_ago(minutes=-41),
    )


def _nameless() -> QuarantineRow:
    """So damaged that not even its id is known; somebody has looked into it."""
    return QuarantineRow(
        version=1,
        order_id="unreadable-5a0f31c2d97e4b68",
        channel="de-main",
        account="eu",
        reason="orderId is missing",
        hint="Its id cannot be read either, so it is not tried again. Look for it in Seller Central.",
        since=_ago(hours=29),
        attempts=1,
        next_attempt=None,
        dismissed_at=_ago(hours=5),
    )


def _line(n: int, net: int, tax: int, quantity: int, sku: str, title: str) -> OrderLine:
    return OrderLine(
        order_item_id=str(n),
        sku=sku,
        asin=f"B0EXAMPLE{n}",
        title=title,
        quantity=quantity,
        fulfilled=0,
        unfulfilled=quantity,
        linked=n != 2,
        net=net,
        tax=tax,
        gross=net + tax,
        amazon_tax=tax,
        tax_rate="0.2000",
        facilitator=False,
        components={"ITEM": net + tax},
    )


def shown(order_id: str) -> OrderShown:
    """The detail of one order of `rows`."""
    row = next(row for row in map(_order, range(60)) if row.order_id == order_id)
    items = (
        _line(1, 3325, 665, 2, "TEA-EARL-250", "Earl Grey, loose leaf, 250 g"),
        _line(2, 832, 167, 1, "MUG-BLUE", "Stoneware mug, blue glaze"),
    )
    return OrderShown(
        row=row,
        items=items,
        explanation=(
            "Lines 41.57 + tax 8.32 = 49.89.",
            "Shipping 0.00. Amazon's own total is 49.89: no difference.",
        ),
        facts={"programs": "PRIME", "stock duty": "yes", "personal data kept until": "2026-12-26"},
        audit=tuple(entry for entry in map(_entry, range(1, 41)) if entry.order_id == order_id),
    )
