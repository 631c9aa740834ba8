"""Money movements in Amazon's finances, read tolerantly (Amazon's reference, section 13)."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

import msgspec

from channeld.amazon.assumptions import NAMES_DEFERRAL, NAMES_RELEASE, is_sellers_cost
from channeld.amazon.errors import plain_code
from channeld.amazon.instants import parse_instant
from channeld.domain.ledger.effects import Component
from channeld.domain.money import LARGEST, minor_digits

__all__ = ["REFUND_KIND", "Transaction", "TransactionItem", "TransactionsPage", "read_transactions"]

REFUND_KIND = "Refund"
_CURRENCY = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,2})?")
_NOISE = Decimal("0.001")
"""What a binary float adds to an amount, in minor units, is far less; a true fraction of a cent is more."""
_LONGEST = 200
_LONGEST_TOKEN = 16_384
_DEEPEST = 20


class TransactionItem(msgspec.Struct, frozen=True, kw_only=True):
    """What one product has in a transaction, in minor units; of refunds, what was given back is positive."""

    sku: str
    """Empty if Amazon named none. Transactions name products, not order items."""
    currency: str
    minor: int
    """What the buyer pays or gets: Amazon's fees are left out."""
    components: tuple[Component, ...] = ()
    """What it is made of, in Amazon's words of the finances."""


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of money."""

    transaction_id: str
    kind: str
    """`Refund`, `Shipment`; an open list."""
    status: str
    """DEFERRED, RELEASED, DEFERRED_RELEASED; empty if Amazon did not say."""
    order_id: str
    posted_at: datetime
    currency: str
    released_from: str = ""
    """Of a release: the transaction that told of the money while it was held back, if Amazon named it."""
    released_as: str = ""
    """Of what was held back: the transaction of its release, if Amazon named it."""
    items: tuple[TransactionItem, ...] = ()
    """One for each product: amounts of the same one are added up."""


class TransactionsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the transactions asked for, perhaps none."""

    transactions: tuple[Transaction, ...]
    next_token: str
    """Empty on the last page only; an empty page may have one."""
    unreadable: int = 0
    """How many are left out, as they lack what would make them a proof: an id, a date, or plain amounts."""


class _Money(msgspec.Struct, rename="camel"):
    currency_code: str | None = None
    currency_amount: msgspec.Raw = msgspec.Raw(b"")


class _Breakdown(msgspec.Struct, rename="camel"):
    breakdown_type: str | None = None
    breakdown_amount: _Money | None = None
    breakdowns: list["_Breakdown"] | None = None


class _Context(msgspec.Struct):
    sku: str | int | None = None


class _Item(msgspec.Struct, rename="camel"):
    total_amount: _Money | None = None
    breakdowns: list[_Breakdown] | None = None
    contexts: list[_Context] | None = None


class _Identifier(msgspec.Struct, rename="camel"):
    related_identifier_name: str | None = None
    related_identifier_value: str | None = None


class _Transaction(msgspec.Struct, rename="camel"):
    transaction_id: str | None = None
    transaction_type: str | None = None
    transaction_status: str | None = None
    posted_date: str | None = None
    total_amount: _Money | None = None
    related_identifiers: list[_Identifier] | None = None
    items: list[_Item] | None = None


class _Payload(msgspec.Struct, rename="camel"):
    transactions: list[msgspec.Raw] | None = None
    next_token: str | None = None


class _Answer(msgspec.Struct):
    payload: _Payload


_ANSWER = msgspec.json.Decoder(_Answer)
_TRANSACTION = msgspec.json.Decoder(_Transaction, strict=False)


def read_transactions(body: bytes) -> TransactionsPage:
    """The answer of listTransactions. Raises `ValueError`; a single transaction never spoils the page."""
    payload = _ANSWER.decode(body).payload
    token = payload.next_token or ""
    if len(token) > _LONGEST_TOKEN:
        raise ValueError("the page token is too long")
    read = [_readable(raw) for raw in payload.transactions or ()]
    found = tuple(transaction for transaction in read if transaction is not None)
    return TransactionsPage(transactions=found, next_token=token, unreadable=len(read) - len(found))


def _readable(raw: msgspec.Raw) -> Transaction | None:
    try:
        return _transaction(_TRANSACTION.decode(raw))
    except (ValueError, RecursionError):
        return None


def _transaction(shown: _Transaction) -> Transaction:
    identifiers = {
        each.related_identifier_name: each.related_identifier_value or ""
        for each in shown.related_identifiers or ()
    }
    kind = plain_code(shown.transaction_type)
    transaction_id = shown.transaction_id or identifiers.get("REFUND_ID", "")
    if not (kind and transaction_id) or len(transaction_id) > _LONGEST:
        raise ValueError("a transaction has no id or no type")
    sign = -1 if kind == REFUND_KIND else 1
    items = tuple(_item(item, sign) for item in shown.items or ())
    total = shown.total_amount
    return Transaction(
        transaction_id=transaction_id,
        kind=kind,
        status=plain_code(shown.transaction_status).upper(),
        order_id=plain_code(identifiers.get("ORDER_ID")),
        posted_at=parse_instant(shown.posted_date or ""),
        currency=_currency(total) if total else next((item.currency for item in items), ""),
        released_from=identifiers.get(NAMES_DEFERRAL, ""),
        released_as=identifiers.get(NAMES_RELEASE, ""),
        items=_by_product(items),
    )


def _item(shown: _Item, sign: int) -> TransactionItem:
    leaves = [leaf for leaf in _leaves(shown.breakdowns or ()) if leaf.breakdown_amount]
    money = shown.total_amount or next((leaf.breakdown_amount for leaf in leaves), None)
    if money is None:
        raise ValueError("an item has no amount")
    currency = _currency(money)
    components = tuple(
        Component((leaf.breakdown_type or "")[:_LONGEST], sign * _minor(leaf.breakdown_amount, currency))
        for leaf in leaves
        if leaf.breakdown_amount and not is_sellers_cost(leaf.breakdown_type or "")
    )
    total = sum(each.minor for each in components) if leaves else sign * _minor(money, currency)
    sku = str(next((context.sku for context in shown.contexts or () if context.sku), ""))
    return TransactionItem(sku=sku[:_LONGEST], currency=currency, minor=total, components=components)


def _leaves(breakdowns: Iterable[_Breakdown], depth: int = 0, cost: str = "") -> Iterator[_Breakdown]:
    """The innermost amounts; those within a cost of the seller's keep its name."""
    if depth > _DEEPEST:
        raise ValueError("breakdowns are nested too deeply")
    for each in breakdowns:
        name = cost or (each.breakdown_type or "")
        within = name if is_sellers_cost(name) else ""
        if each.breakdowns and any(inner.breakdown_amount for inner in each.breakdowns):
            yield from _leaves(each.breakdowns, depth + 1, within)
        else:
            yield msgspec.structs.replace(each, breakdown_type=within or each.breakdown_type)


def _by_product(items: Iterable[TransactionItem]) -> tuple[TransactionItem, ...]:
    merged: dict[tuple[str, str], TransactionItem] = {}
    for item in items:
        key = (item.sku, item.currency)
        if before := merged.get(key):
            item = TransactionItem(
                sku=item.sku,
                currency=item.currency,
                minor=before.minor + item.minor,
                components=before.components + item.components,
            )
        merged[key] = item
    return tuple(merged.values())


def _currency(money: _Money) -> str:
    currency = money.currency_code or ""
    if not _CURRENCY.fullmatch(currency):
        raise ValueError("an amount has no currency")
    return currency


def _minor(money: _Money, currency: str) -> int:
    """Minor units of an amount as it was written, which is a number here, now and then a text."""
    if _currency(money) != currency:
        raise ValueError("an item has several currencies")
    text = bytes(money.currency_amount).decode().strip('"')
    if not _NUMBER.fullmatch(text):
        raise ValueError("an amount is not a number")
    exact = Decimal(text).scaleb(minor_digits(currency))
    minor = exact.to_integral_value()
    if abs(exact - minor) > _NOISE or abs(minor) > LARGEST:
        raise ValueError("an amount is not one of its currency")
    return int(minor)
